// SPDX-License-Identifier: Apache-2.0
/// SQLite with destructors: a connection and its prepared statements. Errors are InputError with
/// the file and SQLite's reason (a full disk, no permission, no database).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/sweep/run_row.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace ebb {

class Database;

class Statement {
public:
    Statement(Database& database, const std::string& sql);
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    Statement(const Statement&) = delete;

    /// Parameters from 1.
    Statement& bind(int at, std::int64_t value);
    Statement& bind(int at, double value);
    Statement& bind(int at, std::string_view value);
    Statement& bind_null(int at);
    Statement& bind(int at, const Cell& cell);

    /// Next row; false, and ready to be bound anew, at the end.
    bool step();
    void reset();
    /// Columns from 0.
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] Cell cell(int column) const;
    [[nodiscard]] int columns() const;
    [[nodiscard]] std::string name(int column) const;

private:
    Database* database_;
    sqlite3_stmt* statement_ = nullptr;
};

class Database {
public:
    enum class Mode { write, read };
    Database(std::string path, Mode mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void execute(const std::string& sql);
    /// First column of the first row; empty text if there is none.
    [[nodiscard]] std::string value(const std::string& sql);
    [[nodiscard]] bool has_table(const std::string& name);
    /// Rows that the last statement changed.
    [[nodiscard]] std::int64_t changes() const;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] sqlite3* handle() { return handle_; }
    /// Throws InputError with what SQLite says.
    [[noreturn]] void fail(const char* what);

private:
    std::string path_;
    sqlite3* handle_ = nullptr;
};

/// A name as SQL takes it: "store.capacitance_f" in quotes.
[[nodiscard]] std::string sql_name(const std::string& name);
/// A text as SQL takes it.
[[nodiscard]] std::string sql_text(const std::string& text);

/// Is the folder on a file system of this machine? Unknown ones count as not.
[[nodiscard]] bool on_local_disk(const std::string& folder);

}  // namespace ebb
