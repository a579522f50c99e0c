// SPDX-License-Identifier: Apache-2.0
/// `ebb describe [KIND[.NAME]] [--markdown]`: what ebb knows, from the tables that it reads with.
#include "models/core/component.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/scenario_form.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace ebb {

namespace {

struct DescribeOptions {
    std::string what;
    bool markdown = false;
};

void describe_to_stdout(const Session& session, const DescribeOptions& options) {
    Registry registry;
    register_all(registry);
    const Reference reference{scenario_table().view(), &registry, data_folders()};
    if (options.markdown && options.what.empty()) {
        std::cout << describe_all_as_markdown(reference);
        return;
    }
    const Page page = describe(reference, options.what);
    std::cout << (session.json       ? page_as_json(page)
                  : options.markdown ? page_as_markdown(page, 1)
                                     : page_as_text(page));
}

}  // namespace

void add_describe(CLI::App& app, Session& session) {
    auto* const command =
        app.add_subcommand("describe", "Show keys, components, parts, networks and platforms");
    const auto options = std::make_shared<DescribeOptions>();
    command->add_option("WHAT", options->what,
                        "scenario, a kind (store), a thing (store.capacitor, mcu.stm32u385) or a "
                        "path of the scenario (workload.arrival); nothing lists what there is");
    command->add_flag("--markdown", options->markdown,
                      "as Markdown; without WHAT the whole scenario reference");
    command->callback([&session, options] { describe_to_stdout(session, *options); });
}

}  // namespace ebb
