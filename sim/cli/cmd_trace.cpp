// SPDX-License-Identifier: Apache-2.0
/// `ebb trace list | info | fetch`: find, look at and download traces; cmd_trace_make.cpp has the
/// rest.
#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"
#include "sim/cli/session.hpp"
#include "sim/cli/trace_options.hpp"
#include "sim/trace/fetch.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/locate.hpp"
#include "sim/trace/trace_format.hpp"
#include "sim/trace/trace_report.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace ebb {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kUsualWidth = 80;

/// Characters of a line of the terminal; the usual number where there is none.
std::size_t terminal_width() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                             : kUsualWidth;
}

// ---- list ---------------------------------------------------------------------------------------

void list(const Session& session, const std::string& kind) {
    const Catalog catalog = Catalog::read(session.traces.catalog);
    const auto rows = rows_of_kind(catalog, kind);
    std::cout << (session.json ? list_json(rows, session.traces) : list_text(rows, session.traces));
}

void add_list(CLI::App& trace, Session& session) {
    auto* const command = trace.add_subcommand("list", "List the traces of the catalog");
    const auto kind = std::make_shared<std::string>();
    command->add_option("--kind", *kind, "only one kind: rf, solar, kinetic, generated, ...");
    command->fallthrough();
    command->callback([&session, kind] { list(session, *kind); });
}

// ---- info ---------------------------------------------------------------------------------------

struct InfoOptions {
    TraceOptions trace;
    std::string resistance;
    bool plot = false;
};

TraceInfo gather(const Session& session, const InfoOptions& options) {
    TraceInfo info;
    if (!options.resistance.empty()) {
        const ParsedQuantity r = parse_quantity(options.resistance, Dimension::resistance);
        if (!r.value || !(*r.value > 0.0))
            throw_mistake(
                argument("--resistance " + options.resistance),
                fmt::format("--resistance {}", r.value ? "must be above 0 Ohm" : r.message),
                r.hint);
        info.resistance_ohm = r.value;
    }
    const Catalog catalog = Catalog::read(session.traces.catalog);
    if (const CatalogRow* const row = catalog.find(options.trace.ref))
        info.row = *row;
    if (info.row && options.trace.format.empty() &&
        find_trace_format(info.row->format) == nullptr) {
        info.why_not = fmt::format("format {} cannot be read yet", info.row->format);
        return info;
    }
    TraceEnvironment here = session.traces;
    here.offline = true;  // looking at a trace does not download it
    std::vector<std::string> rejected;
    if (info.row && !locate(*info.row, here, rejected)) {
        info.why_not =
            info.row->status == "fetch"
                ? fmt::format("it is not on this machine: ebb trace fetch {}", info.row->id)
                : "it is not on this machine, and must be downloaded by hand";
        for (const std::string& reason : rejected)
            info.why_not += "; " + reason;
        return info;
    }
    info.trace = load_trace(request_of(options.trace), here, argument(options.trace.ref));
    return info;
}

void add_info(CLI::App& trace, Session& session) {
    auto* const command =
        trace.add_subcommand("info", "Show what is in a trace and where it is from");
    const auto options = std::make_shared<InfoOptions>();
    add_trace_options(*command, options->trace);
    command->add_option("--resistance", options->resistance,
                        "voltage traces: energy into this load, such as \"30 kOhm\"");
    command->add_flag("--plot", options->plot, "draw the trace even if this is no terminal");
    command->fallthrough();
    command->callback([&session, options] {
        const TraceInfo info = gather(session, *options);
        const bool plot = options->plot || (!session.quiet && ::isatty(STDOUT_FILENO) != 0);
        std::cout << (session.json ? info_json(info)
                                   : info_text(info, plot ? terminal_width() : 0));
    });
}

// ---- fetch --------------------------------------------------------------------------------------

struct FetchOptions {
    std::vector<std::string> ids;
    std::string mirror;
};

/// The rows of the ids; every unknown id is a mistake.
std::vector<const CatalogRow*> rows_of(const Catalog& catalog,
                                       const std::vector<std::string>& ids) {
    std::vector<const CatalogRow*> rows;
    std::vector<Mistake> mistakes;
    for (const std::string& id : ids) {
        if (const CatalogRow* const row = catalog.find(id)) {
            rows.push_back(row);
            continue;
        }
        mistakes.push_back({argument(id), fmt::format("there is no trace '{}' in the catalog", id),
                            did_you_mean(id, catalog.ids()), "see: ebb trace list"});
    }
    if (!mistakes.empty())
        throw InputError(std::move(mistakes));
    return rows;
}

void fetch(const Session& session, const FetchOptions& options) {
    TraceEnvironment environment = session.traces;
    if (!options.mirror.empty())
        environment.mirror = options.mirror;
    std::error_code code;
    if (!options.mirror.empty() && !is_url(options.mirror) &&
        !std::filesystem::is_directory(options.mirror, code))
        throw_mistake(argument("--mirror " + options.mirror),
                      fmt::format("there is no folder '{}'", options.mirror),
                      "expected a folder or an https address");
    if (is_url(options.mirror) && options.mirror.rfind("https://", 0) != 0)
        throw_mistake(argument("--mirror " + options.mirror),
                      fmt::format("the mirror '{}' is no https address", options.mirror),
                      "only https and folders are allowed");
    const Catalog catalog = Catalog::read(environment.catalog);
    Json out = Json::array();
    std::vector<Mistake> mistakes;  // one trace that fails does not keep the others away
    for (const CatalogRow* const row : rows_of(catalog, options.ids)) {
        try {
            const Fetched fetched = fetch_trace(*row, environment, argument(row->id));
            out.push_back({{"id", row->id},
                           {"path", fetched.path},
                           {"from", fetched.from},
                           {"sha256", row->sha256},
                           {"licence", row->licence},
                           {"notes", fetched.notes}});
            if (!session.json && !session.quiet)
                std::cout << fmt::format("{}: {} ({}), licence {}\n", row->id, fetched.path,
                                         fetched.from,
                                         row->licence.empty() ? "not stated" : row->licence);
        } catch (const InputError& error) {
            mistakes.insert(mistakes.end(), error.mistakes().begin(), error.mistakes().end());
        }
    }
    if (session.json)
        std::cout << out.dump(2) << "\n";
    if (!mistakes.empty())
        throw InputError(std::move(mistakes));
}

void add_fetch(CLI::App& trace, Session& session) {
    auto* const command = trace.add_subcommand(
        "fetch", "Download traces of the catalog into the cache, checksums verified");
    const auto options = std::make_shared<FetchOptions>();
    command->add_option("ids", options->ids, "ids of the catalog")->required();
    command->add_option("--mirror", options->mirror, "a folder or https address to look in first");
    command->fallthrough();
    command->callback([&session, options] { fetch(session, *options); });
}

}  // namespace

void add_trace(CLI::App& app, Session& session) {
    auto* const trace =
        app.add_subcommand("trace", "Find, inspect, fetch, generate and convert traces");
    trace->require_subcommand(1);
    trace->fallthrough();
    add_list(*trace, session);
    add_info(*trace, session);
    add_fetch(*trace, session);
    add_trace_generate(*trace, session);
    add_trace_convert(*trace, session);
}

}  // namespace ebb
