// SPDX-License-Identifier: Apache-2.0
/// `ebb optimize FILE`: values for several keys at once, numbers and choices mixed, that achieve
/// most; with several aims the front that none dominates. Searched by evolution, where a grid would
/// be too large; what is found is the best that was seen, and it says how much that was.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "sim/analysis/optimum.hpp"
#include "sim/analysis/text_columns.hpp"
#include "sim/cli/confidence.hpp"
#include "sim/cli/evolve.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/result/summary_json.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace ebb {

namespace {

constexpr int kVerdict = 3;

struct OptimizeCommand {
    std::string file, condition, share = "90 %";
    std::vector<std::string> over, minimise, maximise, sets;
    std::size_t starts = 8, population = 24, generations = 20;
    unsigned seed = 1;
};

struct Search {
    std::vector<OpenKey> keys;  ///< ranges first: evolution wants whole numbers last
    std::vector<Aim> aims;
};

Search search_of(const OptimizeCommand& command) {
    Search search;
    std::vector<Mistake> mistakes;
    for (const std::string& text : command.over) {
        try {
            search.keys.push_back(open_key(text));
        } catch (const InputError& error) {
            mistakes.insert(mistakes.end(), error.mistakes().begin(), error.mistakes().end());
        }
    }
    if (!mistakes.empty()) {
        throw InputError(mistakes);
    }
    std::stable_partition(search.keys.begin(), search.keys.end(),
                          [](const OpenKey& key) { return !key.listed(); });
    for (const std::string& text : command.minimise) {
        search.aims.push_back({text, false});
    }
    for (const std::string& text : command.maximise) {
        search.aims.push_back({text, true});
    }
    if (search.keys.empty() || search.aims.empty()) {
        throw InputError(
            "what is open, and what for? Give --over KEY=LOW..HIGH or KEY=A|B, and --minimize or "
            "--maximize METRIC");
    }
    return search;
}

Box box_of(const std::vector<OpenKey>& keys) {
    Box box;
    for (const OpenKey& key : keys) {
        if (key.listed()) {
            box.low.push_back(0.0);
            box.high.push_back(static_cast<double>(key.words.size()) - 1.0);
            ++box.whole;
        } else {
            box.low.push_back(key.logarithmic() ? std::log(key.low) : key.low);
            box.high.push_back(key.logarithmic() ? std::log(key.high) : key.high);
        }
    }
    return box;
}

/// A choice is asked about with every word, so that a slip of the pen does not pass for a bad
/// device.
void check_keys(const Optimum::Read& read, const std::vector<OpenKey>& keys) {
    for (const OpenKey& key : keys) {
        std::vector<std::string> ends = key.words;
        if (!key.listed()) {
            ends = {format_quantity(key.low, key.dimension),
                    format_quantity(key.high, key.dimension)};
        }
        std::size_t refused = 0;
        for (const std::string& value : ends) {
            try {
                static_cast<void>(read({key.path + "=" + value}));
            } catch (const InputError&) {
                if (++refused == ends.size()) {
                    throw;  // not one of them can be read: it is the key
                }
            }
        }
    }
}

nlohmann::ordered_json device_json(const TriedDevice& device, const TriedDevice& fresh) {
    nlohmann::ordered_json json = {{"settings", device.settings}};
    for (const auto& [name, one] : {std::pair<const char*, const TriedDevice*>{"search", &device},
                                    {"fresh_starts", &fresh}}) {
        nlohmann::ordered_json values = nlohmann::ordered_json::array();
        for (const MeanInterval& v : one->values) {
            values.push_back({{"mean", v.mean}, {"half_interval", v.margin}});
        }
        json[name] = {{"values", values}, {"runs", one->runs}, {"misses", one->misses}};
    }
    return json;
}

std::string text_of(const Search& search, const Optimum& optimum,
                    const std::vector<TriedDevice>& best, const std::vector<TriedDevice>& fresh,
                    bool conditional) {
    const auto& tried = optimum.tried();
    const auto allowed =
        std::count_if(tried.begin(), tried.end(), [](const TriedDevice& d) { return d.allowed; });
    const auto refused = std::count_if(tried.begin(), tried.end(),
                                       [](const TriedDevice& d) { return !d.why_not.empty(); });
    std::string out = fmt::format("{} devices seen, {} allowed", tried.size(), allowed);
    out += refused > 0 ? fmt::format(", {} cannot be run\n", refused) : std::string("\n");
    if (best.empty()) {
        return out + "none of them meets the condition and has a value in every run\n";
    }
    out += best.size() == 1 ? "the best of them:\n" : "those that no other dominates:\n";
    TextColumns columns;
    for (const OpenKey& key : search.keys) {
        columns.column(key.path, !key.listed());
    }
    for (const Aim& aim : search.aims) {
        columns.column((aim.maximise ? "most " : "least ") + aim.text, true);
    }
    columns.column("by fresh starts", false);
    for (std::size_t i = 0; i < best.size(); ++i) {
        std::vector<std::string> cells;
        for (const std::string& setting : best[i].settings) {
            cells.push_back(setting.substr(setting.find('=') + 1));
        }
        for (const MeanInterval& v : best[i].values) {
            cells.push_back(fmt::format("{:.4g}", v.mean));
        }
        std::string again;
        for (const MeanInterval& v : fresh[i].values) {
            again += fmt::format("{}{:.4g} ± {:.2g}", again.empty() ? "" : ", ", v.mean, v.margin);
        }
        if (conditional || fresh[i].misses > 0) {
            again += fmt::format("; missed in {} of {}", fresh[i].misses, fresh[i].runs);
        }
        cells.push_back(again);
        columns.row(std::move(cells));
    }
    out += columns.text();
    return out + "  found by evolution: nothing says that there is no better one\n";
}

void optimize(Session& session, const OptimizeCommand& command) {
    if (!can_evolve()) {
        evolve({}, {}, {});  // says what is missing
    }
    const Search search = search_of(command);
    Registry registry;
    register_all(registry);
    const Optimum::Read read = [&](const std::vector<std::string>& more) {
        std::vector<std::string> sets = command.sets;
        sets.insert(sets.end(), more.begin(), more.end());
        return read_scenario(command.file, registry, read_options(session, sets));
    };
    Optimum optimum(read, search.keys, search.aims, command.condition,
                    probability_of(command.share, "--share"), command.starts);
    check_keys(read, search.keys);
    Evolution how;
    how.objectives = search.aims.size();
    how.population = (command.population + 3) / 4 * 4;
    how.generations = command.generations;
    how.seed = command.seed;
    evolve(box_of(search.keys), how,
           [&](const std::vector<double>& x) { return optimum.fitness(x); });
    const std::vector<TriedDevice> best = optimum.best();
    std::vector<TriedDevice> fresh;
    for (const TriedDevice& device : best) {
        fresh.push_back(optimum.fresh(device));
    }
    if (session.json) {
        nlohmann::ordered_json json = {{"devices_seen", optimum.tried().size()},
                                       {"starts", optimum.starts()},
                                       {"best", nlohmann::ordered_json::array()}};
        for (std::size_t i = 0; i < best.size(); ++i) {
            json["best"].push_back(device_json(best[i], fresh[i]));
        }
        std::cout << json_text(json);
    } else {
        std::cout << text_of(search, optimum, best, fresh, !command.condition.empty());
    }
    session.status = best.empty() ? kVerdict : 0;
}

}  // namespace

