// SPDX-License-Identifier: Apache-2.0
/// A published experiment: a folder with experiment.yaml, expected.csv, scenarios, and cases.csv.
///
/// cases.csv has one row per run: `case` (its name), `scenario` (a file of the folder, if it is not
/// the experiment's), and a column for each key that differs between runs, named by its path
/// ("store.capacitance"), as with --set; an empty cell overrides nothing. A column `label.X` sets
/// nothing: it is for expressions and figures. Numbers of cells can be used in expressions by the
/// column's name. Without cases.csv there is one case, `run`; without a scenario none.
///
/// What is measured, in three steps: `events` and `quantities` of each case, as expressions over
/// its summary.json; `derived`, over CASE.QUANTITY of all cases; `errors`, over rows of
/// expected.csv. docs/reproduce.md shows one.
#pragma once

#include "models/core/error.hpp"
#include "sim/reproduce/event_meter.hpp"
#include "sim/reproduce/expected.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ebb {

struct ExperimentCase {
    std::string name;
    std::string scenario;                                    ///< path
    std::vector<std::string> sets;                           ///< "path=value"
    std::vector<Place> set_places;                           ///< of each, in cases.csv
    std::vector<std::pair<std::string, std::string>> cells;  ///< column, text
};

struct NamedExpression {
    std::string name;
    std::string text;
    Place place;
};

enum class ErrorNumber : unsigned char { mean, worst, median };

/// A number over rows of expected.csv: their |ours/published - 1|. Rows without a value in
/// expected.csv have no part in it.
struct ErrorOverRows {
    std::string name;
    std::string rows;    ///< patterns with '*', separated by blanks: "*.packets"
    std::string except;  ///< patterns that are left out
    ErrorNumber give = ErrorNumber::mean;
};

struct FigureParams {
    std::string over;   ///< a column of cases.csv, or a quantity
    std::string show;   ///< a quantity
    std::string cases;  ///< patterns; empty: all
    std::string by;     ///< columns whose texts tell curves apart, separated by blanks
    std::string title, x_label, y_label;
    bool log_x = false, log_y = false;
};

struct Experiment {
    std::string slug, folder;
    std::string title, source, claim, headline;
    double seconds = 0.0;             ///< about how long it takes
    std::vector<std::string> traces;  ///< catalog ids that must be at hand
    std::vector<ExperimentCase> cases;
    std::vector<NamedExpression> constants;
    std::vector<EventWanted> events;
    std::vector<NamedExpression> quantities;
    std::vector<NamedExpression> derived;
    std::vector<ErrorOverRows> errors;
    std::optional<FigureParams> figure;
    std::vector<ExpectedRow> expected;
    std::vector<std::pair<std::string, std::string>> inputs;  ///< file, SHA-256

    /// What agreement would mean, over all rows: "measured, exact".
    [[nodiscard]] std::string kinds() const;
};

/// Slugs of a folder of experiments, in alphabetical order. Throws InputError if there is no such
/// folder.
[[nodiscard]] std::vector<std::string> experiment_slugs(const std::string& papers_folder);

/// Reads a folder. Throws InputError with every mistake of its files; an unknown slug is told with
/// the nearest one.
[[nodiscard]] Experiment read_experiment(const std::string& papers_folder, const std::string& slug);

/// Does a name match one of the patterns?
[[nodiscard]] bool matches(const std::string& patterns, const std::string& name);

}  // namespace ebb
