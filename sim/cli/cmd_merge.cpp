// SPDX-License-Identifier: Apache-2.0
/// `ebb merge DIR...`: joins the shards of a sweep.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/core/nearest.hpp"
#include "sim/cli/session.hpp"
#include "sim/result/text_format.hpp"
#include "sim/sweep/export_csv.hpp"
#include "sim/sweep/merge_sweeps.hpp"
#include "sim/sweep/sweep_text.hpp"

namespace ebb {

namespace {

constexpr int kIncomplete = 3;

struct MergeCommand {
    std::vector<std::string> folders;
    std::string out;
    bool csv = false;
};

std::string count(std::uint64_t n) { return count_text(static_cast<std::int64_t>(n)); }

std::string list_of(const std::vector<std::uint64_t>& numbers) {
    constexpr std::size_t kShown = 20;
    std::vector<std::string> texts;
    for (const std::uint64_t n : numbers) {
        texts.push_back(texts.size() == kShown ? "..." : std::to_string(n));
        if (texts.size() > kShown) {
            break;
        }
    }
    return joined(texts);
}

void tell(const MergeOutcome& o, Database& database, const std::string& csv) {
    std::cout << fmt::format("{} of {} runs done", count(o.done), count(o.total));
    std::cout << (o.failed > 0 ? fmt::format(", {} failed", count(o.failed)) : "");
    std::cout << fmt::format("; from {} database{}\n", o.sources.size(),
                             o.sources.size() == 1 ? "" : "s");
    std::cout << failures_text(database);
    for (const std::string& line : o.incomplete) {
        std::cout << "  " << line << "\n";
    }
    if (!o.missing_shards.empty()) {
        std::cout << fmt::format("  {} of {} shards are missing: {}\n", o.missing_shards.size(),
                                 o.shards, list_of(o.missing_shards));
    }
    std::cout << "results: " << o.database << "\n";
    if (!csv.empty()) {
        std::cout << "         " << csv << "\n";
    }
}

void merge(Session& session, const MergeCommand& command) {
    const MergeOutcome outcome = merge_sweeps(command.folders, command.out);
    Database database(outcome.database, Database::Mode::read);
    const std::string csv_path =
        std::filesystem::path(outcome.database).replace_extension(".csv").string();
    const bool csv = command.csv || std::filesystem::exists(csv_path);
    if (csv) {
        export_csv(database, csv_path);
    }
    if (session.json) {
        const nlohmann::ordered_json json = {
            {"runs", outcome.total},      {"done", outcome.done},
            {"failed", outcome.failed},   {"missing", outcome.missing},
            {"shards", outcome.shards},   {"missing_shards", outcome.missing_shards},
            {"sources", outcome.sources}, {"database", outcome.database}};
        std::cout << json.dump(2) << "\n";
    } else if (!session.quiet) {
        tell(outcome, database, csv ? csv_path : "");
    }
    if (outcome.failed > 0 || outcome.missing > 0 || !outcome.missing_shards.empty()) {
        session.status = kIncomplete;
    }
}

}  // namespace

void add_merge(CLI::App& app, Session& session) {
    auto* const sub = app.add_subcommand("merge", "Join the shards of a sweep into one table");
    const auto command = std::make_shared<MergeCommand>();
    sub->add_option("DIR", command->folders, "folders with results of shards")->required();
    sub->add_option("--out", command->out, "folder for the joined results.sqlite")->required();
    sub->add_flag("--csv", command->csv, "write results.csv as well");
    sub->footer("Exit status 3: runs failed, or shards or runs are missing.");
    sub->callback([&session, command] { merge(session, *command); });
}

}  // namespace ebb
