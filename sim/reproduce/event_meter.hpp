// SPDX-License-Identifier: Apache-2.0
/// Numbers that a summary does not hold, from the events of a run as they pass by: how often, when,
/// how far apart. Nothing is kept but counts and times.
#pragma once

#include "sim/result/recorder.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ebb {

enum class EventNumber : unsigned char {
    count,
    first_s,          ///< time of the first
    last_s,           ///< time of the last
    mean_interval_s,  ///< from one to the next, on average; needs two
};

struct EventWanted {
    std::string name;    ///< of the number
    std::string event;   ///< as in events.csv: "task_done"
    std::string detail;  ///< "send", or patterns as of rows ("send*"); empty: any
    EventNumber give = EventNumber::count;
};

class EventMeter final : public Recorder {
public:
    explicit EventMeter(const std::vector<EventWanted>& wanted);
    void event(Time t, std::string_view event, std::string_view detail, double v) override;
    void state(Time, DeviceState) override {}
    void point(Time, double, double, double) override {}
    void progress(Time) override {}
    [[nodiscard]] bool wants_points() const noexcept override { return false; }

    /// NaN where there were too few events.
    [[nodiscard]] std::vector<std::pair<std::string, double>> numbers() const;

private:
    struct Seen {
        const EventWanted* wanted;
        long long count = 0;
        Time first, last;
    };
    std::vector<Seen> seen_;
};

}  // namespace ebb
