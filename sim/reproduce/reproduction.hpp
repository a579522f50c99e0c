// SPDX-License-Identifier: Apache-2.0
/// Runs an experiment and holds its numbers beside those that were published.
#pragma once

#include "sim/reproduce/experiment.hpp"
#include "sim/reproduce/expression.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/trace/environment.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ebb {

struct ComparedRow {
    ExpectedRow expected;
    double ours = 0.0;  ///< SI; NaN if the run has no such value
    bool agrees = false;

    /// Has it a verdict that counts?
    [[nodiscard]] bool counts() const noexcept {
        return expected.tolerance != Tolerance::shown && expected.kind != AgreementKind::identity;
    }
    /// ours/published - 1; NaN for bounds and for published zeros.
    [[nodiscard]] double error() const noexcept;
};

/// The numbers of one run, by name: results, events, columns and quantities.
struct MeasuredCase {
    std::string name;
    Numbers numbers;
};

struct Reproduction {
    Experiment experiment;
    std::vector<std::string> missing_traces;  ///< not run, if any
    std::vector<MeasuredCase> cases;
    std::vector<ComparedRow> rows;
    double elapsed_s = 0.0;

    [[nodiscard]] bool was_run() const noexcept { return missing_traces.empty(); }
    [[nodiscard]] int passed() const;
    [[nodiscard]] int failed() const;  ///< identities that do not hold included
    [[nodiscard]] const ComparedRow* find(const std::string& id) const;
};

/// Reads a scenario with --set arguments.
using ScenarioReader =
    std::function<Scenario(const std::string& file, const std::vector<std::string>& sets)>;

/// `traces` says where the catalog's recordings are; nothing is fetched. Throws InputError for
/// mistakes in the experiment's files, with their places.
[[nodiscard]] Reproduction reproduce(const Experiment& experiment, const ScenarioReader& read,
                                     const TraceEnvironment& traces);

}  // namespace ebb
