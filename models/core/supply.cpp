// SPDX-License-Identifier: Apache-2.0
#include "models/core/supply.hpp"

#include <algorithm>
#include <cmath>

#include "models/core/error.hpp"

namespace ebb {

Terms supply_terms(const SupplyShape& shape, double x, bool conducts) noexcept {
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

namespace {

double to_x(const SupplyShape& shape, double sample) {
    return shape.factor * (shape.exponent == 2 ? sample * sample : sample);
}

}  // namespace

Supply Supply::constant(const SupplyShape& shape, double value) {
    Supply supply;
    supply.shape_ = shape;
    supply.count_ = 1;
    supply.bounds_ = {0, INT64_MAX};
    supply.x_ = {to_x(shape, value)};
    supply.largest_x_ = supply.x_[0];
    return supply;
}

Supply::Supply(const SupplyShape& shape, std::shared_ptr<const Series> series,
               std::int64_t start_ns, double scale, AtEnd at_end)
    : shape_(shape),
      linear_(series->interpolation == Interpolation::linear),
      loops_(at_end == AtEnd::loop),
      count_(series->bound_ns.size() - 1),
      period_ns_(series->duration_ns()),
      start_ns_(start_ns),
      bounds_(series->bound_ns) {
    if (series->bound_ns.size() < 2 || series->value.size() + (linear_ ? 0 : 1) != bounds_.size()) {
        throw Defect("a series needs one bound more than it has held samples");
    }
    if (start_ns < 0 || start_ns >= period_ns_) {
        throw Defect("a supply must start inside its series");
    }
    x_.reserve(series->value.size());
    for (const double sample : series->value) {
        x_.push_back(to_x(shape, scale * sample));
        if (linear_) {
            raw_.push_back(scale * sample);
        }
    }
    largest_x_ = *std::max_element(x_.begin(), x_.end());
    const std::int64_t first = bounds_[1] - bounds_[0];
    bool uniform = true;
    for (std::size_t i = 1; i < count_ && uniform; ++i) {
        uniform = bounds_[i + 1] - bounds_[i] == first;
    }
    uniform_ns_ = uniform ? first : 0;
    if (at_end == AtEnd::stop) {
        stops_at_ = Time(period_ns_ - start_ns);
    }
    if (at_end != AtEnd::loop) {
        // Behind the last sample: held for ever. A run whose rule is `stop` ends before it.
        bounds_.push_back(INT64_MAX);
        x_.push_back(x_.back());
        if (linear_) {
            raw_.push_back(raw_.back());
        }
        ++count_;
    }
}

double Supply::largest_power_at(double v) const {
    switch (shape_.tag) {
        case SupplyTag::diode_power:
            return largest_x_ * v / (v + shape_.drop_v);
        case SupplyTag::cells: {
            if (const double most = shape_.cells->most_at(v); !std::isnan(most)) {
                return most;
            }
            const auto largest = std::max_element(x_.begin(), x_.end()) - x_.begin();
            return shape_.cells->at(static_cast<std::size_t>(largest), v, true).into_at(v);
        }
        default:
            return supply_terms(shape_, largest_x_, v < largest_x_ - shape_.drop_v).power_at(v);
    }
}

SupplyCursor Supply::seek(Time t) const {
    const std::int64_t in_series = t.ns() + start_ns_;
    SupplyCursor cursor;
    cursor.pass_ns = -start_ns_;
    std::int64_t offset = in_series;
    if (loops_) {
        cursor.pass_ns += (in_series / period_ns_) * period_ns_;
        offset = in_series % period_ns_;
    }
    const auto after = std::upper_bound(bounds_.begin(), bounds_.end(), offset);
    cursor.index = static_cast<std::size_t>(after - bounds_.begin()) - 1;
    return cursor;
}

bool Supply::advance(SupplyCursor& cursor) const noexcept {
    if (cursor.index + 1 < count_) {
        ++cursor.index;
        return true;
    }
    if (!loops_) {
        return false;
    }
    cursor.index = 0;
    cursor.pass_ns += period_ns_;
    return true;
}

Time Supply::begin_of(const SupplyCursor& cursor) const noexcept {
    return Time(cursor.pass_ns + bounds_[cursor.index]);
}

Time Supply::end_of(const SupplyCursor& cursor) const noexcept {
    const std::int64_t bound = bounds_[cursor.index + 1];
    return bound == INT64_MAX ? Time::never() : Time(cursor.pass_ns + bound);
}

}  // namespace ebb
