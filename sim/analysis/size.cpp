// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/analysis/text_columns.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

constexpr std::size_t kMostRounds = 4;

/// What is left of the list once a round has said where the answer cannot be.
std::vector<double> from_here(const std::vector<double>& values, double found, bool largest) {
    std::vector<double> rest;
    std::copy_if(values.begin(), values.end(), std::back_inserter(rest),
                 [&](double v) { return largest ? v <= found : v >= found; });
    return rest;
}

std::string value_text(const SizeRuns& runs, double value) {
    return format_quantity(value, runs.options().dimension);
}

std::string percent(double share) { return fmt::format("{:.4g} %", 100.0 * share); }

std::string judged_text(const SizeRuns& runs, const SizeAnswer& answer, const Trial& trial) {
    if (!trial.why_not.empty()) {
        return "cannot be run: " + trial.why_not;
    }
    if (runs.options().on_average) {
        return std::isnan(trial.lower_bound)
                   ? std::string("a run has no value, so there is no mean")
                   : fmt::format("mean margin above {:.4g} over {} starts", trial.lower_bound,
                                 trial.runs);
    }
    if (answer.certain) {
        return trial.meets ? "in the one run there is" : "not in the one run there is";
    }
    return fmt::format("{} of {} starts", trial.runs - trial.misses, trial.runs);
}

std::string asked_text(const SizeQuestion& question, const SizeRuns& runs,
                       const SizeAnswer& answer) {
    const SizeOptions& options = runs.options();
    std::string out =
        fmt::format("{} {} for: {}\n", question.search.largest ? "Largest" : "Smallest",
                    options.path, runs.goal().text());
    out +=
        fmt::format("  {} to {}, {}\n", value_text(runs, question.values.front()),
                    value_text(runs, question.values.back()),
                    question.series > 0 ? fmt::format("values of the series E{}", question.series)
                                        : "resolution " + percent(question.resolution));
    if (answer.certain) {
        return out + "  nothing is left to chance: one run decides\n";
    }
    return out +
           (options.on_average
                ? fmt::format("  on average over {} starts, the same for every value "
                              "(one-sided Student-t bound, {})\n",
                              answer.starts, percent(options.confidence))
                : fmt::format("  at {} of the starts or more with {} confidence: {} starts, the "
                              "same for every value,\n  of which {} may miss (one-sided bound of "
                              "Clopper and Pearson)\n",
                              percent(options.share), percent(options.confidence), answer.starts,
                              answer.allowed_misses));
}

std::string found_text(const SizeRuns& runs, const SizeAnswer& answer) {
    const Trial& found = *answer.result.found;
    std::string out = fmt::format("\n  {}\n", value_text(runs, found.value));
    if (answer.certain) {
        out += "    meets the goal\n";
    } else if (answer.confirmed && answer.confirmed->meets) {
        out += runs.options().on_average
                   ? fmt::format("    confirmed by fresh starts: {}\n",
                                 judged_text(runs, answer, *answer.confirmed))
                   : fmt::format("    confirmed by fresh starts: {}; the true share is above {}\n",
                                 judged_text(runs, answer, *answer.confirmed),
                                 percent(answer.confirmed->lower_bound));
    } else {
        out += fmt::format(
            "    meets the goal in the search, but fresh starts do not confirm it: {}\n",
            judged_text(runs, answer, *answer.confirmed));
    }
    if (answer.result.beyond) {
        out += fmt::format("  {} does not: {}\n", value_text(runs, answer.result.beyond->value),
                           judged_text(runs, answer, *answer.result.beyond));
    } else {
        out += "  it is the end of the range: look further with --between\n";
    }
    if (!answer.result.monotone) {
        out += "  not monotone: the goal fails again further on, see below\n";
    }
    return out;
}

/// The ends of each stretch of equal verdicts; where nothing meets the goal, also what came
/// nearest.
std::vector<Trial> telling(const std::vector<Trial>& trials) {
    const auto hits = [](const Trial& t) {
        return t.runs == 0 ? 0.0
                           : 1.0 - static_cast<double>(t.misses) / static_cast<double>(t.runs);
    };
    const auto nearest =
        std::max_element(trials.begin(), trials.end(),
                         [&](const Trial& a, const Trial& b) { return hits(a) < hits(b); });
    std::vector<Trial> shown;
    for (auto t = trials.begin(); t != trials.end(); ++t) {
        const bool first = t == trials.begin() || std::prev(t)->meets != t->meets;
        const bool last = std::next(t) == trials.end() || std::next(t)->meets != t->meets;
        if (first || last || t == nearest) {
            shown.push_back(*t);
        }
    }
    return shown;
}

