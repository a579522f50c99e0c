// SPDX-License-Identifier: Apache-2.0
/// Every result that ebb knows: name (as in summary.json), unit, type, weight, meaning, where it
/// is.
///
/// The table is the only source of names and units: the JSON writer, the terminal summary,
/// `ebb compare`, `expect:` and docs/results.md read it. What is not in the table cannot be
/// written. Order is the order in summary.json; the part of a path before the first dot is its
/// group.
#pragma once

#include "sim/result/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ebb {

enum class ResultType { count, value, distribution, verdict };

/// How much a difference between two runs matters: what was achieved, how well, why, at which
/// effort.
enum class Weight { headline, answer, reason, housekeeping };

struct ResultEntry {
    std::string_view path;  ///< "work.jobs_done"
    std::string_view unit;  ///< SI; "1" for counts and shares; "" where a unit has no meaning
    ResultType type;
    Weight weight;
    std::string_view definition;  ///< one sentence
    nlohmann::ordered_json (*get)(const Result&);
};

[[nodiscard]] const std::vector<ResultEntry>& result_table();

/// The entry with this path, or null.
[[nodiscard]] const ResultEntry* find_result(std::string_view path);

[[nodiscard]] const char* name_of(ResultType type);
[[nodiscard]] const char* name_of(End end);

/// The table as Markdown, one section per group, for docs/results.md.
[[nodiscard]] std::string result_table_markdown();

}  // namespace ebb
