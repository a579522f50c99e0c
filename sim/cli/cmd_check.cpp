// SPDX-License-Identifier: Apache-2.0
/// `ebb check FILE [--resolved] [--set path=value]...`: is the scenario right, and what will run?
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/device/device.hpp"
#include "sim/device/kernel.hpp"
#include "sim/result/expectations.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace ebb {

namespace {

struct CheckOptions {
    std::string file;
    std::vector<std::string> sets;
    bool resolved = false;
};

void print_json(const Scenario& scenario, const CheckOptions& options) {
    nlohmann::ordered_json json;
    json["status"] = 0;
    json["file"] = options.file;
    json["name"] = scenario.name;
    json["notes"] = scenario.notes;
    json["inputs"] = nlohmann::ordered_json::array();
    for (const InputFile& input : scenario.inputs) {
        json["inputs"].push_back(
            {{"role", input.role}, {"path", input.path}, {"sha256", input.sha256}});
    }
    if (options.resolved) {
        json["resolved"] = scenario.resolved_yaml;
    }
    std::cout << json.dump(2) << "\n";
}

void check(const Session& session, const CheckOptions& options) {
    Registry registry;
    register_all(registry);
    const Scenario scenario =
        read_scenario(options.file, registry, read_options(session, options.sets));
    check_expectations(scenario);
    Kernel::renew();
    const Device device(scenario, {}, nullptr);  // what only the whole device can tell
    const std::vector<std::string>& choices = device.notes();
    if (session.json) {
        print_json(scenario, options);
        return;
    }
    if (options.resolved) {
        std::cout << scenario.resolved_yaml;
        return;
    }
    if (!session.quiet) {
        std::cout << fmt::format("{}: no mistakes ({})\n", options.file, scenario.name);
        for (const std::string& note : scenario.notes) {
            std::cout << fmt::format("  note: {}\n", note);
        }
        for (const std::string& choice : choices) {
            std::cout << fmt::format("  {}\n", choice);
        }
    }
}

}  // namespace

void add_check(CLI::App& app, Session& session) {
    auto* const command =
        app.add_subcommand("check", "Say what is wrong with a scenario, or what it resolves to");
    const auto options = std::make_shared<CheckOptions>();
    command->add_option("FILE", options->file, "the scenario")->required();
    command->add_flag("--resolved", options->resolved,
                      "print the whole scenario as it will run, and where each value came from");
    command->add_option("--set", options->sets, "path=value: override a key (may be repeated)")
        ->allow_extra_args(false);
    command->callback([&session, options] { check(session, *options); });
}

}  // namespace ebb
