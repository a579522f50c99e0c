// SPDX-License-Identifier: Apache-2.0
/// The text of a network table as rows of cells, each with its place, and the mistakes found in
/// them. Knows nothing of layers: what the columns mean stands in network_columns.hpp.
///
/// CSV with one header line. Lines that begin with '#' are comments. A byte order mark, CRLF line
/// ends, blank lines and spaces around commas are accepted. Cells are not quoted.
#pragma once

#include "models/core/error.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

class NetworkTable {
public:
    struct Cell {
        std::string text;
        int column = 1;  ///< 1-based
    };
    struct Line {
        int number = 0;
        std::string text;
        std::vector<Cell> cells;
    };

    NetworkTable(std::string_view text, std::string file);

    /// Looks at the header: `is_known` says which names may stand there, `required` which must, and
    /// `names` are offered where one is misspelt. False if the rows cannot be read by it.
    bool read_header(const std::function<bool(const std::string&)>& is_known,
                     const std::vector<std::string>& required,
                     const std::vector<std::string>& names);

    /// Rows with as many cells as the header; the others are mistakes. After read_header().
    std::vector<Line> rows();

    [[nodiscard]] bool has(const std::string& column) const { return column_.count(column) > 0; }
    [[nodiscard]] const std::map<std::string, std::size_t>& columns() const { return column_; }
    [[nodiscard]] const Cell& cell(const Line& line, const std::string& column) const {
        return line.cells[column_.at(column)];
    }
    /// Comment lines without '#', the licence line left out.
    [[nodiscard]] const std::string& comments() const { return comments_; }

    [[nodiscard]] Place place(const Line& line, const Cell& cell) const;
    void mistake(const Line& line, const Cell& cell, std::string message, std::string hint = "");
    void mistake(const Line& line, const std::string& column, std::string message,
                 std::string hint = "") {
        mistake(line, cell(line, column), std::move(message), std::move(hint));
    }
    /// At the column's name in the header.
    void header_mistake(const std::string& column, std::string message, std::string hint = "");

    /// The whole number in a cell, or nothing (the mistake is noted).
    std::optional<long long> whole(const Line& line, const Cell& cell, const std::string& column,
                                   long long least, long long most);

    [[nodiscard]] bool is_fine() const { return mistakes_.empty(); }
    /// In the order of the lines.
    [[nodiscard]] std::vector<Mistake> take_mistakes();

    /// Parts of a text between separators, trimmed, each with its column.
    [[nodiscard]] static std::vector<Cell> split(std::string_view text, char separator,
                                                 int first_column = 1);

private:
    void split_lines(std::string_view text);
    void add(const Place& where, std::string message, std::string hint);

    std::string file_;
    std::string comments_;
    std::vector<Line> lines_;
    Line header_;
    std::map<std::string, std::size_t> column_;
    std::vector<Mistake> mistakes_;
};

}  // namespace ebb
