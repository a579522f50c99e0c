// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/trace_options.hpp"

#include "models/core/quantity.hpp"
#include "sim/trace/trace_format.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace ebb {

Place argument(const std::string& text) {
    Place place;
    place.file = "command line";
    place.excerpt = text;
    return place;
}

void add_trace_options(CLI::App& command, TraceOptions& options) {
    command.add_option("trace", options.ref, "an id of the catalog, or a file")->required();
    command.add_option("--format", options.format, "preset: " + trace_format_names());
    command.add_option("--column", options.column, "which column of the file");
    command.add_option("--time", options.time, "mementos: packed_mmssms | index | ms");
    command.add_option("--unit", options.unit,
                       "what the numbers are, if the file does not say it: W/m^2, mW, lx, ...");
    command.add_option("--dt", options.dt, "time between rows without stamps, such as \"1 s\"");
    command.add_option("--rate", options.rate, "instead of --dt, such as \"26 Hz\"");
    command.add_option("--length", options.length,
                       "simba_json: length of the recording, such as \"30 d\"");
}

TraceRequest request_of(const TraceOptions& options) {
    TraceRequest request;
    request.ref = options.ref;
    request.format = options.format;
    request.column = options.column;
    request.time = options.time;
    request.unit = options.unit;
    std::vector<Mistake> mistakes;
    const auto quantity = [&mistakes](const char* option, const std::string& text,
                                      Dimension dimension) -> std::optional<double> {
        if (text.empty())
            return std::nullopt;
        const ParsedQuantity parsed = parse_quantity(text, dimension);
        if (parsed.value && *parsed.value > 0.0)
            return parsed.value;
        mistakes.push_back(
            {argument(fmt::format("{} {}", option, text)),
             fmt::format("{} {}", option, parsed.value ? "must be above 0" : parsed.message),
             parsed.hint,
             {}});
        return std::nullopt;
    };
    request.dt_s = quantity("--dt", options.dt, Dimension::time);
    request.rate_hz = quantity("--rate", options.rate, Dimension::frequency);
    request.length_s = quantity("--length", options.length, Dimension::time);
    if (!mistakes.empty())
        throw InputError(std::move(mistakes));
    return request;
}

}  // namespace ebb
