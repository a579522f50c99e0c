// SPDX-License-Identifier: Apache-2.0
/// Presets of solar stations: midc_raw, surfrad, srml, simba_json.
#include "tests/traces/trace_support.hpp"

#include "sim/trace/statistics.hpp"

#include <fmt/format.h>

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr std::int64_t kMinute = 60'000'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;

Mistake only_mistake(const std::string& text, const TraceRequest& options = {}) {
    const std::vector<Mistake> mistakes = mistakes_in(text, options);
    REQUIRE(mistakes.size() == 1);
    return mistakes[0];
}

TraceRequest with_column(const std::string& column) {
    TraceRequest options;
    options.column = column;
    return options;
}

const std::string kRaw = "Year,DOY,PST,Global LI-200 [W/m^2],Battery [V]\n";
const std::string kSrml = "94255\t2018\t1000\t0\t2010\t0\t9300\t0\n";

/// A SURFRAD row with this clock, value and quality code.
std::string surfrad_row(const std::string& date_and_clock, const std::string& value,
                        const std::string& quality) {
    std::string row = " " + date_and_clock + "  0.000  91.65  " + value + " " + quality;
    for (int pair = 0; pair < 19; ++pair)
        row += "  -9999.9 1";
    return row + "\n";
}
const std::string kSurfrad = " Alamosa\n   37.70  105.92 2317 m version 1\n";

const std::string kSimba =
    "{\"Type\": \"NREL\", \"StartTime\": \"2018-09-01 06:00:00\", \"Season\": 0, \"TraceLength\": "
    "120}\n";

}  // namespace

TEST_CASE("a raw midc file is read with and without a column of row numbers") {
    const std::string rows =
        "2019,365,2358,-1.5,13\n2019,365,2359,5,13\n2020,1,0,7,13\n2020,1,1,8,13\n";
    const Trace trace = load_text(kRaw + rows);
    CHECK(trace.format == "midc_raw");
    CHECK(trace.series->value == std::vector<double>{0, 5, 7, 8});
    CHECK(trace.series->bound_ns ==
          std::vector<std::int64_t>{0, kMinute, 2 * kMinute, 3 * kMinute, 4 * kMinute});
    CHECK(any_note(trace, "column 'Global LI-200 [W/m^2]', local time PST"));
    CHECK(any_note(trace, "set to 0, which adds 90 J/m^2"));
    for (const char* const name : {"", "Unnamed: 0"}) {
        const Trace indexed =
            load_text(std::string(name) + "," + kRaw + "0,2019,365,2359,5,13\n1,2020,1,0,7,13\n");
        CHECK(indexed.series->value == std::vector<double>{5, 7});
    }
}

TEST_CASE("a raw midc file whose header is shorter than its rows gives its named columns") {
    const Trace trace = load_text(kRaw + "2019,319,0,5,13,1,2\n2019,319,1,7,13,1,2\n");
    CHECK(trace.series->value == std::vector<double>{5, 7});
    CHECK(any_note(trace, "rows have 7 columns, the header names 5"));
    // A shift of the names would be seen at the date.
    CHECK(contains(only_mistake(kRaw + "0,2019,319,0,5,13\n").message, "not a year and a day"));
}

TEST_CASE("wrong rows of a raw midc file are refused with place and expectation") {
    const auto wrong = [](const std::string& row) {
        const Mistake mistake = only_mistake(kRaw + "2019,319,0,5,13\n" + row);
        CHECK(mistake.place.line == 3);
        return mistake;
    };
    CHECK(contains(wrong("2019,319,1,-7999,13\n").message, "stands for a missing sample"));
    CHECK(contains(wrong("2019,319,1,-373.4,13\n").message, "below the night offset"));
    CHECK(contains(wrong("2019,319,60,5,13\n").message, "not a time of day"));
    CHECK(contains(wrong("2019,319,2400,5,13\n").message, "not a time of day"));
    CHECK(contains(wrong("2019,366,1,5,13\n").message, "not a year and a day"));
    CHECK(contains(wrong("2018,319,1,5,13\n").message, "time goes back"));
    CHECK(contains(wrong("2019,319,1\n").message, "3 fields, expected 5"));
    CHECK(contains(wrong("2019,319,1,5,13,1,2\n").message, "7 fields, expected 5"));
    CHECK(contains(only_mistake(kRaw + "2019,319,0,5,13\n", with_column("Battery")).message,
                   "is not an irradiance"));
    CHECK(contains(only_mistake(kRaw + "2019,319,0,5,13\n", with_column("Globl LI-200")).hint,
                   "did you mean 'Global LI-200'?"));
}

