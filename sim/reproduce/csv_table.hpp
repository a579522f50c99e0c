// SPDX-License-Identifier: Apache-2.0
/// A small CSV file as rows of cells, each with its place, for tables that people write: cases and
/// expected values. RFC 4180 quotes within a line; lines that begin with '#' are comments; a byte
/// order mark, CRLF, blank lines and spaces around commas are accepted.
#pragma once

#include "models/core/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

struct CsvCell {
    std::string text;
    int column = 1;  ///< 1-based, where the cell begins
    int length = 1;
};

struct CsvLine {
    int number = 0;
    std::string text;
    std::vector<CsvCell> cells;
};

struct CsvTable {
    static constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

    std::string file;
    CsvLine header;
    std::vector<CsvLine> rows;  ///< as many cells as the header

    /// Index of a column, or kAbsent.
    [[nodiscard]] std::size_t column(std::string_view name) const noexcept;
    [[nodiscard]] Place place(const CsvLine& line, std::size_t cell) const;
};

class MistakeList;

/// Rows with another number of cells than the header, columns that are there twice or missing, and
/// quotes without an end are mistakes. `required` columns must be there.
[[nodiscard]] CsvTable read_csv_table(std::string_view text, const std::string& file,
                                      const std::vector<std::string>& required,
                                      MistakeList& mistakes);

}  // namespace ebb
