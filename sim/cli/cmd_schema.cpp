// SPDX-License-Identifier: Apache-2.0
/// `ebb schema`: the JSON Schema of a scenario on stdout, for editors.
#include "models/core/component.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/scenario/scenario_form.hpp"
#include "sim/scenario/schema.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace ebb {

void add_schema(CLI::App& app, Session& session) {
    auto* const command =
        app.add_subcommand("schema", "Print the JSON Schema (draft 7) of a scenario");
    command->callback([&session] {
        Registry registry;
        register_all(registry);
        Reference reference{scenario_table().view(), &registry, data_folders()};
        reference.folders.catalog = session.traces.catalog;
        std::cout << scenario_schema(reference);
    });
}

}  // namespace ebb
