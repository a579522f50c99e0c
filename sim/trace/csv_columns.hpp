// SPDX-License-Identifier: Apache-2.0
/// The header of a csv trace: each name ends in its unit (time_s, power_uw, v_store_v), and the
/// unit says what the column holds. Which column is read: the one that was asked for; else the only
/// one that the source model can read; else the only one with a unit of ours.
#pragma once

#include "sim/trace/column_rows.hpp"

#include <string_view>
#include <vector>

namespace ebb {

/// Throws InputError if the header, or the request for a column, is wrong.
[[nodiscard]] ColumnLayout choose_csv_columns(const ReadRequest& request, int line,
                                              std::string_view header,
                                              const std::vector<Field>& names);

}  // namespace ebb
