// SPDX-License-Identifier: Apache-2.0
#include "sim/result/result_table.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

template <Sink kSink>
Json sink_of(const Result& r) {
    return r.energy_j.sinks[kSink];
}

Json tasks_of(const Result& r) {
    Json tasks = Json::object();
    for (const TaskResult& task : r.work.tasks) {
        tasks[task.name] = {{"done", task.done}, {"cut", task.cut}};
    }
    return tasks;
}

Json findings_of(const Result& r) {
    Json findings = Json::array();
    for (const Finding& finding : r.findings) {
        Json numbers = Json::object();
        for (const auto& [name, value] : finding.numbers) {
            numbers[name] = value;
        }
        findings.push_back({{"code", finding.code},
                            {"time_s", finding.time_s},
                            {"text", finding.text},
                            {"numbers", numbers}});
    }
    return findings;
}

constexpr ResultType kCount = ResultType::count;
constexpr ResultType kValue = ResultType::value;
constexpr ResultType kSpread = ResultType::distribution;
constexpr ResultType kVerdict = ResultType::verdict;
constexpr Weight kHeadline = Weight::headline;
constexpr Weight kAnswer = Weight::answer;
constexpr Weight kReason = Weight::reason;
constexpr Weight kHouse = Weight::housekeeping;

// clang-format off
std::vector<ResultEntry> time_and_power() {
    return {
        {"time.simulated_s", "s", kValue, kReason, "Simulated time from the start of the run to its end.",
         [](const Result& r) { return Json(r.time.simulated_s); }},
        {"time.wall_s", "s", kValue, kHouse, "Time the simulation itself took on this computer.",
         [](const Result& r) { return Json(r.time.wall_s); }},
        {"time.end", "", kVerdict, kReason, "Why the run ended: duration, until (the condition was met) or trace_end.",
         [](const Result& r) { return Json(name_of(r.time.end)); }},

        {"power.boots", "1", kCount, kAnswer, "Starts from the unpowered state; being powered at time 0 is none.",
         [](const Result& r) { return Json(r.power.boots); }},
        {"power.brown_outs", "1", kCount, kAnswer, "Times the store fell to turn_off with the device on; a sleep after a save is none.",
         [](const Result& r) { return Json(r.power.brown_outs); }},
        {"power.sleeps", "1", kCount, kReason, "Times the device went to sleep.",
         [](const Result& r) { return Json(r.power.sleeps); }},
        {"power.on_s", "s", kValue, kReason, "Time powered, from boot to brown-out, sleep included.",
         [](const Result& r) { return Json(r.power.on_s); }},
        {"power.off_s", "s", kValue, kReason, "Time unpowered.",
         [](const Result& r) { return Json(r.power.off_s); }},
        {"power.mean_on_s", "s", kSpread, kReason, "Mean length of the complete on-periods; one in progress at time 0 or at the end does not count.",
         [](const Result& r) { return json_of(r.power.mean_on_s); }},
        {"power.mean_off_s", "s", kSpread, kReason, "Mean length of the complete off-periods; one in progress at time 0 or at the end does not count.",
         [](const Result& r) { return json_of(r.power.mean_off_s); }},
        {"power.longest_off_s", "s", kSpread, kAnswer, "Longest complete off-period.",
         [](const Result& r) { return json_of(r.power.longest_off_s); }},
    };
}

std::vector<ResultEntry> work() {
    return {
        {"work.jobs_released", "1", kCount, kReason, "Jobs that arrived.",
         [](const Result& r) { return Json(r.work.jobs_released); }},
        {"work.jobs_done", "1", kCount, kHeadline, "Jobs completed, late ones included.",
         [](const Result& r) { return Json(r.work.jobs_done); }},
        {"work.jobs_late", "1", kCount, kHeadline, "Jobs completed after their deadline.",
         [](const Result& r) { return Json(r.work.jobs_late); }},
        {"work.jobs_dropped", "1", kCount, kHeadline, "Jobs given up: the queue was full, or the schedule dropped them.",
         [](const Result& r) { return Json(r.work.jobs_dropped); }},
        {"work.first_done_s", "s", kValue, kAnswer, "Time at which the first job was completed; null if none was.",
         [](const Result& r) { return json_of(r.work.first_done_s); }},
        {"work.latency_mean_s", "s", kSpread, kAnswer, "Mean time from release to completion, over completed jobs.",
         [](const Result& r) { return json_of(r.work.latency_mean_s); }},
        {"work.latency_p50_s", "s", kSpread, kAnswer, "Median time from release to completion.",
         [](const Result& r) { return json_of(r.work.latency_p50_s); }},
        {"work.latency_p95_s", "s", kSpread, kAnswer, "Time from release to completion that 95 % of completed jobs do not exceed.",
         [](const Result& r) { return json_of(r.work.latency_p95_s); }},
        {"work.latency_max_s", "s", kSpread, kAnswer, "Longest time from release to completion.",
         [](const Result& r) { return json_of(r.work.latency_max_s); }},
        {"work.units_done", "1", kCount, kReason, "Units of work executed to their end, repeated ones included.",
         [](const Result& r) { return Json(r.work.units_done); }},
        {"work.units_repeated", "1", kCount, kReason, "Units executed again because a power failure lost their result.",
         [](const Result& r) { return Json(r.work.units_repeated); }},
        {"work.forward_progress", "1", kValue, kAnswer, "Energy of the units whose result was kept, over the energy drawn while on; null if nothing was drawn.",
         [](const Result& r) { return json_of(r.work.forward_progress); }},
        {"work.tasks", "1", kCount, kHeadline, "Executions of each task by its name: done to the end, and cut by a power failure.",
         tasks_of},
    };
}

