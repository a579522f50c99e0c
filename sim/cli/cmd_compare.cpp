// SPDX-License-Identifier: Apache-2.0
/// `ebb compare A B`: what differs between two runs, most important first.
#include "sim/cli/session.hpp"
#include "sim/result/compare.hpp"
#include "sim/result/summary_json.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>

namespace ebb {

void add_compare(CLI::App& app, Session& session) {
    struct Options {
        std::string a, b;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("compare", "Show what differs between two runs");
    command->add_option("A", options->a, "Folder of a run, or its summary.json")->required();
    command->add_option("B", options->b, "Folder of another run, or its summary.json")->required();
    command->footer("Answers come first, then their reasons; equal results are listed as equal.");
    command->callback([options, &session] {
        const SavedRun a = read_run(options->a);
        const SavedRun b = read_run(options->b);
        const Comparison comparison = compare(a, b);
        std::cout << (session.json ? json_text(comparison_json(a, b, comparison))
                                   : comparison_text(a, b, comparison));
    });
}

}  // namespace ebb
