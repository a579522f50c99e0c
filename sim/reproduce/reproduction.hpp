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
    bool run = true;  ///< false: it needs a recording that is not at hand

    /// Has it a verdict that counts?
    [[nodiscard]] bool counts() const noexcept {
        return run && expected.tolerance != Tolerance::shown &&
               expected.kind != AgreementKind::identity;
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
    std::vector<std::string> missing_traces;
    bool run = true;                  ///< false: for want of recordings nothing was
    std::vector<MeasuredCase> cases;  ///< those that were run
    std::vector<ComparedRow> rows;
    double elapsed_s = 0.0;

    [[nodiscard]] bool was_run() const noexcept { return run; }
    [[nodiscard]] int passed() const;
    [[nodiscard]] int failed() const;  ///< identities that do not hold included
    [[nodiscard]] int not_run() const;
    [[nodiscard]] const ComparedRow* find(const std::string& id) const;
};

/// Reads a scenario with --set arguments.
using ScenarioReader =
    std::function<Scenario(const std::string& file, const std::vector<std::string>& sets)>;

/// `traces` says where the catalog's recordings are; nothing is fetched. Where every case names its
/// recording in a cell, those whose recording is missing are left out, and the rows that need them;
/// else nothing is run. Throws InputError for mistakes in the experiment's files, with their
/// places.
[[nodiscard]] Reproduction reproduce(const Experiment& experiment, const ScenarioReader& read,
                                     const TraceEnvironment& traces);

}  // namespace ebb
