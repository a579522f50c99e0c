// SPDX-License-Identifier: Apache-2.0
/// A run is a function: resolved scenario in, result out. No globals, no clock (but for wall_s), no
/// environment; any number of runs may follow each other in one process, each with a fresh kernel.
#pragma once

#include "sim/result/recorder.hpp"
#include "sim/result/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

struct RunOptions {
    bool reference = false;     ///< the slow witness: one sample, one unit at a time
    bool follow_memory = true;  ///< false: no consistency check, as the result then says
};

/// Throws InputError for what only shows at run time (chatter, a network that does not fit), Defect
/// if the ledger does not close. `recorder` may be null.
[[nodiscard]] Result run(const Scenario& scenario, const RunOptions& options, Recorder* recorder);

}  // namespace ebb
