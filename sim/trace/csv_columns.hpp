// SPDX-License-Identifier: Apache-2.0
/// The header of a csv trace: each name ends in its unit (time_s, power_uw, v_store_v), and the
/// unit says what the column holds. Which column is read: the one that was asked for; else the only
/// one that the source model can read; else the only one with a unit of ours.
#pragma once

#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/text_lines.hpp"
#include "sim/trace/trace_format.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace ebb {

struct CsvColumns {
    std::size_t time = 0;
    int time_exponent = 9;  ///< 9 = seconds .. 0 = nanoseconds
    std::size_t value = 0;
    double factor = 1.0;  ///< to SI
    Quantity quantity = Quantity::none;
    std::size_t count = 0;  ///< columns that the header names
};

/// Throws InputError if the header, or the request for a column, is wrong.
[[nodiscard]] CsvColumns choose_csv_columns(const ReadRequest& request, int line,
                                            std::string_view header,
                                            const std::vector<Field>& names);

}  // namespace ebb
