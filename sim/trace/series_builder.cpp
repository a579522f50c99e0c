// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/series_builder.hpp"

#include "models/core/error.hpp"
#include "models/core/ledger.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::int64_t kSingleRowNs = 1'000'000'000;
constexpr std::int64_t kLongestNs = 50 * 366 * 86'400LL * 1'000'000'000;  // stamps since 1970 fit
constexpr std::size_t kMergeGain = 8;
constexpr double kMissing[] = {-7999.0, -9999.0, -9999.9, -99999.0, -999.0, -999.9, -99999.9};
constexpr double kMissingInAnyUnit = -7999.0;

LinePlace at_field(const RowPlace& row, std::string_view field) {
    return {row.line, row.text, static_cast<std::size_t>(field.data() - row.text.data()),
            field.size()};
}

double seconds(std::int64_t ns) { return static_cast<double>(ns) / 1e9; }

/// Rows missing from an otherwise regular recording: the row before is held, which a user must
/// know. `usual` is the length of most rows; if it is not, too few have it for a note.
void note_gaps(const Series& series, std::int64_t usual, std::vector<std::string>& notes) {
    const std::size_t n = series.bound_ns.size() - 1;
    if (n < 10 || series.bound_ns.step() != 0)
        return;
    std::size_t regular = 0;
    std::size_t gaps = 0;
    std::int64_t longest = 0;
    std::int64_t at = 0;
    each_sample(series, [&](std::size_t i) {
        if (i == n)  // of a linear series the last sample has no length
            return;
        const std::int64_t step = series.bound_ns[i + 1] - series.bound_ns[i];
        regular += step == usual ? 1 : 0;
        gaps += step >= 2 * usual ? 1 : 0;
        if (step > longest) {
            longest = step;
            at = series.bound_ns[i];
        }
    });
    // A list of change points has no usual step, and nothing is missing from it.
    if (regular < n - n / 10 || gaps == 0)
        return;
    notes.push_back(fmt::format(
        "{} gap{} in a recording with {:g} s between rows; the row before a gap {} (longest: {:g} "
        "s "
        "from {:g} s on)",
        gaps, gaps == 1 ? "" : "s", seconds(usual),
        series.interpolation == Interpolation::hold ? "is held through it"
                                                    : "runs straight to the row after it",
        seconds(longest), seconds(at)));
}

std::size_t runs_of(const Series& series) {
    std::size_t runs = 0;
    double last = 0.0;
    each_sample(series, [&](std::size_t i) {
        runs += i == 0 || series.value[i] != last ? 1 : 0;
        last = series.value[i];
    });
    return runs;
}

void join_runs(Series& series, const SpoolPlace& place) {
    RowSpool changes(place);
    double last = 0.0;
    each_sample(series, [&](std::size_t i) {
        const double value = series.value[i];
        if (i > 0 && value == last)
            return;
        last = value;
        changes.add(series.bound_ns[i], value);
    });
    changes.add_bound(series.bound_ns.back());
    changes.release(series);
    if (series.value.keeper() == nullptr)
        series.value.own().shrink_to_fit();
}

/// Does joining equal neighbours pay?
bool worth_merging(const Series& series, std::size_t runs) {
    const std::size_t n = series.value.size();
    return series.interpolation == Interpolation::hold && n >= 2 && runs < n &&
           (runs * kMergeGain <= n || series.bound_ns.step() == 0);
}

}  // namespace

SeriesBuilder::SeriesBuilder(Quantity quantity, Interpolation interpolation, FileMistakes& mistakes,
                             const SpoolPlace& place)
    : quantity_(quantity),
      interpolation_(interpolation),
      mistakes_(mistakes),
      facts_(facts_of(quantity)),
      largest_(facts_.largest),
      lowest_offset_(facts_.lowest_offset),
      place_(place),
      columns_(place) {}

void SeriesBuilder::reserve(std::size_t rows) { columns_.reserve(rows); }

bool SeriesBuilder::usable(double value, const RowPlace& place) {
    const char* const unit = facts_.unit;
    const auto refuse = [&](const std::string& message, const char* hint) {
        mistakes_.add(at_field(place, place.value), message, hint);
        return false;
    };
    if (std::find(std::begin(kMissing), std::end(kMissing), value) != std::end(kMissing))
        return refuse(fmt::format("the value {:g} stands for a missing sample", value),
                      "remove the row or fill it");
    if (std::fabs(value) > largest_)
        return refuse(
            fmt::format("the value {:g} {} is beyond +-{:g} {}", value, unit, largest_, unit),
            "is the unit right?");
    if (value >= lowest_offset_ || facts_.either_sign)
        return true;  // an offset becomes 0 in finish(), where its length is known
    if (quantity_ == Quantity::irradiance_w_m2)
        return refuse(
            fmt::format("the irradiance {:g} W/m^2 is below the night offset of a sensor", value),
            "expected -20 W/m^2 or more; values from there to 0 are taken as 0");
    return refuse(fmt::format("negative value {:g} {}", value, unit), "expected 0 or more");
}

