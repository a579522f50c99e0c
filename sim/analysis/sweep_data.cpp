// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/sweep_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "models/core/error.hpp"
#include "models/core/nearest.hpp"
#include "sim/result/text_format.hpp"
#include "sim/sweep/database.hpp"

namespace ebb {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kFile = "results.sqlite";

[[noreturn]] void refuse(const std::string& path, std::string message, std::string note = {}) {
    Mistake mistake;
    mistake.place.file = path;
    mistake.message = std::move(message);
    mistake.note = std::move(note);
    throw InputError(std::vector<Mistake>{mistake});
}

/// The database in a folder; what is wrong with a folder without one is said.
std::string database_of(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        refuse(path, "there is no such folder",
               "a sweep's folder is made by: ebb sweep FILE --out DIR");
    }
    if (!fs::is_directory(path, ignored)) {
        return path;
    }
    const std::string own = (fs::path(path) / kFile).string();
    if (fs::exists(own, ignored)) {
        return own;
    }
    std::vector<std::string> others;
    for (const auto& entry : fs::recursive_directory_iterator(path, ignored)) {
        if (entry.path().extension() == ".sqlite") {
            others.push_back(fs::relative(entry.path(), path, ignored).string());
        }
    }
    std::sort(others.begin(), others.end());
    refuse(path, fmt::format("holds no {}, so no sweep was finished into it", kFile),
           others.empty() ? "a sweep's folder is made by: ebb sweep FILE --out DIR"
                          : fmt::format("it holds {}: join shards with ebb merge", joined(others)));
}

struct Word {
    std::size_t row;
    std::string text;
};

/// Cells as they come, numbers and texts mixed; settled once all are known.
struct Incoming {
    SweepColumn column;
    int at = -1;
    std::vector<Word> words;
};

void check_tables(Database& db, const std::string& path) {
    std::vector<std::string> missing;
    for (const char* name : {"runs", "columns", "provenance"}) {
        if (!db.has_table(name)) {
            missing.push_back(name);
        }
    }
    if (!missing.empty()) {
        refuse(path,
               fmt::format("has no table {}: it is not the database of a sweep", joined(missing)));
    }
}

std::vector<Incoming> declared_columns(Database& db) {
    std::vector<Incoming> all;
    Statement rows(db, "SELECT name, unit, kind FROM columns ORDER BY rowid");
    while (rows.step()) {
        all.push_back({{rows.text(0), rows.text(1), rows.text(2), false, {}}, -1, {}});
    }
    return all;
}

/// A column that holds a text anywhere is a column of texts: its numbers become texts as well.
void settle(Incoming& incoming, SweepData& table) {
    SweepColumn& column = incoming.column;
    column.text = !incoming.words.empty();
    if (column.text) {
        auto& words = table.vocabulary.words;
        const auto code = [&](const std::string& text) {
            const auto at = std::find(words.begin(), words.end(), text);
            const auto place = at - words.begin();
            if (at == words.end()) {
                words.push_back(text);
            }
            return static_cast<double>(place);
        };
        auto word = incoming.words.begin();
        for (std::size_t row = 0; row < column.cells.size(); ++row) {
            if (word != incoming.words.end() && word->row == row) {
                column.cells[row] = code(word->text);
                ++word;
            } else if (!std::isnan(column.cells[row])) {
                column.cells[row] = code(shortest(column.cells[row]));
            }
        }
    }
    table.vocabulary.names.push_back(column.name);
    table.vocabulary.text.push_back(column.text);
    table.columns.push_back(std::move(column));
}

