// SPDX-License-Identifier: Apache-2.0
/// Preset `mementos`: RFID recordings of the Mementos project, volts across 30 kOhm at 1 kHz.
///
/// No header; rows are `clock TAB volts`. The clock packs minutes, seconds and milliseconds as
/// decimal digits, minutes * 100000 + seconds * 1000 + ms; read as plain milliseconds, each change
/// of minute would become a pause of 40 s. Option `time`:
///   packed_mmssms  the clock as described (default)
///   index          one row per millisecond, the clock is not used
///   ms             the clock as plain milliseconds
///
/// Stated rule: in some files one row at a change of second is stamped a second late (a step of
/// +1001 ms, then -999 ms). Its stamp is set 1 s back, so that steps are 1 ms throughout.
/// The recorder clips at 5.283 V; a note says how many rows stand there.
/// Source of the format: ransford/mspsim @8bbaf78 traces/ (BSD-3-Clause), examined row by row.
#include "models/core/nearest.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/number_text.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"
#include "sim/trace/trace_format.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kLateMs = 1000;
constexpr std::int64_t kMostMs = 1'000'000'000'000;  // 31 years: nanoseconds of 64 bits hold them

constexpr double kCeilingV = 5.2825;  // the recorder's largest code reads 5.28258 V

/// Hands each row to the builder when the next one is known, which may show by the stated rule that
/// it is stamped one second late.
class LateStamps {
public:
    explicit LateStamps(SeriesBuilder& builder) : builder_(builder) {}

    void add(std::int64_t ms, double volts, const TextLines& lines, const Field& stamp,
             const Field& value) {
        if (waits_) {
            const bool jumps = handed_ > 0 && ms_ - before_ms_ == kLateMs + 1;
            const bool returns = ms - ms_ == 1 - kLateMs;
            if (jumps && returns) {
                ms_ -= kLateMs;
                ++repaired_;
            }
            hand_over();
        }
        waits_ = true;
        ms_ = ms;
        volts_ = volts;
        number_ = lines.number();
        line_.assign(lines.line());
        stamp_at_ = stamp;
        value_at_ = value;
    }
    /// How many rows were set back; all have been handed over.
    std::size_t finish() {
        if (waits_)
            hand_over();
        waits_ = false;
        return repaired_;
    }

    [[nodiscard]] std::size_t handed() const noexcept { return handed_; }
    /// Rows at the most that the recorder could show.
    [[nodiscard]] std::size_t at_ceiling() const noexcept { return at_ceiling_; }

private:
    [[nodiscard]] std::string_view in_line(const Field& field) const {
        return std::string_view(line_).substr(field.begin, field.text.size());
    }
    void hand_over() {
        builder_.add(ms_ * kNsPerMs, volts_,
                     {number_, line_, in_line(stamp_at_), in_line(value_at_)});
        before_ms_ = ms_;
        ++handed_;
        at_ceiling_ += volts_ >= kCeilingV ? 1 : 0;
    }

    SeriesBuilder& builder_;
    std::size_t handed_ = 0;
    std::size_t at_ceiling_ = 0;
    std::size_t repaired_ = 0;
    std::int64_t before_ms_ = 0;
    bool waits_ = false;
    std::int64_t ms_ = 0;
    double volts_ = 0.0;
    int number_ = 0;
    std::string line_;  // a copy: the text has gone on
    Field stamp_at_;
    Field value_at_;
};

/// Turns a clock reading into milliseconds; false if it is none, or beyond kMostMs.
using Clock = bool (*)(std::int64_t reading, std::size_t row, std::int64_t& ms);

struct ClockOption {
    const char* name;
    Clock clock;
};

bool packed_clock(std::int64_t reading, std::size_t, std::int64_t& ms) {
    if (reading < 0 || reading > kMostMs)
        return false;
    const std::int64_t second_and_ms = reading % 100'000;
    ms = reading / 100'000 * 60'000 + second_and_ms;
    return second_and_ms < 60'000;
}

bool index_clock(std::int64_t, std::size_t row, std::int64_t& ms) {
    ms = static_cast<std::int64_t>(row);
    return true;
}

