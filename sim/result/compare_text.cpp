// SPDX-License-Identifier: Apache-2.0
#include "sim/result/compare.hpp"
#include "sim/result/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

std::string value_text(const Json& value, const std::string& unit) {
    if (value.is_null()) {
        return "-";
    }
    if (value.is_boolean()) {
        return value.get<bool>() ? "true" : "false";
    }
    if (value.is_string()) {
        const auto text = value.get<std::string>();
        return text.empty() ? "none" : text;
    }
    if (!unit.empty()) {
        return unit == "s" ? fmt::format("{:.6g} s", value.get<double>())
                           : fmt::format("{:.6g} {}", value.get<double>(), unit);
    }
    return fmt::format("{:.10g}", value.get<double>());
}

std::string relative_text(const ResultDifference& d) {
    if (!d.relative) {
        return {};
    }
    const double percent = 100.0 * *d.relative;
    return std::abs(percent) >= 1e5 || std::abs(percent) < 0.01
               ? fmt::format("{:+.1e}", *d.relative)
               : fmt::format("{:+.2f} %", percent);
}

struct Columns {
    std::size_t name = 24, a = 10, b = 10;
};

std::string padded(const std::string& text, std::size_t width, bool right) {
    const std::string space(width - std::min(width, width_of(text)), ' ');
    return right ? space + text : text + space;
}

void add_settings(std::string& text, const SavedRun& a, const SavedRun& b, const Comparison& c) {
    if (!a.has_settings || !b.has_settings) {
        text += "\nSettings are not compared: a resolved.yaml is missing.\n";
        return;
    }
    if (c.settings.empty()) {
        text += "\nThe settings are equal.\n";
        return;
    }
    Columns columns;
    for (const SettingDifference& d : c.settings) {
        columns.name = std::max(columns.name, width_of(d.path));
        columns.a = std::max(columns.a, width_of(d.a));
    }
    text += "\nSettings that differ\n";
    for (const SettingDifference& d : c.settings) {
        text +=
            fmt::format("  {}  {}  {}\n", padded(d.path, columns.name, false),
                        padded(d.a.empty() ? "-" : d.a, columns.a, false), d.b.empty() ? "-" : d.b);
    }
}

void add_results(std::string& text, const Comparison& c) {
    if (c.differing.empty()) {
        return;
    }
    Columns columns;
    for (const ResultDifference& d : c.differing) {
        columns.name = std::max(columns.name, width_of(d.path));
        columns.a = std::max(columns.a, width_of(value_text(d.a, d.unit)));
        columns.b = std::max(columns.b, width_of(value_text(d.b, d.unit)));
    }
    text += fmt::format(
        "\n{}  {}  {}  {:>10}  {:>9}\n", padded("Results that differ", columns.name + 2, false),
        padded("A", columns.a, true), padded("B", columns.b, true), "B - A", "relative");
    for (const ResultDifference& d : c.differing) {
        const std::string difference = d.difference ? fmt::format("{:+.3g}", *d.difference) : "";
        std::string line = fmt::format(
            "  {}  {}  {}  {:>10}  {:>9}", padded(d.path, columns.name, false),
            padded(value_text(d.a, d.unit), columns.a, true),
            padded(value_text(d.b, d.unit), columns.b, true), difference, relative_text(d));
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
}

/// "32 results are equal: a, b, ..." on lines of at most 80 columns.
void add_names(std::string& text, const std::string& lead, const std::vector<std::string>& names) {
    if (names.empty()) {
        return;
    }
    constexpr std::size_t kColumns = 80;
    text += fmt::format("\n{} {} {}\n", names.size(),
                        names.size() == 1 ? "result is" : "results are", lead);
    std::string line = " ";
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string word = " " + names[i] + (i + 1 < names.size() ? "," : "");
        if (line.size() + word.size() > kColumns && line.size() > 1) {
            text += line + "\n";
            line = " ";
        }
        line += word;
    }
    text += line + "\n";
}

Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

}  // namespace

std::string comparison_text(const SavedRun& a, const SavedRun& b, const Comparison& c) {
    const auto named = [](const SavedRun& run) {
        return run.name.empty() ? run.path : fmt::format("{}  ({})", run.path, run.name);
    };
    std::string text = fmt::format("A  {}\nB  {}\n", named(a), named(b));
    add_settings(text, a, b, c);
    add_results(text, c);
    add_names(text, "equal within 1e-12:", c.close);
    if (c.differing.empty() && c.close.empty()) {
        text += fmt::format("\nAll {} results are equal.\n", c.equal.size());
    } else {
        add_names(text, "equal:", c.equal);
    }
    return text;
}

nlohmann::ordered_json comparison_json(const SavedRun& a, const SavedRun& b, const Comparison& c) {
    Json settings = Json::array();
    for (const SettingDifference& d : c.settings) {
        settings.push_back({{"path", d.path},
                            {"a", d.a.empty() ? Json() : Json(d.a)},
                            {"b", d.b.empty() ? Json() : Json(d.b)}});
    }
    Json differing = Json::array();
    for (const ResultDifference& d : c.differing) {
        differing.push_back({{"path", d.path},
                             {"unit", d.unit},
                             {"a", d.a},
                             {"b", d.b},
                             {"difference", number_or_null(d.difference)},
                             {"relative", number_or_null(d.relative)}});
    }
    return {{"a", {{"path", a.path}, {"name", a.name}}},
            {"b", {{"path", b.path}, {"name", b.name}}},
            {"settings_compared", a.has_settings && b.has_settings},
            {"settings", settings},
            {"differing", differing},
            {"close", c.close},
            {"equal", c.equal}};
}

}  // namespace ebb
