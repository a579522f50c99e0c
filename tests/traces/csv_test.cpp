// SPDX-License-Identifier: Apache-2.0
/// Preset csv: what it reads, which rules it states. Wrong files: csv_mistakes_test.cpp.
#include "tests/traces/trace_support.hpp"

#include "sim/trace/write_csv.hpp"

#include <chrono>

using namespace ebb;
using namespace ebb::test;

TEST_CASE("a csv trace holds each row until the next") {
    const Trace trace = load_text("time_s,power_w\n0,1e-3\n0.5,2e-3\n2,0\n");
    CHECK(trace.format == "csv");
    CHECK(trace.sha256.size() == 64);
    const Series& s = *trace.series;
    CHECK(s.quantity == Quantity::power_w);
    CHECK(s.interpolation == Interpolation::hold);
    CHECK(s.bound_ns == std::vector<std::int64_t>{0, 500'000'000, 2'000'000'000, 3'500'000'000});
    CHECK(s.value == std::vector<double>{1e-3, 2e-3, 0.0});
}

TEST_CASE("a linear trace ends at its last row") {
    TraceRequest options;
    options.interpolation = Interpolation::linear;
    const Trace trace = load_text("time_s,voltage_v\n0,1\n1,2\n3,2\n", options);
    CHECK(trace.series->interpolation == Interpolation::linear);
    CHECK(trace.series->bound_ns == std::vector<std::int64_t>{0, 1'000'000'000, 3'000'000'000});
    CHECK(trace.series->value == std::vector<double>{1, 2, 2});
}

TEST_CASE(
    "comments, padding, trailing commas, blank lines, CRLF and a byte order mark change nothing") {
    const Trace plain = load_text("time_s,power_w\n0,1\n1,2\n2,3\n");
    const Trace dressed = load_text(
        "\xEF\xBB\xBF# made by hand\r\n time_s , power_w ,\r\n# in between\r\n0 ,\t1,\r\n\r\n "
        "1,2,,\r\n2,3\r\n");
    CHECK(dressed.series->bound_ns == plain.series->bound_ns);
    CHECK(dressed.series->value == plain.series->value);
}

TEST_CASE("the unit is the end of the column's name") {
    CHECK(load_text("time_ms,power_uw\n0,250\n1,0\n").series->value[0] == Approx(250e-6));
    CHECK(load_text("time_ms,power_uw\n0,250\n1,0\n").series->bound_ns[1] == 1'000'000);
    CHECK(load_text("time_s,light_uw_cm2\n0,100\n1,0\n").series->quantity ==
          Quantity::irradiance_w_m2);
    CHECK(load_text("time_s,light_uw_cm2\n0,100\n1,0\n").series->value[0] == Approx(1.0));
    CHECK(load_text("time_s,cell_mv\n0,2500\n1,0\n").series->quantity == Quantity::voltage_v);
}

TEST_CASE("a timeline of our own reads back by column") {
    TraceRequest options;
    options.column = "p_harvest_w";
    const Trace trace = load_text(
        "time_s,v_store_v,p_harvest_w,p_load_w,state\n"
        "0,1.8,0.001,0,off\n0.25,2.1,0.001,0,off\n0.25,2.1,0.002,0.003,boot\n1.5,1.8,0,0.003,"
        "active\n",
        options);
    CHECK(trace.series->quantity == Quantity::power_w);
    CHECK(trace.series->value == std::vector<double>{0.001, 0.002, 0.0});
    CHECK(trace.series->bound_ns ==
          std::vector<std::int64_t>{0, 250'000'000, 1'500'000'000, 2'750'000'000});
    CHECK(any_note(trace, "1 row had the stamp of the next row"));
}

TEST_CASE("the quantity that the source model reads picks the column") {
    TraceRequest options;
    options.expected = Quantity::current_a;
    const Trace trace = load_text("time_s,voltage_v,current_a\n0,3,1e-6\n1,3,2e-6\n", options);
    CHECK(trace.series->quantity == Quantity::current_a);
    CHECK(trace.series->value[1] == 2e-6);
}

TEST_CASE("night offsets of a light sensor become 0 and the amount is said") {
    const Trace trace = load_text("time_s,irradiance_w_m2\n0,-2.5\n60,-1.5\n120,10\n");
    CHECK(trace.series->value == std::vector<double>{0, 0, 10});
    CHECK(any_note(trace, "2 irradiance values below 0 (lowest -2.5 W/m^2) set to 0"));
    CHECK(any_note(trace, "adds 240 J/m^2"));
}

