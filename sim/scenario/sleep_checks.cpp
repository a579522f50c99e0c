// SPDX-License-Identifier: Apache-2.0
// Rules between the sleep states of a microcontroller and those who name them.
#include <fmt/format.h>

#include <algorithm>

#include "models/core/nearest.hpp"
#include "sim/scenario/cross_checks.hpp"

namespace ebb {

namespace {

void check_waking(const CheckSubject& s, const std::string& path) {
    const auto wake = s.facts.number(path + ".wake");
    const bool charged = s.facts.given(path + ".wake_charge");
    if (wake && *wake > 0.0 && !charged && !s.facts.given("mcu.active")) {
        s.mistakes.add(s.facts.place(path + ".wake"),
                       path + ".wake takes time at active load, but there is no mcu.active",
                       "give mcu.active, or wake: 0 s");
    }
    const auto charge = s.facts.number(path + ".wake_charge");
    if (wake && *wake == 0.0 && charge && *charge > 0.0) {
        s.mistakes.add(
            s.facts.place(path + ".wake_charge"),
            fmt::format("{}.wake_charge is {}, but {}.wake is 0 s: no charge flows in no "
                        "time",
                        path, format_quantity(*charge, unit::coulomb), path));
    }
}

}  // namespace

void check_sleep(const CheckSubject& s) {
    check_waking(s, "mcu.sleep");
    std::vector<std::string> names;
    for (std::size_t i = 0; i < s.form.mcu.sleep_states.size(); ++i) {
        const std::string path = fmt::format("mcu.sleep_states[{}]", i);
        const std::string& name = s.form.mcu.sleep_states[i].name;
        check_waking(s, path);
        if (!name.empty() && std::find(names.begin(), names.end(), name) != names.end()) {
            s.mistakes.add(s.facts.place(path + ".name"),
                           fmt::format("the name '{}' is taken", name));
        }
        names.push_back(name);
    }
    for (const char* path : {"workload.sleep_in", "checkpoint.sleep_in"}) {
        const std::string name = s.facts.text(path);
        if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) {
            continue;
        }
        s.mistakes.add(s.facts.place(path),
                       fmt::format("{} is '{}', but there is no such sleep state", path, name),
                       did_you_mean(name, names),
                       names.empty()
                           ? "give mcu.sleep_states: [{name: ..., current: 1 uA, wake: 10 "
                             "us, retains: ram}]"
                           : "mcu.sleep_states: " + joined(names));
    }
}

}  // namespace ebb
