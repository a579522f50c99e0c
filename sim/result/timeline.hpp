// SPDX-License-Identifier: Apache-2.0
/// The timeline of a run within a bounded memory: change points, thinned without losing an extreme.
///
/// As long as there are few points, all are kept. Beyond kFewRows the run is divided into at most
/// kBuckets equal buckets of time; of each stay the first and the last point and those with the
/// least and the greatest voltage, harvested power and load power. When time runs past the last
/// bucket, neighbours are merged and the width doubles, so the length of the run need not be known.
/// The first point of every change of state is kept as well, all of them up to kMostChanges, then
/// the first of each state in each bucket.
///
/// Points must come in order of time. Cost per point: a copy and a few comparisons.
#pragma once

#include "models/core/time.hpp"
#include "sim/result/recorder.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ebb {

inline constexpr std::size_t kDeviceStates = 6;

struct TimelineRow {
    Time t;
    double v_store_v = 0.0;
    double harvest_w = 0.0;
    double load_w = 0.0;
    std::uint64_t sequence = 0;  ///< order of arrival
    DeviceState state = DeviceState::off;
};

class Timeline {
public:
    static constexpr std::size_t kFewRows = 4096;
    static constexpr std::size_t kBuckets = 1024;
    static constexpr std::size_t kMostChanges = 4096;

    /// Hot path.
    void add(Time t, double v_store_v, double harvest_w, double load_w, DeviceState state) {
        const TimelineRow row{t, v_store_v, harvest_w, load_w, seen_++, state};
        if (t.ns() < open_end_ns_) {
            buckets_.back().take(row);
        } else {
            add_elsewhere(row);
        }
    }
    /// A row at which the state changes.
    void add_change(Time t, double v_store_v, double harvest_w, double load_w, DeviceState state);

    [[nodiscard]] std::uint64_t seen() const noexcept { return seen_; }
    /// Width of a bucket [s]; 0 as long as all points are kept.
    [[nodiscard]] double resolution_s() const noexcept {
        return bucketed_ ? static_cast<double>(width_ns_) * 1e-9 : 0.0;
    }

    /// At most `most` (>= 32) rows in order of arrival: all of them if they are few enough, else
    /// those of buckets as wide as it takes.
    [[nodiscard]] std::vector<TimelineRow> rows(std::size_t most) const;

private:
    enum Keep : std::size_t { first, last, v_min, v_max, h_min, h_max, l_min, l_max, kKept };
    struct Bucket {
        std::array<TimelineRow, kKept> kept;
        std::array<TimelineRow, kDeviceStates> entered{};  ///< first change to each state
        unsigned states = 0;                               ///< which of `entered` are set
        bool any = false;

        void take(const TimelineRow& row) {
            if (!any) {
                start(row);
                return;
            }
            kept[last] = row;
            keep_if(row.v_store_v < kept[v_min].v_store_v, v_min, row);
            keep_if(row.v_store_v > kept[v_max].v_store_v, v_max, row);
            keep_if(row.harvest_w < kept[h_min].harvest_w, h_min, row);
            keep_if(row.harvest_w > kept[h_max].harvest_w, h_max, row);
            keep_if(row.load_w < kept[l_min].load_w, l_min, row);
            keep_if(row.load_w > kept[l_max].load_w, l_max, row);
        }
        void keep_if(bool better, Keep which, const TimelineRow& row) {
            if (better) {
                kept[which] = row;
            }
        }
        void start(const TimelineRow& row);
        void take_change(const TimelineRow& row);
        void merge(const Bucket& later);
        void append_to(std::vector<TimelineRow>& rows, bool with_states) const;
    };

    void add_elsewhere(const TimelineRow& row);
    void keep(const TimelineRow& row);
    void start_buckets();
    void next_bucket(std::int64_t ns);
    void double_width();
    [[nodiscard]] std::vector<Bucket> merged(std::size_t group) const;
    [[nodiscard]] std::vector<TimelineRow> thinned(std::size_t group, bool every_change) const;

    std::vector<TimelineRow> few_;
    std::vector<TimelineRow> changes_;
    bool all_changes_ = true;
    bool bucketed_ = false;
    std::vector<Bucket> buckets_;      ///< those that have points
    std::vector<std::int64_t> index_;  ///< number of each bucket in time
    std::int64_t width_ns_ = 1;
    std::int64_t open_end_ns_ =
        INT64_MIN;  ///< of the last bucket; before everything without buckets
    std::uint64_t seen_ = 0;
};

}  // namespace ebb