std::vector<ResultEntry> memory_and_checkpoints() {
    return {
        {"checkpoint.attempted", "1", kCount, kReason, "Checkpoints begun.",
         [](const Result& r) { return Json(r.checkpoint.attempted); }},
        {"checkpoint.completed", "1", kCount, kReason, "Checkpoints written to their end.",
         [](const Result& r) { return Json(r.checkpoint.completed); }},
        {"checkpoint.torn", "1", kCount, kReason, "Checkpoints cut by a power failure.",
         [](const Result& r) { return Json(r.checkpoint.torn); }},
        {"checkpoint.restored", "1", kCount, kReason, "Boots that continued from a checkpoint.",
         [](const Result& r) { return Json(r.checkpoint.restored); }},
        {"checkpoint.unused", "1", kCount, kReason, "Completed checkpoints from which no boot continued.",
         [](const Result& r) { return Json(r.checkpoint.unused); }},

        {"nvm.read_bytes", "B", kValue, kReason, "Payload bytes read from the non-volatile memory.",
         [](const Result& r) { return Json(r.nvm.read_bytes); }},
        {"nvm.written_bytes", "B", kValue, kReason, "Payload bytes written to the non-volatile memory.",
         [](const Result& r) { return Json(r.nvm.written_bytes); }},
        {"nvm.max_writes_per_cell", "1", kCount, kReason, "Writes of the cell that was written most often.",
         [](const Result& r) { return Json(r.nvm.max_writes_per_cell); }},
        {"nvm.endurance_used", "1", kValue, kReason, "Share of the rated endurance that the most written cell used; null without a rating.",
         [](const Result& r) { return json_of(r.nvm.endurance_used); }},

        {"consistency.checked", "", kVerdict, kAnswer, "Whether the memory contents were followed and every read was compared with a failure-free run.",
         [](const Result& r) { return Json(r.consistency.checked); }},
        {"consistency.violations", "1", kCount, kHeadline, "Reads that met torn, stale or lost data, and repeated inputs or outputs; null where not_modelled says why nothing was checked.",
         [](const Result& r) {
             const bool unknown = !r.consistency.checked && !r.consistency.not_modelled.empty();
             return unknown ? Json() : Json(r.consistency.violations);
         }},
        {"consistency.not_modelled", "", kVerdict, kAnswer, "What the consistency check could not follow, and why.",
         [](const Result& r) { return Json(r.consistency.not_modelled); }},
    };
}