void read_rows(Database& db, std::vector<Incoming>& incoming, SweepData& table) {
    Statement rows(db, "SELECT * FROM runs ORDER BY point, repeat");
    int point = -1, repeat = -1, status = -1, reason = -1;
    for (int i = 0; i < rows.columns(); ++i) {
        const std::string heading = rows.name(i);
        for (const auto& [name, at] : {std::pair<const char*, int*>{"point", &point},
                                       {"repeat", &repeat},
                                       {"status", &status},
                                       {"reason", &reason}}) {
            if (heading == name) {
                *at = i;
            }
        }
        for (Incoming& one : incoming) {
            if (one.column.name == heading) {
                one.at = i;
            }
        }
    }
    if (point < 0 || repeat < 0 || status < 0 || reason < 0) {
        refuse(table.path, "its table runs lacks one of point, repeat, status, reason");
    }
    incoming.erase(std::remove_if(incoming.begin(), incoming.end(),
                                  [](const Incoming& one) { return one.at < 0; }),
                   incoming.end());
    std::map<std::string, std::size_t> reasons;
    while (rows.step()) {
        const std::size_t row = table.rows();
        table.point.push_back(rows.integer(point));
        table.repeat.push_back(rows.integer(repeat));
        const bool done = rows.text(status) == "done";
        table.done.push_back(done);
        if (!done) {
            ++reasons[rows.text(reason)];
        }
        if (row > 0 && table.point[row] == table.point[row - 1] &&
            table.repeat[row] == table.repeat[row - 1]) {
            refuse(table.path, fmt::format("holds repeat {} of point {} twice", table.repeat[row],
                                           table.point[row]));
        }
        for (Incoming& one : incoming) {
            const bool known = done || one.column.kind == "input" || one.column.kind == "repeat";
            const Cell cell = known ? rows.cell(one.at) : Cell{};
            if (const auto* text = std::get_if<std::string>(&cell)) {
                one.words.push_back({row, *text});
            }
            one.column.cells.push_back(number_of(cell).value_or(kNone));
        }
    }
    table.failures.assign(reasons.begin(), reasons.end());
    std::stable_sort(table.failures.begin(), table.failures.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
}

}  // namespace

std::size_t SweepData::done_rows() const {
    return static_cast<std::size_t>(std::count(done.begin(), done.end(), true));
}

std::string SweepData::cell_text(std::size_t column, std::size_t row) const {
    const double cell = columns[column].cells[row];
    if (std::isnan(cell)) {
        return {};
    }
    return columns[column].text ? vocabulary.words[static_cast<std::size_t>(cell)] : shortest(cell);
}

SweepData read_sweep(const std::string& path) {
    SweepData table;
    table.path = database_of(path);
    Database db(table.path, Database::Mode::read);
    check_tables(db, table.path);
    std::vector<Incoming> incoming = declared_columns(db);
    read_rows(db, incoming, table);
    for (Incoming& one : incoming) {
        settle(one, table);
    }
    Statement facts(db, "SELECT key, value FROM provenance");
    while (facts.step()) {
        table.provenance[facts.text(0)] = facts.text(1);
    }
    if (table.rows() == 0) {
        refuse(table.path, "holds no runs", "run the sweep first: ebb sweep FILE --out DIR");
    }
    if (table.done_rows() == 0) {
        refuse(table.path, fmt::format("none of its {} runs is done", table.rows()),
               failures_text(table));
    }
    return table;
}

std::vector<PointRows> points_of(const SweepData& table) {
    std::vector<PointRows> points;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (points.empty() || points.back().point != table.point[row]) {
            points.push_back({table.point[row], {}});
        }
        points.back().rows.push_back(row);
    }
    return points;
}

std::vector<std::size_t> axes_of(const SweepData& table) {
    std::vector<std::size_t> axes;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const SweepColumn& column = table.columns[c];
        if (column.kind != "input") {
            continue;
        }
        const auto same = [&](std::size_t a, std::size_t b) {
            return column.cells[a] == column.cells[b] ||
                   (std::isnan(column.cells[a]) && std::isnan(column.cells[b]));
        };
        bool within = false, between = false;
        for (std::size_t row = 1; row < table.rows(); ++row) {
            if (table.point[row] == table.point[row - 1]) {
                within |= !same(row, row - 1);
            }
            between |= !same(row, 0);
        }
        if (between && !within) {
            axes.push_back(c);
        }
    }
    return axes;
}

std::string failures_text(const SweepData& table) {
    const std::size_t failed = table.rows() - table.done_rows();
    if (failed == 0) {
        return {};
    }
    constexpr std::size_t kShown = 3;
    std::string text = fmt::format("{} of {} runs failed:", failed, table.rows());
    for (std::size_t i = 0; i < table.failures.size() && i < kShown; ++i) {
        const auto& [reason, count] = table.failures[i];
        text += fmt::format("{} {} x {}", i == 0 ? "" : ";", count,
                            reason.empty() ? "no reason given" : reason);
    }
    if (table.failures.size() > kShown) {
        text += fmt::format("; and {} other reasons", table.failures.size() - kShown);
    }
    return text;
}

}  // namespace ebb
