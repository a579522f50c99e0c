// SPDX-License-Identifier: Apache-2.0
/// Raised whenever a run of the same resolved scenario may give other results: sweeps then compute
/// their points anew. Not the commit: a comment must not cost a month of sweeps. The test
/// `sweep`, "results are those that results_version stands for" reminds of it.
#pragma once

namespace ebb {

inline constexpr int kResultsVersion = 1;

}  // namespace ebb
