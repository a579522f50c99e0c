// SPDX-License-Identifier: Apache-2.0
/// Reading scenarios in tests: the shipped components, data sheets and traces of the source tree.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/core/component.hpp"
#include "sim/cli/error_text.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace ebb::test {

inline const Registry& registry() {
    static const Registry kRegistry = [] {
        Registry all;
        register_all(all);
        return all;
    }();
    return kRegistry;
}

inline ReadOptions options(std::vector<std::string> sets = {}) {
    const std::string source = EBB_SOURCE_DIR;
    ReadOptions o;
    o.sets = std::move(sets);
    o.parts_folder = source + "/models";
    o.networks_folder = source + "/models/workload/networks";
    o.platforms_folder = source + "/models/workload/platforms";
    o.traces.catalog = source + "/traces/catalog.csv";
    o.traces.shipped = {source + "/traces"};
    o.traces.offline = true;
    return o;
}

inline Scenario read_text(const std::string& text, std::vector<std::string> sets = {}) {
    return read_scenario_text(text, "test.yaml", registry(), options(std::move(sets)));
}

inline Scenario read_file(const std::string& path) {
    return read_scenario(path, registry(), options());
}

/// What the user would see; empty if nothing was refused.
template <class F>
std::string refusal(F&& action) {
    try {
        action();
    } catch (const InputError& error) {
        return error_text(error, false);
    }
    return {};
}

/// A small scenario that is right.
inline const std::string kToy =
    "name: toy\n"
    "duration: 10 s\n"
    "source: {model: {type: constant_power, power: 1.5 mW}}\n"
    "store: {type: capacitor, capacitance: 100 uF, initial: 1.8 V, max: 6 V}\n"
    "mcu:\n"
    "  turn_on: 3.0 V\n"
    "  turn_off: 1.8 V\n"
    "  initial: unpowered\n"
    "  boot: {time: 1 ms, charge: 1 uC}\n"
    "  active: {current: 1 mA}\n"
    "  off_current: 0 A\n"
    "workload: {tasks: [{name: sense, time: 2 ms}], repeat: true}\n";

}  // namespace ebb::test
