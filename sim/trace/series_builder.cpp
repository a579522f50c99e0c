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
/// know.
void note_gaps(const Series& series, std::vector<std::string>& notes) {
    const std::size_t n = series.bound_ns.size() - 1;
    if (n < 10 || series.bound_ns.step() != 0)
        return;
    std::vector<std::int64_t> steps(n);
    for (std::size_t i = 0; i < n; ++i)
        steps[i] = series.bound_ns[i + 1] - series.bound_ns[i];
    std::vector<std::int64_t> sorted = steps;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(n / 2),
                     sorted.end());
    const std::int64_t usual = sorted[n / 2];
    const auto regular = static_cast<std::size_t>(std::count(steps.begin(), steps.end(), usual));
    const auto gaps = std::count_if(steps.begin(), steps.end(),
                                    [usual](std::int64_t s) { return s >= 2 * usual; });
    // A list of change points has no usual step, and nothing is missing from it.
    if (regular < n - n / 10 || gaps == 0)
        return;
    const auto longest = std::max_element(steps.begin(), steps.end());
    const std::int64_t at = series.bound_ns[static_cast<std::size_t>(longest - steps.begin())];
    notes.push_back(fmt::format(
        "{} gap{} in a recording with {:g} s between rows; the row before a gap {} (longest: {:g} "
        "s "
        "from {:g} s on)",
        gaps, gaps == 1 ? "" : "s", seconds(usual),
        series.interpolation == Interpolation::hold ? "is held through it"
                                                    : "runs straight to the row after it",
        seconds(*longest), seconds(at)));
}

/// Offsets below zero become 0, and the amount is said.
void clamp_offsets(Series& series, double lowest_offset, std::vector<std::string>& notes) {
    if (!(lowest_offset < 0.0))
        return;
    Sum added;
    double lowest = 0.0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < series.value.size(); ++i) {
        double& value = series.value.own()[i];
        if (!(value < 0.0))
            continue;
        ++count;
        lowest = std::min(lowest, value);
        if (series.interpolation == Interpolation::hold)
            added.add(-value * seconds(series.bound_ns[i + 1] - series.bound_ns[i]));
        value = 0.0;
    }
    if (count == 0)
        return;
    const QuantityFacts& facts = facts_of(series.quantity);
    const std::string name = name_of(series.quantity);
    std::string note =
        fmt::format("{} {} value{} below 0 (lowest {:g} {}) set to 0", count,
                    name.substr(0, name.find('_')), count == 1 ? "" : "s", lowest, facts.unit);
    if (series.interpolation == Interpolation::hold)
        note += fmt::format(", which adds {:.6g} {}", added.value(), facts.integral_unit);
    notes.push_back(std::move(note));
}

}  // namespace

SeriesBuilder::SeriesBuilder(Quantity quantity, Interpolation interpolation, FileMistakes& mistakes)
    : quantity_(quantity),
      interpolation_(interpolation),
      mistakes_(mistakes),
      facts_(facts_of(quantity)),
      largest_(facts_.largest),
      lowest_offset_(facts_.lowest_offset) {}

void SeriesBuilder::reserve(std::size_t rows) {
    stamps_.reserve(rows + 1);
    values_.reserve(rows);
}

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
    if (!stamps_.empty() && stamp_ns < stamps_.back()) {
        mistakes_.add(at_field(place, place.stamp),
                      fmt::format("time goes back by {:g} s", seconds(stamps_.back() - stamp_ns)),
                      "expected a stamp after the one of the row before");
        return;
    }
    if (!stamps_.empty() && stamp_ns == stamps_.back()) {
        if (interpolation_ == Interpolation::linear && value != values_.back()) {
            mistakes_.add(at_field(place, place.stamp),
                          "this stamp repeats the one of the row before",
                          "a series read with interpolation: linear cannot jump");
            return;
        }
        ++repeated_;
        values_.back() = value;
        return;
    }
    stamps_.push_back(stamp_ns);
    values_.push_back(value);
}

Series SeriesBuilder::finish(std::vector<std::string>& notes) {
    if (values_.empty() && !mistakes_.any())
        mistakes_.add({}, "no rows", "expected at least one row of data");
    if (values_.size() == 1 && interpolation_ == Interpolation::linear)
        mistakes_.add({}, "one row only", "interpolation: linear needs two rows or more");
    if (!stamps_.empty() && stamps_.back() - stamps_.front() > kLongestNs)
        mistakes_.add({}, "the first and the last row are more than 50 years apart",
                      "is the unit of time right?");
    if (end_ns_ && !stamps_.empty() && *end_ns_ <= stamps_.back() && !mistakes_.any())
        throw Defect("a series ends before its last row");
    mistakes_.throw_if_any();

    first_ns_ = stamps_.front();
    Series series;
    series.quantity = quantity_;
    series.interpolation = interpolation_;
    const std::int64_t first = stamps_.front();
    if (interpolation_ == Interpolation::hold) {
        const std::size_t n = stamps_.size();
        if (end_ns_)
            stamps_.push_back(*end_ns_);
        else
            stamps_.push_back(n == 1 ? first + kSingleRowNs : 2 * stamps_[n - 1] - stamps_[n - 2]);
        if (n == 1 && !end_ns_)
            notes.emplace_back(
                "one row only: it is taken to last 1 s (at_end: hold makes it a constant source)");
    }
    stamps_.shift(-first);
    series.bound_ns = std::move(stamps_);
    series.value = std::move(values_);
    if (repeated_ > 0)
        notes.push_back(
            fmt::format("{} row{} had the stamp of the next row; lasting 0 s, they carry nothing "
                        "and were dropped",
                        repeated_, repeated_ == 1 ? "" : "s"));
    clamp_offsets(series, lowest_offset_, notes);
    note_gaps(series, notes);
    merge_equal_neighbours(series);
    return series;
}

bool stands_for_missing(double as_written) {
    return as_written <= kMissingInAnyUnit &&
           std::find(std::begin(kMissing), std::end(kMissing), as_written) != std::end(kMissing);
}

namespace {

std::size_t runs_of(const Series& series) {
    std::size_t runs = 1;
    for (std::size_t i = 1; i < series.value.size(); ++i)
        runs += series.value[i] != series.value[i - 1] ? 1 : 0;
    return runs;
}

}  // namespace

void merge_equal_neighbours(Series& series) {
    if (series.interpolation != Interpolation::hold || series.value.size() < 2)
        return;
    if (runs_of(series) * kMergeGain > series.value.size() && series.bound_ns.step() != 0)
        return;
    keep_changes_only(series);
}

void keep_changes_only(Series& series) {
    if (series.interpolation != Interpolation::hold || series.value.size() < 2 ||
        runs_of(series) == series.value.size())
        return;
    Bounds bounds;
    std::vector<double> values;
    for (std::size_t i = 0; i < series.value.size(); ++i) {
        if (!values.empty() && series.value[i] == values.back())
            continue;
        values.push_back(series.value[i]);
        bounds.push_back(series.bound_ns[i]);
    }
    bounds.push_back(series.bound_ns.back());
    values.shrink_to_fit();
    series.value = std::move(values);
    series.bound_ns = std::move(bounds);
}

}  // namespace ebb
