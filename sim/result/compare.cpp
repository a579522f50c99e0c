// SPDX-License-Identifier: Apache-2.0
#include "sim/result/compare.hpp"

#include "models/core/error.hpp"
#include "sim/result/result_table.hpp"
#include "sim/result/summary_json.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

namespace ebb {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;
using Settings = std::vector<std::pair<std::string, std::string>>;

constexpr double kClose = 1e-12;
constexpr int kMostDepth = 64;

std::optional<std::string> text_of_file(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
        return std::nullopt;
    }
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) {
        return std::nullopt;
    }
    return text.str();
}

InputError not_a_run(const std::string& path, const std::string& why) {
    Mistake mistake;
    mistake.place.file = path;
    mistake.message = why;
    mistake.note = "a run is a folder that 'ebb run --out' wrote, or the summary.json in it";
    return InputError(std::vector<Mistake>{mistake});
}

void flatten(const YAML::Node& node, const std::string& path, int depth, Settings& settings) {
    if (depth > kMostDepth) {
        return;
    }
    if (node.IsMap()) {
        for (const auto& item : node) {
            const std::string key = item.first.IsScalar() ? item.first.Scalar() : "?";
            flatten(item.second, path.empty() ? key : path + "." + key, depth + 1, settings);
        }
    } else if (node.IsSequence()) {
        for (std::size_t i = 0; i < node.size(); ++i) {
            flatten(node[i], fmt::format("{}[{}]", path, i), depth + 1, settings);
        }
    } else {
        settings.emplace_back(path, node.IsScalar() ? node.Scalar() : std::string("null"));
    }
}

void read_settings(const fs::path& folder, SavedRun& run) {
    const auto text = text_of_file(folder / "resolved.yaml");
    if (!text) {
        return;
    }
    try {
        flatten(YAML::Load(*text), "", 0, run.settings);
        run.has_settings = true;
    } catch (const YAML::Exception& error) {
        throw not_a_run((folder / "resolved.yaml").string(),
                        fmt::format("not readable as YAML: {}", error.what()));
    }
    for (const auto& [path, value] : run.settings) {
        if (path == "name") {
            run.name = value;
        }
    }
}

int weight_of(const std::string& path) {
    // Tasks and findings stand below the entry of their list.
    for (std::string at = path;; at.resize(at.rfind('.'))) {
        if (const ResultEntry* entry = find_result(at)) {
            return static_cast<int>(entry->weight);
        }
        if (at.find('.') == std::string::npos) {
            return static_cast<int>(Weight::reason);
        }
    }
}

std::string unit_of(const std::string& path) {
    const ResultEntry* entry = find_result(path);
    return entry == nullptr || entry->unit == "1" ? std::string() : std::string(entry->unit);
}

/// Absent where one side is missing: more important than any number.
double size_of(const ResultDifference& d) {
    return d.relative ? std::abs(*d.relative) : std::numeric_limits<double>::infinity();
}

ResultDifference difference_of(const std::string& path, const Json& a, const Json& b) {
    ResultDifference d{path, unit_of(path), a, b, std::nullopt, std::nullopt};
    if (a.is_number() && b.is_number()) {
        const double from = a.get<double>();
        const double to = b.get<double>();
        d.difference = to - from;
        if (from != 0.0) {
            d.relative = (to - from) / std::abs(from);
        }
    }
    return d;
}

std::vector<SettingDifference> differing_settings(const SavedRun& a, const SavedRun& b) {
    std::vector<SettingDifference> differing;
    if (!a.has_settings || !b.has_settings) {
        return differing;
    }
    const std::map<std::string, std::string> in_a(a.settings.begin(), a.settings.end());
    const std::map<std::string, std::string> in_b(b.settings.begin(), b.settings.end());
    for (const auto& [path, value] : a.settings) {
        const auto other = in_b.find(path);
        if (other == in_b.end() || other->second != value) {
            differing.push_back({path, value, other == in_b.end() ? "" : other->second});
        }
    }
    for (const auto& [path, value] : b.settings) {
        if (in_a.count(path) == 0) {
            differing.push_back({path, "", value});
        }
    }
    return differing;
}

}  // namespace

SavedRun read_run(const std::string& path) {
    SavedRun run;
    run.path = path;
    std::error_code error;
    const bool folder = fs::is_directory(path, error);
    const fs::path file = folder ? fs::path(path) / "summary.json" : fs::path(path);
    if (!fs::exists(file, error)) {
        throw not_a_run(
            path, folder ? "this folder holds no summary.json" : "there is no such file or folder");
    }
    const auto text = text_of_file(file);
    if (!text) {
        throw not_a_run(file.string(), "cannot be read");
    }
    const Json summary = Json::parse(*text, nullptr, false);
    if (!summary.is_object() || !summary.contains("work") || !summary.contains("energy_j")) {
        throw not_a_run(file.string(), "not the summary of a run (no groups work and energy_j)");
    }
    run.results = flat_summary(summary);
    read_settings(file.parent_path(), run);
    return run;
}

Comparison compare(const SavedRun& a, const SavedRun& b) {
    Comparison c;
    c.settings = differing_settings(a, b);
    const std::map<std::string, Json> in_a(a.results.begin(), a.results.end());
    const std::map<std::string, Json> in_b(b.results.begin(), b.results.end());
    const auto add = [&](const std::string& path, const Json& x, const Json& y) {
        if (x == y) {
            c.equal.push_back(path);
            return;
        }
        ResultDifference d = difference_of(path, x, y);
        if (size_of(d) <= kClose) {
            c.close.push_back(path);
        } else {
            c.differing.push_back(std::move(d));
        }
    };
    const auto missing = [](const std::string& path) {
        // A finding that the other run does not have occurred there zero times.
        return path.rfind("findings.", 0) == 0 ? Json(0) : Json();
    };
    for (const auto& [path, value] : a.results) {
        const auto other = in_b.find(path);
        add(path, value, other == in_b.end() ? missing(path) : other->second);
    }
    for (const auto& [path, value] : b.results) {
        if (in_a.count(path) == 0) {
            add(path, missing(path), value);
        }
    }
    std::stable_sort(c.differing.begin(), c.differing.end(), [](const auto& x, const auto& y) {
        const int weight_x = weight_of(x.path);
        const int weight_y = weight_of(y.path);
        return weight_x != weight_y ? weight_x < weight_y : size_of(x) > size_of(y);
    });
    return c;
}

}  // namespace ebb
