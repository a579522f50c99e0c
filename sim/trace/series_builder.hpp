// SPDX-License-Identifier: Apache-2.0
/// Takes the rows of a recording, checks them, and makes a Series of them. The rules that hold for
/// every format live here:
///
///   - stamps are whole ns from the first row; time may not go back
///   - hold: a row whose stamp is repeated by the next lasts 0 s and carries nothing; it is dropped
///     and counted. The last row lasts as long as the row before it; a single row lasts 1 s
///   - linear: the series ends at the last row; a repeated stamp would be a jump and is an error
///   - irradiance from -20 W/m^2 to 0 is a pyranometer's offset and becomes 0, with the amount
///     said; other negative values are errors, except where a quantity has either sign
///     (quantity_facts.cpp)
///   - values that stand for "missing" and values beyond what a small device can meet are errors
///   - equal neighbours become one stretch (sum of value * time unchanged), except where that would
///     spoil equal steps: a uniform series stays uniform unless it would shrink eightfold
///
/// Every rule that changed something is said in a note. A row is settled when the next one comes,
/// so that rows need not stay in memory (row_spool.hpp).
#pragma once

#include "models/core/ledger.hpp"
#include "models/core/series.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/quantity_facts.hpp"
#include "sim/trace/row_spool.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

/// Where a row stands: its line, and the fields of its stamp and its value.
struct RowPlace {
    int line = 0;
    std::string_view text;
    std::string_view stamp;
    std::string_view value;
};

class SeriesBuilder {
public:
    /// Rows wait in `place` if they are many; without one, in memory.
    SeriesBuilder(Quantity quantity, Interpolation interpolation, FileMistakes& mistakes,
                  const SpoolPlace& place = {});

    void reserve(std::size_t rows);

    /// Values from `lowest` to 0 are the zero error of the instrument: they become 0, and a note
    /// says how much that adds.
    void accept_offset(double lowest) { lowest_offset_ = lowest; }

    /// The stamp at which the last row of a held series ends, where a format knows it.
    void end_at(std::int64_t stamp_ns) { end_ns_ = stamp_ns; }

    /// Adds a row; `stamp_ns` in the file's own count.
    void add(std::int64_t stamp_ns, double value, const RowPlace& place) {
        if (value >= 0.0 && value <= largest_ && (rows_ == 0 || stamp_ns > last_ns_))
            take(stamp_ns, value);
        else
            add_unusual(stamp_ns, value, place);
    }

    /// The file's count at which the finished series begins.
    [[nodiscard]] std::int64_t first_stamp_ns() const noexcept { return first_ns_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    /// Numbers of rows that are in memory now.
    [[nodiscard]] std::size_t held() const noexcept { return columns_.held(); }

    /// Throws the mistakes if there are any; else the series, and notes on the rules applied.
    [[nodiscard]] Series finish(std::vector<std::string>& notes);

private:
    void add_unusual(std::int64_t stamp_ns, double value, const RowPlace& place);
    [[nodiscard]] bool usable(double value, const RowPlace& place);
    void take(std::int64_t stamp_ns, double value) {
        if (rows_ == 0)
            first_ns_ = stamp_ns;
        else
            settle_last(stamp_ns - last_ns_);
        last_ns_ = stamp_ns;
        last_ = value;
        ++rows_;
    }
    void settle_last(std::int64_t length_ns);
    void store_last(double value);
    void refuse_what_cannot_be();
    void note_offsets(std::vector<std::string>& notes) const;

    Quantity quantity_;
    Interpolation interpolation_;
    FileMistakes& mistakes_;
    const QuantityFacts& facts_;
    double largest_;
    double lowest_offset_;
    std::optional<std::int64_t> end_ns_;
    SpoolPlace place_;
    RowSpool columns_;  // rows that are settled: all but the last

    std::size_t rows_ = 0;
    std::int64_t first_ns_ = 0;
    std::int64_t last_ns_ = 0;
    std::int64_t last_length_ns_ = 0;  // of the row before the last
    double last_ = 0.0;                // its value may still be replaced
    std::size_t repeated_ = 0;

    double before_ = 0.0;     // the value of the row that was settled last
    std::size_t runs_ = 0;    // of equal values
    std::int64_t usual_ = 0;  // the length of most rows, if there is one (majority vote)
    std::int64_t votes_ = 0;

    std::size_t offsets_ = 0;
    double lowest_seen_ = 0.0;
    Sum added_;
};

/// Whether a number as it is written in a file, before its unit is applied, can only stand for a
/// missing sample. (-999 may be millivolts or milli-g; in SI it is refused by the builder.)
[[nodiscard]] bool stands_for_missing(double as_written);

/// Equal neighbours of a held series become one stretch; see the rule above.
void merge_equal_neighbours(Series& series);

/// The same without the exception for equal steps: what is left are the changes.
void keep_changes_only(Series& series);

}  // namespace ebb
