// SPDX-License-Identifier: Apache-2.0
/// Writes what a run leaves behind beside its recordings: summary.json, resolved.yaml,
/// manifest.json.
///
/// The manifest says how to repeat the run: version and commit, command, every input with its
/// sha256, seed, and of the computer what may change the last bits of a number (compiler, C
/// library, the CPU features by which the C library chooses its mathematical functions).
#pragma once

#include "sim/result/file_recorder.hpp"
#include "sim/result/result.hpp"
#include "sim/result/run_folder.hpp"
#include "sim/scenario/scenario.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace ebb {

/// What only the program knows about a run.
struct RunInfo {
    std::string version;  ///< of ebb
    std::string commit;
    std::string command;  ///< command line that repeats the run
};

/// Compiler, C library, machine and the CPU features that matter to the C library's mathematics.
[[nodiscard]] nlohmann::ordered_json platform_json();

/// Finishes the recorder, adds its findings to `result`, writes every file and commits the folder.
/// Throws InputError if the disk does not take it; then the folder is as before.
void write_run(RunFolder& folder, const Scenario& scenario, Result& result, const RunInfo& info,
               FileRecorder& recorder);

}  // namespace ebb
