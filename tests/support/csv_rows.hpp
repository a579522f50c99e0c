// SPDX-License-Identifier: Apache-2.0
/// Rows of a plain CSV file for tests: comments (#) and quotes-free cells, by column name.
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ebb::test {

using CsvRow = std::map<std::string, std::string>;

inline std::vector<std::string> csv_cells(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
        if (c == ',') {
            cells.emplace_back();
        } else if (c != '\r') {
            cells.back() += c;
        }
    }
    return cells;
}

/// Nothing if the file cannot be opened.
inline std::optional<std::vector<CsvRow>> csv_rows(const std::string& file) {
    std::ifstream in(file);
    if (!in) {
        return std::nullopt;
    }
    std::vector<CsvRow> rows;
    std::vector<std::string> header;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        const auto cells = csv_cells(line);
        if (header.empty()) {
            header = cells;
            continue;
        }
        CsvRow row;
        for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) {
            row[header[i]] = cells[i];
        }
        rows.push_back(row);
    }
    return rows;
}

/// Path of a file in the folder that EBB_TEST_DATA names; nothing if it is not set.
inline std::optional<std::string> test_data(const std::string& path) {
    const char* data = std::getenv("EBB_TEST_DATA");
    return data == nullptr ? std::nullopt
                           : std::optional<std::string>(std::string(data) + "/" + path);
}

}  // namespace ebb::test
