// SPDX-License-Identifier: Apache-2.0
/// The block `operations.commits` of a platform file: words that software runtimes store.
#pragma once

#include "models/core/param_table.hpp"
#include "models/workload/commit_counts.hpp"

namespace ebb {

[[nodiscard]] const ParamTable<CommitCounts>& commits_table();

}  // namespace ebb
