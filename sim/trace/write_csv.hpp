// SPDX-License-Identifier: Apache-2.0
/// Writes a held series in preset `csv`, so that reading it back gives the same series.
///
/// In the format the last row lasts as long as the row before it. Where the last sample is of
/// another length it is written as two or three rows of the same value, which a reader joins again.
#pragma once

#include "models/core/series.hpp"

#include <string>
#include <vector>

namespace ebb {

/// `comments` become the first lines, each after "# ".
[[nodiscard]] std::string csv_text(const Series& series, const std::vector<std::string>& comments);

/// The series that the rows of csv_text give when they are joined by straight lines: it ends with
/// the last row, which stands half of the last sample before the held one's end.
[[nodiscard]] Series joined_by_lines(const Series& held);

/// Seconds as a plain decimal, exact to the nanosecond, without trailing zeros.
[[nodiscard]] std::string seconds_text(std::int64_t ns);

}  // namespace ebb
