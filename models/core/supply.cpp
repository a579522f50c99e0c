// SPDX-License-Identifier: Apache-2.0
#include "models/core/supply.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/core/error.hpp"

namespace ebb {

namespace {

double to_x(const SupplyShape& shape, double sample) {
    return shape.factor * (shape.exponent == 2 ? sample * sample : sample);
}

/// The smallest and the largest value, and the first place of each, in one pass; four at a time, so
/// that no comparison waits for the one before.
SeriesRange range_of(const Samples& values) {
    constexpr std::size_t kBlock = 4096;
    SeriesRange range{values[0], values[0], 0, 0};
    for (std::size_t begin = 0; begin < values.size(); begin += kBlock) {
        const double* const block = values.data() + begin;
        const std::size_t count = std::min(kBlock, values.size() - begin);
        std::array<double, 4> low{block[0], block[0], block[0], block[0]};
        std::array<double, 4> high = low;
        std::size_t i = 0;
        for (; i + 4 <= count; i += 4) {
            for (std::size_t k = 0; k < 4; ++k) {
                low[k] = std::min(low[k], block[i + k]);
                high[k] = std::max(high[k], block[i + k]);
            }
        }
        for (; i < count; ++i) {
            low[0] = std::min(low[0], block[i]);
            high[0] = std::max(high[0], block[i]);
        }
        const double least = *std::min_element(low.begin(), low.end());
        const double most = *std::max_element(high.begin(), high.end());
        const auto place = [&](double value) {
            return begin + static_cast<std::size_t>(std::find(block, block + count, value) - block);
        };
        if (least < range.smallest) {
            range.smallest = least;
            range.smallest_at = place(least);
        }
        if (most > range.largest) {
            range.largest = most;
            range.largest_at = place(most);
        }
    }
    return range;
}

}  // namespace

/// Series up to this long are turned into x once: a reading then costs one load.
constexpr std::size_t kLaidOut = 1U << 12U;
/// Samples between two words to the keeper of a mapped series: 8 MB of them.
constexpr std::size_t kPassEvery = 1U << 20U;

Supply Supply::constant(const SupplyShape& shape, double value) {
    auto series = std::make_shared<Series>();
    series->bound_ns = {0};
    series->value = {value};
    Supply supply;
    supply.shape_ = shape;
    supply.series_ = std::move(series);
    supply.count_ = 1;
    supply.bounds_ = 1;
    supply.view({value, value, 0, 0});
    return supply;
}

/// x, its largest value, and whether the series' index is one over x.
void Supply::view(const SeriesRange& range) {
    const Series& series = *series_;
    x_ = SupplyValues(shape_, series.value.data(), series.value.size(), scale_);
    if (series.value.keeper() == nullptr && series.value.size() <= kLaidOut) {
        std::vector<double> x(series.value.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = x_[i];
        }
        laid_out_ = std::make_shared<const std::vector<double>>(std::move(x));
        x_ = SupplyValues(laid_out_->data(), laid_out_->size());
    }
    largest_at_ = range.largest_at;
    largest_x_ = to_x(shape_, scale_ * range.largest);
    if (const double other = to_x(shape_, scale_ * range.smallest); other > largest_x_) {
        largest_at_ = range.smallest_at;
        largest_x_ = other;
    }
    index_factor_ = shape_.factor * (shape_.exponent == 2 ? scale_ * scale_ : scale_);
    const bool one_sign = shape_.exponent == 2 || range.smallest >= 0.0 || range.largest <= 0.0;
    if (series.index && series.index->exponent == shape_.exponent && one_sign) {
        index_ = series.index.get();
    }
}

Supply::Supply(const SupplyShape& shape, std::shared_ptr<const Series> series,
               std::int64_t start_ns, double scale, AtEnd at_end)
    : shape_(shape),
      series_(std::move(series)),
      linear_(series_->interpolation == Interpolation::linear),
      loops_(at_end == AtEnd::loop),
      count_(series_->bound_ns.size() - 1),
      uniform_ns_(series_->bound_ns.step()),
      period_ns_(series_->duration_ns()),
      start_ns_(start_ns),
      scale_(scale),
      bounds_(series_->bound_ns.size()),
      first_ns_(bounds_ > 0 ? series_->bound_ns.front() : 0) {
    const Samples& values = series_->value;
    if (bounds_ < 2 || values.size() + (linear_ ? 0 : 1) != bounds_) {
        throw Defect("a series needs one bound more than it has held samples");
    }
    if (start_ns < 0 || start_ns >= period_ns_) {
        throw Defect("a supply must start inside its series");
    }
    if (series_->index) {
        view(series_->index->range);
    } else {
        view(range_of(values));
    }
    if (linear_) {
        for (const double sample : values) {
            raw_.push_back(scale * sample);
        }
    }
    if (values.keeper() != nullptr) {
        pass_at_ = kPassEvery;
    }
    if (at_end == AtEnd::stop) {
        stops_at_ = Time(period_ns_ - start_ns);
    }
    if (at_end != AtEnd::loop) {
        // Behind the last sample: held for ever. A run whose rule is `stop` ends before it.
        if (linear_) {
            raw_.push_back(raw_.back());
        }
        ++count_;
    }
}

const double* SupplyValues::block(std::size_t first, std::size_t count,
                                  double* room) const noexcept {
    const double* const samples = samples_ + first;
    if (in_place()) {
        return samples;
    }
    for (std::size_t i = 0; i < count; ++i) {
        const double sample = scale_ * samples[i];
        room[i] = factor_ * (square_ ? sample * sample : sample);
    }
    return room;
}

double Supply::largest_power_at(double v) const {
    switch (shape_.tag) {
        case SupplyTag::diode_power:
            return largest_x_ * v / (v + shape_.drop_v);
        case SupplyTag::cells: {
            if (const double most = shape_.cells->most_at(v); !std::isnan(most)) {
                return most;
            }
            return shape_.cells->at(largest_at_, v, true).into_at(v);
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
    cursor.index = series_->bound_ns.after(offset) - 1;
    return cursor;
}

bool Supply::advance(SupplyCursor& cursor) const noexcept {
    if (cursor.index + 1 < count_) {
        ++cursor.index;
        if (cursor.index >= pass_at_) {
            pass(cursor);
        }
        return true;
    }
    if (!loops_) {
        return false;
    }
    cursor.index = 0;
    cursor.pass_ns += period_ns_;
    if (pass_at_ != SIZE_MAX) {
        pass(cursor);
    }
    return true;
}

/// Tells the keeper of a mapped series how far the walk has come.
void Supply::pass(const SupplyCursor& cursor) const noexcept {
    series_->value.keeper()->passed(cursor.index);
    pass_at_ = cursor.index + kPassEvery;
}

Time Supply::begin_of(const SupplyCursor& cursor) const noexcept {
    return Time(cursor.pass_ns + bound_ns(cursor.index));
}

Time Supply::end_of(const SupplyCursor& cursor) const noexcept {
    const std::int64_t bound = bound_ns(cursor.index + 1);
    return bound == INT64_MAX ? Time::never() : Time(cursor.pass_ns + bound);
}

}  // namespace ebb
