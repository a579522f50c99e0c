// SPDX-License-Identifier: Apache-2.0
/// Couples a source to the store: the pair of source shape and converter gives the supply's shape.
#pragma once

#include "models/converter/direct_supply.hpp"
#include "models/core/supply.hpp"
#include "models/harvester/source_model.hpp"

#include <optional>
#include <vector>

namespace ebb {

/// A source that never reaches what a converter needs [V, W]; the cold start's needs are 0 if it
/// has none.
struct Shortfall {
    double largest_v = 0.0, largest_w = 0.0;
    double needed_v = 0.0, needed_w = 0.0;
    double cold_needed_v = 0.0, cold_needed_w = 0.0;
    double cold_below_v = 0.0;  ///< store voltage below which the cold start is needed
};

/// What a source gives where a converter's efficiency table has no points: there the nearest one
/// was taken [V, A].
struct OutsideTable {
    double energy_share = 0.0;  ///< of what the source gives while the converter runs
    double least_v = 0.0, most_v = 0.0, least_a = 0.0, most_a = 0.0;  ///< of those inputs
    double table_least_v = 0.0, table_most_v = 0.0, table_least_a = 0.0, table_most_a = 0.0;
};

/// A source stated over the store's own voltage takes nothing between itself and the store.
void refuse_at_store(const SourceShape& source, const char* converter);

class Converter {
public:
    virtual ~Converter() = default;
    /// The supply that source and converter amount to. Throws InputError, naming the pairs that are
    /// possible, if the pair is not.
    [[nodiscard]] virtual SupplyShape couple(const SourceShape& source) const = 0;
    /// The same for a source that is operated on its curve: per operating point, in order. The
    /// default takes the product of voltage and current as a power.
    [[nodiscard]] virtual SupplyShape couple_points(const SourceShape& source,
                                                    const OperatingSeries& points) const;
    /// Does it take nothing of the points but the product of voltage and current? Then neither
    /// `couple_points` nor `shortfall` looks at them.
    [[nodiscard]] virtual bool wants_power_only() const noexcept { return false; }
    /// What it puts between the store and a source of kind curve; empty if it takes none.
    [[nodiscard]] virtual std::optional<PathDiode> path() const { return std::nullopt; }
    /// The converter's own current from the store, at any time [A].
    [[nodiscard]] virtual double quiescent_a() const noexcept { return 0.0; }
    /// Set if the points never reach what the converter needs to run, or to begin.
    [[nodiscard]] virtual std::optional<Shortfall> shortfall(const OperatingSeries& points) const;
    /// Set if some of the points lie outside the converter's table; `length` says how long each of
    /// them lasts in the run, in any unit.
    [[nodiscard]] virtual std::optional<OutsideTable> outside_table(
        const OperatingSeries& points, const std::vector<double>& length) const;
};

}  // namespace ebb
