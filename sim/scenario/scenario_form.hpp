// SPDX-License-Identifier: Apache-2.0
/// A scenario as its keys say it, before files are loaded and rules between keys are checked. The
/// parameter tables of the whole scenario bind these members; `read_scenario` makes a Scenario of
/// it.
///
/// Two keys are the reader's own and stand in no table:
///   include: FILE or [FILE, ...]   top level; the file's mapping is merged below the scenario's
///   part: NAME or FILE             in blocks whose row has a `part_kind`; fills keys that are
///   missing
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/core/param_table.hpp"
#include "models/core/series.hpp"
#include "models/mcu/injected_failures.hpp"
#include "models/mcu/mcu_params.hpp"
#include "models/nvm/nvm_params.hpp"
#include "models/workload/workload_params.hpp"

namespace ebb {

class Generator;
class SourceModel;
class Converter;
class StoreModel;
class CheckpointPolicy;
class Schedule;

/// Longest run: 63 bits of nanoseconds are 292 years; a little is kept for the kernel's own ends.
inline constexpr double kLongestRun_s = 9.2e9;

/// A trace that is made, not read: `trace: {generate: {type: rf, ...}}`.
struct GenerateForm {
    std::shared_ptr<const Generator> generator;
};

struct SourceForm {
    std::optional<std::string> trace;
    std::optional<GenerateForm> generate;
    std::shared_ptr<const SourceModel> model;
    AtEnd at_end = AtEnd::unspecified;
    double start_s = 0.0;
    double scale = 1.0;
    bool harvest_while_on = true;
    std::optional<Interpolation> interpolation;
    std::optional<std::string> format, column, time, unit;
    std::optional<double> dt_s, rate_hz, length_s;
    std::shared_ptr<const Converter> converter;  ///< of an entry of more_sources
};

struct UntilForm {
    std::optional<std::int64_t> jobs;
};

/// A task's use of a peripheral, by name.
struct UseForm {
    std::string peripheral, state;
};

struct TaskForm {
    std::string name;
    std::optional<double> time_s, current_a, power_w;
    std::optional<std::string> profile;
    bool until_power_fails = false, once_per_boot = false, atomic = false, fixed_time = false;
    std::vector<UseForm> use;
    std::optional<std::string> mode, precharge;
    bool burst = false;
    bool skips = false;
};

struct PeriodForm {
    double every_s = 0.0;
    std::optional<double> deadline_s;
    std::optional<std::int64_t> queue;
};

enum class ArrivalWord { back_to_back };

struct WorkloadForm {
    std::vector<TaskForm> tasks;
    bool repeat = false;
    std::optional<std::string> network, platform, variant, sleep_in;
    ArrivalWord arrival = ArrivalWord::back_to_back;
    std::optional<PeriodForm> period;
    std::optional<TileParams> tiles;
    double memory_cost_factor = 1.0;
    std::optional<WeightsParams> weights;
    std::optional<double> accuracy;
};

struct ScenarioForm {
    std::string name;
    double duration_s = 0.0;
    std::optional<UntilForm> until;
    std::int64_t seed = 1;
    SourceForm source;
    std::vector<SourceForm> more_sources;
    std::shared_ptr<const Converter> converter;
    std::shared_ptr<const StoreModel> store;
    McuParams mcu;
    std::optional<NvmParams> nvm;
    std::vector<PeripheralParams> peripherals;
    WorkloadForm workload;
    std::shared_ptr<const CheckpointPolicy> checkpoint;
    std::shared_ptr<const Schedule> schedule;
    std::optional<FailureParams> failures;
    std::vector<std::pair<std::string, std::string>> expect;
};

/// The table of the whole scenario; blocks, lists and choices nest from here.
[[nodiscard]] const ParamTable<ScenarioForm>& scenario_table();

/// One line of text for the reader's own keys.
inline constexpr const char* kIncludeText =
    "a file, or a list of files, whose keys count where this scenario does not give them";
inline constexpr const char* kPartText =
    "a data sheet by name, or a file; fills the keys of the block that are not given here";

}  // namespace ebb
