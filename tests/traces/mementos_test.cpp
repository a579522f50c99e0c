// SPDX-License-Identifier: Apache-2.0
/// Preset mementos: the packed clock, the stated repair, and the public recordings.
#include "tests/traces/trace_support.hpp"

#include "sim/trace/statistics.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr double kLoad_ohm = 30e3;

TraceRequest with_time(const std::string& time) {
    TraceRequest options;
    options.format = "mementos";
    options.time = time;
    return options;
}

}  // namespace

TEST_CASE("the packed clock passes a minute without a pause") {
    const Trace trace = load_text("34959998\t1.0\n34959999\t2.0\n35000000\t3.0\n35000001\t4.0\n");
    CHECK(trace.format == "mementos");
    CHECK(trace.series->quantity == Quantity::voltage_v);
    CHECK(trace.series->bound_ns ==
          std::vector<std::int64_t>{0, 1'000'000, 2'000'000, 3'000'000, 4'000'000});
    CHECK(trace.series->value == std::vector<double>{1, 2, 3, 4});
    CHECK(trace.notes.empty());
}

TEST_CASE("the clock read as plain milliseconds has the pause of 40 s that packing hides") {
    const Trace trace =
        load_text("34959998\t1.0\n34959999\t2.0\n35000000\t3.0\n35000001\t4.0\n", with_time("ms"));
    CHECK(trace.series->bound_ns[2] - trace.series->bound_ns[1] == 40'001'000'000);
}

TEST_CASE("a row stamped one second late is set back and said") {
    const std::string text = "34934998\t1\n34934999\t2\n34936000\t3\n34935001\t4\n34935002\t5\n";
    const Trace trace = load_text(text);
    CHECK(trace.series->bound_ns ==
          std::vector<std::int64_t>{0, 1'000'000, 2'000'000, 3'000'000, 4'000'000, 5'000'000});
    CHECK(any_note(trace, "1 row stamped one second late"));
    CHECK(load_text(text, with_time("index")).series->bound_ns == trace.series->bound_ns);
}

TEST_CASE("other jumps of the clock are not repaired") {
    const std::vector<Mistake> mistakes = mistakes_in("100\t1\n101\t2\n2102\t3\n103\t4\n");
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].place.line == 4);
    CHECK(contains(mistakes[0].message, "time goes back by 1.999 s"));
}

TEST_CASE("a clock whose seconds pass 59 is refused") {
    const std::vector<Mistake> mistakes = mistakes_in("59999\t1\n60000\t2\n");
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].place.line == 2);
    CHECK(contains(mistakes[0].message, "not minutes, seconds and milliseconds"));
}

TEST_CASE("a clock that nanoseconds cannot hold is refused, packed or plain") {
    const std::string text = "1\t1\n1000000000000000000\t2\n2000000000000000000\t2\n";
    CHECK(mistakes_in(text).size() == 2);
    CHECK(mistakes_in(text, with_time("ms")).size() == 2);
    CHECK(load_text(text, with_time("index")).series->duration_ns() == 3'000'000);
}

TEST_CASE("wrong mementos rows and options are refused with their places") {
    CHECK(contains(mistakes_in("1\t1\n2\n3\t3\n")[0].message, "1 field, expected 2"));
    CHECK(contains(mistakes_in("1\t1\n2\t2\t2\n3\t3\n")[0].message, "3 fields, expected 2"));
    const std::vector<Mistake> comma = mistakes_in("1\t1\n2\t1,5\n");
    REQUIRE(comma.size() == 1);
    CHECK(comma[0].place.line == 2);
    CHECK(comma[0].place.column == 3);
    CHECK(contains(comma[0].hint, "point as decimal mark"));
    CHECK(contains(mistakes_in("1\t1\n", with_time("indx"))[0].hint, "did you mean 'index'?"));
    TraceRequest power;
    power.expected = Quantity::power_w;
    CHECK(contains(mistakes_in("1\t1\n2\t2\n", power)[0].message, "holds voltage_v"));
    TraceRequest timed;
    timed.time = "index";
    CHECK(contains(mistakes_in("time_s,power_w\n0,1\n", timed)[0].message,
                   "option of format mementos"));
}

TEST_CASE("the public Mementos recordings have their known durations, energies and outages") {
    struct Golden {
        int number;
        std::int64_t duration_ns;
        double energy_j, median_w, max_w, above_1uw, outage_1uw_s, above_10uw, outage_10uw_s,
            above_1v8;
    };
    // Computed from the files: P = V^2/30 kOhm, each row held for 1 ms.
    const auto g = GENERATE(
        Golden{1, 25'274'000'000, 3.875118e-3, 4.5e-6, 930.2e-6, .8345, 2.714, .4014, 5.253, .2399},
        Golden{2, 39'232'000'000, 7.424711e-3, 150.3e-6, 930.2e-6, .9985, 0.013, .8785, 4.762,
               .6622},
        Golden{3, 39'460'000'000, 3.663842e-3, 42.7e-6, 349.6e-6, 1.0, 0, .7993, 1.559, .3805},
        Golden{5, 31'118'000'000, 2.895189e-3, 30.9e-6, 764.3e-6, .9492, 1.125, .6784, 1.625,
               .2882},
        Golden{6, 51'680'000'000, 6.773579e-3, 36.1e-6, 930.2e-6, .9764, 0.301, .6728, 2.463,
               .3537},
        Golden{10, 39'518'000'000, 3.222620e-3, 30.4e-6, 930.2e-6, .9160, 1.172, .7224, 4.708,
               .2271});
    const std::string path = recording("rf_mementos_" + std::to_string(g.number) + ".txt");
    if (path.empty())
        return;
    INFO("recording " << g.number);
    TraceRequest request;
    request.ref = path;
    const Trace trace = load_trace(request, {}, somewhere());
    CHECK(trace.format == "mementos");
    CHECK(trace.series->duration_ns() == g.duration_ns);
    const double v_1uw = std::sqrt(1e-6 * kLoad_ohm);
    const double v_10uw = std::sqrt(1e-5 * kLoad_ohm);
    const TraceStatistics s = statistics_of(*trace.series, {v_1uw, v_10uw, 1.8});
    CHECK(s.integral_of_square / kLoad_ohm == Approx(g.energy_j).epsilon(1e-6));
    // The table gives powers to one decimal of a microwatt, shares to four digits.
    CHECK(s.median * s.median / kLoad_ohm == Approx(g.median_w).margin(0.0501e-6));
    CHECK(s.largest * s.largest / kLoad_ohm == Approx(g.max_w).margin(0.0501e-6));
    CHECK(s.above[0].share == Approx(g.above_1uw).margin(0.501e-4));
    CHECK(s.above[0].longest_below_s == Approx(g.outage_1uw_s).margin(1e-9));
    CHECK(s.above[1].share == Approx(g.above_10uw).margin(0.501e-4));
    CHECK(s.above[1].longest_below_s == Approx(g.outage_10uw_s).margin(1e-9));
    CHECK(s.above[2].share == Approx(g.above_1v8).margin(0.501e-4));
}
