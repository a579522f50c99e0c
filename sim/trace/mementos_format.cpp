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

struct Row {
    std::int64_t ms = 0;
    double volts = 0.0;
    RowPlace place;
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

std::vector<Row> read_rows(const ReadRequest& request, FileMistakes& mistakes, bool& terminated) {
    const Clock clock = choose_clock(request);
    std::vector<Row> rows;
    rows.reserve(
        static_cast<std::size_t>(std::count(request.text.begin(), request.text.end(), '\n')) + 1);
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
        Row row{0, volts.value, {lines.number(), line, fields[0].text, fields[1].text}};
        if (!clock(reading.ns, index, row.ms)) {
            mistakes.add({lines.number(), line, fields[0].begin, fields[0].text.size()},
                         fmt::format("the clock {} is not minutes, seconds and milliseconds",
                                     fields[0].text),
                         "expected minutes * 100000 + seconds * 1000 + ms (or say time: ms)");
            continue;
        }
        rows.push_back(row);
    }
    terminated = lines.terminated();
    return rows;
}

/// The stated rule for rows that are stamped one second late.
std::size_t repair_late_stamps(std::vector<Row>& rows) {
    std::size_t repaired = 0;
    for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
        const bool jumps = rows[i].ms - rows[i - 1].ms == kLateMs + 1;
        const bool returns = rows[i + 1].ms - rows[i].ms == 1 - kLateMs;
        if (!jumps || !returns)
            continue;
        rows[i].ms -= kLateMs;
        ++repaired;
    }
    return repaired;
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
    bool terminated = true;
    std::vector<Row> rows = read_rows(request, mistakes, terminated);
    const std::size_t repaired = repair_late_stamps(rows);
    SeriesBuilder builder(Quantity::voltage_v, request.interpolation, mistakes);
    builder.reserve(rows.size());
    for (const Row& row : rows)
        builder.add(row.ms * kNsPerMs, row.volts, row.place);
    Reading reading;
    reading.series = builder.finish(reading.notes);
    if (repaired > 0)
        reading.notes.push_back(fmt::format(
            "{} row{} stamped one second late (steps of +1001 ms and -999 ms) set 1 s back",
            repaired, repaired == 1 ? "" : "s"));
    const auto at_ceiling = static_cast<std::size_t>(std::count_if(
        rows.begin(), rows.end(), [](const Row& row) { return row.volts >= kCeilingV; }));
    if (at_ceiling > 0)
        reading.notes.push_back(fmt::format(
            "{} of {} rows ({:.2g} %) stand at 5.283 V, the most that the recorder could show: "
            "the voltage was that high or higher",
            at_ceiling, rows.size(),
            100.0 * static_cast<double>(at_ceiling) / static_cast<double>(rows.size())));
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
