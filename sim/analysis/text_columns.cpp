// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/text_columns.hpp"

#include <algorithm>

#include "sim/result/text_format.hpp"

namespace ebb {

void TextColumns::column(std::string heading, bool right) {
    headings_.push_back(std::move(heading));
    right_.push_back(right);
}

void TextColumns::row(std::vector<std::string> cells) {
    cells.resize(headings_.size());
    rows_.push_back(std::move(cells));
}

std::string TextColumns::text() const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < headings_.size(); ++i) {
        widths.push_back(width_of(headings_[i]));
        for (const auto& row : rows_) {
            widths[i] = std::max(widths[i], width_of(row[i]));
        }
    }
    std::string out;
    const auto line = [&](const std::vector<std::string>& cells) {
        std::string text = "  ";
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string blanks(widths[i] - width_of(cells[i]), ' ');
            text += right_[i] ? blanks + cells[i] : cells[i] + blanks;
            text += "  ";
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + "\n";
    };
    line(headings_);
    for (const auto& row : rows_) {
        line(row);
    }
    return out;
}

}  // namespace ebb
