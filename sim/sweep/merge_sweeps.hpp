// SPDX-License-Identifier: Apache-2.0
/// Joins the databases of a sweep's shards into one. The table is that of an unsharded sweep, row
/// by row, however many shards there were.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ebb {

struct MergeOutcome {
    std::string database;
    std::vector<std::string> sources;  ///< databases that were read
    std::vector<std::uint64_t> missing_shards;
    std::uint64_t shards = 1;
    std::uint64_t total = 0;  ///< runs of the plan, as far as the shards tell
    std::uint64_t done = 0, failed = 0, missing = 0;
    std::vector<std::string> incomplete;  ///< "results.3-of-8.sqlite: 12 of 40 runs missing"
};

/// `folders`: folders that hold results, or databases by name. Throws InputError if they are not of
/// one sweep, or hold none. The databases are only read.
[[nodiscard]] MergeOutcome merge_sweeps(const std::vector<std::string>& folders,
                                        const std::string& out);

}  // namespace ebb