std::vector<ResultEntry> energy() {
    return {
        {"energy_j.offered", "J", kValue, kReason, "Energy that left the source: harvested + converter_loss + clipped.",
         [](const Result& r) { return Json(r.energy_j.offered); }},
        {"energy_j.harvested", "J", kValue, kReason, "Energy that reached the store node.",
         [](const Result& r) { return Json(r.energy_j.harvested); }},
        {"energy_j.converter_loss", "J", kValue, kReason, "Energy lost between source and store node.",
         [](const Result& r) { return Json(r.energy_j.converter_loss); }},
        {"energy_j.clipped", "J", kValue, kReason, "Energy refused because the store was full.",
         [](const Result& r) { return Json(r.energy_j.clipped); }},
        {"energy_j.leakage", "J", kValue, kReason, "Lost by the store itself.", sink_of<Sink::leakage>},
        {"energy_j.esr_loss", "J", kValue, kReason, "Heat in the series resistance of the store.", sink_of<Sink::esr_loss>},
        {"energy_j.switch_loss", "J", kValue, kReason, "Lost where capacitors are switched together, and in the diodes of the store.", sink_of<Sink::switch_loss>},
        {"energy_j.quiescent", "J", kValue, kReason, "Drawn by the regulator for itself and by the device while unpowered.", sink_of<Sink::quiescent>},
        {"energy_j.regulator_loss", "J", kValue, kReason, "Lost in the regulator between store and rail.", sink_of<Sink::regulator_loss>},
        {"energy_j.boot", "J", kValue, kReason, "Drawn from reset to the first instruction of work.", sink_of<Sink::boot>},
        {"energy_j.sleep", "J", kValue, kReason, "Drawn while asleep.", sink_of<Sink::sleep>},
        {"energy_j.idle", "J", kValue, kReason, "Drawn while awake with nothing to work on.", sink_of<Sink::idle>},
        {"energy_j.compute", "J", kValue, kReason, "Drawn by first executions of work, without non-volatile memory.", sink_of<Sink::compute>},
        {"energy_j.nvm_read", "J", kValue, kReason, "Drawn by reads of the non-volatile memory in first executions.", sink_of<Sink::nvm_read>},
        {"energy_j.nvm_write", "J", kValue, kReason, "Drawn by writes to the non-volatile memory in first executions.", sink_of<Sink::nvm_write>},
        {"energy_j.repeated_work", "J", kValue, kReason, "Drawn by work done again after a power failure, its memory traffic included.", sink_of<Sink::repeated_work>},
        {"energy_j.checkpoint", "J", kValue, kReason, "Drawn by saving checkpoints.", sink_of<Sink::checkpoint>},
        {"energy_j.restore", "J", kValue, kReason, "Drawn by restoring checkpoints.", sink_of<Sink::restore>},
        {"energy_j.peripherals", "J", kValue, kReason, "Drawn by sensors, radios and other peripherals.", sink_of<Sink::peripherals>},
        {"energy_j.stored_change", "J", kValue, kReason, "Energy in the store at the end less that at the start.",
         [](const Result& r) { return Json(r.energy_j.stored_change); }},
        {"energy_j.residual", "J", kValue, kHouse, "What the account leaves open: harvested less all sinks less stored_change.",
         [](const Result& r) { return Json(r.energy_j.residual); }},
    };
}

std::vector<ResultEntry> kernel_and_findings() {
    return {
        {"kernel.decisions", "1", kCount, kHouse, "Decisions that the kernel woke up for.",
         [](const Result& r) { return Json(r.kernel.decisions); }},
        {"kernel.events", "1", kCount, kHouse, "Events that the kernel delivered.",
         [](const Result& r) { return Json(r.kernel.events); }},
        {"kernel.segments", "1", kCount, kHouse, "Stretches of constant coefficients that the store walked.",
         [](const Result& r) { return Json(r.kernel.segments); }},
        {"findings", "", kVerdict, kHeadline, "What a user should know about the run: code, time, one sentence, the numbers behind it.",
         findings_of},
    };
}
// clang-format on

std::vector<ResultEntry> whole_table() {
    std::vector<ResultEntry> table;
    for (auto part : {time_and_power, work, memory_and_checkpoints, energy, kernel_and_findings}) {
        const std::vector<ResultEntry> entries = part();
        table.insert(table.end(), entries.begin(), entries.end());
    }
    return table;
}

}  // namespace

const std::vector<ResultEntry>& result_table() {
    static const std::vector<ResultEntry> kTable = whole_table();
    return kTable;
}

const ResultEntry* find_result(std::string_view path) {
    const auto& table = result_table();
    const auto at = std::find_if(table.begin(), table.end(),
                                 [&](const ResultEntry& entry) { return entry.path == path; });
    return at == table.end() ? nullptr : &*at;
}

const char* name_of(ResultType type) {
    switch (type) {
        case ResultType::count:
            return "count";
        case ResultType::value:
            return "value";
        case ResultType::distribution:
            return "distribution";
        case ResultType::verdict:
            return "verdict";
    }
    throw Defect("a result type without a name");
}

const char* name_of(End end) {
    switch (end) {
        case End::duration:
            return "duration";
        case End::until:
            return "until";
        case End::trace_end:
            return "trace_end";
    }
    throw Defect("an end of a run without a name");
}

std::string result_table_markdown() {
    std::string text;
    std::string_view group;
    for (const ResultEntry& entry : result_table()) {
        const std::string_view own = entry.path.substr(0, entry.path.find('.'));
        if (own != group) {
            group = own;
            text += fmt::format(
                "\n### {}\n\n| name | unit | type | meaning |\n| --- | --- | --- | --- |\n", group);
        }
        text += fmt::format("| `{}` | {} | {} | {} |\n", entry.path, entry.unit,
                            name_of(entry.type), entry.definition);
    }
    return text;
}

}  // namespace ebb
