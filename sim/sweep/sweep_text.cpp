// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/sweep_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/result/text_format.hpp"
#include "sim/sweep/sweep_table.hpp"

namespace ebb {

namespace {

constexpr std::int64_t kMostRows = 40;
constexpr std::size_t kMostWidth = 34;

std::string count(std::uint64_t n) { return count_text(static_cast<std::int64_t>(n)); }

const char* plural(std::uint64_t n) { return n == 1 ? "" : "s"; }

std::string cell_text(const Cell& cell, const std::string& unit) {
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
        return count_text(*whole);
    }
    if (const auto* real = std::get_if<double>(&cell)) {
        if (!unit.empty() && unit != "1") {
            return engineering(*real, unit);
        }
        return fmt::format("{:.4g}", *real);
    }
    if (const auto* text = std::get_if<std::string>(&cell)) {
        return width_of(*text) <= kMostWidth ? *text : text->substr(0, kMostWidth - 3) + "...";
    }
    return "-";
}

/// Columns of the short table: what varies, and what a reader asks first.
std::vector<Column> key_columns(Database& database) {
    std::vector<Column> key;
    for (Column& column : read_columns(database)) {
        const bool metric = column.kind == "metric";
        const bool wanted =
            !metric || column.name == "work.jobs_done" || column.name == "work.latency_mean_s" ||
            column.name == "power.brown_outs" || column.name == "work.forward_progress" ||
            column.name == "energy_j.harvested";
        if (wanted && column.kind != "repeat") {
            key.push_back(std::move(column));
        }
    }
    return key;
}

std::string table_text(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const auto& row : rows) {
        for (std::size_t c = 0; c < row.size(); ++c) {
            widths[c] = std::max(widths[c], width_of(row[c]));
        }
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            line += std::string(widths[c] - width_of(row[c]), ' ') + row[c] +
                    (c + 1 < row.size() ? "  " : "");
        }
        out += line + "\n";
    }
    return out;
}

}  // namespace

std::string plan_text(const SweepPlan& plan, const SweepOptions& options, std::uint64_t runs) {
    std::string text = fmt::format("{} run{}", count(runs), plural(runs));
    if (plan.repeats() > 1) {
        const std::uint64_t points = runs / plan.repeats();
        text += fmt::format(": {} point{} x {} repeats", count(points), plural(points),
                            count(plan.repeats()));
    }
    if (!plan.spec().where.empty()) {
        text += fmt::format(", of {} combinations", count(plan.points()));
    }
    if (options.shard.count > 1) {
        text += fmt::format(", shard {} of {}", options.shard.index, options.shard.count);
    }
    return text + fmt::format(", on {} worker{}", options.workers, plural(options.workers));
}

std::string progress_text(const SweepProgress& p) {
    std::string text = fmt::format("{}/{}", count(p.done), count(p.total));
    if (p.ran > 0 && p.elapsed_s > 0.0) {
        const double rate = static_cast<double>(p.done) / p.elapsed_s;
        text += fmt::format(
            "   {} runs/s   {} left",
            rate < 10.0 ? fmt::format("{:.1f}", rate) : count(static_cast<std::uint64_t>(rate)),
            duration_text(static_cast<double>(p.total - p.done) / rate));
    }
    if (p.failed > 0) {
        text += fmt::format("   {} failed", count(p.failed));
    }
    return text;
}

std::string failures_text(Database& database) {
    Statement select(database,
                     "SELECT status, reason, COUNT(*), MIN(point) FROM runs WHERE status <> 'done' "
                     "GROUP BY status, reason ORDER BY 3 DESC, 4 LIMIT 6");
    constexpr int kShown = 5;
    std::string out;
    for (int i = 0; select.step(); ++i) {
        if (i == kShown) {
            out += "  ... see the columns status and reason\n";
            break;
        }
        out += fmt::format("  {:>6} {}: {} (first: point {})\n",
                           count(static_cast<std::uint64_t>(select.integer(2))), select.text(0),
                           select.text(1), select.integer(3));
    }
    return out;
}

std::string rows_text(Database& database) {
    Statement size(database, "SELECT COUNT(*) FROM runs");
    if (!size.step() || size.integer(0) > kMostRows || size.integer(0) == 0) {
        return {};
    }
    const std::vector<Column> key = key_columns(database);
    std::vector<std::vector<std::string>> rows(1);
    const bool repeats = database.value("SELECT MAX(repeat) FROM runs") != "0";
    rows[0].emplace_back("point");
    if (repeats) {
        rows[0].emplace_back("repeat");
    }
    std::string names;
    for (const Column& column : key) {
        rows[0].push_back(column.name);
        names += ", " + sql_name(column.name);
    }
    Statement select(database, "SELECT point, repeat, status" + names + " FROM runs ORDER BY run");
    while (select.step()) {
        std::vector<std::string> row = {std::to_string(select.integer(0))};
        if (repeats) {
            row.push_back(std::to_string(select.integer(1)));
        }
        bool told = select.text(2) == "done";
        for (std::size_t c = 0; c < key.size(); ++c) {
            const bool input = key[c].kind == "input";
            row.push_back(
                input || told ? cell_text(select.cell(static_cast<int>(c) + 3), key[c].unit) : "");
            if (!input && !told && select.text(2) != "done" && row.back().empty()) {
                row.back() = select.text(2);
                break;
            }
        }
        row.resize(rows[0].size());
        rows.push_back(std::move(row));
    }
    return table_text(rows) + "\n";
}

std::string outcome_text(const SweepOutcome& o, Database& database) {
    std::string text = rows_text(database);
    text += fmt::format("{} of {} runs done", count(o.done), count(o.total));
    if (o.failed > 0) {
        text += fmt::format(", {} failed", count(o.failed));
    }
    if (o.kept > 0) {
        text += fmt::format("; {} were there already", count(o.kept));
    }
    if (o.ran > 0) {
        text += fmt::format("; {} in {}, {} runs/s", count(o.ran), duration_text(o.wall_s),
                            count(static_cast<std::uint64_t>(static_cast<double>(o.ran) /
                                                             std::max(o.wall_s, 1e-9))));
    }
    text += "\n" + failures_text(database);
    return text + "results: " + o.database + "\n";
}

}  // namespace ebb
