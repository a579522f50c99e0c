// SPDX-License-Identifier: Apache-2.0
/// `ebb trace generate | convert`: make traces, from parameters or from other formats.
#include "sim/cli/session.hpp"
#include "sim/cli/trace_options.hpp"
#include "sim/trace/convert_trace.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/files.hpp"
#include "sim/trace/generate_trace.hpp"
#include "sim/trace/statistics.hpp"
#include "sim/trace/trace.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace ebb {
namespace {

using Json = nlohmann::ordered_json;

void write_trace(const std::string& path, const std::string& csv) {
    std::error_code code;
    if (std::filesystem::is_directory(path, code))
        throw_mistake(argument(path), fmt::format("'{}' is a folder", path), "expected a file");
    write_file_whole(path, csv);
}

// ---- generate -----------------------------------------------------------------------------------

struct GenerateOptions {
    std::string generator, seed, duration, out;
    std::vector<std::string> sets;
};

GenerateRequest generate_request(const GenerateOptions& options) {
    GenerateRequest request;
    request.generator = options.generator;
    if (!options.seed.empty())
        request.settings.emplace_back("seed", options.seed);
    if (!options.duration.empty())
        request.settings.emplace_back("duration", options.duration);
    for (const std::string& set : options.sets) {
        const std::size_t equals = set.find('=');
        if (equals == std::string::npos)
            throw_mistake(argument("--set " + set), fmt::format("'{}' is not parameter=value", set),
                          "for example --set mean_on=\"1.2 s\"");
        request.settings.emplace_back(set.substr(0, equals), set.substr(equals + 1));
    }
    return request;
}

void generate_file(const Session& session, const GenerateOptions& options) {
    const GeneratedTrace trace = generate_trace(generate_request(options));
    if (options.out.empty()) {
        std::cout << trace.csv;
        return;
    }
    write_trace(options.out, trace.csv);
    if (session.json)
        std::cout << Json({{"path", options.out},
                           {"samples", trace.series.value.size()},
                           {"duration_s", static_cast<double>(trace.series.duration_ns()) / 1e9}})
                         .dump(2)
                  << "\n";
    else if (!session.quiet)
        std::cout << fmt::format("wrote {} ({} samples, {:g} s)\n", options.out,
                                 trace.series.value.size(),
                                 static_cast<double>(trace.series.duration_ns()) / 1e9);
}

// ---- convert ------------------------------------------------------------------------------------

struct ConvertOptions {
    TraceOptions trace;
    std::string out;
};

void convert_file(const Session& session, const ConvertOptions& options) {
    const Trace trace =
        load_trace(request_of(options.trace), session.traces, argument(options.trace.ref));
    std::error_code code;
    if (std::filesystem::equivalent(trace.path, options.out, code))
        throw_mistake(argument(options.out), "this would overwrite the trace that is read",
                      "name another file");
    const Catalog catalog = Catalog::read(session.traces.catalog);
    const ConvertedTrace converted = convert_trace(trace, catalog.find(options.trace.ref));
    write_trace(options.out, converted.csv);
    if (session.json) {
        std::cout << Json({{"path", options.out},
                           {"format", trace.format},
                           {"sha256_of_source", trace.sha256},
                           {"quantity", name_of(trace.series->quantity)},
                           {"samples", converted.rows},
                           {"changes", converted.changes},
                           {"integral", converted.integral},
                           {"relative_error", converted.relative_error},
                           {"notes", trace.notes}})
                         .dump(2)
                  << "\n";
        return;
    }
    if (session.quiet)
        return;
    std::cout << fmt::format("wrote {}: {} changes of {} samples, {}, from format {}\n",
                             options.out, converted.changes, converted.rows,
                             name_of(trace.series->quantity), trace.format);
    for (const std::string& note : trace.notes)
        std::cout << fmt::format("  note: {}\n", note);
}

}  // namespace

void add_trace_generate(CLI::App& trace, Session& session) {
    auto* const command = trace.add_subcommand(
        "generate", "Make a trace: the same parameters give the same bytes everywhere");
    const auto options = std::make_shared<GenerateOptions>();
    command->add_option("generator", options->generator, "kind: see ebb describe generator")
        ->required();
    command->add_option("file", options->out, "file to write (default: standard output)");
    command->add_option("--seed", options->seed, "another seed, another draw (default 1)");
    command->add_option("--duration", options->duration,
                        "length with unit, such as \"60 s\" or \"2 d\"");
    command->add_option("--set", options->sets,
                        "parameter=value, repeatable; see: ebb describe generator.rf");
    command->add_option("--out", options->out, "the same as the file");
    command->fallthrough();
    command->callback([&session, options] { generate_file(session, *options); });
}

void add_trace_convert(CLI::App& trace, Session& session) {
    auto* const command = trace.add_subcommand(
        "convert", "Write a trace of any format as csv: changes only, energy unchanged");
    const auto options = std::make_shared<ConvertOptions>();
    add_trace_options(*command, options->trace);
    command->add_option("out", options->out, "csv file to write")->required();
    command->fallthrough();
    command->callback([&session, options] { convert_file(session, *options); });
}

}  // namespace ebb