TEST_CASE("equal neighbours are joined without changing the energy") {
    const Trace trace =
        load_text("time_s,power_w\n0,0.1\n1,0.1\n2.5,0.1\n3,0.7\n4,0.7\n6,0\n7,0\n");
    CHECK(trace.series->bound_ns ==
          std::vector<std::int64_t>{0, 3'000'000'000, 6'000'000'000, 8'000'000'000});
    CHECK(trace.series->value == std::vector<double>{0.1, 0.7, 0.0});
    CHECK(integral_of(*trace.series) == Approx(0.1 * 3 + 0.7 * 3).epsilon(1e-14));
}

TEST_CASE("a uniform trace stays uniform unless joining shrinks it eightfold") {
    const Trace kept = load_text("time_s,power_w\n0,1\n1,1\n2,3\n3,3\n");
    CHECK(kept.series->value.size() == 4);
    std::string text = "time_s,power_w\n";
    for (int i = 0; i < 100; ++i)
        text += std::to_string(i) + (i < 60 ? ",1\n" : ",2\n");
    const Trace joined = load_text(text);
    CHECK(joined.series->value == std::vector<double>{1, 2});
    CHECK(joined.series->bound_ns == std::vector<std::int64_t>{0, 60'000'000'000, 100'000'000'000});
}

TEST_CASE("time counts from the first row") {
    const Trace trace = load_text("time_s,power_w\n1700000000.25,1\n1700000001.25,2\n");
    CHECK(trace.series->bound_ns == std::vector<std::int64_t>{0, 1'000'000'000, 2'000'000'000});
    CHECK(any_note(trace, "time counts from the first row, which is at 1700000000 s"));
}

TEST_CASE("one row is a constant of one second and says so") {
    const Trace trace = load_text("time_s,power_w\n0,0.004\n");
    CHECK(trace.series->value == std::vector<double>{0.004});
    CHECK(trace.series->bound_ns == std::vector<std::int64_t>{0, 1'000'000'000});
    CHECK(any_note(trace, "one row only"));
}

TEST_CASE("gaps in a regular recording are held and said, change points are no gaps") {
    std::string text = "time_s,power_w\n";
    for (int i = 0; i < 50; ++i)
        text += std::to_string(i * 900 + (i > 20 ? 39600 : 0)) + "," + std::to_string(i + 1) + "\n";
    CHECK(any_note(load_text(text), "1 gap in a recording with 900 s between rows"));
    CHECK(any_note(load_text(text), "longest: 40500 s from 18000 s on"));
    CHECK(
        load_text("time_s,power_w\n0,1\n1,2\n5,3\n6,4\n20,5\n22,6\n23,7\n30,8\n31,9\n33,1\n40,2\n")
            .notes.empty());
}

TEST_CASE("a last line without line break is read and noted") {
    const Trace trace = load_text("time_s,power_w\n0,1\n1,2");
    CHECK(trace.series->value.size() == 2);
    CHECK(any_note(trace, "the last line has no line break"));
}

TEST_CASE("what is written as csv reads back as the same series") {
    const std::uint32_t seed = GENERATE(1U, 2U, 3U, 4U, 5U);
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    Series series;
    series.quantity = Quantity::current_a;
    series.bound_ns = {0};
    for (int i = 0; i < 200; ++i) {
        const auto step = static_cast<std::int64_t>(1 + random() % 5'000'000'000U);
        series.bound_ns.push_back(series.bound_ns.back() + step);
        series.value.push_back(static_cast<double>(random() % 1'000'000'007U) * 1e-9 / 3.0);
    }
    const Trace trace = load_text(csv_text(series, {"a comment"}));
    CHECK(trace.series->quantity == series.quantity);
    CHECK(trace.series->bound_ns == series.bound_ns);
    CHECK(trace.series->value == series.value);
}

TEST_CASE("a million rows are read whole") {
    std::string text = "time_s,power_w\n";
    std::mt19937_64 random(1);
    for (int i = 0; i < 1'000'000; ++i)
        text += seconds_text(std::int64_t{i} * 10'000) + ",0.000" +
                std::to_string(100'000 + random() % 900'000U) + "\n";
    const auto begin = std::chrono::steady_clock::now();
    const Trace trace = load_text(text);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    CHECK(trace.series->value.size() == 1'000'000);
    CHECK(trace.series->duration_ns() == 10'000'000'000);
    WARN(took.count() / 1e6 << " ns per row, writing and hashing the file included");
}
