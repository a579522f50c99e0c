// SPDX-License-Identifier: Apache-2.0
/// Preset midc: columns by name, night offsets, what is refused, and the public recordings.
#include "tests/traces/trace_support.hpp"

#include "sim/trace/statistics.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

const std::string kHeader =
    "DATE (MM/DD/YYYY),MST,Global PSP [W/m^2],Global PSP (Accumulated) [kWhr/m^2],Temperature @ 2m "
    "[deg C]\n";

TraceRequest with_column(const std::string& column) {
    TraceRequest options;
    options.column = column;
    return options;
}

}  // namespace

TEST_CASE("a midc file gives its only irradiance column and names its time zone") {
    const Trace trace = load_text(
        kHeader + "2/28/2024,23:59,100.5,1,5\n2/29/2024,00:00,-3,1,5\n2/29/2024,00:01,7,1,5\n");
    CHECK(trace.format == "midc");
    CHECK(trace.series->quantity == Quantity::irradiance_w_m2);
    CHECK(trace.series->value == std::vector<double>{100.5, 0, 7});
    CHECK(trace.series->bound_ns ==
          std::vector<std::int64_t>{0, 60'000'000'000, 120'000'000'000, 180'000'000'000});
    CHECK(any_note(trace, "column 'Global PSP [W/m^2]', local time MST"));
    CHECK(any_note(trace,
                   "1 irradiance value below 0 (lowest -3 W/m^2) set to 0, which adds 180 J/m^2"));
}

TEST_CASE("a midc column is chosen by its name with or without unit") {
    const std::string text =
        "DATE (MM/DD/YYYY),PST,Global A [W/m^2],Direct "
        "[W/m^2]\n1/1/2020,00:00,1,2\n1/1/2020,00:01,3,4\n";
    CHECK(load_text(text, with_column("Direct")).series->value == std::vector<double>{2, 4});
    CHECK(load_text(text, with_column("Direct [W/m^2]")).series->value ==
          std::vector<double>{2, 4});
    CHECK(contains(mistakes_in(text)[0].message, "has 2 irradiance columns"));
    CHECK(contains(mistakes_in(text)[0].note, "Global A [W/m^2], Direct [W/m^2]"));
    const std::vector<Mistake> mistakes = mistakes_in(text, with_column("Dirct"));
    REQUIRE(mistakes.size() == 1);
    CHECK(contains(mistakes[0].hint, "did you mean 'Direct'?"));
    CHECK(contains(mistakes[0].note, "columns: Global A [W/m^2], Direct [W/m^2]"));
}

TEST_CASE("accumulated energies and temperatures are refused as irradiance") {
    const std::string text = kHeader + "1/1/2020,00:00,1,2,3\n";
    CHECK(contains(mistakes_in(text, with_column("Global PSP (Accumulated)"))[0].message,
                   "is an accumulated energy, not a power"));
    CHECK(contains(mistakes_in(text, with_column("Temperature @ 2m"))[0].message,
                   "is not an irradiance"));
}

TEST_CASE("wrong midc rows are refused with place and expectation") {
    const std::string good = "1/1/2020,00:00,1,2,3\n";
    const auto only = [&](const std::string& row) {
        const std::vector<Mistake> mistakes = mistakes_in(kHeader + good + row);
        REQUIRE(mistakes.size() == 1);
        CHECK(mistakes[0].place.line == 3);
        return mistakes[0];
    };
    CHECK(contains(only("2020-01-01,00:01,1,2,3\n").message, "not a date"));
    CHECK(contains(only("2/30/2020,00:01,1,2,3\n").message, "not a date"));
    CHECK(contains(only("1/1/2020,24:00,1,2,3\n").message, "not a time of day"));
    CHECK(contains(only("1/1/2020,7,1,2,3\n").message, "not a time of day"));
    CHECK(contains(only("1/1/2020,00:01,-9999.9,2,3\n").message, "stands for a missing sample"));
    CHECK(contains(only("1/1/2020,00:01,-7999,2,3\n").message, "stands for a missing sample"));
    CHECK(contains(only("1/1/2020,00:01,-373.4,2,3\n").message, "below the night offset"));
    CHECK(contains(only("1/1/2020,00:01,-246.7,2,3\n").message, "below the night offset"));
    CHECK(contains(only("1/1/2020,00:01,x,2,3\n").message, "not a number"));
    CHECK(contains(only("1/1/2020,00:01,1,2,3,4\n").message, "6 fields, expected 5"));
    CHECK(contains(only("1/1/2020,00:01\n").message, "2 fields, expected 5"));
    CHECK(contains(only("12/31/2019,23:59,1,2,3\n").message, "time goes back by 60 s"));
    CHECK(contains(only("1/1/2120,00:00,1,2,3\n").message, "more than 70 years"));
    TraceRequest options;
    options.format = "midc";
    CHECK(contains(mistakes_in("time_s,power_w\n0,1\n", options)[0].message,
                   "not the header of a MIDC file"));
    CHECK(contains(mistakes_in(kHeader)[0].message, "no rows"));
}

TEST_CASE("minutes that are missing from a midc file are held and said") {
    std::string text = kHeader;
    for (int minute = 0; minute < 60; ++minute)
        if (minute < 20 || minute >= 30)
            text += "1/1/2020,00:" + std::string(minute < 10 ? "0" : "") + std::to_string(minute) +
                    "," + std::to_string(minute) + ",0,0\n";
    const Trace trace = load_text(text);
    CHECK(trace.series->duration_ns() == 3'600'000'000'000);
    CHECK(any_note(trace, "1 gap in a recording with 60 s between rows"));
    CHECK(any_note(trace, "longest: 660 s from 1140 s on"));
}

TEST_CASE("the public solar recordings have their known insolation, means and nights") {
    struct Golden {
        const char* name;
        double days, insolation_mj_m2, tolerance, mean, largest, above, longest_below_s;
    };
    // Computed from the files, values below 0 taken as 0, each row held for 60 s.
    const auto g = GENERATE(Golden{"solar_outdoor_nrel_srrl_2018sep.txt", 30, 574.830, 1e-6, 221.77,
                                   1152.33, .5759, 27120},
                            Golden{"solar_outdoor_nrel_srrl_2023jun.txt", 30, 645.156, 1e-6, 248.90,
                                   1429.45, .6813, 32760},
                            Golden{"solar_outdoor_pvlib_midc_20181014.txt", 1, 11.1251, 1e-5,
                                   128.763, 885.4, .446, 24780});
    const std::string path = recording(g.name);
    if (path.empty())
        return;
    INFO(g.name);
    TraceRequest request;
    request.ref = path;
    request.expected = Quantity::irradiance_w_m2;
    const Trace trace = load_trace(request, {}, somewhere());
    CHECK(trace.format == "midc");
    const TraceStatistics s = statistics_of(*trace.series, {1.0});
    CHECK(trace.series->duration_ns() == static_cast<std::int64_t>(g.days) * 86'400'000'000'000);
    CHECK(s.uniform_step_s == 60.0);
    CHECK(s.integral * 1e-6 == Approx(g.insolation_mj_m2).epsilon(g.tolerance));
    CHECK(s.mean == Approx(g.mean).margin(0.00501));
    CHECK(s.largest == Approx(g.largest).margin(0.0501));
    CHECK(s.above[0].share == Approx(g.above).margin(0.51e-3));
    CHECK(s.above[0].longest_below_s == g.longest_below_s);
}
