// SPDX-License-Identifier: Apache-2.0
#include "models/core/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace ebb {

namespace {

bool same_letter(char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
}

/// Distance in half steps (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> before(width), last(width), row(width);
    for (std::size_t j = 0; j < width; ++j) {
        last[j] = 2 * j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = 2 * i;
        for (std::size_t j = 1; j < width; ++j) {
            const std::size_t replace =
                a[i - 1] == b[j - 1] ? 0U : (same_letter(a[i - 1], b[j - 1]) ? 1U : 2U);
            row[j] = std::min({last[j] + 2, row[j - 1] + 2, last[j - 1] + replace});
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1])) {
                row[j] = std::min(row[j], before[j - 2] + 2);
            }
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view name,
                                   const std::vector<std::string>& candidates) {
    constexpr std::size_t kLongest = 80;  // longer texts are no typing mistakes of a name
    if (name.empty() || name.size() > kLongest) {
        return std::nullopt;
    }
    const std::string* best = nullptr;
    std::size_t best_distance = 0;
    for (const std::string& c : candidates) {
        const std::size_t d = distance(name, c);
        if (best == nullptr || d < best_distance) {
            best = &c;
            best_distance = d;
        }
    }
    // A third of the longer name, at least one step, but never a wholly different short word.
    if (best == nullptr) {
        return std::nullopt;
    }
    const std::size_t longest = std::max(name.size(), best->size());
    const std::size_t allowed = std::max<std::size_t>(2, 2 * ((longest + 1) / 3));
    if (best_distance > allowed || best_distance >= 2 * longest) {
        return std::nullopt;
    }
    return *best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
    const auto best = nearest(name, candidates);
    return best ? "did you mean '" + *best + "'?" : std::string();
}

std::string joined(const std::vector<std::string>& names, std::string_view separator) {
    std::string text;
    for (const std::string& n : names) {
        if (!text.empty()) {
            text += separator;
        }
        text += n;
    }
    return text;
}

}  // namespace ebb
