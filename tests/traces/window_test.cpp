// SPDX-License-Identifier: Apache-2.0
/// Texts that are longer than the memory: rows wait in files, text comes by windows, and nothing
/// but the memory changes.
#include "models/core/ledger.hpp"
#include "sim/trace/open_file.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/statistics.hpp"
#include "sim/trace/trace_text.hpp"
#include "tests/traces/gzipped.hpp"
#include "tests/traces/trace_support.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

using namespace ebb;
using namespace ebb::test;

namespace {

struct Row {
    std::int64_t ns = 0;
    double value = 0.0;
};

/// Rows of many kinds: equal and other steps, gaps, repeated stamps, runs, offsets below 0.
std::vector<Row> rows_of(std::mt19937_64& random) {
    const std::size_t count = 1 + random() % 400;
    const bool even = random() % 3 == 0;
    const std::uint64_t gap = random() % 3 == 0 ? 3 : 40;
    const std::uint64_t run = 1 + random() % 12;
    std::vector<Row> rows;
    std::int64_t at = static_cast<std::int64_t>(random() % 1000);
    double value = 1.0;
    for (std::size_t i = 0; i < count; ++i) {
        if (random() % run == 0)
            value = static_cast<double>(random() % 5) - 1.0;
        rows.push_back({at, value});
        at += even || random() % gap != 0 ? 10 : static_cast<std::int64_t>(random() % 40);
    }
    return rows;
}

/// The rules written down once more, for rows that are all in memory: what the builder must give.
Series by_the_rules(std::vector<Row> rows, std::vector<std::string>& notes) {
    std::size_t repeated = 0;
    for (std::size_t i = 1; i < rows.size();) {
        if (rows[i].ns == rows[i - 1].ns) {
            rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i - 1));
            ++repeated;
        } else {
            ++i;
        }
    }
    const std::size_t n = rows.size();
    std::vector<std::int64_t> bounds;
    for (const Row& row : rows)
        bounds.push_back(row.ns - rows[0].ns);
    bounds.push_back(n == 1 ? 1'000'000'000 : 2 * bounds[n - 1] - bounds[n - 2]);
    if (n == 1)
        notes.emplace_back(
            "one row only: it is taken to last 1 s (at_end: hold makes it a constant source)");
    if (repeated > 0)
        notes.push_back(
            fmt::format("{} row{} had the stamp of the next row; lasting 0 s, they carry nothing "
                        "and were dropped",
                        repeated, repeated == 1 ? "" : "s"));
    Sum added;
    std::size_t offsets = 0;
    std::vector<std::int64_t> steps;
    for (std::size_t i = 0; i < n; ++i) {
        steps.push_back(bounds[i + 1] - bounds[i]);
        if (rows[i].value >= 0.0)
            continue;
        ++offsets;
        added.add(-rows[i].value * (static_cast<double>(steps[i]) / 1e9));
        rows[i].value = 0.0;
    }
    if (offsets > 0)
        notes.push_back(
            fmt::format("{} irradiance value{} below 0 (lowest -1 W/m^2) set to 0, "
                        "which adds {:.6g} J/m^2",
                        offsets, offsets == 1 ? "" : "s", added.value()));
    std::vector<std::int64_t> sorted = steps;
    std::sort(sorted.begin(), sorted.end());
    const std::int64_t usual = sorted[n / 2];
    const auto regular = static_cast<std::size_t>(std::count(steps.begin(), steps.end(), usual));
    const auto gaps = std::count_if(steps.begin(), steps.end(),
                                    [usual](std::int64_t s) { return s >= 2 * usual; });
    const bool uniform = sorted.front() == sorted.back();
    if (n >= 10 && !uniform && regular >= n - n / 10 && gaps > 0) {
        const auto longest = std::max_element(steps.begin(), steps.end());
        notes.push_back(fmt::format(
            "{} gap{} in a recording with {:g} s between rows; the row before a gap is held "
            "through it (longest: {:g} s from {:g} s on)",
            gaps, gaps == 1 ? "" : "s", static_cast<double>(usual) / 1e9,
            static_cast<double>(*longest) / 1e9,
            static_cast<double>(bounds[static_cast<std::size_t>(longest - steps.begin())]) / 1e9));
    }
    std::size_t runs = 1;
    for (std::size_t i = 1; i < n; ++i)
        runs += rows[i].value != rows[i - 1].value ? 1 : 0;
    Series series;
    for (std::size_t i = 0; i < n; ++i)
        if (i == 0 || rows[i].value != rows[i - 1].value || (uniform && runs * 8 > n)) {
            series.value.push_back(rows[i].value);
            series.bound_ns.push_back(bounds[i]);
        }
    series.bound_ns.push_back(bounds[n]);
    return series;
}