void add_optimize(CLI::App& app, Session& session) {
    auto* const sub = app.add_subcommand(
        "optimize", "Search values for several keys at once, numbers and choices mixed");
    const auto command = std::make_shared<OptimizeCommand>();
    sub->add_option("FILE", command->file, "the scenario")->required();
    sub->add_option("--over", command->over,
                    "KEY=LOW..HIGH or KEY=A|B|...: what is open (may be repeated)")
        ->allow_extra_args(false);
    sub->add_option("--minimize", command->minimise, "result or formula (may be repeated: a front)")
        ->allow_extra_args(false);
    sub->add_option("--maximize", command->maximise, "result or formula (may be repeated: a front)")
        ->allow_extra_args(false);
    sub->add_option("--subject-to", command->condition, "condition over the results of a run");
    sub->add_option("--share", command->share, "of the starts at which the condition must hold")
        ->capture_default_str();
    sub->add_option("--starts", command->starts,
                    "places of the trace to begin at, for every device")
        ->check(CLI::Range(std::size_t{1}, std::size_t{10000}))
        ->capture_default_str();
    sub->add_option("--population", command->population, "devices of a generation")
        ->check(CLI::Range(std::size_t{8}, std::size_t{10000}))
        ->capture_default_str();
    sub->add_option("--generations", command->generations, "of evolution")
        ->check(CLI::Range(std::size_t{1}, std::size_t{100000}))
        ->capture_default_str();
    sub->add_option("--seed", command->seed, "of evolution; the same seed finds the same")
        ->capture_default_str();
    sub->add_option("--set", command->sets, "path=value: override a key (may be repeated)")
        ->allow_extra_args(false);
    sub->callback([&session, command] { optimize(session, *command); });
}

}  // namespace ebb
