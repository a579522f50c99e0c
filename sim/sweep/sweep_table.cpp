// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/sweep_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sim/trace/sha256.hpp"

namespace ebb {

namespace {

const char* sql_type(CellType type) {
    switch (type) {
        case CellType::integer:
            return "INTEGER";
        case CellType::real:
            return "REAL";
        case CellType::text:
            return "TEXT";
    }
    return "";
}

/// "a", "b", ... of the metrics.
std::string metric_list(const std::vector<Column>& columns) {
    std::string list;
    for (const Column& column : columns) {
        if (column.kind == "metric") {
            list += ", " + sql_name(column.name);
        }
    }
    return list;
}

/// The inputs of a row as one JSON object, so that a row set aside still says what it was.
std::string inputs_json(const std::vector<Column>& columns) {
    std::string list;
    for (const Column& column : columns) {
        if (column.kind == "input" || column.kind == "repeat") {
            list +=
                (list.empty() ? "" : ", ") + sql_text(column.name) + ", " + sql_name(column.name);
        }
    }
    return "json_object(" + list + ")";
}

std::string insert_earlier(const std::vector<Column>& columns, const char* condition) {
    const std::string metrics = metric_list(columns);
    return fmt::format(
        "INSERT OR REPLACE INTO earlier (identity, inputs{}) SELECT identity, {}{} FROM runs WHERE "
        "status = 'done'{}",
        metrics, inputs_json(columns), metrics, condition);
}

constexpr const char* kThisRun = " AND run = ?";

}  // namespace

std::string create_runs(const std::vector<Column>& columns) {
    std::string sql =
        "CREATE TABLE runs (run INTEGER PRIMARY KEY, point INTEGER NOT NULL, repeat INTEGER NOT "
        "NULL, identity TEXT, status TEXT NOT NULL, reason TEXT";
    for (const Column& column : columns) {
        sql += ", " + sql_name(column.name) + " " + sql_type(column.type);
    }
    return sql + ")";
}

void write_columns(Database& database, const std::vector<Column>& columns) {
    database.execute("DROP TABLE IF EXISTS columns");
    database.execute(
        "CREATE TABLE columns (name TEXT PRIMARY KEY, unit TEXT, kind TEXT, type TEXT, definition "
        "TEXT)");
    Statement insert(database, "INSERT INTO columns VALUES (?, ?, ?, ?, ?)");
    for (const Column& column : columns) {
        insert.bind(1, std::string_view(column.name))
            .bind(2, std::string_view(column.unit))
            .bind(3, std::string_view(column.kind))
            .bind(4, std::string_view(sql_type(column.type)))
            .bind(5, std::string_view(column.definition));
        insert.step();
    }
}

std::vector<Column> read_columns(Database& database) {
    std::vector<Column> columns;
    Statement select(database,
                     "SELECT name, unit, kind, type, definition FROM columns ORDER BY rowid");
    while (select.step()) {
        const std::string type = select.text(3);
        columns.push_back({select.text(0), select.text(1), select.text(2),
                           type == "INTEGER" ? CellType::integer
                           : type == "REAL"  ? CellType::real
                                             : CellType::text,
                           select.text(4)});
    }
    return columns;
}

void write_provenance(Database& database, const std::string& key, const std::string& value) {
    Statement insert(database, "INSERT OR REPLACE INTO provenance VALUES (?, ?)");
    insert.bind(1, std::string_view(key)).bind(2, std::string_view(value));
    insert.step();
}

std::string provenance(Database& database, const std::string& key) {
    Statement select(database, "SELECT value FROM provenance WHERE key = ?");
    select.bind(1, std::string_view(key));
    return select.step() ? select.text(0) : std::string();
}

SweepTable::SweepTable(const std::string& path, const SweepColumns& columns,
                       const std::string& salt)
    : database_(path, Database::Mode::write),
      columns_(columns),
      local_(on_local_disk(std::filesystem::absolute(path).parent_path().string())) {
    if (local_) {
        database_.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    } else {
        database_.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE");
    }
    std::string layout = columns.plan().signature() + columns.plan().sample().identity(salt) + "\n";
    for (const Column& column : columns.all()) {
        layout += column.name + "\n" + column.definition + "\n";
    }
    begin();
    open_layout(sha256_of(layout));
    commit();
    std::string names = "run, point, repeat, identity, status, reason";
    std::string places = "?, ?, ?, ?, ?, ?";
    for (const Column& column : columns.all()) {
        names += ", " + sql_name(column.name);
        places += ", ?";
    }
    insert_ = std::make_unique<Statement>(
        database_, fmt::format("INSERT OR REPLACE INTO runs ({}) VALUES ({})", names, places));
    here_ =
        std::make_unique<Statement>(database_, "SELECT identity, status FROM runs WHERE run = ?");
}

void SweepTable::open_layout(const std::string& layout) {
    database_.execute("CREATE TABLE IF NOT EXISTS provenance (key TEXT PRIMARY KEY, value TEXT)");
    const bool there = database_.has_table("runs");
    const bool same = there && provenance(database_, "layout") == layout;
    if (there && !same) {
        set_aside();
    }
    if (!same) {
        database_.execute(create_runs(columns_.all()));
        write_columns(database_, columns_.all());
        write_provenance(database_, "layout", layout);
    }
    had_rows_ = same || database_.has_table("earlier");
}

/// A table with the identity and the metrics; a metric that a later version adds is empty in old
/// rows, which have another identity and are not taken for new ones.
void SweepTable::make_earlier() {
    database_.execute(
        "CREATE TABLE IF NOT EXISTS earlier (identity TEXT PRIMARY KEY, inputs TEXT)");
    std::vector<std::string> names;
    Statement select(database_, "SELECT name FROM pragma_table_info('earlier')");
    while (select.step()) {
        names.push_back(select.text(0));
    }
    const auto add = [&](const std::vector<Column>& columns) {
        for (const Column& column : columns) {
            if (column.kind == "metric" &&
                std::find(names.begin(), names.end(), column.name) == names.end()) {
                names.push_back(column.name);
                database_.execute(fmt::format("ALTER TABLE earlier ADD COLUMN {} {}",
                                              sql_name(column.name), sql_type(column.type)));
            }
        }
    };
    add(read_columns(database_));
    add(columns_.all());
}

void SweepTable::set_aside() {
    make_earlier();
    database_.execute(insert_earlier(read_columns(database_), ""));
    database_.execute("DROP TABLE runs");
}

void SweepTable::add_known(KnownRuns& known) {
    const auto add = [&](const std::string& sql) {
        Statement select(database_, sql);
        while (select.step()) {
            known.add(select.text(0));
        }
    };
    if (!had_rows_) {
        return;
    }
    add("SELECT identity FROM runs WHERE status = 'done'");
    if (database_.has_table("earlier")) {
        add("SELECT identity FROM earlier");
    }
    known.sort();
}

void SweepTable::begin() {
    if (!in_transaction_) {
        database_.execute("BEGIN IMMEDIATE");
        in_transaction_ = true;
    }
}

void SweepTable::commit() {
    if (in_transaction_) {
        database_.execute("COMMIT");
        in_transaction_ = false;
    }
}

bool SweepTable::find_earlier(const std::string& identity, std::vector<Cell>& metrics) {
    if (!earlier_) {
        make_earlier();
        const std::string list = metric_list(columns_.all());
        earlier_ = std::make_unique<Statement>(
            database_, fmt::format("SELECT {} FROM earlier WHERE identity = ?", list.substr(2)));
    }
    earlier_->bind(1, std::string_view(identity));
    if (!earlier_->step()) {
        return false;
    }
    metrics.clear();
    for (int i = 0; i < earlier_->columns(); ++i) {
        metrics.push_back(earlier_->cell(i));
    }
    earlier_->reset();
    return true;
}

bool SweepTable::put(const RunRow& row) {
    begin();
    if (!had_rows_) {
        insert(row);
        return true;
    }
    here_->bind(1, static_cast<std::int64_t>(row.run));
    std::optional<std::string> done;
    if (here_->step()) {
        if (here_->text(1) == "done") {
            done = here_->text(0);
        }
        here_->reset();
    }
    const bool known = row.status == RunStatus::known;
    if (done && *done == row.identity && (known || row.status != RunStatus::done)) {
        return true;
    }
    if (done && *done != row.identity) {
        if (!aside_) {
            make_earlier();
            aside_ =
                std::make_unique<Statement>(database_, insert_earlier(columns_.all(), kThisRun));
        }
        aside_->bind(1, static_cast<std::int64_t>(row.run));
        aside_->step();
    }
    if (!known) {
        insert(row);
        return true;
    }
    RunRow found = row;
    if (!find_earlier(row.identity, found.metrics)) {
        return false;
    }
    found.status = RunStatus::done;
    insert(found);
    return true;
}

void SweepTable::insert(const RunRow& row) {
    const std::uint64_t repeats = columns_.plan().repeats();
    columns_.cells(row, cells_);
    Statement& s = *insert_;
    s.bind(1, static_cast<std::int64_t>(row.run))
        .bind(2, static_cast<std::int64_t>(row.run / repeats))
        .bind(3, static_cast<std::int64_t>(row.run % repeats));
    row.identity.empty() ? s.bind_null(4) : s.bind(4, std::string_view(row.identity));
    s.bind(5, std::string_view(name_of(row.status)));
    row.reason.empty() ? s.bind_null(6) : s.bind(6, std::string_view(row.reason));
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        s.bind(static_cast<int>(i) + 7, cells_[i]);
    }
    s.step();
}

SweepTable::Counts SweepTable::count() {
    Counts counts;
    Statement select(database_, "SELECT status = 'done', COUNT(*) FROM runs GROUP BY 1");
    while (select.step()) {
        (select.integer(0) != 0 ? counts.done : counts.failed) =
            static_cast<std::uint64_t>(select.integer(1));
    }
    return counts;
}

void SweepTable::finish() {
    commit();
    insert_.reset();
    here_.reset();
    aside_.reset();
    earlier_.reset();
    database_.execute("PRAGMA journal_mode = DELETE");
}

}  // namespace ebb
