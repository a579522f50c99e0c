// SPDX-License-Identifier: Apache-2.0
/// The command `ebb`. Adds the subcommands, and is the only place where an exception becomes a text
/// and an exit status (session.hpp).
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "models/core/error.hpp"
#include "models/core/nearest.hpp"
#include "sim/cli/error_text.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"

namespace ebb {

namespace {

constexpr int kDefect = 1;
constexpr int kWrongInput = 2;

std::string command_line(int argc, char** argv) {
    std::string text = "ebb";
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const bool plain =
            word.find_first_of(" \t\"'{}[]$&;|<>*?") == std::string::npos && !word.empty();
        text += " " + (plain ? word : "'" + word + "'");
    }
    return text;
}

bool colour_on(int file) {
    const char* no_colour = std::getenv("NO_COLOR");
    return ::isatty(file) != 0 && (no_colour == nullptr || *no_colour == '\0');
}

int report_input(const InputError& error, const Session& session) {
    if (session.json) {
        std::cout << error_json(error);
    } else {
        std::cerr << error_text(error, colour_on(STDERR_FILENO));
    }
    return kWrongInput;
}

int report_defect(const char* what, int argc, char** argv) {
    std::cerr << fmt::format(
        "ebb: internal error: {}\n"
        "  This is a defect of ebb, not of your input. Please report it with these lines and the\n"
        "  scenario (ebb check FILE --resolved prints it whole, seed included):\n"
        "    version  {} ({})\n"
        "    command  {}\n",
        what, EBB_VERSION, EBB_COMMIT, command_line(argc, argv));
    return kDefect;
}

/// A mistake of the command line, with the nearest command or option.
int report_usage(const CLI::App& app, const CLI::ParseError& error, const Session& session) {
    std::vector<std::string> names;
    const CLI::App* at = &app;
    const auto chosen = app.get_subcommands();
    if (!chosen.empty()) {
        at = chosen.front();
    }
    for (const CLI::App* sub : at->get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(sub->get_name());
    }
    for (const CLI::App* level : {at, &app}) {
        for (const CLI::Option* option : level->get_options()) {
            for (const std::string& name : option->get_lnames()) {
                names.push_back("--" + name);
            }
        }
    }
    Mistake mistake;
    mistake.place.file = "command line";
    mistake.message = error.what();
    const std::vector<std::string> rest = app.remaining(true);
    if (!rest.empty()) {
        mistake.message = fmt::format("'{}' is not known here", rest.front());
        mistake.hint = did_you_mean(rest.front(), names);
    }
    mistake.note =
        at == &app ? "see: ebb --help" : fmt::format("see: ebb {} --help", at->get_name());
    return report_input(InputError({mistake}), session);
}

int run_commands(int argc, char** argv) {
    Session session;
    session.command = command_line(argc, argv);
    std::string mirror;
    CLI::App app{"ebb simulates devices that live on harvested energy"};
    app.require_subcommand(1);
    app.fallthrough();  // --json and the like may stand before or behind the command
    app.set_version_flag("--version", fmt::format("ebb {} ({})", EBB_VERSION, EBB_COMMIT));
    app.add_flag("--json", session.json, "results on stdout are JSON, for programs");
    app.add_flag("--quiet", session.quiet, "print nothing but what was asked for");
    app.add_flag("--offline", session.traces.offline, "never use the network");
    app.add_option("--trace-mirror", mirror,
                   "folder or https URL that traces are fetched from first");
    // Options are known only once the line is parsed; commands run after that.
    app.parse_complete_callback(
        [&] { session.traces = trace_environment(mirror, session.traces.offline); });
    add_run(app, session);
    add_check(app, session);
    add_policies(app, session);
    add_sweep(app, session);
    add_merge(app, session);
    add_describe(app, session);
    add_schema(app, session);
    add_new(app, session);
    add_trace(app, session);
    add_network(app, session);
    add_compare(app, session);
    add_export(app, session);
    add_best(app, session);
    add_size(app, session);
    add_optimize(app, session);
    add_reproduce(app, session);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        return report_usage(app, error, session);
    } catch (const InputError& error) {
        return report_input(error, session);
    }
    return session.status;
}

}  // namespace

}  // namespace ebb

int main(int argc, char** argv) {
    try {
        return ebb::run_commands(argc, argv);
    } catch (const std::exception& error) {
        return ebb::report_defect(error.what(), argc, argv);
    }
}
