// SPDX-License-Identifier: Apache-2.0
/// `ebb size FILE`: the smallest capacitor (cell, ...) or the highest rate that meets a goal.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/store/store_model.hpp"
#include "sim/analysis/size.hpp"
#include "sim/cli/confidence.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/result/summary_json.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "sim/sweep/e_series.hpp"

namespace ebb {

namespace {

constexpr int kVerdict = 3;
constexpr double kDecades = 100.0;  // of the scenario's own capacitance, to either side

struct SizeCommand {
    std::string file, goal, between, series;
    std::string vary = "store.capacitance", confidence = "95 %", share = "90 %", resolution = "1 %";
    std::vector<std::string> sets;
    std::size_t starts = 0, probes = 9;
    bool smallest = false, largest = false, on_average = false;
};

[[noreturn]] void refuse(const std::string& option, const std::string& text, std::string message,
                         std::string hint) {
    throw InputError(
        {{{option, 1, 1, text, static_cast<int>(std::max<std::size_t>(text.size(), 1))},
          std::move(message),
          std::move(hint),
          ""}});
}

struct Range {
    double low = 0.0, high = 0.0;
    Dimension dimension = Dimension::number;
};

/// "1 uF..10 mF": both ends of one dimension, which is found by trying.
Range range_of(const std::string& text) {
    const std::size_t dots = text.find("..");
    const std::string hint = "as in --between '1 uF..10 mF'";
    if (dots == std::string::npos) {
        refuse("--between", text, "is no range", hint);
    }
    const auto trimmed = [](std::string t) {
        t.erase(0, t.find_first_not_of(' '));
        t.erase(t.find_last_not_of(' ') + 1);
        return t;
    };
    const std::string low = trimmed(text.substr(0, dots)), high = trimmed(text.substr(dots + 2));
    for (int d = 0; d <= static_cast<int>(Dimension::capacitance_per_volt); ++d) {
        const auto dimension = static_cast<Dimension>(d);
        const ParsedQuantity a = parse_quantity(low, dimension),
                             b = parse_quantity(high, dimension);
        if (a.value && b.value) {
            if (!(*a.value < *b.value)) {
                refuse("--between", text, "does not ascend", hint);
            }
            return {*a.value, *b.value, dimension};
        }
    }
    refuse("--between", text, "has no two quantities of one kind", hint);
}

int series_of(const std::string& text) {
    int n = 0;
    const char* const end = text.data() + text.size();
    if (text.size() > 1 && text[0] == 'E' && std::from_chars(text.data() + 1, end, n).ptr == end &&
        is_e_series(n)) {
        return n;
    }
    refuse("--series", text, "is no series of preferred values",
           "E3, E6, E12, E24, E48, E96 or E192");
}

SizeQuestion question_of(const SizeCommand& command, const Scenario& own, Range& range) {
    if (!command.between.empty()) {
        range = range_of(command.between);
    } else if (command.vary == "store.capacitance") {
        const double own_f = own.store->capacitance_f();
        range = {own_f / kDecades, own_f * kDecades, Dimension::capacitance};
    } else {
        throw InputError(
            fmt::format("between which values of {}? Give --between LOW..HIGH", command.vary));
    }
    SizeQuestion question;
    question.name = own.name;
    question.search.largest = command.largest;
    question.search.probes = command.probes;
    if (!command.series.empty()) {
        question.series = series_of(command.series);
        question.values = range.low > 0.0 ? e_values(question.series, range.low, range.high)
                                          : std::vector<double>();
        if (question.values.empty()) {
            refuse("--between", command.between, "holds no value of the series " + command.series,
                   "");
        }
    } else {
        question.resolution = probability_of(command.resolution, "--resolution");
        question.values = ladder(range.low, range.high, question.resolution);
    }
    return question;
}

/// A key that takes neither end of the range is a mistake of the command, not an answer.
void check_key(const SizeRuns::Read& read, const SizeRuns& runs, const SizeQuestion& question) {
    try {
        static_cast<void>(read({runs.setting(question.values.front())}));
    } catch (const InputError&) {
        static_cast<void>(read({runs.setting(question.values.back())}));
    }
}

void size(Session& session, const SizeCommand& command) {
    if (command.smallest && command.largest) {
        throw InputError("--smallest and --largest exclude each other");
    }
    Registry registry;
    register_all(registry);
    const SizeRuns::Read read = [&](const std::vector<std::string>& more) {
        std::vector<std::string> sets = command.sets;
        sets.insert(sets.end(), more.begin(), more.end());
        return read_scenario(command.file, registry, read_options(session, sets));
    };
    const Scenario own = read({});
    const std::string goal = command.goal.empty() ? goal_of_expectations(own) : command.goal;
    if (goal.empty()) {
        throw InputError(
            "which goal? Give --goal \"work.jobs_done >= 10\", or the scenario an expect: block");
    }
    Range range;
    const SizeQuestion question = question_of(command, own, range);
    SizeOptions options;
    options.path = command.vary;
    options.dimension = range.dimension;
    options.confidence = probability_of(command.confidence, "--confidence");
    options.share = probability_of(command.share, "--share");
    options.starts = command.starts;
    options.on_average = command.on_average;
    SizeRuns runs(read, goal, options);
    check_key(read, runs, question);
    const bool shown = ::isatty(STDERR_FILENO) != 0 && !session.quiet;
    if (shown) {
        runs.on_run([](std::size_t n) { std::cerr << fmt::format("\r{} runs", n) << std::flush; });
    }
    const SizeAnswer answer = find_size(question, runs);
    if (shown) {
        std::cerr << "\r                    \r";
    }
    std::cout << (session.json ? json_text(size_json(question, runs, answer))
                               : size_text(question, runs, answer));
    const bool confirmed = answer.certain || (answer.confirmed && answer.confirmed->meets);
    session.status = answer.result.found && confirmed ? 0 : kVerdict;
}

}  // namespace

void add_size(CLI::App& app, Session& session) {
    auto* const sub = app.add_subcommand(
        "size", "Find the smallest capacitor, or any key's smallest or largest value, for a goal");
    const auto command = std::make_shared<SizeCommand>();
    sub->add_option("FILE", command->file, "the scenario")->required();
    sub->add_option("--goal", command->goal,
                    "condition over results, e.g. \"latency_p95_s <= 200 ms\" (default: expect:)");
    sub->add_option("--vary", command->vary, "the key to size")->capture_default_str();
    sub->add_option("--between", command->between,
                    "LOW..HIGH (default: a hundredth to a hundred times the capacitance)");
    sub->add_flag("--smallest", command->smallest, "the smallest value (default)");
    sub->add_flag("--largest", command->largest, "the largest value");
    sub->add_option("--resolution", command->resolution, "between neighbouring values")
        ->capture_default_str();
    sub->add_option("--series", command->series, "preferred values only: E3, E6, E12, E24, ...");
    sub->add_option("--share", command->share,
                    "of the trace's starts at which the goal must be met")
        ->capture_default_str();
    sub->add_flag("--on-average", command->on_average,
                  "the goal must be met by the mean over starts, instead of at a share of them");
    sub->add_option("--confidence", command->confidence, "of the verdict")->capture_default_str();
    sub->add_option("--starts", command->starts,
                    "places of the trace to begin at (default: enough for one miss)")
        ->check(CLI::Range(std::size_t{2}, std::size_t{100000}));
    sub->add_option("--probes", command->probes, "values to look at before bracketing")
        ->check(CLI::Range(std::size_t{2}, std::size_t{1000}))
        ->capture_default_str();
    sub->add_option("--set", command->sets, "path=value: override a key (may be repeated)")
        ->allow_extra_args(false);
    sub->footer(
        "Exit status 3: no value between meets the goal, or fresh starts do not confirm it.");
    sub->callback([&session, command] { size(session, *command); });
}

}  // namespace ebb