TEST_CASE("a surfrad file gives its global irradiance by its stamps") {
    const Trace trace = load_text(kSurfrad + surfrad_row("2016 60 2 29 23 59", "-1.8", "0") +
                                  surfrad_row("2016 61 3 1 0 0", "12.5", "0") +
                                  surfrad_row("2016 61 3 1 0 1", "13.5", "0"));
    CHECK(trace.format == "surfrad");
    CHECK(trace.series->value == std::vector<double>{0, 12.5, 13.5});
    CHECK(trace.series->duration_ns() == 3 * kMinute);
    CHECK(any_note(trace, "at Alamosa, UTC"));
}

TEST_CASE("surfrad samples that quality control does not call good are refused") {
    const auto wrong = [](const std::string& row) {
        const Mistake mistake =
            only_mistake(kSurfrad + surfrad_row("2016 1 1 1 0 0", "5", "0") + row);
        CHECK(mistake.place.line == 4);
        return mistake;
    };
    CHECK(contains(wrong(surfrad_row("2016 1 1 1 0 1", "-9999.9", "1")).message,
                   "the value -9999.9 has quality code 1"));
    CHECK(contains(wrong(surfrad_row("2016 1 1 1 0 1", "5", "2")).message, "quality code 2"));
    CHECK(contains(wrong(surfrad_row("2016 1 1 1 0 1", "-9999.9", "0")).message,
                   "stands for a missing sample"));
    CHECK(contains(wrong(surfrad_row("2016 1 13 1 0 1", "5", "0")).message, "not a date"));
    CHECK(contains(wrong(surfrad_row("2016 1 1 1 24 1", "5", "0")).message, "not a time of day"));
    CHECK(contains(wrong("2016 1 1 1 0 1 0.0 91 5 0\n").message, "10 fields, expected 48"));
    TraceRequest options;
    options.format = "surfrad";
    CHECK(contains(only_mistake("a\nb\n", options).message, "not the header"));
}

TEST_CASE("the public SURFRAD day has its known insolation") {
    const std::string path = recording("solar_outdoor_pvlib_surfrad-slv16001.dat");
    if (path.empty())
        return;
    TraceRequest request;
    request.ref = path;
    const Trace trace = load_trace(request, {}, somewhere());
    CHECK(trace.format == "surfrad");
    CHECK(trace.series->duration_ns() == 1440 * kMinute);
    const TraceStatistics s = statistics_of(*trace.series, {1.0});
    CHECK(s.integral * 1e-6 == Approx(12.2223).epsilon(1e-5));
    CHECK(s.largest == 580.3);
    // The raw mean is lower by what setting night offsets to 0 adds.
    CHECK(s.mean - 94464.0 / 86400 == Approx(140.37).margin(0.00501));
    CHECK(any_note(trace,
                   "822 irradiance values below 0 (lowest -4.4 W/m^2) set to 0, which adds "
                   "94464 J/m^2"));
}

TEST_CASE("an srml file gives its global irradiance, stamped at the ends of intervals") {
    const std::string rows =
        "1\t2359\t5\t12\t1\t12\t9\t12\n1\t2400\t6\t11\t2\t12\t9\t12\n2\t1\t7\t13\t3\t12\t9\t12\n";
    const Trace trace = load_text(kSrml + rows);
    CHECK(trace.format == "srml");
    CHECK(trace.series->value == std::vector<double>{5, 6, 7});
    CHECK(trace.series->duration_ns() == 3 * kMinute);
    CHECK(any_note(trace, "element 1000 of 2018"));
    CHECK(any_note(trace, "1 row with a quality flag that is neither 11 nor 12"));
    CHECK(load_text(kSrml + rows, with_column("2010")).series->value ==
          std::vector<double>{1, 2, 3});
}

TEST_CASE("wrong srml rows and columns are refused") {
    const auto wrong = [](const std::string& row) {
        const Mistake mistake = only_mistake(kSrml + "1\t1\t5\t12\t1\t12\t9\t12\n" + row);
        CHECK(mistake.place.line == 3);
        return mistake;
    };
    CHECK(contains(wrong("1\t2\t0\t99\t1\t12\t9\t12\n").message, "flag 99: missing"));
    CHECK(contains(wrong("1\t2\t0\tx\t1\t12\t9\t12\n").message, "not a quality flag"));
    CHECK(contains(wrong("1\t2401\t0\t12\t1\t12\t9\t12\n").message, "not a time of day"));
    CHECK(contains(wrong("366\t2\t0\t12\t1\t12\t9\t12\n").message, "not a day of the year"));
    CHECK(contains(wrong("1\t2\t0\t12\t1\t12\n").message, "6 fields, expected 8"));
    CHECK(contains(wrong("1\t2\t1,5\t12\t1\t12\t9\t12\n").hint, "point as decimal mark"));
    const std::string good = "1\t1\t5\t12\t1\t12\t9\t12\n";
    CHECK(contains(only_mistake(kSrml + good, with_column("9300")).note, "1000, 2010"));
    CHECK(contains(only_mistake("94255\t2018\t1000\t0\t1001\t0\n1\t1\t5\t12\t1\t12\n").message,
                   "has 2 global irradiances"));
}

