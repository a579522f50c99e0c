// SPDX-License-Identifier: Apache-2.0
// Rules between the keys of peripherals, and of the tasks that use them.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "models/core/nearest.hpp"
#include "sim/scenario/cross_checks.hpp"

namespace ebb {

namespace {

void complain(const CheckSubject& s, const std::string& path, std::string message,
              std::string hint = {}, std::string note = {}) {
    s.mistakes.add(s.facts.place(path), std::move(message), std::move(hint), std::move(note));
}

template <class T>
std::vector<std::string> names_of(const std::vector<T>& list) {
    std::vector<std::string> names;
    for (const T& entry : list) {
        names.push_back(entry.name);
    }
    return names;
}

template <class T>
void check_names(const CheckSubject& s, const std::vector<T>& list, const std::string& path) {
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto at = known.emplace(list[i].name, i);
        if (!at.second && !list[i].name.empty()) {
            complain(s, fmt::format("{}[{}].name", path, i),
                     fmt::format("the name '{}' is taken by {}[{}]", list[i].name, path,
                                 at.first->second));
        }
    }
}

void check_state(const CheckSubject& s, const PeripheralState& state, const std::string& path) {
    int loads = 0;
    for (const char* key : {".current", ".power", ".charge"}) {
        loads += s.facts.given(path + key) ? 1 : 0;
    }
    if (loads != 1) {
        complain(s, path,
                 fmt::format("{} ('{}') needs one of current, power and charge, and has {}", path,
                             state.name, loads));
    }
    if (state.charge_c && !s.facts.given(path + ".time")) {
        complain(s, path + ".charge",
                 fmt::format("{} has a charge, but no time over which it flows", path),
                 "for example time: 5 ms");
    }
}

/// How long the work of a task lasts; empty if it has no end, or was complained of.
std::optional<double> work_time(const TaskForm& task) {
    return task.until_power_fails || task.profile ? std::nullopt : task.time_s;
}

void check_use(const CheckSubject& s, const TaskForm& task, const UseForm& use,
               const std::string& path) {
    const auto& all = s.form.peripherals;
    const auto at = std::find_if(all.begin(), all.end(), [&](const PeripheralParams& p) {
        return p.name == use.peripheral;
    });
    if (at == all.end()) {
        if (!use.peripheral.empty()) {
            complain(s, path + ".peripheral",
                     fmt::format("there is no peripheral '{}'", use.peripheral),
                     did_you_mean(use.peripheral, names_of(all)),
                     all.empty() ? "give peripherals: [{name: ..., standby: 1 uA, states: [...]}]"
                                 : "peripherals: " + joined(names_of(all)));
        }
        return;
    }
    const auto found = find_use(use, all);
    if (!found) {
        if (!use.state.empty()) {
            complain(s, path + ".state",
                     fmt::format("peripheral '{}' has no state '{}'", at->name, use.state),
                     did_you_mean(use.state, names_of(at->states)),
                     at->states.empty() ? "it has no states: give peripherals[].states"
                                        : "its states: " + joined(names_of(at->states)));
        }
        return;
    }
    if (!found->state.time_s) {
        return;
    }
    const auto time_s = work_time(task);
    if (task.profile) {
        complain(s, path + ".state",
                 fmt::format("state '{}' lasts {} and the task's profile has a time of its own",
                             use.state, format_quantity(*found->state.time_s, unit::second)),
                 "a state without a time lasts as long as the profile");
    } else if (time_s && *found->state.time_s > *time_s) {
        complain(s, path + ".state",
                 fmt::format("state '{}' lasts {}, longer than the task ({})", use.state,
                             format_quantity(*found->state.time_s, unit::second),
                             format_quantity(*time_s, unit::second)),
                 "leave the task's time out, or give it at least that");
    }
}

}  // namespace

std::optional<PeripheralUse> find_use(const UseForm& use,
                                      const std::vector<PeripheralParams>& peripherals) {
    for (std::size_t i = 0; i < peripherals.size(); ++i) {
        if (peripherals[i].name != use.peripheral) {
            continue;
        }
        for (const PeripheralState& state : peripherals[i].states) {
            if (state.name == use.state) {
                return PeripheralUse{i, state, peripherals[i].start.value_or(PeripheralStart{})};
            }
        }
    }
    return std::nullopt;
}

void check_peripherals(const CheckSubject& s) {
    const auto& all = s.form.peripherals;
    check_names(s, all, "peripherals");
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string path = fmt::format("peripherals[{}]", i);
        check_names(s, all[i].states, path + ".states");
        for (std::size_t k = 0; k < all[i].states.size(); ++k) {
            check_state(s, all[i].states[k], fmt::format("{}.states[{}]", path, k));
        }
    }
    for (std::size_t i = 0; i < s.form.workload.tasks.size(); ++i) {
        const TaskForm& task = s.form.workload.tasks[i];
        std::set<std::string> used;
        for (std::size_t k = 0; k < task.use.size(); ++k) {
            const std::string path = fmt::format("workload.tasks[{}].use[{}]", i, k);
            check_use(s, task, task.use[k], path);
            if (!used.insert(task.use[k].peripheral).second) {
                complain(s, path,
                         fmt::format("the task uses peripheral '{}' twice: it is in one state at a "
                                     "time",
                                     task.use[k].peripheral),
                         "make it two tasks");
            }
        }
    }
}

}  // namespace ebb
