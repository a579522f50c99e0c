// SPDX-License-Identifier: Apache-2.0
/// `ebb policies FILE`: the same scenario under all checkpoint policies that can run it.
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "sim/analysis/forked_map.hpp"
#include "sim/analysis/policy_comparison.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/scenario/loaded_files.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace ebb {

namespace {

struct PoliciesOptions {
    std::string file;
    std::vector<std::string> sets;
    ComparisonOptions compare;
    bool exact = false;
    std::size_t jobs = 0;
};

nlohmann::ordered_json json_of(const PolicyComparison& c) {
    nlohmann::ordered_json json;
    json["name"] = c.name;
    json["starts_s"] = c.starts_s;
    json["capacitance_factors"] = c.capacitance_factors;
    json["ranked_by"] = c.by_kept ? "forward_progress" : "jobs_done";
    json["ranked"] = nlohmann::ordered_json::array();
    for (const PolicyTrial& t : c.ranked) {
        nlohmann::ordered_json row = {{"rank", t.rank},
                                      {"policy", t.policy},
                                      {"jobs_done", t.mean_jobs},
                                      {"forward_progress", t.mean_kept},
                                      {"brown_outs", t.brown_outs},
                                      {"violations", t.violations},
                                      {"difference", t.difference},
                                      {"half_interval_95", t.margin},
                                      {"jobs_done_per_run", t.jobs}};
        if (t.tuned) {
            row["tuned"] = true;
        }
        if (t.save_at_v) {
            row["save_at_v"] = *t.save_at_v;
        }
        if (t.start_at_v) {
            row["start_at_v"] = *t.start_at_v;
        }
        json["ranked"].push_back(std::move(row));
    }
    json["not_applicable"] = nlohmann::ordered_json::array();
    for (const PolicyTrial& t : c.cannot) {
        json["not_applicable"].push_back({{"policy", t.policy}, {"why", t.why_not}});
    }
    return json;
}

void compare(const Session& session, const PoliciesOptions& options) {
    Registry registry;
    register_all(registry);
    const auto loaded = std::make_shared<LoadedFiles>();
    const auto read = [&](const std::vector<std::string>& more) {
        std::vector<std::string> sets = options.sets;
        sets.insert(sets.end(), more.begin(), more.end());
        ReadOptions how = read_options(session, std::move(sets));
        how.loaded = loaded;
        return read_scenario(options.file, registry, how);
    };
    ComparisonOptions how = options.compare;
    how.tolerances = !options.exact;
    how.processes = options.jobs > 0 ? options.jobs : usable_processors();
    const PolicyComparison comparison = compare_policies(read, registry, how);
    if (session.json) {
        std::cout << json_of(comparison).dump(2) << "\n";
    } else {
        std::cout << comparison_table(comparison);
    }
}

}  // namespace

void add_policies(CLI::App& app, Session& session) {
    auto* const command = app.add_subcommand(
        "policies", "Run a scenario under every checkpoint policy that can, and rank them");
    const auto options = std::make_shared<PoliciesOptions>();
    command->add_option("FILE", options->file, "the scenario")->required();
    command->add_option("--set", options->sets, "path=value: override a key (may be repeated)")
        ->allow_extra_args(false);
    command
        ->add_option("--with", options->compare.more,
                     "a further policy, such as \"policy: alpaca, task: 8\" (may be repeated)")
        ->allow_extra_args(false);
    command->add_option("--starts", options->compare.starts, "places of the trace to begin at")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_flag("--tune", options->compare.tune,
                      "run policies with a voltage once more, with the best of a few");
    command->add_flag("--exact", options->exact, "the capacitance as it is, no tolerance");
    command
        ->add_option("--jobs", options->jobs,
                     "processes (default: as many as it may use processors)")
        ->check(CLI::Range(1, 10000));
    command->footer(
        "All policies see the same conditions; what is compared is the difference within each.");
    command->callback([&session, options] { compare(session, *options); });
}

}  // namespace ebb