struct Built {
    Series series;
    std::vector<std::string> notes;
    std::size_t most_held = 0;
};

Built build(const std::vector<Row>& rows, const SpoolPlace& place) {
    FileMistakes mistakes("rows");
    SeriesBuilder builder(Quantity::irradiance_w_m2, Interpolation::hold, mistakes, place);
    builder.reserve(rows.size());
    Built built;
    for (const Row& row : rows) {
        builder.add(row.ns, row.value, {});
        built.most_held = std::max(built.most_held, builder.held());
    }
    built.series = builder.finish(built.notes);
    return built;
}

TraceEnvironment by_windows(const Scratch& scratch, std::size_t window) {
    TraceEnvironment environment;
    environment.cache = scratch.path("cache");
    environment.convert_from_bytes = 0;
    environment.window_bytes = window;
    return environment;
}

}  // namespace

TEST_CASE("do rows that wait in files become the series that the rules ask for?") {
    std::mt19937_64 random(3);
    const Scratch scratch;
    std::size_t mapped = 0;
    std::size_t noted = 0;
    for (int i = 0; i < 400; ++i) {
        const std::vector<Row> rows = rows_of(random);
        std::vector<std::string> notes;
        const Series expected = by_the_rules(rows, notes);
        const SpoolPlace place{scratch.folder(), 8 * (1 + random() % 30)};
        const SpoolPlace nowhere{"/proc/ebb", 8 * (1 + random() % 30)};  // nobody can write there
        for (const SpoolPlace& where : {place, nowhere, SpoolPlace{}}) {
            const Built built = build(rows, where);
            REQUIRE(built.series.value == expected.value);
            REQUIRE(built.series.bound_ns == expected.bound_ns);
            REQUIRE(built.series.bound_ns.step() == expected.bound_ns.step());
            REQUIRE(built.notes == notes);
            mapped += built.series.value.keeper() != nullptr ? 1 : 0;
        }
        noted += notes.size();
    }
    CHECK(mapped > 200);
    CHECK(noted > 200);
    CHECK(std::filesystem::is_empty(scratch.folder()));  // the files have no names
}

