// SPDX-License-Identifier: Apache-2.0
// Rules between the capacitors of a federated store, the peripherals that draw from them, and the
// tasks that use these.
#include <fmt/format.h>

#include <algorithm>

#include "models/core/nearest.hpp"
#include "models/store/store_model.hpp"
#include "sim/scenario/cross_checks.hpp"

namespace ebb {

namespace {

const PeripheralParams* peripheral(const CheckSubject& s, const std::string& name) {
    const auto& all = s.form.peripherals;
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&name](const PeripheralParams& p) { return p.name == name; });
    return at == all.end() ? nullptr : &*at;
}

void check_wiring(const CheckSubject& s) {
    const std::vector<std::string> rails = s.form.store->rails();
    for (std::size_t i = 0; i < s.form.peripherals.size(); ++i) {
        const PeripheralParams& p = s.form.peripherals[i];
        if (p.capacitor && std::find(rails.begin(), rails.end(), *p.capacitor) == rails.end()) {
            s.mistakes.add(
                s.facts.place(fmt::format("peripherals[{}].capacitor", i)),
                fmt::format("the store has no capacitor '{}' for a peripheral", *p.capacitor),
                did_you_mean(*p.capacitor, rails),
                rails.empty() ? "only a federated store has some: store: {type: "
                                "federated, capacitors: [{name: ...}]}"
                              : "store.capacitors: " + joined(rails));
        }
    }
}

/// A power at a capacitor whose voltage falls has no closed form beside its charging.
void check_use(const CheckSubject& s, const UseForm& use, const std::string& path) {
    const auto found = find_use(use, s.form.peripherals);
    if (found && found->state.power_w) {
        s.mistakes.add(s.facts.place(path + ".state"),
                       fmt::format("state '{}' of peripheral '{}' is given as a power, and a "
                                   "capacitor of its own gives a current",
                                   use.state, use.peripheral),
                       "give the state's current, or a charge and a time");
    }
}

}  // namespace

void check_own_capacitors(const CheckSubject& s) {
    if (!s.form.store) {
        return;
    }
    check_wiring(s);
    bool skips = false;
    bool goes_on = false;
    for (std::size_t i = 0; i < s.form.workload.tasks.size(); ++i) {
        const TaskForm& task = s.form.workload.tasks[i];
        const std::string path = fmt::format("workload.tasks[{}]", i);
        bool apart = false;
        for (std::size_t k = 0; k < task.use.size(); ++k) {
            const PeripheralParams* p = peripheral(s, task.use[k].peripheral);
            if (p != nullptr && p->capacitor) {
                apart = true;
                check_use(s, task.use[k], fmt::format("{}.use[{}]", path, k));
            }
        }
        skips = skips || task.skips;
        const bool lasts = task.time_s.value_or(1.0) > 0.0;
        goes_on = goes_on || (!task.skips && !task.once_per_boot && lasts);
        if (task.skips && !apart) {
            s.mistakes.add(s.facts.place(path + ".uncharged"),
                           path +
                               " uses no peripheral with a capacitor of its own: nothing keeps "
                               "it waiting",
                           "leave uncharged out, or give peripherals[].capacitor");
        } else if (task.skips && task.once_per_boot) {
            s.mistakes.add(s.facts.place(path + ".uncharged"),
                           path +
                               " runs once per boot, and before anything else: it cannot be "
                               "left out",
                           "uncharged: wait");
        }
    }
    if (skips && !goes_on) {
        s.mistakes.add(s.facts.place("workload.tasks"),
                       "every task may be left out (uncharged: skip): while none is charged the "
                       "list would start over without end",
                       "give a task that takes time, or let one wait");
    }
}

void number_terminals(std::vector<PeripheralParams>& peripherals, const StoreModel& store) {
    const std::vector<std::string> rails = store.rails();
    for (PeripheralParams& p : peripherals) {
        const auto at =
            p.capacitor ? std::find(rails.begin(), rails.end(), *p.capacitor) : rails.end();
        if (at != rails.end()) {
            p.terminal = static_cast<std::size_t>(at - rails.begin());
        }
    }
}

}  // namespace ebb
