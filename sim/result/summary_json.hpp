// SPDX-License-Identifier: Apache-2.0
/// summary.json: the result table written out, groups and keys in the table's order.
///
/// Doubles read back as the same bits. JSON has no NaN or infinity: such a value becomes null, and
/// a finding `not_finite` names it, because a null must not pass for "does not apply".
#pragma once

#include "sim/result/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <utility>
#include <vector>

namespace ebb {

[[nodiscard]] nlohmann::ordered_json summary_json(const Result& result);

/// The same as one list of path and number, text, truth value or null, in order: tasks by their
/// names
/// ("work.tasks.sense.done"), findings as counts by their codes ("findings.no_energy"), a list of
/// texts as one text. Takes any version of the file, so that old runs can be compared.
[[nodiscard]] std::vector<std::pair<std::string, nlohmann::ordered_json>> flat_summary(
    const nlohmann::ordered_json& summary);

/// The file's text, indented, with a line break at its end.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& json);

}  // namespace ebb
