// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <set>

#include "models/peripheral/peripheral_params.hpp"

namespace ebb {

namespace {

PeripheralDraw draw_of(const PeripheralUse& use) {
    const PeripheralState& s = use.state;
    const double charged_a = s.charge_c ? *s.charge_c / s.time_s.value_or(1.0) : 0.0;
    return {use.peripheral, s.current_a.value_or(charged_a), s.power_w.value_or(0.0)};
}

/// Stretches between the ends; `at(use)` gives a use's end and what it draws until then.
template <class EndOf, class DrawOf>
std::vector<UsePhase> stretches(const std::vector<PeripheralUse>& uses,
                                const std::set<double>& ends, const EndOf& end_of,
                                const DrawOf& draw) {
    std::vector<UsePhase> phases;
    double begun_s = 0.0;
    for (const double end_s : ends) {
        UsePhase phase;
        phase.time_s = end_s - begun_s;
        for (const PeripheralUse& use : uses) {
            if (end_of(use) >= end_s) {
                phase.in_use.push_back(draw(use));
            }
        }
        phases.push_back(std::move(phase));
        begun_s = end_s;
    }
    return phases;
}

}  // namespace

std::vector<UsePhase> start_up(const std::vector<PeripheralUse>& uses) {
    std::set<double> ends;
    for (const PeripheralUse& use : uses) {
        if (use.start.time_s > 0.0) {
            ends.insert(use.start.time_s);
        }
    }
    return stretches(
        uses, ends, [](const PeripheralUse& use) { return use.start.time_s; },
        [](const PeripheralUse& use) {
            return PeripheralDraw{use.peripheral, use.start.charge_c / use.start.time_s, 0.0};
        });
}

std::vector<UsePhase> in_use(const std::vector<PeripheralUse>& uses, double time_s) {
    std::set<double> ends = {time_s};
    for (const PeripheralUse& use : uses) {
        if (use.state.time_s && *use.state.time_s < time_s) {
            ends.insert(*use.state.time_s);
        }
    }
    const double forever = std::numeric_limits<double>::infinity();
    return stretches(
        uses, ends,
        [forever](const PeripheralUse& use) { return use.state.time_s.value_or(forever); },
        draw_of);
}

double own_time_s(const std::vector<PeripheralUse>& uses) {
    double longest_s = 0.0;
    for (const PeripheralUse& use : uses) {
        longest_s = std::max(longest_s, use.state.time_s.value_or(0.0));
    }
    return longest_s;
}

}  // namespace ebb
