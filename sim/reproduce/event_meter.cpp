// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/event_meter.hpp"

#include <limits>

#include "sim/reproduce/experiment.hpp"

namespace ebb {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool wanted_detail(const std::string& wanted, std::string_view detail) {
    return wanted.empty() || wanted == detail || matches(wanted, std::string(detail));
}

}  // namespace

EventMeter::EventMeter(const std::vector<EventWanted>& wanted) {
    for (const EventWanted& w : wanted) {
        seen_.push_back({&w, 0, {}, {}});
    }
}

void EventMeter::event(Time t, std::string_view event, std::string_view detail, double) {
    for (Seen& s : seen_) {
        if (s.wanted->event == event && wanted_detail(s.wanted->detail, detail)) {
            if (s.count == 0) {
                s.first = t;
            }
            s.last = t;
            ++s.count;
        }
    }
}

std::vector<std::pair<std::string, double>> EventMeter::numbers() const {
    std::vector<std::pair<std::string, double>> all;
    for (const Seen& s : seen_) {
        double value = kNone;
        switch (s.wanted->give) {
            case EventNumber::count:
                value = static_cast<double>(s.count);
                break;
            case EventNumber::first_s:
                value = s.count > 0 ? s.first.seconds() : kNone;
                break;
            case EventNumber::last_s:
                value = s.count > 0 ? s.last.seconds() : kNone;
                break;
            case EventNumber::mean_interval_s:
                value =
                    s.count > 1 ? s.last.since(s.first) / static_cast<double>(s.count - 1) : kNone;
                break;
        }
        all.emplace_back(s.wanted->name, value);
    }
    return all;
}

}  // namespace ebb
