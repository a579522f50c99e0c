// SPDX-License-Identifier: Apache-2.0
/// How a trace (or nothing) becomes a source at the converter's input; always stated, never
/// guessed.
///
///   value = factor * sample^exponent   [W, A or V by kind]
///
/// A model reads exactly one quantity; a constant model reads none and brings its own sample. A
/// model with a curve (a PV cell) gives operating points instead of a power (operating.hpp), or the
/// curve itself if it is wired to the store (direct_curve.hpp).
#pragma once

#include "models/core/series.hpp"
#include "models/harvester/direct_curve.hpp"
#include "models/harvester/operating.hpp"

#include <memory>
#include <optional>

namespace ebb {

/// curve: by the voltage at the source's terminals (direct_curve.hpp)
enum class SourceKind { power, current, thevenin, curve };

struct SourceShape {
    SourceKind kind = SourceKind::power;
    double factor = 1.0;
    int exponent = 1;             ///< 1 or 2
    double resistance_ohm = 0.0;  ///< thevenin: of the source
    double drop_v = 0.0;          ///< thevenin: of a rectifier inside the source
    bool rectified = false;       ///< thevenin: no current flows back into the source
    bool held_input = false;      ///< someone has to hold the source at its operating point
    bool at_store = false;        ///< curve: stated over the store's own voltage, nothing between
};

class SourceModel {
public:
    virtual ~SourceModel() = default;
    /// The quantity that this model reads from a trace; Quantity::none if it reads no trace.
    [[nodiscard]] virtual Quantity reads() const noexcept = 0;
    [[nodiscard]] virtual SourceShape shape() const noexcept = 0;
    /// The sample of a constant model [W, A or V]; empty if the model needs a trace.
    [[nodiscard]] virtual std::optional<double> constant() const noexcept { return std::nullopt; }
    /// Does the model have a curve and a rule where on it to be? Then `operate` replaces the shape
    /// (kind power) by operating points.
    [[nodiscard]] virtual bool operated() const noexcept { return false; }
    /// The curve of a model that is wired to the store (kind curve), else null.
    [[nodiscard]] virtual const DirectCurve* direct() const noexcept { return nullptr; }
    /// How the samples of an operated model's trace are joined; no other way is possible.
    [[nodiscard]] virtual Interpolation joined() const noexcept { return Interpolation::hold; }
    /// The trace made anew by a model whose value depends on more than the present sample; it has
    /// the same length, and its samples are what `shape` turns into a value. Null: as it is.
    [[nodiscard]] virtual std::shared_ptr<const Series> remade(const Series& /*series*/) const {
        return nullptr;
    }
    /// The largest sample for which the model has data; above it, it goes on with what holds there.
    [[nodiscard]] virtual std::optional<double> known_up_to() const noexcept {
        return std::nullopt;
    }
    /// Does an operated model take a trace joined either way?
    [[nodiscard]] virtual bool joins_either() const noexcept { return false; }
    /// Operating points of the span; only for operated models.
    [[nodiscard]] virtual OperatingSeries operate(const OperatingSpan& span) const;
};

}  // namespace ebb