TEST_CASE("how many rows are in memory while a long recording comes?") {
    const Scratch scratch;
    std::vector<Row> rows;
    for (std::int64_t i = 0; i < 100'000; ++i)
        rows.push_back({10 * i + i % 3, static_cast<double>(i / 2 % 7)});
    const Built built = build(rows, {scratch.folder(), 8 * 500});
    CHECK(built.most_held <= 2 * 500 + 1);
    CHECK(built.series.value.size() == 50'000);
    CHECK(built.series.value.keeper() != nullptr);
    CHECK(built.series.bound_ns.stored() != nullptr);
    // At equal steps there is one column.
    for (Row& row : rows)
        row.ns = row.ns / 10 * 10;
    CHECK(build(rows, {scratch.folder(), 8 * 500}).most_held <= 501);
}

TEST_CASE("is a trace the same by windows, packed or not?") {
    const Scratch scratch;
    std::string text = "# a comment that is longer than a window\ntime_s,irradiance_w_m2,note\n";
    for (int i = 0; i < 3'000; ++i)
        text += fmt::format("{},{},{}\r\n", i + (i > 700 ? 5 : 0), i * 7919 % 1009 - 3, i);
    const Trace expected = load_text(text);
    REQUIRE(expected.notes.size() == 2);
    TraceRequest request;
    const std::string half = text.substr(0, text.size() / 2);
    for (const std::string& bytes :
         {text, gzipped(text), gzipped(half) + gzipped(text.substr(half.size()))}) {
        request.ref = scratch.write("trace.csv", bytes);
        for (const std::size_t window : {1U, 7U, 100U, 1U << 20U}) {
            const TraceEnvironment environment = by_windows(scratch, window);
            std::filesystem::remove_all(environment.cache);
            const Trace trace = load_trace(request, environment, somewhere());
            CHECK(trace.series->value == expected.series->value);
            CHECK(trace.series->bound_ns == expected.series->bound_ns);
            CHECK(trace.notes == expected.notes);
        }
    }
    const std::string packed = gzipped(text);
    const std::pair<std::string, std::string> bad[] = {
        {packed.substr(0, packed.size() - 9), "is cut short"},
        {packed + "xyz", "is damaged"},
        {gzipped(packed), "a gzip file within a gzip file"},
        {gzipped(text + '\0'), "it holds a zero byte"}};
    for (const auto& [bytes, message] : bad) {
        request.ref = scratch.write("trace.csv", bytes);
        const auto mistakes =
            mistakes_of([&] { (void)load_trace(request, by_windows(scratch, 50), somewhere()); });
        REQUIRE(mistakes.size() == 1);
        CHECK(contains(mistakes[0].message, message));
    }
}

TEST_CASE("is a file that someone writes to while it is read refused?") {
    const Scratch scratch;
    const std::string path = scratch.write("trace.csv", "time_s,power_w\n0,0.001\n1,0.002\n");
    std::int64_t changed_ns = 0;
    const std::string identity = identity_of(path, changed_ns);
    const TraceText text = TraceText::of_file(path, identity, 8, somewhere());
    text.check_unchanged();
    CHECK(text.line_breaks() == 3);
    SECTION("longer") { std::ofstream(path, std::ios::app) << "2,0.003\n"; }
    SECTION("cut short") { std::filesystem::resize_file(path, 20); }
    const auto mistakes = mistakes_of([&] { text.check_unchanged(); });
    REQUIRE(mistakes.size() == 1);
    CHECK(contains(mistakes[0].message, "was changed while it was read"));
    CHECK(mistakes[0].place.file == "scenario.yaml");
    // What is left of it is read all the same, and a reader gets to its end.
    CHECK(contains(text.whole(), "time_s,power_w"));
    CHECK(mistakes_of([&] { (void)TraceText::of_file(path, identity, 8, somewhere()); }).size() ==
          1);
}

TEST_CASE("is the median that of the sorted samples, weighed by time?") {
    std::mt19937_64 random(5);
    for (int i = 0; i < 40; ++i) {
        Series series;
        std::int64_t at = 0;
        std::vector<std::pair<double, std::int64_t>> sorted;
        for (std::uint64_t n = 1 + random() % 60; n > 0; --n) {
            const double value = random() % 3 == 0
                                     ? static_cast<double>(random() % 3) - 1.0
                                     : std::ldexp(0.1, static_cast<int>(random() % 9)) *
                                           (random() % 2 == 0 ? 1.0 : -1.0);
            const auto length = static_cast<std::int64_t>(1 + random() % 9);
            series.bound_ns.push_back(at);
            series.value.push_back(value);
            sorted.emplace_back(value, length);
            at += length;
        }
        series.bound_ns.push_back(at);
        std::sort(sorted.begin(), sorted.end());
        std::int64_t passed = 0;
        std::size_t k = 0;
        while (2 * (passed += sorted[k].second) < at)
            ++k;
        CHECK(statistics_of(series, {}).median == sorted[k].first);
    }
}
