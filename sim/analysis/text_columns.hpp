// SPDX-License-Identifier: Apache-2.0
/// A table on a terminal: columns as wide as their longest cell, numbers to the right.
#pragma once

#include <string>
#include <vector>

namespace ebb {

class TextColumns {
public:
    void column(std::string heading, bool right);
    void row(std::vector<std::string> cells);
    /// Heading, rows; each line ends with a line break and no blanks.
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::string> headings_;
    std::vector<bool> right_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace ebb
