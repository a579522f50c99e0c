// SPDX-License-Identifier: Apache-2.0
#include "models/core/series_columns.hpp"

#include <algorithm>
#include <utility>

#include "models/core/error.hpp"

namespace ebb {

Samples Samples::borrowed(std::shared_ptr<const SampleKeeper> keeper, const double* values,
                          std::size_t count) {
    Samples samples;
    samples.keeper_ = std::move(keeper);
    samples.values_ = values;
    samples.count_ = count;
    return samples;
}

std::vector<double>& Samples::own() {
    if (keeper_) {
        throw Defect("borrowed samples cannot be changed");
    }
    return own_;
}

bool operator==(const Samples& a, const Samples& b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

Bounds::Bounds(std::initializer_list<std::int64_t> bounds) {
    reserve(bounds.size());
    for (const std::int64_t bound : bounds) {
        push_back(bound);
    }
}

Bounds::Bounds(const std::vector<std::int64_t>& bounds) {
    reserve(bounds.size());
    for (const std::int64_t bound : bounds) {
        push_back(bound);
    }
}

Bounds Bounds::even(std::int64_t first, std::int64_t step, std::size_t count) noexcept {
    Bounds bounds;
    bounds.first_ = first;
    bounds.step_ = step;
    bounds.count_ = count;
    return bounds;
}

Bounds Bounds::borrowed(std::shared_ptr<const SampleKeeper> keeper, const std::int64_t* bounds,
                        std::size_t count) {
    Bounds made;
    made.stored_ = true;
    made.keeper_ = std::move(keeper);
    made.bounds_ = bounds;
    made.count_ = count;
    return made;
}

std::size_t Bounds::after(std::int64_t at) const noexcept {
    if (const std::int64_t* const all = stored()) {
        return static_cast<std::size_t>(std::upper_bound(all, all + count_, at) - all);
    }
    if (count_ == 0 || at < first_) {
        return 0;
    }
    return step_ <= 0 ? count_
                      : std::min(count_, static_cast<std::size_t>((at - first_) / step_) + 1);
}

void Bounds::push_back(std::int64_t bound) {
    if (keeper_) {
        throw Defect("borrowed bounds cannot be changed");
    }
    if (count_ == 0) {
        first_ = bound;
    } else if (count_ == 1 && !stored_) {
        step_ = bound - first_;
    } else if (!stored_ && bound != first_ + step_ * static_cast<std::int64_t>(count_)) {
        store();
    }
    if (stored_) {
        own_.push_back(bound);
    }
    ++count_;
}

void Bounds::store() {
    own_.reserve(std::max(room_, count_ + 1));
    for (std::size_t i = 0; i < count_; ++i) {
        own_.push_back(first_ + step_ * static_cast<std::int64_t>(i));
    }
    stored_ = true;
}

void Bounds::shift(std::int64_t by) {
    if (keeper_) {
        throw Defect("borrowed bounds cannot be changed");
    }
    first_ += by;
    for (std::int64_t& bound : own_) {
        bound += by;
    }
}

bool operator==(const Bounds& a, const Bounds& b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace ebb
