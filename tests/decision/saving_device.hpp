// SPDX-License-Identifier: Apache-2.0
/// A device of constant currents for tests of checkpoint policies, so that every moment has a hand
/// calculation: 100 uF, 1.8 V at the lowest, 0.4 mA in, 1 mA while it works or saves, 50 us for
/// each byte of a snapshot, and nothing for reading one.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/support/scenarios.hpp"

namespace ebb::test {

struct SavingDevice {
    std::string checkpoint;
    std::string duration = "1 s";
    std::string initial = "3 V", turn_on = "2.4 V", powered = "powered";
    std::string sleep = "26 uA";
    std::string task = "1 ms";
    std::string source = "400 uA";
    std::string mcu = {};  ///< more of its keys, with a comma behind each

    [[nodiscard]] std::string text() const {
        return fmt::format(
            "name: saving\nduration: {}\n"
            "source: {{model: {{type: constant_current, current: {}}}}}\n"
            "store: {{type: capacitor, capacitance: 100 uF, initial: {}, max: 5 V}}\n"
            "mcu: {{{}turn_on: {}, turn_off: 1.8 V, initial: {}, off_current: 0 A, boot: {{time: 0 "
            "s, charge: 0 C}}, active: {{current: 1 mA}}, sleep: {{current: {}, wake: 0 s}}}}\n"
            "nvm: {{capacity: 64 kB, atomic: 1 B, cut: old, read_time: 0 s, write_time: 50 us, "
            "read_energy: 0 J, write_energy: 0 J, standby: 0 A, sleep: 0 A, endurance: 1e12}}\n"
            "workload: {{repeat: true, tasks: [{{name: work, time: {}}}]}}\n"
            "checkpoint: {}\n",
            duration, source, initial, mcu, turn_on, powered, sleep, task, checkpoint);
    }
};

struct Watched {
    Result result;
    EventList events;
};

inline Watched watch(const Scenario& scenario, bool reference = false) {
    Watched w;
    w.result = run(scenario, RunOptions{reference}, &w.events);
    return w;
}
inline Watched watch(const SavingDevice& device, bool reference = false) {
    return watch(scenario_of(device.text()), reference);
}

/// The moments of an event, to 1e-9 of each.
inline void check_times(const EventList& events, const std::string& event,
                        const std::vector<double>& expected) {
    INFO(event);
    const std::vector<Time> times = events.times_of(event);
    REQUIRE(times.size() == expected.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
        CAPTURE(i);
        CHECK(times[i].seconds() == Approx(expected[i]).epsilon(1e-9));
    }
}

inline std::string refusal_of(const std::string& text, std::vector<std::string> sets = {}) {
    try {
        static_cast<void>(result_of(text, std::move(sets)));
    } catch (const InputError& error) {
        const Mistake& first = error.mistakes().front();
        return first.message + " | " + first.hint;
    }
    return "was not refused";
}

}  // namespace ebb::test
