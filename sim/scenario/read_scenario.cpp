// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/read_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "models/converter/converter.hpp"
#include "models/harvester/source_model.hpp"
#include "sim/result/expectations.hpp"
#include "sim/scenario/cross_checks.hpp"
#include "sim/scenario/scenario_reading.hpp"

namespace ebb {

namespace {

/// Names become places in the list; what is not found has been complained of.
std::vector<PeripheralUse> uses_of(const TaskForm& task,
                                   const std::vector<PeripheralParams>& peripherals) {
    std::vector<PeripheralUse> uses;
    for (const UseForm& use : task.use) {
        if (const auto found = find_use(use, peripherals)) {
            uses.push_back(*found);
        }
    }
    return uses;
}

/// Only the points that the device runs at, slowest first.
void keep_points_in_use(ClockingParams& clocking) {
    auto& points = clocking.points;
    if (*clocking.use != kByVoltage) {
        points.erase(std::remove_if(points.begin(), points.end(),
                                    [&](const ClockPoint& p) { return p.name != *clocking.use; }),
                     points.end());
    }
    std::sort(points.begin(), points.end(),
              [](const ClockPoint& a, const ClockPoint& b) { return a.from_v < b.from_v; });
}

}  // namespace

ScenarioReading::ScenarioReading(const Registry& registry, const ReadOptions& options)
    : registry_(registry),
      options_(options),
      files_(options, mistakes_),
      reader_(
          registry, mistakes_, facts_,
          [this](DocNode& block, const Row& row) { return files_.merge_part(block, row); },
          [this](const Spot& spot, const std::string& path) { return files_.origin(spot, path); }) {
}

bool ScenarioReading::compose(DocNode& root, const std::vector<Setting>& settings) {
    if (root.kind != DocNode::Kind::map) {
        mistakes_.add(root.spot.place(), fmt::format("a scenario must be a mapping of keys, not {}",
                                                     root.kind_text()));
        return false;
    }
    const Table& table = *scenario_table().view();
    files_.merge_includes(root, table);
    for (const std::string& set : options_.sets) {
        apply_set(root, set, table, mistakes_);
    }
    for (const Setting& setting : settings) {
        apply_setting(root, setting, table, mistakes_);
    }
    return true;
}

void ScenarioReading::read_tables(const DocNode& root) {
    facts_.top = root.spot;
    reader_.read_top(root, *scenario_table().view(), &form_, resolved_);
    form_.mcu.part = facts_.text("mcu.part");
    if (form_.nvm) {
        form_.nvm->part = facts_.text("nvm.part");
    }
    reader_.run_checks(files_.notes());
    check_between();
}

void ScenarioReading::check_between() {
    const CheckSubject subject{form_, facts_, mistakes_, files_.notes()};
    check_thresholds(subject);
    check_mcu(subject);
    check_beside_store(subject);
    check_failures(subject);
    check_source(subject);
    check_workload(subject);
    check_tasks(subject);
    check_peripherals(subject);
    check_clocking(subject);
    check_sleep(subject);
    check_energy_modes(subject);
    check_own_capacitors(subject);
}

void ScenarioReading::load_workload() {
    const WorkloadForm& w = form_.workload;
    const bool tasks_given = facts_.given("workload.tasks");
    scenario_.workload.place = facts_.place(tasks_given ? "workload.tasks" : "workload.network");
    if (facts_.given("workload.network") && !tasks_given) {
        NetworkParams network;
        if (files_.load_network(w, facts_, network)) {
            scenario_.workload.network = std::move(network);
        }
        return;
    }
    TasksParams tasks;
    tasks.repeat = w.repeat;
    for (std::size_t i = 0; i < w.tasks.size(); ++i) {
        const TaskForm& form = w.tasks[i];
        TaskParams task;
        task.name = form.name;
        task.time_s = form.time_s;
        task.current_a = form.current_a;
        task.power_w = form.power_w;
        task.until_power_fails = form.until_power_fails;
        task.once_per_boot = form.once_per_boot;
        task.atomic = form.atomic;
        task.fixed_time = form.fixed_time;
        task.mode = form.mode;
        task.precharge = form.precharge;
        task.burst = form.burst;
        task.skips = form.skips;
        task.uses = uses_of(form, form_.peripherals);
        if (form.profile) {
            const std::string path = fmt::format("workload.tasks[{}].profile", i);
            task.profile = files_.load_profile(*form.profile, path, facts_);
        }
        tasks.tasks.push_back(std::move(task));
    }
    scenario_.workload.tasks = std::move(tasks);
}

/// A recorded boot takes the place of its time and charge.
void ScenarioReading::load_boot_profile() {
    BootParams& boot = form_.mcu.boot;
    if (!boot.profile_name) {
        return;
    }
    boot.profile = files_.load_profile(*boot.profile_name, "mcu.boot.profile", facts_);
    if (!boot.profile) {
        return;
    }
    boot.time_s = 0.0;
    boot.charge_c = 0.0;
    for (std::size_t i = 0; i + 1 < boot.profile->bound_ns.size(); ++i) {
        boot.time_s += boot.profile->seconds(i);
        boot.charge_c += boot.profile->seconds(i) * boot.profile->value[i];
    }
}

/// "name: '>= 10'" becomes a comparison; the metric must be one that a summary has.
void ScenarioReading::read_expectations() {
    Result sample;  // for the names of metrics only
    for (const TaskForm& task : form_.workload.tasks) {
        sample.work.tasks.push_back({task.name, 0, 0});
    }
    for (const auto& [metric, text] : form_.expect) {
        const std::string path = "expect." + metric;
        const Place where = facts_.place(path);
        Expectation e;
        e.metric = metric;
        for (const char* op : {"<=", ">=", "==", "<", ">"}) {
            if (e.op.empty() && text.compare(0, std::string_view(op).size(), op) == 0) {
                e.op = op;
            }
        }
        const ParsedQuantity number =
            parse_quantity(std::string_view(text).substr(e.op.size()), Dimension::number);
        if (e.op.empty() || !number.value) {
            mistakes_.add(where,
                          fmt::format("{} is '{}', not a comparison with a number", path, text),
                          "for example \">= 10\"; comparisons are <, <=, ==, >=, >");
            continue;
        }
        e.value = *number.value;
        try {
            static_cast<void>(number_at(sample, metric));
        } catch (const InputError& error) {
            mistakes_.add_at(error, facts_.key_place(path));
        }
        scenario_.expect.push_back(std::move(e));
    }
}

/// Refused pairs of source and converter.
void ScenarioReading::couple() {
    const auto one = [this](const SourceForm& source, const Converter* converter,
                            const std::string& path, const std::string& converter_path) {
        if (!source.model || converter == nullptr) {
            return;
        }
        try {
            static_cast<void>(converter->couple(source.model->shape()));
        } catch (const InputError& error) {
            const Place at =
                facts_.given(converter_path)
                    ? facts_.place(converter_path + ".type")
                    : facts_.place(path + (facts_.given(path + ".model.part") ? ".model.part"
                                                                              : ".model.type"));
            mistakes_.add(error, at);
        }
    };
    one(form_.source, form_.converter.get(), "source", "converter");
    for (std::size_t i = 0; i < form_.more_sources.size(); ++i) {
        const SourceForm& source = form_.more_sources[i];
        const std::string path = fmt::format("more_sources[{}]", i);
        one(source, source.converter.get(), path, path + ".converter");
    }
}

/// Defaults of keys that mean nothing in this scenario; given, they would have been mistakes.
void ScenarioReading::drop_unused() {
    const auto drop = [this](const char* block, std::initializer_list<std::string_view> keys) {
        ResolvedNode* node = resolved_.find(block);
        if (node == nullptr) {
            return;
        }
        auto& children = node->children;
        children.erase(std::remove_if(children.begin(), children.end(),
                                      [&](const ResolvedNode& child) {
                                          return std::find(keys.begin(), keys.end(), child.key) !=
                                                 keys.end();
                                      }),
                       children.end());
    };
    const auto drop_of_source = [&drop, this](const SourceForm& source, const std::string& path) {
        if (source.model->reads() == Quantity::none) {
            drop(path.c_str(), {"start", "scale", "interpolation"});
        }
        // The format has its own default, which a resolved scenario must not overrule.
        if ((source.generate || source.model->joins_either()) &&
            !facts_.given(path + ".interpolation")) {
            drop(path.c_str(), {"interpolation"});
        }
    };
    drop_of_source(form_.source, "source");
    for (std::size_t i = 0; i < form_.more_sources.size(); ++i) {
        drop_of_source(form_.more_sources[i], fmt::format("more_sources[{}]", i));
    }
    if (!scenario_.mcu.clocking) {
        drop("mcu", {"clocking"});
    }
    if (scenario_.workload.network) {
        drop("workload", {"repeat"});
    } else {
        drop("workload", {"arrival", "memory_costs"});
    }
}

void ScenarioReading::fill() {
    Scenario& s = scenario_;
    s.name = form_.name;
    s.duration_s = form_.duration_s;
    s.until.jobs = form_.until ? form_.until->jobs : std::nullopt;
    s.seed = static_cast<std::uint64_t>(form_.seed);
    s.failures = form_.failures;
    s.source.model = form_.source.model;
    s.source.trace = form_.source.trace.value_or(form_.source.generate ? "generated" : "");
    s.source.start_s = form_.source.start_s;
    s.source.scale = form_.source.scale;
    s.source.harvest_while_on = form_.source.harvest_while_on;
    s.converter = form_.converter;
    for (std::size_t i = 0; i < form_.more_sources.size(); ++i) {
        const SourceForm& form = form_.more_sources[i];
        SourceParams& source = s.more_sources[i];  // its series is there already
        source.model = form.model;
        source.trace = form.trace.value_or(form.generate ? "generated" : "");
        source.start_s = form.start_s;
        source.scale = form.scale;
        source.converter = form.converter;
    }
    s.store = form_.store;
    s.mcu = form_.mcu;
    s.workload.sleep_in = form_.workload.sleep_in.value_or("");
    s.mcu.charger_a = form_.converter->quiescent_a();
    if (s.mcu.clocking && !s.mcu.clocking->use) {
        s.mcu.clocking.reset();  // a part's points, and nobody asked for them
    }
    if (s.mcu.clocking) {
        keep_points_in_use(*s.mcu.clocking);
    }
    s.mcu.peripherals = form_.peripherals;
    number_terminals(s.mcu.peripherals, *s.store);
    for (const SourceForm& source : form_.more_sources) {
        s.mcu.charger_a += source.converter->quiescent_a();
    }
    s.nvm = form_.nvm;
    s.checkpoint = form_.checkpoint;
    s.schedule = form_.schedule;
}

void ScenarioReading::describe() {
    Scenario& s = scenario_;
    drop_unused();
    for (const auto& [path, text] : files_.absolute()) {
        if (ResolvedNode* node = resolved_.find(path)) {
            node->text = yaml_text(text);
        }
    }
    s.resolved_yaml =
        write_resolved(resolved_, fmt::format("# {}, as it runs: every value, and where "
                                              "it came from.\n",
                                              yaml_text(s.name)));
    s.inputs = files_.inputs();
    s.notes = files_.notes();
}

std::optional<DocNode> ScenarioReading::parse(std::string_view text, const std::string& name) {
    return files_.scenario(name, std::string(text));
}

void ScenarioReading::read(std::optional<DocNode> root, const std::vector<Setting>& settings) {
    if (!root || !compose(*root, settings)) {
        mistakes_.throw_if_any();
        throw Defect("a scenario without content gave no mistake");
    }
    read_tables(*root);
    scenario_.source.series =
        files_.load_source(form_.source, "source", facts_, scenario_.source.at_end);
    scenario_.more_sources.resize(form_.more_sources.size());
    for (std::size_t i = 0; i < form_.more_sources.size(); ++i) {
        SourceParams& source = scenario_.more_sources[i];
        source.series = files_.load_source(
            form_.more_sources[i], fmt::format("more_sources[{}]", i), facts_, source.at_end);
    }
    load_workload();
    load_boot_profile();
    couple();
    read_expectations();
    mistakes_.throw_if_any();
    fill();
    describe();
}

Scenario read_scenario_text(std::string_view text, const std::string& name,
                            const Registry& registry, const ReadOptions& options) {
    ScenarioReading reading(registry, options);
    reading.read(reading.parse(text, name), {});
    return reading.take();
}

Scenario read_scenario(const std::string& path, const Registry& registry,
                       const ReadOptions& options) {
    MistakeList mistakes;
    const Place where{path, 0, 0, {}, 1};
    const auto text = read_text_file(path, where, mistakes);
    mistakes.throw_if_any();
    return read_scenario_text(*text, path, registry, options);
}

}  // namespace ebb
