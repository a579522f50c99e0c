// SPDX-License-Identifier: Apache-2.0
/// `ebb sweep FILE`: many runs of a scenario, on all cores, into one table.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/core/quantity.hpp"
#include "sim/analysis/forked_map.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/result/text_format.hpp"
#include "sim/sweep/export_csv.hpp"
#include "sim/sweep/run_sweep.hpp"
#include "sim/sweep/sweep_text.hpp"

namespace ebb {

namespace {

namespace fs = std::filesystem;

constexpr int kIncomplete = 3;
constexpr double kShowAfter_s = 1.0;
constexpr double kShowEvery_s = 0.2;
constexpr std::uint64_t kEstimateRuns = 5;
constexpr double kEstimateAfter_s = 0.2;  ///< the very first runs are slower than the others
constexpr double kEstimateAtLatest_s = 5.0;

struct SweepCommand {
    std::string file, out, shard, limit_time, limit_memory;
    std::vector<std::string> sets;
    int jobs = 0;
    bool csv = false;
};

[[noreturn]] void refuse(const std::string& option, const std::string& message,
                         const std::string& hint) {
    throw InputError({{{option, 0, 0, {}, 1}, message, hint, ""}});
}

Shard shard_of(const std::string& text) {
    if (text.empty()) {
        return {};
    }
    const std::size_t slash = text.find('/');
    const auto index = parse_integer(text.substr(0, slash));
    const auto count =
        slash == std::string::npos ? ParsedInteger{} : parse_integer(text.substr(slash + 1));
    if (!index.value || !count.value || *count.value < 1 || *index.value < 0 ||
        *index.value >= *count.value || *count.value > 1000000) {
        refuse("--shard", fmt::format("'{}' is no shard", text),
               "i/N with i from 0 to N - 1, for example 0/8");
    }
    return {static_cast<std::uint64_t>(*index.value), static_cast<std::uint64_t>(*count.value)};
}

std::optional<double> limit_of(const char* option, const std::string& text, Dimension d,
                               double least) {
    if (text.empty()) {
        return std::nullopt;
    }
    const ParsedQuantity limit = parse_quantity(text, d);
    if (!limit.value || *limit.value < least) {
        refuse(
            option,
            fmt::format("'{}' {}", text,
                        limit.value ? "is less than " + format_quantity(least, d) : limit.message),
            limit.hint);
    }
    return limit.value;
}

std::size_t workers_of(int jobs) {
    return jobs > 0 ? static_cast<std::size_t>(jobs) : usable_processors();
}

/// On stderr: the estimate once the first runs are in, then on terminals a line that is renewed.
class Telling {
public:
    explicit Telling(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) != 0) {}

