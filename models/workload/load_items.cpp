// SPDX-License-Identifier: Apache-2.0
#include "models/workload/load_items.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

/// A whole number of items that has come out of a division a little too large is one.
std::int64_t items_of(double bytes, double item_b) {
    const double items = bytes / item_b;
    const double whole = std::round(items);
    return static_cast<std::int64_t>(std::fabs(items - whole) <= 1e-9 * whole ? whole
                                                                              : std::ceil(items));
}

}  // namespace

void LoadItems::begin(const Load& load, const std::vector<PhaseTraffic>& traffic) {
    phases_.clear();
    per_trip_ = 0;
    trip_s_ = 0.0;
    timed_ = false;
    for (std::size_t i = 0; i < load.phases.size(); ++i) {
        PhaseItems phase;
        phase.seconds = load.phases[i].duration_s;
        if (i < traffic.size()) {
            phase.bytes =
                (what_.reads ? traffic[i].read_b : 0.0) + (what_.writes ? traffic[i].write_b : 0.0);
        }
        phase.items = items_of(phase.bytes, item_b_);
        phase.before = per_trip_;
        phase.before_s = trip_s_;
        per_trip_ += phase.items;
        trip_s_ += phase.seconds;
        timed_ = timed_ || (phase.items > 0 && phase.seconds > 0.0);
        phases_.push_back(phase);
    }
    count_ = per_trip_ > 0 ? load.count : 0;
    if (count_ > 0) {
        begun_ = at(load.first_phase, load.first_elapsed_s);
        begun_s_ = phases_[load.first_phase].before_s + load.first_elapsed_s;
    }
}

std::int64_t LoadItems::in_phase(std::size_t phase, double elapsed_s) const {
    const PhaseItems& p = phases_[phase];
    if (!(elapsed_s > 0.0) || p.items == 0) {
        return 0;
    }
    const double share = elapsed_s / p.seconds;
    return std::min(p.items, static_cast<std::int64_t>(share * p.bytes / item_b_));
}

std::int64_t LoadItems::at(std::size_t phase, double elapsed_s) const {
    return phase < phases_.size() ? phases_[phase].before + in_phase(phase, elapsed_s) : per_trip_;
}

std::int64_t LoadItems::moved(const LoadPosition& until) const {
    if (count_ == 0) {
        return 0;
    }
    const std::int64_t rest = until.unit < count_ ? at(until.phase, until.elapsed_s) : 0;
    return std::max<std::int64_t>(0, until.unit * per_trip_ + rest - begun_);
}

std::optional<double> LoadItems::seconds_to(std::int64_t n) const {
    if (count_ == 0 || !timed_) {
        return std::nullopt;
    }
    const std::int64_t index = begun_ + n - 1;
    std::int64_t trip = index / per_trip_;
    const std::int64_t within = index % per_trip_;
    auto p = static_cast<std::size_t>(
        std::upper_bound(phases_.begin(), phases_.end(), within,
                         [](std::int64_t at, const PhaseItems& x) { return at < x.before; }) -
        phases_.begin() - 1);
    std::int64_t item = within - phases_[p].before;
    while (phases_[p].items == 0 || !(phases_[p].seconds > 0.0)) {
        item = 0;
        if (++p == phases_.size()) {
            p = 0;
            ++trip;
        }
    }
    if (trip >= count_) {
        return std::nullopt;
    }
    const PhaseItems& phase = phases_[p];
    const double lo = static_cast<double>(item) * item_b_;
    const double middle = lo + 0.5 * std::min(item_b_, phase.bytes - lo);
    const double trips_s = trip > 0 ? static_cast<double>(trip) * trip_s_ : 0.0;
    const double at_s = trips_s + phase.before_s + phase.seconds * (middle / phase.bytes);
    return std::max(0.0, at_s - begun_s_);
}

}  // namespace ebb
