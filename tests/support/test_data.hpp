// SPDX-License-Identifier: Apache-2.0
/// Tables of the test data: CSV with comment lines, read by column name.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace ebb::test {

class CsvRow {
public:
    explicit CsvRow(std::map<std::string, std::string> cells) : cells_(std::move(cells)) {}
    [[nodiscard]] const std::string& text(const std::string& column) const {
        const auto at = cells_.find(column);
        if (at == cells_.end()) {
            FAIL("no column " << column);
        }
        return at->second;
    }
    [[nodiscard]] bool empty(const std::string& column) const { return text(column).empty(); }
    [[nodiscard]] bool has(const std::string& column) const { return cells_.count(column) != 0; }
    [[nodiscard]] double number(const std::string& column) const { return std::stod(text(column)); }
    /// 1 where the cell is empty: kernels of layers that have none.
    [[nodiscard]] std::int64_t count(const std::string& column) const {
        return empty(column) ? 1 : std::stoll(text(column));
    }

private:
    std::map<std::string, std::string> cells_;
};

/// Rows of an open file.
inline std::vector<CsvRow> rows_of(std::istream& in) {
    const auto cells_of = [](const std::string& line) {
        std::vector<std::string> cells;
        std::istringstream stream(line);
        for (std::string cell; std::getline(stream, cell, ',');) {
            cells.push_back(cell);
        }
        if (!line.empty() && line.back() == ',') {
            cells.emplace_back();
        }
        return cells;
    };
    std::vector<CsvRow> rows;
    std::vector<std::string> header;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        const auto cells = cells_of(line);
        if (header.empty()) {
            header = cells;
            continue;
        }
        REQUIRE(cells.size() == header.size());
        std::map<std::string, std::string> row;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            row[header[i]] = cells[i];
        }
        rows.emplace_back(std::move(row));
    }
    return rows;
}

/// Rows of $EBB_TEST_DATA/data/<name>; none, with a warning, if the data are not at hand.
inline std::vector<CsvRow> test_table(const std::string& name) {
    const char* const folder = std::getenv("EBB_TEST_DATA");
    std::ifstream in(folder == nullptr ? std::string() : std::string(folder) + "/data/" + name);
    if (!in) {
        WARN("skipped: would read $EBB_TEST_DATA/data/" << name);
        return {};
    }
    return rows_of(in);
}

}  // namespace ebb::test
