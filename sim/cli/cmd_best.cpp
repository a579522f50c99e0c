// SPDX-License-Identifier: Apache-2.0
/// `ebb best DIR`: which points of a sweep are best, its Pareto front, what a result depends on.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "models/core/error.hpp"
#include "sim/analysis/best_answer.hpp"
#include "sim/cli/confidence.hpp"
#include "sim/cli/session.hpp"
#include "sim/result/summary_json.hpp"

namespace ebb {

namespace {

struct BestOptions {
    std::string folder, minimise, maximise, sensitivity;
    std::vector<std::string> pareto, conditions;
    bool in_every_run = false, csv = false;
    std::size_t top = 10;
    std::string confidence = "95 %";
};

/// Collects the mistakes of several options, so that all are said at once.
template <class Make>
void gather(std::vector<Mistake>& mistakes, const Make& make) {
    try {
        make();
    } catch (const InputError& error) {
        mistakes.insert(mistakes.end(), error.mistakes().begin(), error.mistakes().end());
    }
}

Asked asked(const SweepData& table, const Expression& expression, bool maximise) {
    Asked out{expression.text(), "", maximise};
    // A bare column is shown by its whole name and with its unit; a formula's unit is not known.
    if (expression.used().size() == 1 &&
        expression.text().find_first_of("+-*/^()<>=!?&| ") == std::string::npos) {
        const SweepColumn& column = table.columns[expression.used().front()];
        out = {column.name, column.unit, maximise};
    }
    return out;
}

/// "METRIC", "METRIC:min" or "METRIC:max"; without a word, its meaning decides.
Objective objective_of(const SweepData& table, std::string text) {
    std::string direction;
    for (const char* word : {":min", ":max"}) {
        const std::string end = word;
        if (text.size() > end.size() &&
            text.compare(text.size() - end.size(), end.size(), end) == 0) {
            direction = end;
            text.erase(text.size() - end.size());
        }
    }
    Expression expression(text, table.vocabulary, "--pareto");
    const bool more = direction.empty() ? more_is_better(asked(table, expression, false).text)
                                        : direction == ":max";
    return {std::move(expression), more};
}

BestAnswer answer_of(const SweepData& table, const BestOptions& options) {
    BestAnswer answer;
    answer.confidence = probability_of(options.confidence, "--confidence");
    answer.top = options.top;
    answer.conditions = options.conditions;
    answer.in_every_run = options.in_every_run;
    std::vector<Mistake> mistakes;
    Conditions conditions;
    conditions.in_every_run = options.in_every_run;
    for (const std::string& text : options.conditions) {
        gather(mistakes, [&] {
            Expression condition(text, table.vocabulary, "--subject-to");
            if (!condition.is_condition()) {
                throw InputError({{{"--subject-to", 1, 1, text, static_cast<int>(text.size())},
                                   "is no condition",
                                   "compare something, as in: latency_p95_s <= 200 ms",
                                   ""}});
            }
            conditions.all.push_back(std::move(condition));
        });
    }
    std::vector<Objective> objectives, ranked, explained;
    for (const auto& [text, where, list, maximise] :
         {std::tuple{options.minimise, "--minimize", &ranked, false},
          std::tuple{options.maximise, "--maximize", &ranked, true},
          std::tuple{options.sensitivity, "--sensitivity", &explained, false}}) {
        if (!text.empty()) {
            gather(mistakes, [&, t = &text, w = where, l = list, m = maximise] {
                l->push_back({Expression(*t, table.vocabulary, w), m});
            });
        }
    }
    for (const std::string& text : options.pareto) {
        gather(mistakes, [&] { objectives.push_back(objective_of(table, text)); });
    }
    if (!mistakes.empty()) {
        throw InputError(mistakes);
    }
    const Selection selection = select(table, conditions);
    if (!ranked.empty()) {
        answer.objective = asked(table, ranked.front().expression, ranked.front().maximise);
        answer.ranking = rank_points(table, ranked.front(), selection, answer.confidence);
    }
    if (!objectives.empty()) {
        for (const Objective& o : objectives) {
            answer.objectives.push_back(asked(table, o.expression, o.maximise));
        }
        answer.front = pareto_front(table, objectives, selection, answer.confidence);
    }
    if (!explained.empty()) {
        answer.metric = asked(table, explained.front().expression, false);
        answer.sensitivity =
            sensitivity(design_of(table, explained.front().expression), answer.confidence);
    }
    return answer;
}

void best(const Session& session, const BestOptions& options) {
    if (options.minimise.empty() && options.maximise.empty() && options.pareto.empty() &&
        options.sensitivity.empty()) {
        throw InputError(
            "best of what? Give --minimize METRIC, --maximize METRIC, --pareto METRIC,METRIC or "
            "--sensitivity METRIC");
    }
    if (!options.minimise.empty() && !options.maximise.empty()) {
        throw InputError(
            "--minimize and --maximize exclude each other; two goals at once are a front: "
            "--pareto");
    }
    if (options.pareto.size() == 1) {
        throw InputError(
            "--pareto needs two metrics or more, as in --pareto latency_p95_s,jobs_done");
    }
    const SweepData table = read_sweep(options.folder);
    const BestAnswer answer = answer_of(table, options);
    if (session.json) {
        std::cout << json_text(best_json(table, answer));
    } else if (options.csv) {
        std::cout << best_csv(table, answer);
    } else {
        std::cout << best_text(table, answer);
    }
}

}  // namespace

void add_best(CLI::App& app, Session& session) {
    auto* const command = app.add_subcommand(
        "best", "Find the best points of a sweep, its Pareto front, what a result depends on");
    const auto options = std::make_shared<BestOptions>();
    command->add_option("DIR", options->folder, "folder of a sweep, or its results.sqlite")
        ->required();
    command->add_option("--minimize", options->minimise, "column or formula: least is best");
    command->add_option("--maximize", options->maximise, "column or formula: most is best");
    command
        ->add_option("--subject-to", options->conditions,
                     "condition over columns, e.g. \"latency_p95_s <= 200 ms\" (may be repeated)")
        ->allow_extra_args(false);
    command->add_flag("--in-every-run", options->in_every_run,
                      "conditions must hold in each run, not only at the means");
    command
        ->add_option("--pareto", options->pareto,
                     "METRIC,METRIC[,...]: the front; METRIC:min or METRIC:max says which way")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_option("--sensitivity", options->sensitivity,
                        "Sobol indices of a column or formula over the sweep's inputs");
    command->add_option("--top", options->top, "rows of the ranking to show")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000000}))
        ->capture_default_str();
    command->add_option("--confidence", options->confidence, "of every interval")
        ->capture_default_str();
    command->add_flag("--csv", options->csv, "the whole table as CSV on stdout");
    command->footer(
        "Columns are named as in results.sqlite; latency_p95_s or store.capacitance do where they\n"
        "are unambiguous. Formulas know + - * / ^, comparisons, and, or, not, min, max, sqrt, ln.");
    command->callback([&session, options] { best(session, *options); });
}

}  // namespace ebb