    void operator()(const SweepProgress& p) {
        if (quiet_) {
            return;
        }
        const bool enough = (p.ran >= kEstimateRuns && p.elapsed_s > kEstimateAfter_s) ||
                            (p.ran > 0 && p.elapsed_s > kEstimateAtLatest_s);
        if (!estimated_ && enough && p.done < p.total) {
            estimated_ = true;
            const double left_s =
                p.elapsed_s / static_cast<double>(p.ran) * static_cast<double>(p.total - p.done);
            if (left_s > kShowAfter_s) {
                std::cerr << fmt::format("about {} by the first {} runs\n", duration_text(left_s),
                                         p.ran);
            }
        }
        if (terminal_ && p.elapsed_s > kShowAfter_s && p.elapsed_s > shown_s_ + kShowEvery_s) {
            shown_s_ = p.elapsed_s;
            std::cerr << "\r\x1b[K" << progress_text(p) << std::flush;
            shown_ = true;
        }
    }
    void finish() const {
        if (shown_) {
            std::cerr << "\r\x1b[K" << std::flush;
        }
    }

private:
    bool quiet_, terminal_;
    bool estimated_ = false, shown_ = false;
    double shown_s_ = 0.0;
};

nlohmann::ordered_json json_of(const SweepOutcome& o, const SweepPlan& plan,
                               const std::string& csv) {
    nlohmann::ordered_json json = {{"points", plan.points()},
                                   {"repeats", plan.repeats()},
                                   {"runs", o.total},
                                   {"done", o.done},
                                   {"failed", o.failed},
                                   {"ran", o.ran},
                                   {"kept", o.kept},
                                   {"stopped", o.stopped},
                                   {"workers_replaced", o.replaced},
                                   {"scenarios_read", o.readings},
                                   {"wall_s", o.wall_s},
                                   {"database", o.database}};
    json["csv"] = csv.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(csv);
    return json;
}

SweepOptions options_of(const SweepCommand& command, const Session& session,
                        const SweepPlan& plan) {
    SweepOptions options;
    options.folder =
        command.out.empty() ? fs::path(command.file).stem().string() + ".results" : command.out;
    options.workers = workers_of(command.jobs);
    options.shard = shard_of(command.shard);
    options.limit_s = limit_of("--limit-time", command.limit_time, Dimension::time, 1e-3);
    options.limit_bytes = limit_of("--limit-memory", command.limit_memory, Dimension::bytes, 1e6);
    if (!options.limit_s) {
        options.limit_s = plan.spec().limit_s;
    }
    if (!options.limit_bytes) {
        options.limit_bytes = plan.spec().limit_bytes;
    }
    options.version = EBB_VERSION;
    options.commit = EBB_COMMIT;
    options.command = session.command;
    return options;
}

void sweep(Session& session, const SweepCommand& command) {
    static_cast<void>(shard_of(command.shard));  // before anything is read
    Registry registry;
    register_all(registry);
    MistakeList mistakes;
    SweepSpec spec = read_sweep_file(command.file, mistakes);
    const SweepPlan plan(std::move(spec), registry, read_options(session, command.sets),
                         std::move(mistakes));
    const MetricColumns metrics(plan.tasks());
    const SweepColumns columns(plan, metrics);
    const SweepOptions options = options_of(command, session, plan);
    const std::uint64_t runs =
        plan.count_wanted(options.shard.index, options.shard.count) * plan.repeats();
    if (runs == 0 && options.shard.count == 1) {
        refuse(command.file, "the conditions of sweep.where want none of the points", "");
    }
    Telling telling(session.quiet || session.json);
    if (!session.quiet && !session.json) {
        std::cerr << plan_text(plan, options, runs) << "\n";
    }
    const SweepOutcome outcome =
        run_sweep(plan, columns, options, [&](const SweepProgress& p) { telling(p); });
    telling.finish();
    Database database(outcome.database, Database::Mode::read);
    const std::string csv_path = fs::path(outcome.database).replace_extension(".csv").string();
    const bool csv = command.csv || fs::exists(csv_path);  // an old one would tell lies
    if (csv) {
        export_csv(database, csv_path);
    }
    if (session.json) {
        std::cout << json_of(outcome, plan, csv ? csv_path : "").dump(2) << "\n";
    } else if (!session.quiet) {
        std::cout << outcome_text(outcome, database);
        if (csv) {
            std::cout << "         " << csv_path << "\n";
        }
    }
    if (outcome.stopped) {
        std::cerr << fmt::format(
            "ebb: stopped with {} of {} runs kept; the same command goes on from there\n",
            outcome.done, outcome.total);
    }
    if (outcome.stopped || outcome.failed > 0) {
        session.status = kIncomplete;
    }
}

}  // namespace

void add_sweep(CLI::App& app, Session& session) {
    auto* const sub =
        app.add_subcommand("sweep", "Run a scenario over many values, on all cores, into a table");
    const auto command = std::make_shared<SweepCommand>();
    sub->add_option("FILE", command->file, "the sweep (see docs/sweeps.md)")->required();
    sub->add_option("--jobs", command->jobs, "workers (default: the processors it may use)")
        ->check(CLI::Range(1, 1024));
    sub->add_option("--shard", command->shard,
                    "i/N: only points i, i + N, ...; `ebb merge` joins the shards");
    sub->add_option("--out", command->out,
                    "folder for results.sqlite (default: FILE's name with .results)");
    sub->add_option("--set", command->sets,
                    "path=value: override a key of the scenario (may be repeated)")
        ->allow_extra_args(false);
    sub->add_flag("--csv", command->csv, "write results.csv as well");
    sub->add_option("--limit-time,--timeout", command->limit_time,
                    "longest time of one run, e.g. \"60 s\"; a longer one is a failed row");
    sub->add_option("--limit-memory", command->limit_memory,
                    "most memory of one run, e.g. \"500 MiB\"");
    sub->footer(
        "The same command again runs only what is missing. Exit status 3: runs failed, or it was "
        "stopped.");
    sub->callback([&session, command] { sweep(session, *command); });
}

}  // namespace ebb
