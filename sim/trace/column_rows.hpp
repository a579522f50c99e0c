// SPDX-License-Identifier: Apache-2.0
/// Rows of a table of which one column is the time and one the value: what most formats come down
/// to once their header is understood.
#pragma once

#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/text_lines.hpp"
#include "sim/trace/trace_format.hpp"

#include <cstddef>
#include <vector>

namespace ebb {

struct ColumnLayout {
    char separator = ',';  ///< a blank stands for any run of blanks and tabs
    std::size_t time = 0;
    int time_exponent = 9;  ///< 9 = seconds .. 0 = nanoseconds
    std::size_t value = 1;
    double factor = 1.0;  ///< to SI
    Quantity quantity = Quantity::none;
    std::size_t count = 2;       ///< fields of a row, at most
    bool all_fields = false;     ///< a row has exactly `count` fields
    bool comments = false;       ///< lines that begin with # are passed over
    double lowest_offset = 0.0;  ///< an instrument's zero error, see SeriesBuilder
};

/// Reads the rows from the line after the present one on; `again` begins with the present line.
/// Throws InputError with every mistake.
[[nodiscard]] Reading read_column_rows(const ReadRequest& request, TextLines& lines,
                                       FileMistakes& mistakes, const ColumnLayout& layout,
                                       bool again = false);

/// Splits by the layout's rule.
void split_row(std::string_view line, char separator, std::vector<Field>& fields);

/// Whether the line is a comment.
[[nodiscard]] bool comment_line(std::string_view line);

/// Whether each field is a number, and there is one.
[[nodiscard]] bool all_numbers(const std::vector<Field>& fields);

}  // namespace ebb
