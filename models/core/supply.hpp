// SPDX-License-Identifier: Apache-2.0
/// What harvester and converter amount to at the store: stretches of constant (a, b, c).
///
/// Every source here gives a value x = factor * sample^exponent (x is W, A or V by `tag`), and the
/// converter turns x into terms at the store node:
///
///   power        a = x                                   gain included in `factor`
///   current      b = x                                   source sees V + drop
///   thevenin     b = (x - drop)/R, c = -1/R;  behind a diode only while V < x - drop, else nothing
///   diode_power  p(V) = x V/(V + drop): a constant power through a diode; not quadratic,
///                integrated
///   cells        a, b, c by cells of V (supply_cells.hpp), looked up by sample; x = power offered
///
/// offered = what leaves the source; harvested = what reaches the store node;
/// offered - harvested is converter loss (and clipped, which the store books):
///   power: x/efficiency;  current: x (V + drop);  thevenin: harvested + drop * I;
///   diode_power: x;  cells: as the cell says.
///
/// The store takes a block by one call and walks it with one loop; there is no call per sample.
#pragma once

#include "models/core/series.hpp"
#include "models/core/supply_cells.hpp"
#include "models/core/terms.hpp"
#include "models/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ebb {

enum class SupplyTag { power, current, thevenin, diode_power, cells };

/// How x becomes terms; the same for the whole run.
struct SupplyShape {
    SupplyTag tag = SupplyTag::power;
    double factor = 1.0;                       ///< x = factor * sample^exponent
    int exponent = 1;                          ///< 1 or 2
    double resistance_ohm = 0.0;               ///< thevenin only
    double drop_v = 0.0;                       ///< diode drop
    bool diode = false;                        ///< thevenin: no current back into the source
    double efficiency = 1.0;                   ///< power: a/offered; already part of `factor`
    std::shared_ptr<const SupplyCells> cells;  ///< cells only
};

/// Terms of a supply value x at a store that is (not) above the diode's reach.
[[nodiscard]] inline Terms supply_terms(const SupplyShape& shape, double x,
                                        bool conducts) noexcept {
    switch (shape.tag) {
        case SupplyTag::power:
            return {x, 0.0, 0.0};
        case SupplyTag::current:
            return {0.0, x, 0.0};
        case SupplyTag::thevenin:
            if (shape.diode && !conducts) {
                return {};
            }
            return {0.0, (x - shape.drop_v) / shape.resistance_ohm, -1.0 / shape.resistance_ohm};
        case SupplyTag::diode_power:
            return {};  // its rational term is not part of the quadratic law
        case SupplyTag::cells:
            return {};  // by voltage: SupplyShape::cells
    }
    return {};
}

/// x by sample, made from the series at the moment it is asked for: nothing is laid out up front.
/// Behind the last sample its value goes on.
class SupplyValues {
public:
    SupplyValues() = default;
    SupplyValues(const SupplyShape& shape, const double* samples, std::size_t count,
                 double scale) noexcept
        : samples_(samples),
          last_(count - 1),
          scale_(scale),
          factor_(shape.factor),
          square_(shape.exponent == 2) {}
    /// Values laid out before: nothing is left to be reckoned.
    SupplyValues(const double* values, std::size_t count) noexcept
        : samples_(values), last_(count - 1), plain_(true) {}
    double operator[](std::size_t i) const noexcept {
        const double kept = samples_[i < last_ ? i : last_];
        if (plain_) {
            return kept;
        }
        const double sample = scale_ * kept;
        return factor_ * (square_ ? sample * sample : sample);
    }
    /// Whether x is the samples themselves; reckoned one by one if not.
    [[nodiscard]] bool in_place() const noexcept {
        return plain_ || (scale_ == 1.0 && factor_ == 1.0 && !square_);
    }
    /// x of the samples first to first + count, which must exist: in place if it is the samples
    /// themselves, else in `room`.
    [[nodiscard]] const double* block(std::size_t first, std::size_t count,
                                      double* room) const noexcept;

private:
    const double* samples_ = nullptr;
    std::size_t last_ = 0;
    double scale_ = 1.0;
    double factor_ = 1.0;
    bool square_ = false;
    bool plain_ = false;
};

