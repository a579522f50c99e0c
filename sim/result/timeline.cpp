// SPDX-License-Identifier: Apache-2.0
#include "sim/result/timeline.hpp"

#include <algorithm>

namespace ebb {

void Timeline::Bucket::start(const TimelineRow& row) {
    kept.fill(row);
    any = true;
}

void Timeline::Bucket::take_change(const TimelineRow& row) {
    const auto state = static_cast<std::size_t>(row.state);
    const unsigned bit = 1U << state;
    if ((states & bit) == 0U) {
        states |= bit;
        entered[state] = row;
    }
}

void Timeline::Bucket::merge(const Bucket& later) {
    for (const TimelineRow& row : later.kept) {
        take(row);
    }
    kept[last] = later.kept[last];
    for (std::size_t state = 0; state < kDeviceStates; ++state) {
        if ((later.states & (1U << state)) != 0U) {
            take_change(later.entered[state]);
        }
    }
}

void Timeline::Bucket::append_to(std::vector<TimelineRow>& rows, bool with_states) const {
    rows.insert(rows.end(), kept.begin(), kept.end());
    for (std::size_t state = 0; with_states && state < kDeviceStates; ++state) {
        if ((states & (1U << state)) != 0U) {
            rows.push_back(entered[state]);
        }
    }
}

void Timeline::add_change(Time t, double v_store_v, double harvest_w, double load_w,
                          DeviceState state) {
    const TimelineRow row{t, v_store_v, harvest_w, load_w, seen_, state};
    add(t, v_store_v, harvest_w, load_w, state);
    if (changes_.size() == kMostChanges) {
        all_changes_ = false;
    } else {
        changes_.push_back(row);
    }
    if (bucketed_) {
        buckets_.back().take_change(row);
    }
}

void Timeline::add_elsewhere(const TimelineRow& row) {
    if (bucketed_) {
        keep(row);
        return;
    }
    few_.push_back(row);
    if (few_.size() > kFewRows) {
        start_buckets();
    }
}

void Timeline::keep(const TimelineRow& row) {
    if (row.t.ns() >= open_end_ns_) {
        next_bucket(row.t.ns());
    }
    buckets_.back().take(row);
}

void Timeline::start_buckets() {
    bucketed_ = true;
    width_ns_ = few_.back().t.ns() / static_cast<std::int64_t>(kBuckets) + 1;
    auto change = changes_.begin();
    for (const TimelineRow& row : few_) {
        keep(row);
        if (change != changes_.end() && change->sequence == row.sequence) {
            buckets_.back().take_change(*change++);
        }
    }
    few_.clear();
    few_.shrink_to_fit();
}

void Timeline::next_bucket(std::int64_t ns) {
    while (ns / width_ns_ >= static_cast<std::int64_t>(kBuckets)) {
        double_width();
    }
    const std::int64_t number = ns / width_ns_;
    open_end_ns_ = number >= INT64_MAX / width_ns_ ? INT64_MAX : (number + 1) * width_ns_;
    if (index_.empty() || index_.back() != number) {
        index_.push_back(number);
        buckets_.emplace_back();
    }
}

void Timeline::double_width() {
    width_ns_ *= 2;
    std::size_t used = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        const std::int64_t number = index_[i] / 2;
        if (used > 0 && index_[used - 1] == number) {
            buckets_[used - 1].merge(buckets_[i]);
        } else {
            buckets_[used] = buckets_[i];
            index_[used] = number;
            ++used;
        }
    }
    buckets_.resize(used);
    index_.resize(used);
}

std::vector<Timeline::Bucket> Timeline::merged(std::size_t group) const {
    std::vector<Bucket> wide;
    std::int64_t number = -1;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        const std::int64_t own = index_[i] / static_cast<std::int64_t>(group);
        if (own == number) {
            wide.back().merge(buckets_[i]);
        } else {
            wide.push_back(buckets_[i]);
            number = own;
        }
    }
    return wide;
}

std::vector<TimelineRow> Timeline::thinned(std::size_t group, bool every_change) const {
    std::vector<TimelineRow> rows;
    for (const Bucket& bucket : merged(group)) {
        bucket.append_to(rows, !every_change);
    }
    if (every_change) {
        rows.insert(rows.end(), changes_.begin(), changes_.end());
    }
    std::sort(rows.begin(), rows.end(),
              [](const TimelineRow& a, const TimelineRow& b) { return a.sequence < b.sequence; });
    const auto same = [](const TimelineRow& a, const TimelineRow& b) {
        return a.sequence == b.sequence;
    };
    rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
    return rows;
}

std::vector<TimelineRow> Timeline::rows(std::size_t most) const {
    if (!bucketed_) {
        if (few_.size() <= most) {
            return few_;
        }
        Timeline copy = *this;
        copy.start_buckets();
        return copy.rows(most);
    }
    // A picture needs the voltage as much as the states: too many changes are given up first.
    const bool every_change = all_changes_ && changes_.size() <= most / 2;
    std::size_t group = 1;
    std::vector<TimelineRow> rows = thinned(group, every_change);
    while (rows.size() > most && group < kBuckets) {
        group *= 2;
        rows = thinned(group, every_change);
    }
    return rows;
}

}  // namespace ebb
