// SPDX-License-Identifier: Apache-2.0
/// What the commands of `ebb` share. Each command is one file that adds its subcommand to the
/// application; its callback runs the command and sets the exit status:
/// 0 fine (hopeless runs too), 2 the user's input is wrong, 3 a verdict that was asked for, 1 ours.
#pragma once

#include "sim/trace/environment.hpp"

#include <string>

namespace CLI {
class App;
}

namespace ebb {

struct Session {
    int status = 0;
    bool json = false;    ///< --json: stdout is for a program
    bool quiet = false;   ///< --quiet: nothing on stdout but what was asked for
    std::string command;  ///< the command line, for manifests
    TraceEnvironment traces;
};

void add_run(CLI::App& app, Session& session);
void add_check(CLI::App& app, Session& session);
void add_describe(CLI::App& app, Session& session);
void add_schema(CLI::App& app, Session& session);
void add_new(CLI::App& app, Session& session);
void add_trace(CLI::App& app, Session& session);
void add_compare(CLI::App& app, Session& session);
void add_export(CLI::App& app, Session& session);
void add_network(CLI::App& app, Session& session);
void add_policies(CLI::App& app, Session& session);
void add_sweep(CLI::App& app, Session& session);
void add_merge(CLI::App& app, Session& session);
void add_best(CLI::App& app, Session& session);
void add_size(CLI::App& app, Session& session);
void add_optimize(CLI::App& app, Session& session);
void add_reproduce(CLI::App& app, Session& session);

}  // namespace ebb
