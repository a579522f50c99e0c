// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/cross_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/harvester/source_model.hpp"
#include "models/mcu/regulator.hpp"
#include "models/store/store_model.hpp"

namespace ebb {

namespace {

std::string volts(double v) { return format_quantity(v, unit::volt); }

void complain(const CheckSubject& s, const std::string& path, std::string message,
              std::string hint = {}, std::string note = {}) {
    s.mistakes.add(s.facts.place(path), std::move(message), std::move(hint), std::move(note));
}

/// Keys that mean nothing here are mistakes: whoever wrote them expects an effect.
template <std::size_t N>
void unused(const CheckSubject& s, const std::string& block, const std::array<const char*, N>& keys,
            const std::string& why) {
    for (const char* key : keys) {
        const std::string path = block + "." + key;
        if (s.facts.given(path)) {
            s.mistakes.add(s.facts.key_place(path), fmt::format("{} has no effect: {}", path, why),
                           "remove it");
        }
    }
}

/// Is there a sleep state to wait for work in?
bool sleeps(const CheckSubject& s) {
    return s.facts.given("mcu.sleep") || s.facts.given("workload.sleep_in");
}

bool has_load(const TaskForm& task) { return task.current_a || task.power_w || task.profile; }

}  // namespace

void check_thresholds(const CheckSubject& s) {
    const auto on = s.facts.number("mcu.turn_on");
    const auto off = s.facts.number("mcu.turn_off");
    const auto max = s.facts.number("store.max");
    if (on && off && *off >= *on) {
        complain(
            s, "mcu.turn_off",
            fmt::format("mcu.turn_off is {}, not below mcu.turn_on ({})", volts(*off), volts(*on)));
    }
    if (on && max && *on > *max) {
        complain(s, "mcu.turn_on",
                 fmt::format("mcu.turn_on is {}, above store.max ({}): the device "
                             "would never be powered",
                             volts(*on), volts(*max)));
    }
}

void check_mcu(const CheckSubject& s) {
    const McuParams& mcu = s.form.mcu;
    if (s.facts.known("mcu.boot") && !s.facts.given("mcu.boot.profile") &&
        !(s.facts.given("mcu.boot.time") &&
          (s.facts.given("mcu.boot.charge") || s.facts.given("mcu.boot.energy")))) {
        complain(s, "mcu.boot", "mcu.boot needs time and charge, time and energy, or a profile",
                 "for example {time: 1 ms, charge: 0.5 uC}", "see: ebb describe mcu.boot");
    }
    const auto turn_off = s.facts.number("mcu.turn_off");
    const auto brown_out = s.facts.number("mcu.supervision.brown_out");
    if (turn_off && brown_out && *brown_out > *turn_off) {
        complain(s, "mcu.supervision.brown_out",
                 fmt::format("mcu.supervision.brown_out is {}, above mcu.turn_off ({}): the "
                             "supervisor would never be asked",
                             volts(*brown_out), volts(*turn_off)));
    }
    const auto on = s.facts.number("mcu.turn_on");
    const auto amplitude = s.facts.number("mcu.pickup.amplitude");
    if (on && turn_off && amplitude && *on > *turn_off && *amplitude >= 0.5 * (*on - *turn_off)) {
        complain(s, "mcu.pickup.amplitude",
                 fmt::format("mcu.pickup.amplitude is {}: within one period the comparators would "
                             "see both thresholds, which are {} apart",
                             volts(*amplitude), volts(*on - *turn_off)),
                 fmt::format("give less than {}", volts(0.5 * (*on - *turn_off))));
    }
    if (mcu.pickup && mcu.supervision) {
        complain(s, "mcu.pickup",
                 "mcu.pickup is of comparators that watch without pause; mcu.supervision looks now "
                 "and then",
                 "leave one of them out");
    }
    const auto time = s.facts.number("mcu.boot.time");
    const auto charge = s.facts.number("mcu.boot.charge");
    if (time && charge && *time == 0.0 && *charge > 0.0) {
        complain(
            s, "mcu.boot.charge",
            fmt::format("mcu.boot.charge is {}, but mcu.boot.time is 0 s: no charge flows in no "
                        "time",
                        format_quantity(*charge, unit::coulomb)));
    }
    if (s.facts.given("mcu.boot.charge") && s.facts.given("mcu.boot.energy")) {
        complain(s, "mcu.boot.energy", "mcu.boot takes charge or energy, not both");
    }
    if (time && *time == 0.0 && mcu.boot.energy_j.value_or(0.0) > 0.0) {
        complain(s, "mcu.boot.energy",
                 "mcu.boot.energy is drawn over mcu.boot.time, which is 0 s: give it a time");
    }
    const bool current = s.facts.given("mcu.active.current");
    const bool per_volt = s.facts.given("mcu.active.current_per_volt");
    const bool power = s.facts.given("mcu.active.power");
    if (mcu.active && power && (current || per_volt)) {
        complain(s, "mcu.active.power", "mcu.active takes power or currents, not both");
    }
    if (mcu.active && !power && !current && !per_volt) {
        complain(s, "mcu.active", "mcu.active needs current, current_per_volt or power");
    }
    if (s.form.checkpoint && s.form.checkpoint->needs_nvm() && !s.facts.given("mcu.active")) {
        complain(s, "mcu",
                 "mcu.active is needed: the device draws it while it moves data to or from "
                 "non-volatile memory",
                 "for example active: {current: 1 mA}");
    }
}

void check_beside_store(const CheckSubject& s) {
    const auto& store = s.form.store;
    const auto& regulator = s.form.mcu.regulator;
    const std::string path = "mcu.regulator.output_capacitor";
    if (!store || !regulator || store->stands_at_terminal() ||
        !(regulator->output_capacitor().beside_store_f() > 0.0)) {
        return;
    }
    complain(s, path,
             path +
                 ": nothing can be switched beside this store: no constant capacitance stands at "
                 "its terminal to share its charge",
             "give store.decoupling where there is a series resistance, leave store.bias out, or "
             "leave output_capacitor out");
}

namespace {

void check_one_source(const CheckSubject& s, const SourceForm& source, const std::string& path) {
    if (!source.model) {
        return;
    }
    const bool reads = source.model->reads() != Quantity::none;
    const std::string type = s.facts.text(path + ".model.type");
    if (!reads) {
        unused(s, path,
               std::array{"trace", "at_end", "start", "scale", "interpolation", "format", "column",
                          "time", "unit", "dt", "rate", "length"},
               fmt::format("model {} as given here reads no trace", type));
        return;
    }
    if (!s.facts.given(path + ".trace")) {
        complain(s, path,
                 fmt::format("{} needs 'trace': model {} reads a trace of {}", path, type,
                             name_of(source.model->reads())),
                 "", "a catalog id (see: ebb trace list), a file, or {generate: {...}}");
    }
    const SourceModel& model = *source.model;
    if (model.operated() && !model.joins_either() &&
        joined_as(source, path, s.facts) != model.joined()) {
        const bool held = model.joined() == Interpolation::hold;
        complain(
            s,
            s.facts.given(path + ".interpolation") ? path + ".interpolation" : path + ".model.type",
            held ? fmt::format("model {} has one operating point per held sample: "
                               "interpolation: linear is not possible",
                               type)
                 : fmt::format("model {} moves along straight lines between the samples: "
                               "interpolation: hold is not possible",
                               type),
            held ? "interpolation: hold" : "interpolation: linear");
    }
    if (source.generate) {
        unused(s, path, std::array{"format", "column", "time", "unit", "dt", "rate", "length"},
               "the trace is generated");
    }
}

}  // namespace

Interpolation joined_as(const SourceForm& source, const std::string& path, const Facts& facts) {
    const bool left_out = !facts.given(path + ".interpolation");
    if (left_out && source.generate && source.model && source.model->operated() &&
        !source.model->joins_either()) {
        return source.model->joined();
    }
    return source.interpolation.value_or(Interpolation::hold);
}

void check_source(const CheckSubject& s) {
    check_one_source(s, s.form.source, "source");
    for (std::size_t i = 0; i < s.form.more_sources.size(); ++i) {
        check_one_source(s, s.form.more_sources[i], fmt::format("more_sources[{}]", i));
    }
    if (s.form.more_sources.empty()) {
        return;
    }
    const auto straight = [&s](const SourceForm& source, const std::string& path) {
        const bool moves = source.model && source.model->operated() &&
                           source.model->joined() == Interpolation::linear;
        const bool either = source.model && source.model->joins_either();
        if (moves || (!either && joined_as(source, path, s.facts) == Interpolation::linear)) {
            complain(s, path + (moves ? ".model.type" : ".interpolation"),
                     fmt::format("{} runs straight between its samples, which is not possible "
                                 "beside another source",
                                 path),
                     moves ? "" : "interpolation: hold");
        }
    };
    straight(s.form.source, "source");
    for (std::size_t i = 0; i < s.form.more_sources.size(); ++i) {
        straight(s.form.more_sources[i], fmt::format("more_sources[{}]", i));
    }
}

namespace {

std::string title_of(const TaskForm& task, const std::string& path) {
    return task.name.empty() ? path : fmt::format("{} ('{}')", path, task.name);
}

void check_task_time(const CheckSubject& s, const TaskForm& task, const std::string& path) {
    if (task.until_power_fails && task.time_s) {
        complain(s, path + ".time", fmt::format("{} has a time, but runs until power fails", path),
                 "give one of the two");
    }
    if (task.until_power_fails && task.once_per_boot) {
        complain(s, path + ".once_per_boot",
                 fmt::format("{} runs until power fails: it is once per boot anyway", path),
                 "remove it");
    }
    if (task.profile && task.until_power_fails) {
        complain(s, path + ".profile",
                 fmt::format("{} runs until power fails, but a profile has an "
                             "end",
                             path),
                 "give one of the two");
    }
    if (task.profile && task.time_s) {
        complain(s, path + ".time", fmt::format("{} has a time, but its profile gives it", path),
                 "remove it");
    }
    const bool used_for_a_time =
        std::any_of(task.use.begin(), task.use.end(), [&](const UseForm& use) {
            const auto found = find_use(use, s.form.peripherals);
            return !found || found->state.time_s;  // an unknown name has its own mistake
        });
    if (!task.time_s && !task.until_power_fails && !task.profile && !used_for_a_time &&
        !s.facts.given(path + ".time") && !s.facts.given(path + ".profile") &&
        !(s.facts.given(path + ".until_power_fails") &&
          !s.facts.known(path + ".until_power_fails"))) {
        complain(s, path,
                 fmt::format("{} needs 'time', or until_power_fails: true, or a profile",
                             title_of(task, path)),
                 "for example time: 10 ms");
    }
}

void check_task_load(const CheckSubject& s, const TaskForm& task, const std::string& path) {
    const int loads = (task.current_a ? 1 : 0) + (task.power_w ? 1 : 0) + (task.profile ? 1 : 0);
    if (loads > 1) {
        complain(
            s, path + (task.power_w ? ".power" : ".current"),
            fmt::format("{} has more than one load: current, power and profile exclude each other",
                        path));
    }
    const bool load_given = has_load(task) || s.facts.given(path + ".current") ||
                            s.facts.given(path + ".power") || s.facts.given(path + ".profile");
    if (!load_given && !s.facts.given("mcu.active")) {
        complain(s, path,
                 fmt::format("{} has no load of its own, and there is no mcu.active",
                             title_of(task, path)),
                 "give current, power or profile, or mcu.active");
    }
}

/// What only shows over the whole list: names, order, a list that takes no time.
void check_task_list(const CheckSubject& s) {
    const WorkloadForm& w = s.form.workload;
    std::map<std::string, std::size_t> names;
    std::optional<std::size_t> endless;
    bool takes_time = false;
    for (std::size_t i = 0; i < w.tasks.size(); ++i) {
        const TaskForm& task = w.tasks[i];
        const std::string path = fmt::format("workload.tasks[{}]", i);
        const auto known = names.emplace(task.name, i);
        if (!known.second && !task.name.empty()) {
            complain(s, path + ".name",
                     fmt::format("task name '{}' is taken by workload.tasks[{}]", task.name,
                                 known.first->second));
        }
        if (endless) {
            complain(s, path,
                     fmt::format("{} is never reached: workload.tasks[{}] runs until power "
                                 "fails",
                                 path, *endless));
        } else if (task.until_power_fails) {
            endless = i;
        }
        const bool repeats = !task.once_per_boot;
        takes_time = takes_time || (repeats && (task.until_power_fails || task.profile ||
                                                task.time_s.value_or(1.0) > 0.0));
    }
    if (w.repeat && !takes_time) {
        complain(s, "workload.repeat",
                 "workload.repeat would spin for ever: the tasks that repeat take "
                 "no time");
    }
    const bool waits = !w.repeat && !endless;
    if (waits && !sleeps(s) && !s.facts.given("mcu.active")) {
        complain(s, "workload",
                 "the tasks end and the device waits, but neither mcu.sleep nor "
                 "mcu.active says what it draws then",
                 "or repeat: true");
    }
}

}  // namespace

void check_tasks(const CheckSubject& s) {
    if (s.form.workload.tasks.empty()) {
        return;
    }
    for (std::size_t i = 0; i < s.form.workload.tasks.size(); ++i) {
        const std::string path = fmt::format("workload.tasks[{}]", i);
        check_task_time(s, s.form.workload.tasks[i], path);
        check_task_load(s, s.form.workload.tasks[i], path);
    }
    check_task_list(s);
}

void check_workload(const CheckSubject& s) {
    if (!s.facts.known("workload")) {
        return;
    }
    const bool tasks = s.facts.given("workload.tasks");
    const bool network = s.facts.given("workload.network");
    if (tasks && network) {
        complain(s, "workload.network", "workload takes tasks or a network, not both");
        return;
    }
    if (!tasks && !network) {
        complain(s, "workload", "workload needs tasks, or a network and a platform", "",
                 "see: ebb describe workload");
        return;
    }
    if (tasks) {
        unused(s, "workload",
               std::array{"platform", "variant", "arrival", "tiles", "weights", "memory_costs",
                          "accuracy"},
               "it belongs to a network, and there are tasks");
        return;
    }
    unused(s, "workload", std::array{"repeat"}, "it belongs to tasks; a network has arrival");
    if (!s.facts.given("workload.platform")) {
        complain(s, "workload",
                 "workload needs 'platform': what the network costs on which processor", "",
                 "see: ebb describe platform");
    }
    if (s.form.workload.period && !sleeps(s) && !s.facts.given("mcu.active")) {
        complain(s, "workload.arrival",
                 "between jobs the device waits, but neither mcu.sleep nor "
                 "mcu.active says what it draws then");
    }
}

}  // namespace ebb
