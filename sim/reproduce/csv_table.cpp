// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/csv_table.hpp"

#include "models/core/nearest.hpp"
#include "sim/scenario/mistake_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ebb {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSpaces = " \t";

/// The cell that begins at `at`; leaves `at` behind the comma after it, or beyond the end.
CsvCell next_cell(std::string_view line, std::size_t& at, bool& open_quote) {
    at = std::min(line.find_first_not_of(kSpaces, at), line.size());
    CsvCell cell;
    const std::size_t begin = at;
    if (at < line.size() && line[at] == '"') {
        ++at;
        for (; at < line.size(); ++at) {
            if (line[at] == '"') {
                if (at + 1 == line.size() || line[at + 1] != '"') {
                    break;
                }
                ++at;
            }
            cell.text += line[at];
        }
        open_quote = open_quote || at >= line.size();
        at = std::min(line.find(',', at), line.size());
    } else {
        at = std::min(line.find(',', at), line.size());
        cell.text = std::string(line.substr(begin, at - begin));
        cell.text.erase(cell.text.find_last_not_of(kSpaces) + 1);
    }
    cell.column = static_cast<int>(begin) + 1;
    cell.length = std::max(1, static_cast<int>(at - begin));
    ++at;
    return cell;
}

CsvLine cut(std::string_view text, int number, const std::string& file, MistakeList& mistakes) {
    CsvLine line{number, std::string(text), {}};
    bool open_quote = false;
    std::size_t at = 0;
    while (at <= text.size()) {
        line.cells.push_back(next_cell(text, at, open_quote));
    }
    if (open_quote) {
        const CsvCell& last = line.cells.back();
        mistakes.add({file, number, last.column, line.text, last.length},
                     "a quote is opened and not closed in this line");
    }
    return line;
}

void check_header(const CsvTable& table, const std::vector<std::string>& required,
                  MistakeList& mistakes) {
    std::set<std::string> seen;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < table.header.cells.size(); ++i) {
        const std::string& name = table.header.cells[i].text;
        names.push_back(name);
        if (!seen.insert(name).second) {
            mistakes.add(table.place(table.header, i),
                         fmt::format("column '{}' is there twice", name));
        }
    }
    for (const std::string& name : required) {
        if (table.column(name) == CsvTable::kAbsent) {
            mistakes.add({table.file, table.header.number, 1, table.header.text, 1},
                         fmt::format("column '{}' is missing", name), did_you_mean(name, names));
        }
    }
}

}  // namespace

std::size_t CsvTable::column(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < header.cells.size(); ++i) {
        if (header.cells[i].text == name) {
            return i;
        }
    }
    return kAbsent;
}

Place CsvTable::place(const CsvLine& line, std::size_t cell) const {
    return {file, line.number, line.cells[cell].column, line.text, line.cells[cell].length};
}

CsvTable read_csv_table(std::string_view text, const std::string& file,
                        const std::vector<std::string>& required, MistakeList& mistakes) {
    if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        text.remove_prefix(kByteOrderMark.size());
    }
    CsvTable table;
    table.file = file;
    int number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view line = text.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        if (line.find_first_not_of(kSpaces) == std::string_view::npos || line.front() == '#') {
            continue;
        }
        CsvLine cells = cut(line, number, file, mistakes);
        if (table.header.cells.empty()) {
            table.header = std::move(cells);
            check_header(table, required, mistakes);
        } else if (cells.cells.size() != table.header.cells.size()) {
            mistakes.add({file, number, 1, cells.text, static_cast<int>(cells.text.size())},
                         fmt::format("the row has {} cells, the header has {}", cells.cells.size(),
                                     table.header.cells.size()));
        } else {
            table.rows.push_back(std::move(cells));
        }
    }
    if (table.header.cells.empty()) {
        mistakes.add({file, 0, 0, {}, 1}, "the table is empty");
    }
    return table;
}

}  // namespace ebb
