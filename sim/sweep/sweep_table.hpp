// SPDX-License-Identifier: Apache-2.0
/// The database of a sweep: results.sqlite.
///
///   runs        one row per run of the plan: run (point * repeats + repeat), point, repeat,
///               identity, status, reason, then SweepColumns
///   earlier     results of runs that are no longer in the plan, by identity; found again if they
///               come back
///   columns     name, unit, kind, definition of the columns of `runs`
///   provenance  key, value
///
/// One process writes. Rows become durable in transactions; whatever kills the writer, the file
/// holds whole rows. WAL where the folder is on a local disk, else an exclusive lock and a rollback
/// journal, because shared memory does not work over networks. At the end it is one plain file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/database.hpp"
#include "sim/sweep/sweep_columns.hpp"
#include "sim/sweep/worker.hpp"

namespace ebb {

/// CREATE TABLE runs for these columns.
[[nodiscard]] std::string create_runs(const std::vector<Column>& columns);
/// Tables `columns` and `provenance`.
void write_columns(Database& database, const std::vector<Column>& columns);
void write_provenance(Database& database, const std::string& key, const std::string& value);
[[nodiscard]] std::string provenance(Database& database, const std::string& key);
[[nodiscard]] std::vector<Column> read_columns(Database& database);

class SweepTable {
public:
    /// Opens or creates; keeps rows of the same plan in place and moves those of another into
    /// `earlier`.
    SweepTable(const std::string& path, const SweepColumns& columns, const std::string& salt);

    [[nodiscard]] Database& database() { return database_; }
    /// Adds the identities of all results that are there.
    void add_known(KnownRuns& known);

    /// Writes the row of a run. False if it is `known` and cannot be found: then it must be run.
    bool put(const RunRow& row);
    /// Ends the transaction.
    void commit();

    struct Counts {
        std::uint64_t done = 0, failed = 0;
    };
    [[nodiscard]] Counts count();
    /// Commits and leaves one plain file.
    void finish();

private:
    void open_layout(const std::string& layout);
    void set_aside();
    void make_earlier();
    void begin();
    void insert(const RunRow& row);
    [[nodiscard]] bool find_earlier(const std::string& identity, std::vector<Cell>& metrics);

    Database database_;
    const SweepColumns& columns_;
    bool local_;
    bool had_rows_ = false;
    bool in_transaction_ = false;
    std::unique_ptr<Statement> insert_, here_, aside_, earlier_;
    std::vector<Cell> cells_;
};

}  // namespace ebb
