// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/network_table.hpp"

#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ebb {

namespace {

/// A file that is wrong throughout is not a table of layers: stop listing after this many.
constexpr std::size_t kMostMistakes = 50;

std::string trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        return "";
    }
    return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

}  // namespace

NetworkTable::NetworkTable(std::string_view text, std::string file) : file_(std::move(file)) {
    split_lines(text);
}

std::vector<NetworkTable::Cell> NetworkTable::split(std::string_view text, char separator,
                                                    int first_column) {
    std::vector<Cell> cells;
    std::size_t begin = 0;
    while (true) {
        const auto end = std::min(text.find(separator, begin), text.size());
        const auto raw = text.substr(begin, end - begin);
        const auto indent = std::min(raw.find_first_not_of(" \t"), raw.size());
        cells.push_back({trimmed(raw), first_column + static_cast<int>(begin + indent)});
        if (end == text.size()) {
            return cells;
        }
        begin = end + 1;
    }
}

void NetworkTable::split_lines(std::string_view text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
        text.remove_prefix(kByteOrderMark.size());
    }
    int number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        std::string_view line = text.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        if (trimmed(line).empty()) {
            continue;
        }
        if (line.front() == '#') {
            const std::string comment = trimmed(line.substr(1));
            if (comment.rfind("SPDX", 0) != 0) {
                comments_ += (comments_.empty() ? "" : "\n") + comment;
            }
            continue;
        }
        lines_.push_back({number, std::string(line), split(line, ',')});
    }
}

bool NetworkTable::read_header(const std::function<bool(const std::string&)>& is_known,
                               const std::vector<std::string>& required,
                               const std::vector<std::string>& names) {
    if (lines_.empty()) {
        add({file_, 0, 0, "", 1}, "the network table is empty", "");
        return false;
    }
    header_ = lines_.front();
    lines_.erase(lines_.begin());
    for (std::size_t i = 0; i < header_.cells.size(); ++i) {
        const Cell& c = header_.cells[i];
        if (!is_known(c.text)) {
            mistake(header_, c, fmt::format("unknown column '{}' in a network table", c.text),
                    did_you_mean(c.text, names));
        } else if (!column_.emplace(c.text, i).second) {
            mistake(header_, c, fmt::format("column '{}' is there twice", c.text));
        }
    }
    for (const std::string& name : required) {
        if (!has(name)) {
            add({file_, header_.number, 1, header_.text, 1},
                fmt::format("column '{}' is missing", name), "");
        }
    }
    return is_fine();
}

std::vector<NetworkTable::Line> NetworkTable::rows() {
    if (lines_.empty()) {
        add({file_, 0, 0, "", 1}, "the network table has no layers", "");
    }
    std::vector<Line> whole;
    for (Line& line : lines_) {
        if (line.cells.size() != column_.size()) {
            add({file_, line.number, 1, line.text, static_cast<int>(line.text.size())},
                fmt::format("the row has {} cells, the header has {}", line.cells.size(),
                            column_.size()),
                "");
        } else {
            whole.push_back(std::move(line));
        }
    }
    return whole;
}

Place NetworkTable::place(const Line& line, const Cell& cell) const {
    return {file_, line.number, cell.column, line.text,
            std::max(1, static_cast<int>(cell.text.size()))};
}

void NetworkTable::add(const Place& where, std::string message, std::string hint) {
    if (mistakes_.size() < kMostMistakes) {
        mistakes_.push_back({where, std::move(message), std::move(hint), ""});
    }
}

void NetworkTable::mistake(const Line& line, const Cell& cell, std::string message,
                           std::string hint) {
    add(place(line, cell), std::move(message), std::move(hint));
}

void NetworkTable::header_mistake(const std::string& column, std::string message,
                                  std::string hint) {
    mistake(header_, column, std::move(message), std::move(hint));
}

std::vector<Mistake> NetworkTable::take_mistakes() {
    std::stable_sort(mistakes_.begin(), mistakes_.end(), [](const Mistake& a, const Mistake& b) {
        return a.place.line < b.place.line;
    });
    return std::move(mistakes_);
}

std::optional<long long> NetworkTable::whole(const Line& line, const Cell& cell,
                                             const std::string& column, long long least,
                                             long long most) {
    const auto parsed = parse_integer(cell.text);
    if (!parsed.value) {
        mistake(line, cell,
                cell.text.empty()
                    ? fmt::format("{} is missing", column)
                    : fmt::format("{} '{}' is not a whole number", column, cell.text));
    } else if (*parsed.value < least || *parsed.value > most) {
        mistake(line, cell,
                fmt::format("{} is {}, outside {} .. {}", column, *parsed.value, least, most));
    } else {
        return *parsed.value;
    }
    return std::nullopt;
}

}  // namespace ebb
