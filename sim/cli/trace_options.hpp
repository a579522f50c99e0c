// SPDX-License-Identifier: Apache-2.0
/// How a command line names a trace and says what its file does not: shared by the commands that
/// read one.
#pragma once

#include "models/core/error.hpp"
#include "sim/trace/trace.hpp"

#include <string>

namespace CLI {
class App;
}

namespace ebb {

struct Session;

struct TraceOptions {
    std::string ref, format, column, time, unit, dt, rate, length;
};

/// The positional argument and the options with the names that a scenario has for them.
void add_trace_options(CLI::App& command, TraceOptions& options);

/// Throws InputError with every option that is no quantity.
[[nodiscard]] TraceRequest request_of(const TraceOptions& options);

/// A place for mistakes of the command line.
[[nodiscard]] Place argument(const std::string& text);

void add_trace_generate(CLI::App& trace, Session& session);
void add_trace_convert(CLI::App& trace, Session& session);

}  // namespace ebb
