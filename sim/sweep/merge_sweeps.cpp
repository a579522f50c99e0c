// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/merge_sweeps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <system_error>

#include "models/core/error.hpp"
#include "sim/sweep/run_sweep.hpp"
#include "sim/sweep/sweep_table.hpp"

namespace ebb {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& message,
                         const std::string& hint = {}) {
    throw InputError({{{path, 0, 0, {}, 1}, message, hint, ""}});
}

std::uint64_t number(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool is_results(const fs::path& path) {
    const std::string name = path.filename().string();
    return path.extension() == ".sqlite" && name.compare(0, 8, "results.") == 0;
}

/// Databases in the order of their shards; the output itself is none of them.
std::vector<std::string> databases_in(const std::vector<std::string>& folders,
                                      const std::string& out) {
    std::vector<std::string> all;
    for (const std::string& folder : folders) {
        std::error_code error;
        if (fs::is_regular_file(folder, error)) {
            all.push_back(folder);
            continue;
        }
        const std::size_t before = all.size();
        fs::directory_iterator at(folder, error);
        if (error) {
            refuse(folder, fmt::format("cannot read the folder: {}", error.message()));
        }
        for (const fs::directory_entry& entry : at) {
            const bool self = fs::equivalent(entry.path(), out, error);
            if (is_results(entry.path()) && !self) {
                all.push_back(entry.path().string());
            }
        }
        if (all.size() == before) {
            refuse(folder, "this folder holds no results of a sweep",
                   "ebb sweep FILE --shard i/N --out DIR writes results.i-of-N.sqlite");
        }
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

struct Source {
    std::string path;
    std::string layout;
    Shard shard;
    std::uint64_t runs = 0, rows = 0;
};

Source look_at(const std::string& path) {
    Database database(path, Database::Mode::read);
    if (!database.has_table("runs") || !database.has_table("provenance")) {
        refuse(path, "this is no database of a sweep");
    }
    Source source;
    source.path = path;
    source.layout = provenance(database, "layout");
    const std::string shard = provenance(database, "shard");
    source.shard = {number(shard), number(shard.substr(shard.find('/') + 1))};
    source.runs = number(provenance(database, "runs"));
    source.rows = number(database.value("SELECT COUNT(*) FROM runs"));
    return source;
}

void copy_provenance(Database& out, Database& from) {
    out.execute("DELETE FROM provenance");
    Statement select(from, "SELECT key, value FROM provenance");
    while (select.step()) {
        write_provenance(out, select.text(0), select.text(1));
    }
}

std::string names_of(const std::vector<Column>& columns) {
    std::string names = "run, point, repeat, identity, status, reason";
    for (const Column& column : columns) {
        names += ", " + sql_name(column.name);
    }
    return names;
}

void check_together(const std::vector<Source>& sources) {
    for (const Source& source : sources) {
        if (source.layout != sources.front().layout ||
            source.shard.count != sources.front().shard.count) {
            refuse(source.path,
                   fmt::format("these results are not of the same sweep as '{}'",
                               sources.front().path),
                   "sweep file, scenario, --set and the number of shards must be equal");
        }
    }
}

}  // namespace

MergeOutcome merge_sweeps(const std::vector<std::string>& folders, const std::string& out_folder) {
    MergeOutcome out;
    std::error_code error;
    fs::create_directories(out_folder, error);
    if (error) {
        refuse(out_folder, fmt::format("cannot create the output folder: {}", error.message()));
    }
    out.database = database_path(out_folder, {});
    std::vector<Source> sources;
    for (const std::string& path : databases_in(folders, out.database)) {
        sources.push_back(look_at(path));
    }
    if (sources.empty()) {
        refuse(folders.front(), "there is nothing to merge but the output itself");
    }
    check_together(sources);
    // Built beside and renamed: a merge that is killed leaves what was there.
    const std::string part = out.database + ".part";
    fs::remove(part, error);
    {
        Database merged(part, Database::Mode::write);
        merged.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        Database first(sources.front().path, Database::Mode::read);
        const std::vector<Column> columns = read_columns(first);
        merged.execute("BEGIN");
        merged.execute(create_runs(columns));
        write_columns(merged, columns);
        merged.execute("CREATE TABLE provenance (key TEXT PRIMARY KEY, value TEXT)");
        copy_provenance(merged, first);
        merged.execute("COMMIT");
        const std::string names = names_of(columns);
        for (const Source& source : sources) {
            merged.execute(fmt::format("ATTACH {} AS shard", sql_text(source.path)));
            // The same run may be in two files; a result counts more than a failure.
            merged.execute(fmt::format(
                "INSERT INTO runs ({0}) SELECT {0} FROM shard.runs AS theirs WHERE true "
                "ON CONFLICT (run) DO NOTHING",
                names));
            merged.execute(fmt::format(
                "INSERT OR REPLACE INTO runs ({0}) SELECT {0} FROM shard.runs AS theirs WHERE "
                "theirs.status = 'done' AND EXISTS (SELECT 1 FROM main.runs AS ours WHERE "
                "ours.run = theirs.run AND ours.status <> 'done')",
                names));
            merged.execute("DETACH shard");
        }
        out.shards = sources.front().shard.count;
        std::map<std::uint64_t, std::uint64_t> runs_of;
        for (const Source& source : sources) {
            out.sources.push_back(source.path);
            runs_of[source.shard.index] = source.runs;
            if (source.rows < source.runs) {
                out.incomplete.push_back(fmt::format("{}: {} of {} runs are missing", source.path,
                                                     source.runs - source.rows, source.runs));
            }
        }
        for (std::uint64_t i = 0; i < out.shards; ++i) {
            if (runs_of.count(i) == 0) {
                out.missing_shards.push_back(i);
            }
        }
        for (const auto& [index, runs] : runs_of) {
            out.total += runs;
        }
        out.done = number(merged.value("SELECT COUNT(*) FROM runs WHERE status = 'done'"));
        out.failed = number(merged.value("SELECT COUNT(*) FROM runs")) - out.done;
        out.missing = out.total - std::min(out.total, out.done + out.failed);
        write_provenance(merged, "runs", std::to_string(out.total));
        write_provenance(merged, "shard", "0/1");
        write_provenance(merged, "merged_from", fmt::format("{} databases", sources.size()));
    }
    fs::rename(part, out.database, error);
    if (error) {
        refuse(out.database, fmt::format("cannot write the results: {}", error.message()));
    }
    return out;
}

}  // namespace ebb
