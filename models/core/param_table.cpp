// SPDX-License-Identifier: Apache-2.0
#include "models/core/param_table.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ebb {

bool Range::contains(double x) const noexcept {
    const bool above_low = low_open ? x > low : x >= low;
    const bool below_high = high_open ? x < high : x <= high;
    return above_low && below_high;
}

std::string Range::text(Dimension d) const {
    const bool has_low = std::isfinite(low);
    const bool has_high = std::isfinite(high);
    const std::string least = format_quantity(low, d);
    const std::string most = format_quantity(high, d);
    if (has_low && has_high) {
        if (low_open || high_open) {
            return (low_open ? "above " : "at least ") + least +
                   (high_open ? ", below " : ", at most ") + most;
        }
        return least + " .. " + most;
    }
    if (has_low) {
        return (low_open ? "above " : "at least ") + least;
    }
    if (has_high) {
        return (high_open ? "below " : "at most ") + most;
    }
    return {};
}

const Row* Table::find(std::string_view key) const noexcept {
    for (const Row& row : rows) {
        if (row.key == key) {
            return &row;
        }
    }
    return nullptr;
}

std::vector<std::string> Table::keys() const {
    std::vector<std::string> names;
    names.reserve(rows.size());
    for (const Row& row : rows) {
        names.push_back(row.key);
    }
    return names;
}

std::string value_text(const Row& row, const Value& value) {
    if (const auto* x = std::get_if<double>(&value)) {
        return format_quantity(*x, row.dimension);
    }
    if (const auto* n = std::get_if<std::int64_t>(&value)) {
        return fmt::format("{}", *n);
    }
    if (const auto* b = std::get_if<bool>(&value)) {
        return *b ? "true" : "false";
    }
    return std::get<std::string>(value);
}

std::string default_text(const Row& row) {
    if (row.fallback) {
        return value_text(row, *row.fallback);
    }
    return row.default_choice.empty() ? std::string()
                                      : fmt::format("{{{}: {}}}", row.tag, row.default_choice);
}

}  // namespace ebb
