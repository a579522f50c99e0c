// SPDX-License-Identifier: Apache-2.0
/// A small results.sqlite as a sweep leaves it, from rows that a test writes down.
#pragma once

#include <fmt/format.h>
#include <sqlite3.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace ebb::test {

struct MadeColumn {
    std::string name, unit, kind, type = "REAL";
};

/// Cells are SQL: "1.5", "NULL", "'jit'".
struct MadeRun {
    int point = 0, repeat = 0;
    std::vector<std::string> cells;
    std::string status = "done", reason = "";
};

inline std::string sql_number(double x) {
    return std::isnan(x) ? std::string("NULL") : fmt::format("{:.17g}", x);
}

inline void make_sweep(const std::string& path, const std::vector<MadeColumn>& columns,
                       const std::vector<MadeRun>& runs) {
    sqlite3* db = nullptr;
    sqlite3_open(path.c_str(), &db);
    std::string sql =
        "BEGIN; CREATE TABLE provenance (key TEXT PRIMARY KEY, value TEXT);"
        "CREATE TABLE columns (name TEXT PRIMARY KEY, unit TEXT, kind TEXT, type TEXT, definition "
        "TEXT); CREATE TABLE runs (run INTEGER PRIMARY KEY, point INTEGER NOT NULL, repeat INTEGER "
        "NOT NULL, identity TEXT, status TEXT NOT NULL, reason TEXT";
    for (const MadeColumn& c : columns) {
        sql += fmt::format(", \"{}\" {}", c.name, c.type);
    }
    sql += ");";
    for (const MadeColumn& c : columns) {
        sql += fmt::format("INSERT INTO columns VALUES ('{}','{}','{}','{}','');", c.name, c.unit,
                           c.kind, c.type);
    }
    int n = 0;
    for (const MadeRun& r : runs) {
        sql += fmt::format("INSERT INTO runs VALUES ({},{},{},'id{}','{}','{}'", n, r.point,
                           r.repeat, n, r.status, r.reason);
        for (const std::string& cell : r.cells) {
            sql += "," + cell;
        }
        sql += ");";
        ++n;
    }
    sql += "COMMIT;";
    char* what = nullptr;
    const int code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &what);
    const std::string message = what == nullptr ? "" : what;
    sqlite3_free(what);
    sqlite3_close(db);
    if (code != SQLITE_OK) {
        throw std::runtime_error(message);
    }
}

}  // namespace ebb::test