TEST_CASE("Simba's last change is held to the end of its day, or to the stated length") {
    const std::string text = kSimba + "{\"irradiance\":{\"0\":0.0,\"60\":1.5,\"120\":0.5}}\n";
    const Trace trace = load_text(text);
    CHECK(trace.format == "simba_json");
    CHECK(trace.series->value == std::vector<double>{0, 1.5, 0.5});
    // The recording begins at six in the morning.
    CHECK(trace.series->bound_ns ==
          std::vector<std::int64_t>{0, 60 * kSecond, 120 * kSecond, 18 * 3600 * kSecond});
    CHECK(any_note(trace, "held to the end of its day: TraceLength is not the length"));
    TraceRequest options;
    options.length_s = 150.0;
    CHECK(load_text(text, options).series->duration_ns() == 150 * kSecond);
    CHECK(any_note(load_text(text, options), "the stated length"));
    options.length_s = 120.0;
    CHECK(contains(only_mistake(text, options).message, "'length' is 120 s, but"));
}

TEST_CASE("changes in numbers rather than text, and other keys, do not disturb Simba's reading") {
    const Trace trace =
        load_text(kSimba + "{\"unit\":{\"a\":1},\"irradiance\":{\"0\":1,\"60\":2},\"x\":7}\n");
    CHECK(trace.series->value == std::vector<double>{1, 2});
}

TEST_CASE("a broken Simba file is refused with its place") {
    const auto wrong = [](const std::string& second) { return only_mistake(kSimba + second); };
    const Mistake cut = wrong("{\"irradiance\":{\"0\":0.0,\"60\":1.");
    CHECK(cut.place.line == 2);
    CHECK(contains(cut.message, "not JSON"));
    CHECK(contains(cut.hint, "cut short"));
    CHECK(contains(wrong("{\"irradiance\":{\"0\":0.0,\"x\":1.0}}\n").message, "\"x\" is no time"));
    CHECK(contains(wrong("{\"irradiance\":{\"0\":\"1\"}}\n").message, "is a text"));
    CHECK(contains(wrong("{\"irradiance\":{\"60\":1,\"0\":2}}\n").message, "time goes back by 60"));
    CHECK(contains(wrong("{\"irradiance\":{\"0\":-9999}}\n").message, "missing sample"));
    CHECK(contains(wrong("{\"light\":{\"0\":1}}\n").message, "there is no \"irradiance\""));
    CHECK(contains(wrong("{\"irradiance\":{}}\n").message, "no rows"));
    CHECK(contains(only_mistake("{\"StartTime\": \"today\"}\n{}\n").message, "not the first line"));
    TraceRequest linear;
    linear.interpolation = Interpolation::linear;
    CHECK(contains(only_mistake(kSimba + "{\"irradiance\":{\"0\":1}}\n", linear).message,
                   "holds changes only"));
}

TEST_CASE("a month written as Simba keeps it has the insolation of the recording") {
    const char* const name =
        GENERATE("solar_outdoor_nrel_srrl_2018sep.txt", "solar_outdoor_nrel_srrl_2023jun.txt");
    const std::string path = recording(name);
    if (path.empty())
        return;
    TraceRequest request;
    request.ref = path;
    const Trace midc = load_trace(request, {}, somewhere());
    std::string text =
        "{\"Type\": \"NREL\", \"StartTime\": \"2018-09-01 00:00:00\", \"Season\": 0}\n"
        "{\"irradiance\":{";
    for (std::size_t i = 0; i < midc.series->value.size(); ++i)
        if (i == 0 || midc.series->value[i] != midc.series->value[i - 1])
            text += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",",
                                midc.series->bound_ns[i] / kSecond, midc.series->value[i]);
    const Trace simba = load_text(text + "}}\n");
    CHECK(simba.series->duration_ns() == midc.series->duration_ns());
    CHECK(simba.series->value.size() < midc.series->value.size());
    CHECK(statistics_of(*simba.series, {}).integral ==
          Approx(statistics_of(*midc.series, {}).integral).epsilon(1e-12));
}
