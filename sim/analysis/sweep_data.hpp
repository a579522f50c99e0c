// SPDX-License-Identifier: Apache-2.0
/// The runs of a sweep as columns of numbers, read from `results.sqlite` (tables runs, columns,
/// provenance; docs/sweeps.md).
///
/// A cell without value (null) is NaN. Texts are numbered: a cell is the text's place in
/// `words.words`. Failed runs are rows as well, since their inputs are known; their results are
/// NaN.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/formula/expression.hpp"

namespace ebb {

struct SweepColumn {
    std::string name, unit, kind;  ///< kind: input | metric | derived
    bool text = false;
    std::vector<double> cells;  ///< per row
};

struct SweepData {
    std::string path;
    std::vector<std::int64_t> point, repeat;  ///< per row, in ascending order
    std::vector<bool> done;                   ///< per row
    std::vector<SweepColumn> columns;
    Vocabulary vocabulary;  ///< the columns' names, and every text
    std::vector<std::pair<std::string, std::size_t>> failures;  ///< reason, how often; most first
    std::map<std::string, std::string> provenance;

    [[nodiscard]] std::size_t rows() const { return point.size(); }
    [[nodiscard]] std::size_t done_rows() const;
    /// A cell as text: the word, or the number in its shortest form; "" for none.
    [[nodiscard]] std::string cell_text(std::size_t column, std::size_t row) const;
};

/// `path` is the database or the folder that holds results.sqlite. Throws InputError, also where no
/// run is done: then no question has an answer.
[[nodiscard]] SweepData read_sweep(const std::string& path);

/// The rows of one point.
struct PointRows {
    std::int64_t point = 0;
    std::vector<std::size_t> rows;
};
[[nodiscard]] std::vector<PointRows> points_of(const SweepData& table);

/// Inputs that do not change within a point and do change between points: the axes.
[[nodiscard]] std::vector<std::size_t> axes_of(const SweepData& table);

/// "12 of 40 runs failed: 9 x no such part (...), 3 x ..."; empty if none did.
[[nodiscard]] std::string failures_text(const SweepData& table);

}  // namespace ebb