std::string trials_text(const SizeRuns& runs, const SizeAnswer& answer) {
    TextColumns columns;
    columns.column(runs.options().path, true);
    columns.column("goal", false);
    columns.column("", false);
    for (const Trial& trial : telling(answer.result.trials)) {
        columns.row(
            {value_text(runs, trial.value), trial.meets ? "met" : "not met",
             answer.certain && trial.why_not.empty() ? "" : judged_text(runs, answer, trial)});
    }
    const std::size_t seen = answer.result.trials.size();
    return fmt::format("\n  {} values looked at; where the verdict changes:\n", seen) +
           columns.text();
}

nlohmann::ordered_json trial_json(const Trial& trial) {
    using Json = nlohmann::ordered_json;
    Json json = {{"value", trial.value},
                 {"meets", trial.meets},
                 {"runs", trial.runs},
                 {"misses", trial.misses}};
    json["lower_bound"] = std::isfinite(trial.lower_bound) ? Json(trial.lower_bound) : Json();
    if (!trial.why_not.empty()) {
        json["why_not"] = trial.why_not;
    }
    return json;
}

}  // namespace

SizeAnswer find_size(const SizeQuestion& question, SizeRuns& runs) {
    SizeAnswer answer;
    answer.certain = runs.certain();
    const auto judge = [&](double value) { return runs.judge(value); };
    std::vector<double> values = question.values;
    for (answer.rounds = 1;; ++answer.rounds) {
        answer.result = search_size(values, judge, question.search);
        answer.starts = runs.starts();
        answer.allowed_misses = runs.allowed_misses();
        if (!answer.result.found || answer.certain) {
            break;
        }
        answer.confirmed = runs.confirm(answer.result.found->value);
        if (answer.confirmed->meets || answer.rounds == kMostRounds) {
            break;
        }
        runs.take_more_starts();
        values = from_here(values, answer.result.found->value, question.search.largest);
    }
    answer.runs = runs.runs();
    return answer;
}

std::string size_text(const SizeQuestion& question, const SizeRuns& runs,
                      const SizeAnswer& answer) {
    std::string out = asked_text(question, runs, answer);
    out += answer.result.found ? found_text(runs, answer)
                               : fmt::format("\n  none of {} values looked at meets the goal\n",
                                             answer.result.trials.size());
    out += trials_text(runs, answer);
    out += fmt::format("  {} runs", count_text(static_cast<std::int64_t>(answer.runs)));
    if (answer.rounds > 1) {
        out += fmt::format(", the search repeated {} times with more starts", answer.rounds - 1);
    }
    if (answer.result.found) {
        out += fmt::format("\n  to repeat: --set '{}'", runs.setting(answer.result.found->value));
    }
    return out + "\n";
}

nlohmann::ordered_json size_json(const SizeQuestion& question, const SizeRuns& runs,
                                 const SizeAnswer& answer) {
    using Json = nlohmann::ordered_json;
    const SizeOptions& options = runs.options();
    Json json = {
        {"name", question.name},
        {"vary", options.path},
        {"unit", si_unit(options.dimension)},
        {"want", question.search.largest ? "largest" : "smallest"},
        {"goal", runs.goal().text()},
        {"between", {question.values.front(), question.values.back()}},
        {"series", question.series > 0 ? Json(fmt::format("E{}", question.series)) : Json()},
        {"resolution", question.series > 0 ? Json() : Json(question.resolution)}};
    json["verdict_by"] = answer.certain       ? "single_run"
                         : options.on_average ? "student_t_lower_bound"
                                              : "clopper_pearson_lower_bound";
    json["confidence"] = options.confidence;
    json["share"] = options.on_average ? Json() : Json(options.share);
    json["starts"] = answer.starts;
    json["allowed_misses"] = answer.allowed_misses;
    const auto optional = [](const std::optional<Trial>& trial) {
        return trial ? trial_json(*trial) : Json();
    };
    json["found"] = answer.result.found ? Json(answer.result.found->value) : Json();
    json["confirmed"] =
        answer.result.found && (answer.certain || (answer.confirmed && answer.confirmed->meets));
    json["search"] = optional(answer.result.found);
    json["fresh_starts"] = optional(answer.confirmed);
    json["beyond"] = optional(answer.result.beyond);
    json["monotone"] = answer.result.monotone;
    json["trials"] = Json::array();
    for (const Trial& trial : answer.result.trials) {
        json["trials"].push_back(trial_json(trial));
    }
    json["runs"] = answer.runs;
    return json;
}

}  // namespace ebb
