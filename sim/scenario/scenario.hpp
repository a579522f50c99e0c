// SPDX-License-Identifier: Apache-2.0
/// A scenario as it will run: typed, in SI, complete. Models never see YAML; this is what they get.
#pragma once

#include "models/core/series.hpp"
#include "models/mcu/injected_failures.hpp"
#include "models/mcu/mcu_params.hpp"
#include "models/nvm/nvm_params.hpp"
#include "models/workload/workload_params.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

class SourceModel;
class Converter;
class StoreModel;
class CheckpointPolicy;
class Schedule;

/// A file that took part in a run.
struct InputFile {
    std::string role;  ///< "scenario", "part", "trace", "network", ...
    std::string path;  ///< as found
    std::string sha256;
};

struct SourceParams {
    std::shared_ptr<const SourceModel> model;
    std::shared_ptr<const Series> series;  ///< null for a constant model
    std::string trace;                     ///< as the user named it
    AtEnd at_end = AtEnd::unspecified;
    double start_s = 0.0;
    double scale = 1.0;
    bool harvest_while_on = true;                ///< of the first source; counts for all
    std::shared_ptr<const Converter> converter;  ///< of a further source; of the first: Scenario's
};

struct UntilParams {
    std::optional<std::int64_t> jobs;  ///< end once so many jobs are done
};

/// A verdict the scenario asks for: `expect: {work.jobs_done: ">= 10"}`.
struct Expectation {
    std::string metric;  ///< path in summary.json
    std::string op;      ///< "<", "<=", "==", ">=", ">"
    double value = 0.0;
};

struct Scenario {
    std::string name;
    double duration_s = 0.0;
    UntilParams until;
    std::uint64_t seed = 1;
    SourceParams source;
    std::vector<SourceParams> more_sources;
    std::shared_ptr<const Converter> converter;
    std::shared_ptr<const StoreModel> store;
    McuParams mcu;
    std::optional<NvmParams> nvm;
    WorkloadParams workload;
    std::shared_ptr<const CheckpointPolicy> checkpoint;
    std::shared_ptr<const Schedule> schedule;
    std::optional<FailureParams> failures;  ///< beside those of the physics
    std::vector<Expectation> expect;

    std::string resolved_yaml;  ///< the whole scenario, defaults and origins included
    std::vector<InputFile> inputs;
    std::vector<std::string> notes;  ///< what reading found worth saying (clamped values, ...)
};

}  // namespace ebb
