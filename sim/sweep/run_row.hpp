// SPDX-License-Identifier: Apache-2.0
/// One run of a sweep as a row: cells by columns, and the form in which a worker sends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/result/result.hpp"

namespace ebb {

/// Empty where a column does not apply.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

[[nodiscard]] std::optional<double> number_of(const Cell& cell);

enum class CellType { integer, real, text };

struct Column {
    std::string name;
    std::string unit;
    std::string kind;  ///< input | repeat | metric | derived
    CellType type = CellType::real;
    std::string definition;
};

/// How a run ended. Everything but `done` is tried again when the sweep goes on.
enum class RunStatus : std::uint8_t {
    done,
    failed,         ///< the combination cannot be read or run; or a defect of ours
    crashed,        ///< the worker died
    timeout,        ///< longer than the limit
    out_of_memory,  ///< more than the limit
    known           ///< not a status of a row: a result with this identity is there already
};
[[nodiscard]] const char* name_of(RunStatus status);

struct RunRow {
    std::uint64_t run = 0;
    RunStatus status = RunStatus::done;
    std::string identity;  ///< empty if the scenario could not be read
    std::string reason;
    std::vector<double> varied;  ///< of the repeat, by SweepPlan::varied()
    std::vector<Cell> metrics;   ///< empty unless done
};

/// The scalars of summary.json as columns: all but time.wall_s, which no two runs share. Tasks have
/// columns by the names given here; findings become their codes, separated by blanks.
class MetricColumns {
public:
    explicit MetricColumns(std::vector<std::string> tasks);
    [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
    void read(const Result& result, std::vector<Cell>& out) const;

private:
    std::vector<std::string> tasks_;
    std::vector<Column> columns_;
};

/// Appends the row to a buffer; take_row() takes the first whole one from its front, if there is
/// one, and moves `at` behind it. Same program on both sides: no version, no byte order.
void append_row(const RunRow& row, std::string& buffer);
[[nodiscard]] bool take_row(std::string_view buffer, std::size_t& at, RunRow& row);

}  // namespace ebb
