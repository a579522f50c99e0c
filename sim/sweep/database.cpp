// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <utility>

#include "models/core/error.hpp"

namespace ebb {

namespace {

constexpr int kBusyMs = 10000;

std::string doubled(const std::string& text, char quote) {
    std::string out(1, quote);
    for (const char c : text) {
        out += c;
        if (c == quote) {
            out += c;
        }
    }
    return out + quote;
}

}  // namespace

std::string sql_name(const std::string& name) { return doubled(name, '"'); }
std::string sql_text(const std::string& text) { return doubled(text, '\''); }

Database::Database(std::string path, Mode mode) : path_(std::move(path)) {
    const int flags =
        mode == Mode::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(path_.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        const std::string why = handle_ == nullptr ? "no memory" : sqlite3_errmsg(handle_);
        sqlite3_close(handle_);
        throw InputError({{{path_, 0, 0, {}, 1}, "cannot open the results: " + why, "", ""}});
    }
    sqlite3_busy_timeout(handle_, kBusyMs);
}

Database::~Database() { sqlite3_close(handle_); }

void Database::fail(const char* what) {
    std::string why = sqlite3_errmsg(handle_);
    const int code = sqlite3_errcode(handle_);
    if (code == SQLITE_FULL) {
        why = "the disk is full";
    } else if (code == SQLITE_IOERR) {
        why += " (is the disk full, or a limit on file sizes reached?)";
    }
    throw InputError(
        {{{path_, 0, 0, {}, 1}, fmt::format("cannot {} the results: {}", what, why), "", ""}});
}

void Database::execute(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        fail(sqlite3_db_readonly(handle_, "main") == 1 ? "read" : "write");
    }
}

std::string Database::value(const std::string& sql) {
    Statement statement(*this, sql);
    return statement.step() && !statement.is_null(0) ? statement.text(0) : std::string();
}

bool Database::has_table(const std::string& name) {
    return !value("SELECT 1 FROM sqlite_master WHERE name = " + sql_text(name)).empty();
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

Statement::Statement(Database& database, const std::string& sql) : database_(&database) {
    if (sqlite3_prepare_v3(database.handle(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                           &statement_, nullptr) != SQLITE_OK) {
        database.fail("read");
    }
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::bind(int at, std::int64_t value) {
    sqlite3_bind_int64(statement_, at, value);
    return *this;
}
Statement& Statement::bind(int at, double value) {
    sqlite3_bind_double(statement_, at, value);
    return *this;
}
Statement& Statement::bind(int at, std::string_view value) {
    sqlite3_bind_text64(statement_, at, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}
Statement& Statement::bind_null(int at) {
    sqlite3_bind_null(statement_, at);
    return *this;
}
Statement& Statement::bind(int at, const Cell& cell) {
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
        return bind(at, *whole);
    }
    if (const auto* real = std::get_if<double>(&cell)) {
        return bind(at, *real);
    }
    if (const auto* text = std::get_if<std::string>(&cell)) {
        return bind(at, std::string_view(*text));
    }
    return bind_null(at);
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        const bool reads = sqlite3_stmt_readonly(statement_) != 0;
        sqlite3_reset(statement_);
        database_->fail(reads ? "read" : "write");
    }
    sqlite3_reset(statement_);
    return false;
}

void Statement::reset() { sqlite3_reset(statement_); }

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }
std::string Statement::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr
               ? std::string()
               : std::string(text,
                             static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}
Cell Statement::cell(int column) const {
    switch (sqlite3_column_type(statement_, column)) {
        case SQLITE_INTEGER:
            return integer(column);
        case SQLITE_FLOAT:
            return real(column);
        case SQLITE_NULL:
            return {};
        default:
            return text(column);
    }
}
int Statement::columns() const { return sqlite3_column_count(statement_); }
std::string Statement::name(int column) const { return sqlite3_column_name(statement_, column); }

bool on_local_disk(const std::string& folder) {
    struct statfs info {};
    if (::statfs(folder.c_str(), &info) != 0) {
        return false;
    }
    // linux/magic.h and the file systems' own headers: ext, xfs, btrfs, f2fs, tmpfs, overlay, zfs,
    // bcachefs. Whatever else (nfs, lustre, gpfs, beegfs, cifs, fuse) may be shared.
    constexpr std::array<std::uint32_t, 8> kLocal = {0xEF53U,     0x58465342U, 0x9123683EU,
                                                     0xF2F52010U, 0x01021994U, 0x794C7630U,
                                                     0x2FC12FC1U, 0xCA451A4EU};
    const auto type = static_cast<std::uint32_t>(info.f_type);
    return std::find(kLocal.begin(), kLocal.end(), type) != kLocal.end();
}

}  // namespace ebb
