// SPDX-License-Identifier: Apache-2.0
/// A reproduction as people and programs read it.
#pragma once

#include "sim/reproduce/reproduction.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace ebb {

/// A number in the row's unit, five digits; "n/a" if it is none.
[[nodiscard]] std::string value_text(const ExpectedRow& row, double si);
/// "+4.2 %", or empty.
[[nodiscard]] std::string error_text(const ComparedRow& row);
/// PASS, FAIL, "identity" (holds, counts for nothing), "not run" (for want of a recording), or "-".
[[nodiscard]] const char* verdict_of(const ComparedRow& row);
/// "27 of 30 within tolerance", and what else there is to say of it.
[[nodiscard]] std::string tally_text(const Reproduction& r);

/// The table side by side, for a terminal.
[[nodiscard]] std::string report_text(const Reproduction& r);
/// One line per experiment.
[[nodiscard]] std::string overview_text(const std::vector<Reproduction>& all);

[[nodiscard]] nlohmann::ordered_json report_json(const Reproduction& r);
/// Rows with published value, ours, error and verdict, in SI.
[[nodiscard]] std::string comparison_csv(const Reproduction& r);
/// What was measured in each case: case, name, value.
[[nodiscard]] std::string measured_csv(const Reproduction& r);

/// Writes comparison.csv, measured.csv and figure.svg into a folder, which is made.
void write_report(const Reproduction& r, const std::string& folder);

}  // namespace ebb