bool plain_clock(std::int64_t reading, std::size_t, std::int64_t& ms) {
    ms = reading;
    return reading >= 0 && reading <= kMostMs;
}

constexpr ClockOption kClocks[] = {
    {"packed_mmssms", packed_clock}, {"index", index_clock}, {"ms", plain_clock}};

Clock choose_clock(const ReadRequest& request) {
    if (request.time.empty())
        return kClocks[0].clock;
    std::vector<std::string> names;
    for (const ClockOption& option : kClocks) {
        if (request.time == option.name)
            return option.clock;
        names.emplace_back(option.name);
    }
    throw_mistake(
        request_place(request), fmt::format("unknown time '{}' for format mementos", request.time),
        did_you_mean(request.time, names), fmt::format("time is one of: {}", joined(names)));
}

/// Whether the last line had a line break.
bool read_rows(const ReadRequest& request, FileMistakes& mistakes, LateStamps& rows) {
    const Clock clock = choose_clock(request);
    std::vector<Field> fields;
    TextLines lines(request.text);
    for (std::size_t index = 0; lines.next(); ++index) {
        const std::string_view line = lines.line();
        split_blanks(line, fields);
        if (fields.size() != 2) {
            add_count_fault(mistakes, lines.number(), line, fields.size(), 2, !lines.terminated());
            continue;
        }
        const StampText reading = parse_stamp(fields[0].text, 0);
        const NumberText volts = parse_number(fields[1].text);
        add_number_fault(mistakes, lines.number(), line, fields[0].text, reading.fault, "time");
        add_number_fault(mistakes, lines.number(), line, fields[1].text, volts.fault, "value");
        if (reading.fault != NumberFault::none || volts.fault != NumberFault::none)
            continue;
        std::int64_t ms = 0;
        if (!clock(reading.ns, index, ms)) {
            mistakes.add({lines.number(), line, fields[0].begin, fields[0].text.size()},
                         fmt::format("the clock {} is not minutes, seconds and milliseconds",
                                     fields[0].text),
                         "expected minutes * 100000 + seconds * 1000 + ms (or say time: ms)");
            continue;
        }
        rows.add(ms, volts.value, lines, fields[0], fields[1]);
    }
    return lines.terminated();
}

bool looks_like_mementos(std::string_view text) {
    TextLines lines(text);
    if (!lines.next())
        return false;
    const std::size_t tab = lines.line().find('\t');
    if (tab == std::string_view::npos || tab == 0)
        return false;
    const std::string_view clock = lines.line().substr(0, tab);
    return std::all_of(clock.begin(), clock.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
           parse_number(trimmed(lines.line().substr(tab))).fault == NumberFault::none;
}

Reading read_mementos(const ReadRequest& request) {
    check_expected(request, Quantity::voltage_v, "a mementos recording");
    FileMistakes mistakes(request.path);
    SeriesBuilder builder(Quantity::voltage_v, request.interpolation, mistakes, request.spool);
    builder.reserve(request.text.line_breaks() + 1);
    LateStamps rows(builder);
    const bool terminated = read_rows(request, mistakes, rows);
    const std::size_t repaired = rows.finish();
    Reading reading;
    reading.series = builder.finish(reading.notes);
    if (repaired > 0)
        reading.notes.push_back(fmt::format(
            "{} row{} stamped one second late (steps of +1001 ms and -999 ms) set 1 s back",
            repaired, repaired == 1 ? "" : "s"));
    if (rows.at_ceiling() > 0)
        reading.notes.push_back(fmt::format(
            "{} of {} rows ({:.2g} %) stand at 5.283 V, the most that the recorder could show: "
            "the voltage was that high or higher",
            rows.at_ceiling(), rows.handed(),
            100.0 * static_cast<double>(rows.at_ceiling()) / static_cast<double>(rows.handed())));
    note_unfinished(request, terminated, reading.notes);
    return reading;
}

}  // namespace

TraceFormat mementos_format() {
    return {"mementos",
            "two columns without header: packed clock (minutes, seconds, ms) and volts",
            {"time"},
            looks_like_mementos,
            read_mementos};
}

}  // namespace ebb
