// SPDX-License-Identifier: Apache-2.0
/// What `ebb best` found, as text for people, as JSON, and as CSV (one question at a time).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/analysis/pareto.hpp"
#include "sim/analysis/ranking.hpp"
#include "sim/analysis/sensitivity.hpp"

namespace ebb {

/// A thing that was asked about: its name, unit and direction.
struct Asked {
    std::string text, unit;
    bool maximise = false;
};

struct BestAnswer {
    double confidence = 0.95;
    std::size_t top = 10;  ///< rows of the ranking in the text
    std::vector<std::string> conditions;
    bool in_every_run = false;
    Asked objective;
    std::optional<Ranking> ranking;
    std::vector<Asked> objectives;
    std::optional<ParetoFront> front;
    Asked metric;
    std::optional<SobolIndices> sensitivity;
};

[[nodiscard]] std::string best_text(const SweepData& table, const BestAnswer& answer);
[[nodiscard]] nlohmann::ordered_json best_json(const SweepData& table, const BestAnswer& answer);
/// Every row, with full precision. Throws InputError if more than one question was asked.
[[nodiscard]] std::string best_csv(const SweepData& table, const BestAnswer& answer);

}  // namespace ebb
