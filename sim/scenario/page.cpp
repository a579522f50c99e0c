// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/page.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace ebb {

namespace {

constexpr std::size_t kWidth = 96;

/// Characters as a terminal counts them (UTF-8 continuation bytes have no width).
std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string wrapped(const std::string& text, const std::string& indent) {
    std::string out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string current = indent;
        for (std::string word; words >> word;) {
            const bool fresh = current == indent;
            if (!fresh && width_of(current) + 1 + width_of(word) > kWidth) {
                out += current + "\n";
                current = indent + word;
            } else {
                current += (fresh ? "" : " ") + word;
            }
        }
        out += current + "\n";
    }
    return out;
}

bool is_number(const std::string& cell) {
    return !cell.empty() && cell.find_first_not_of("0123456789.+-%") == std::string::npos;
}

std::vector<std::size_t> column_widths(const PageTable& table, std::size_t columns) {
    std::vector<std::size_t> widths(columns, 0);
    for (std::size_t i = 0; i < columns; ++i) {
        widths[i] = table.sentence_last ? 0 : width_of(table.header[i]);
        for (const auto& row : table.rows) {
            widths[i] = std::max(widths[i], width_of(row[i]));
        }
    }
    return widths;
}

std::string aligned(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    std::string line = " ";
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const std::string pad(widths[i] - std::min(widths[i], width_of(cells[i])), ' ');
        line += " " + (is_number(cells[i]) ? pad + cells[i] : cells[i] + pad) + " ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

std::string table_as_text(const PageTable& table) {
    std::string out = table.heading.empty() ? "" : table.heading + "\n";
    if (table.rows.empty()) {
        return out + "  (none)\n";
    }
    const std::size_t columns = table.header.size() - (table.sentence_last ? 1 : 0);
    const auto widths = column_widths(table, columns);
    if (!table.sentence_last) {
        out += aligned(table.header, widths);
    }
    for (const auto& row : table.rows) {
        out += aligned(row, widths);
        if (table.sentence_last && !row.back().empty()) {
            out += wrapped(row.back(), "      ");
        }
    }
    return out;
}

std::string escaped(const std::string& cell) {
    std::string out;
    for (const char c : cell) {
        out += c == '|' ? "\\|" : c == '\n' ? "<br>" : std::string(1, c);
    }
    return out;
}

std::string markdown_row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const auto& cell : cells) {
        line += " " + escaped(cell) + " |";
    }
    return line + "\n";
}

}  // namespace

std::string page_as_text(const Page& page) {
    std::string out = page.title + "\n";
    for (const auto& paragraph : page.paragraphs) {
        out += wrapped(paragraph, "  ");
    }
    for (const auto& table : page.tables) {
        out += "\n" + table_as_text(table);
    }
    return out;
}

std::string page_as_json(const Page& page) {
    nlohmann::ordered_json json = {{"title", page.title},
                                   {"paragraphs", page.paragraphs},
                                   {"tables", nlohmann::json::array()}};
    for (const auto& table : page.tables) {
        nlohmann::ordered_json rows = nlohmann::json::array();
        for (const auto& row : table.rows) {
            nlohmann::ordered_json object;
            for (std::size_t i = 0; i < row.size(); ++i) {
                object[table.header[i]] = row[i];
            }
            rows.push_back(object);
        }
        json["tables"].push_back({{"heading", table.heading}, {"rows", rows}});
    }
    return json.dump(2) + "\n";
}

std::string page_as_markdown(const Page& page, int level) {
    std::string out = std::string(static_cast<std::size_t>(level), '#') + " " + page.title + "\n\n";
    for (const auto& paragraph : page.paragraphs) {
        out += paragraph + "\n\n";
    }
    for (const auto& table : page.tables) {
        if (!table.heading.empty()) {
            out += "**" + table.heading + "**\n\n";
        }
        out += markdown_row(table.header);
        out += markdown_row(std::vector<std::string>(table.header.size(), "---"));
        for (const auto& row : table.rows) {
            out += markdown_row(row);
        }
        out += "\n";
    }
    return out;
}

}  // namespace ebb