void SeriesBuilder::add_unusual(std::int64_t stamp_ns, double value, const RowPlace& place) {
    if (!usable(value, place))
        return;
    if (rows_ > 0 && stamp_ns < last_ns_) {
        mistakes_.add(at_field(place, place.stamp),
                      fmt::format("time goes back by {:g} s", seconds(last_ns_ - stamp_ns)),
                      "expected a stamp after the one of the row before");
        return;
    }
    if (rows_ > 0 && stamp_ns == last_ns_) {
        if (interpolation_ == Interpolation::linear && value != last_) {
            mistakes_.add(at_field(place, place.stamp),
                          "this stamp repeats the one of the row before",
                          "a series read with interpolation: linear cannot jump");
            return;
        }
        ++repeated_;
        last_ = value;
        return;
    }
    take(stamp_ns, value);
}

/// The length of the last row is known now. Offsets below zero become 0.
void SeriesBuilder::settle_last(std::int64_t length_ns) {
    if (votes_ == 0)
        usual_ = length_ns;
    votes_ += length_ns == usual_ ? 1 : -1;
    last_length_ns_ = length_ns;
    if (last_ < 0.0 && lowest_offset_ < 0.0 && interpolation_ == Interpolation::hold)
        added_.add(-last_ * seconds(length_ns));
    store_last(last_);
}

void SeriesBuilder::store_last(double value) {
    if (value < 0.0 && lowest_offset_ < 0.0) {
        ++offsets_;
        lowest_seen_ = std::min(lowest_seen_, value);
        value = 0.0;
    }
    runs_ += runs_ == 0 || value != before_ ? 1 : 0;
    before_ = value;
    columns_.add(last_ns_ - first_ns_, value);
}

void SeriesBuilder::refuse_what_cannot_be() {
    if (rows_ == 0 && !mistakes_.any())
        mistakes_.add({}, "no rows", "expected at least one row of data");
    if (rows_ == 1 && interpolation_ == Interpolation::linear)
        mistakes_.add({}, "one row only", "interpolation: linear needs two rows or more");
    if (rows_ > 0 && last_ns_ - first_ns_ > kLongestNs)
        mistakes_.add({}, "the first and the last row are more than 50 years apart",
                      "is the unit of time right?");
    if (end_ns_ && rows_ > 0 && *end_ns_ <= last_ns_ && !mistakes_.any())
        throw Defect("a series ends before its last row");
    mistakes_.throw_if_any();
}

void SeriesBuilder::note_offsets(std::vector<std::string>& notes) const {
    if (offsets_ == 0)
        return;
    const std::string name = name_of(quantity_);
    std::string note = fmt::format("{} {} value{} below 0 (lowest {:g} {}) set to 0", offsets_,
                                   name.substr(0, name.find('_')), offsets_ == 1 ? "" : "s",
                                   lowest_seen_, facts_.unit);
    if (interpolation_ == Interpolation::hold)
        note += fmt::format(", which adds {:.6g} {}", added_.value(), facts_.integral_unit);
    notes.push_back(std::move(note));
}

Series SeriesBuilder::finish(std::vector<std::string>& notes) {
    refuse_what_cannot_be();
    if (interpolation_ == Interpolation::hold) {
        const std::int64_t after = rows_ == 1 ? kSingleRowNs : last_length_ns_;
        const std::int64_t end_ns = end_ns_ ? *end_ns_ : last_ns_ + after;
        if (rows_ == 1 && !end_ns_)
            notes.emplace_back(
                "one row only: it is taken to last 1 s (at_end: hold makes it a constant source)");
        settle_last(end_ns - last_ns_);
        columns_.add_bound(end_ns - first_ns_);
    } else {
        store_last(last_);
    }
    Series series;
    series.quantity = quantity_;
    series.interpolation = interpolation_;
    columns_.release(series);
    if (repeated_ > 0)
        notes.push_back(
            fmt::format("{} row{} had the stamp of the next row; lasting 0 s, they carry nothing "
                        "and were dropped",
                        repeated_, repeated_ == 1 ? "" : "s"));
    note_offsets(notes);
    note_gaps(series, usual_, notes);
    if (worth_merging(series, runs_))
        join_runs(series, place_);
    return series;
}

bool stands_for_missing(double as_written) {
    return as_written <= kMissingInAnyUnit &&
           std::find(std::begin(kMissing), std::end(kMissing), as_written) != std::end(kMissing);
}

void merge_equal_neighbours(Series& series) {
    if (worth_merging(series, runs_of(series)))
        join_runs(series, {});
}

void keep_changes_only(Series& series) {
    if (series.interpolation == Interpolation::hold && series.value.size() >= 2 &&
        runs_of(series) < series.value.size())
        join_runs(series, {});
}

}  // namespace ebb
