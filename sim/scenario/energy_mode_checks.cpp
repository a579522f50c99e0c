// SPDX-License-Identifier: Apache-2.0
// Rules between the energy modes of a store, the tasks that name them, and who connects them.
#include <fmt/format.h>

#include <algorithm>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/core/nearest.hpp"
#include "models/store/store_model.hpp"
#include "sim/scenario/cross_checks.hpp"

namespace ebb {

namespace {

void check_mode(const CheckSubject& s, const std::string& path, const std::string& name) {
    const std::vector<std::string> modes = s.form.store->energy_modes();
    if (std::find(modes.begin(), modes.end(), name) != modes.end()) {
        return;
    }
    s.mistakes.add(s.facts.place(path), fmt::format("the store has no mode '{}'", name),
                   did_you_mean(name, modes),
                   modes.empty() ? "only a store with modes has some: store: {type: banks, modes: "
                                   "[{name: ..., banks: ...}]}"
                                 : "store.modes: " + joined(modes));
}

}  // namespace

void check_energy_modes(const CheckSubject& s) {
    for (std::size_t i = 0; i < s.form.workload.tasks.size(); ++i) {
        const TaskForm& task = s.form.workload.tasks[i];
        const std::string path = fmt::format("workload.tasks[{}]", i);
        if (!task.mode) {
            if (task.burst || task.precharge) {
                s.mistakes.add(s.facts.place(path + (task.burst ? ".burst" : ".precharge")),
                               path + " names no mode of its own", "give mode");
            }
            continue;
        }
        if (task.burst && task.precharge) {
            s.mistakes.add(s.facts.place(path + ".precharge"),
                           path + " is a burst: it begins at once, and nothing is charged",
                           "leave one of the two out");
        }
        if (s.form.store) {
            check_mode(s, path + ".mode", *task.mode);
            if (task.precharge) {
                check_mode(s, path + ".precharge", *task.precharge);
            }
        }
        if (s.form.checkpoint && !s.form.checkpoint->switches_banks()) {
            s.mistakes.add(s.facts.place(path + ".mode"),
                           path + " names a mode, but the checkpoint policy connects none",
                           "see: ebb describe checkpoint");
        }
    }
}

}  // namespace ebb