/// Where in the supply a moment lies.
struct SupplyCursor {
    std::size_t index = 0;     ///< sample
    std::int64_t pass_ns = 0;  ///< simulated time at which the present pass's sample 0 begins
};

/// The whole supply of a run: a series (or one constant) with start offset, scale and end rule.
class Supply {
public:
    /// A source that never changes: `value` is the sample (W, A or V).
    static Supply constant(const SupplyShape& shape, double value);

    /// `start_ns` offset into the series; `scale` multiplies the samples.
    Supply(const SupplyShape& shape, std::shared_ptr<const Series> series, std::int64_t start_ns,
           double scale, AtEnd at_end);

    [[nodiscard]] const SupplyShape& shape() const noexcept { return shape_; }
    [[nodiscard]] bool linear() const noexcept { return linear_; }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    /// Length of the uniform samples in ns, 0 if they differ.
    [[nodiscard]] std::int64_t uniform_ns() const noexcept { return uniform_ns_; }

    /// Bounds of samples within one pass; entry i begins sample i, entry size() ends the last one
    /// (INT64_MAX where that is held for ever).
    [[nodiscard]] std::int64_t bound_ns(std::size_t i) const noexcept {
        if (i >= bounds_) {
            return INT64_MAX;
        }
        return uniform_ns_ != 0 ? first_ns_ + uniform_ns_ * static_cast<std::int64_t>(i)
                                : series_->bound_ns[i];
    }
    /// x per sample (hold), or per bound (linear: the *sample* runs straight, see raw()).
    [[nodiscard]] const SupplyValues& x() const noexcept { return x_; }
    /// The nodes over x, to be multiplied by index_factor(); null if there are none or x changes
    /// its sign.
    [[nodiscard]] const SeriesIndex* index() const noexcept { return index_; }
    [[nodiscard]] double index_factor() const noexcept { return index_factor_; }
    /// scale * sample, per bound; only for linear supplies.
    [[nodiscard]] const double* raw() const noexcept { return raw_.data(); }

    [[nodiscard]] SupplyCursor seek(Time t) const;
    /// Moves to the sample after; at the end of a pass by the end rule. False where `hold` holds
    /// on.
    bool advance(SupplyCursor& cursor) const noexcept;
    /// Simulated time at which the cursor's sample begins and ends (never() if it is held for
    /// ever).
    [[nodiscard]] Time begin_of(const SupplyCursor& cursor) const noexcept;
    [[nodiscard]] Time end_of(const SupplyCursor& cursor) const noexcept;
    /// Simulated time at which the supply ends the run (at_end: stop), never() otherwise.
    [[nodiscard]] Time stops_at() const noexcept { return stops_at_; }
    /// Largest x of the supply: for findings ("no energy", "can never reach turn-on").
    [[nodiscard]] double largest_x() const noexcept { return largest_x_; }
    /// Power into the store node at V during the sample with the largest value [W].
    [[nodiscard]] double largest_power_at(double v) const;

private:
    Supply() = default;
    void view(const SeriesRange& range);
    void pass(const SupplyCursor& cursor) const noexcept;
    SupplyShape shape_;
    std::shared_ptr<const Series> series_;
    bool linear_ = false;
    bool loops_ = false;
    std::size_t count_ = 0;
    std::int64_t uniform_ns_ = 0;
    std::int64_t period_ns_ = 0;
    std::int64_t start_ns_ = 0;
    double scale_ = 1.0;
    std::size_t bounds_ = 0;  ///< of the series
    std::int64_t first_ns_ = 0;
    SupplyValues x_;
    std::shared_ptr<const std::vector<double>> laid_out_;  ///< x of a series that is not long
    std::vector<double> raw_;
    double largest_x_ = 0.0;
    std::size_t largest_at_ = 0;
    const SeriesIndex* index_ = nullptr;
    double index_factor_ = 1.0;
    /// From which sample on the next word to the keeper of a mapped series is due.
    mutable std::size_t pass_at_ = SIZE_MAX;
    Time stops_at_ = Time::never();
};

}  // namespace ebb
