// SPDX-License-Identifier: Apache-2.0
/// What differs between two runs: their settings (resolved.yaml) and their results (summary.json).
///
///   difference = b - a        relative = (b - a)/|a|, absent where a is 0 or a value is missing
///
/// Differing results are ordered by importance: headlines, answers, reasons, housekeeping
/// (Weight in result_table.hpp); within these the greater relative difference first, a missing
/// value before any. Equal means equal bits; `close` are those within 1e-12 relative, the promise
/// between machines.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ebb {

/// A run as it lies in a folder.
struct SavedRun {
    std::string path;  ///< as the user named it
    std::string name;  ///< of the scenario; empty if unknown
    std::vector<std::pair<std::string, nlohmann::ordered_json>> results;  ///< flat, in order
    std::vector<std::pair<std::string, std::string>> settings;            ///< flat resolved.yaml
    bool has_settings = false;
};

/// From a run's folder or its summary.json. Throws InputError if that cannot be read.
[[nodiscard]] SavedRun read_run(const std::string& path);

struct ResultDifference {
    std::string path;
    std::string unit;
    nlohmann::ordered_json a, b;  ///< null if missing
    std::optional<double> difference, relative;
};

struct SettingDifference {
    std::string path;
    std::string a, b;  ///< empty if not given
};

struct Comparison {
    std::vector<SettingDifference> settings;
    std::vector<ResultDifference> differing;  ///< most important first
    std::vector<std::string> close, equal;
};

[[nodiscard]] Comparison compare(const SavedRun& a, const SavedRun& b);

/// For people, on 80 columns where names allow it.
[[nodiscard]] std::string comparison_text(const SavedRun& a, const SavedRun& b,
                                          const Comparison& comparison);
[[nodiscard]] nlohmann::ordered_json comparison_json(const SavedRun& a, const SavedRun& b,
                                                     const Comparison& comparison);

}  // namespace ebb
