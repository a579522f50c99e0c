// SPDX-License-Identifier: Apache-2.0
/// Presets single_column, csv_two_column and accel_csv: nothing is guessed that the file does not
/// say, and the public recordings have their known figures.
#include "tests/traces/trace_support.hpp"

#include "sim/trace/statistics.hpp"

#include <cmath>
#include <set>

using namespace ebb;
using namespace ebb::test;

namespace {

TraceRequest as(const std::string& format, const std::string& unit = "") {
    TraceRequest options;
    options.format = format;
    options.unit = unit;
    return options;
}

TraceRequest single(const std::string& unit, double dt_s) {
    TraceRequest options = as("single_column", unit);
    options.dt_s = dt_s;
    return options;
}

TraceRequest accel(double rate_hz, const std::string& column = "") {
    TraceRequest options = as("accel_csv");
    options.rate_hz = rate_hz;
    options.column = column;
    return options;
}

Mistake only_mistake(const std::string& text, const TraceRequest& options) {
    const std::vector<Mistake> mistakes = mistakes_in(text, options);
    REQUIRE(mistakes.size() == 1);
    return mistakes[0];
}

}  // namespace

TEST_CASE("one number per line is a series once its unit and its step are named") {
    const Trace trace = load_text("5\n6.5\n7\n", single("mW", 0.25));
    CHECK(trace.format == "single_column");
    CHECK(trace.series->quantity == Quantity::power_w);
    CHECK(trace.series->value == std::vector<double>{5 * 1e-3, 6.5 * 1e-3, 7 * 1e-3});
    CHECK(trace.series->bound_ns ==
          std::vector<std::int64_t>{0, 250'000'000, 500'000'000, 750'000'000});
}

TEST_CASE("one number per line loses nothing to a byte order mark, CRLF or trailing commas") {
    const Trace trace = load_text(
        "\xEF\xBB\xBF"
        "5,\r\n 6 ,,\r\n7\r\n",
        single("V", 0.001));
    CHECK(trace.series->value == std::vector<double>{5, 6, 7});
    CHECK(trace.series->duration_ns() == 3'000'000);
}

TEST_CASE("one row of one number lasts its step") {
    CHECK(load_text("5\n", single("W", 0.125)).series->duration_ns() == 125'000'000);
    CHECK(load_text("5\n", single("W", 0.125)).notes.empty());
}

TEST_CASE("a file without header is not read before its unit and its step are named") {
    CHECK(contains(only_mistake("5\n", single("", 1.0)).message, "needs 'unit'"));
    CHECK(contains(only_mistake("5\n", as("single_column", "W")).message, "needs 'dt' or 'rate'"));
    CHECK(contains(only_mistake("0,5\n", as("csv_two_column")).message, "needs 'unit'"));
    CHECK(contains(only_mistake("1,2,3\n", as("accel_csv")).message, "needs 'dt' or 'rate'"));
    CHECK(contains(only_mistake("5\n", single("lumen", 1.0)).note, "W/m^2"));
    CHECK(contains(only_mistake("5\n", single("uV/cm^2", 1.0)).hint, "did you mean 'uW/cm^2'?"));
    TraceRequest both = single("W", 1.0);
    both.rate_hz = 1.0;
    CHECK(contains(only_mistake("5\n", both).message, "say the same thing twice"));
    CHECK(contains(only_mistake("5\n", single("W", 1e-12)).message, "cannot be used"));
    CHECK(contains(only_mistake("5\n6\n", single("W", 2e9)).message, "more than 73 years"));
    // A file that nobody named is pointed to the format that its rows look like.
    CHECK(contains(only_mistake("5\n6\n", {}).hint, "perhaps single_column"));
    CHECK(contains(only_mistake("0,5\n1,6\n", {}).hint, "perhaps csv_two_column"));
    CHECK(contains(only_mistake("1,5,6\n1,6,7\n", {}).hint, "perhaps accel_csv"));
}

TEST_CASE("wrong rows of files without header are refused with their places") {
    const Mistake comma = only_mistake("5\n6,5\n7\n", single("W", 1.0));
    CHECK(comma.place.line == 2);
    CHECK(contains(comma.message, "2 fields, expected 1"));
    CHECK(contains(comma.hint, "comma used as decimal mark"));
    CHECK(only_mistake("5\nx\n", single("W", 1.0)).place.line == 2);
    CHECK(contains(only_mistake("5\n-999\n", single("V", 1.0)).message, "missing sample"));
    CHECK(contains(only_mistake("0,5\n900,6\n1800\n", as("csv_two_column", "W")).message,
                   "1 field, expected 2"));
    CHECK(contains(only_mistake("0,5\n900,6,5\n", as("csv_two_column", "W")).message,
                   "3 fields, expected 2"));
    CHECK(contains(only_mistake("0,5\n900,6\n300,6\n", as("csv_two_column", "W")).message,
                   "time goes back by 600 s"));
    CHECK(contains(only_mistake("1,2,3\n1,2\n", accel(26)).message, "2 fields, expected 3"));
    CHECK(contains(only_mistake("1,2,3\n1,2,2e6\n", accel(26)).message, "beyond 1000 g"));
    CHECK(contains(only_mistake("1,2,3\n", accel(26, "w")).note, "magnitude, x, y, z"));
}

TEST_CASE("an option that has no effect on a format is refused") {
    TraceRequest options;
    options.dt_s = 1.0;
    const Mistake dt = only_mistake("time_s,power_w\n0,1\n", options);
    CHECK(contains(dt.message, "`dt` is an option of format accel_csv, single_column"));
    CHECK(contains(dt.hint, "leave `dt` out"));
    options = {};
    options.unit = "W";
    CHECK(contains(only_mistake("time_s,power_w\n0,1\n", options).message, "`unit` is an option"));
    options = {};
    options.length_s = 5.0;
    CHECK(contains(only_mistake("time_s,power_w\n0,1\n", options).message,
                   "`length` is an option of format simba_json"));
    options = {};
    options.column = "x";
    CHECK(contains(only_mistake("1\t2\n2\t3\n", options).message, "`column` is an option"));
    options = single("W", 1.0);
    options.dt_s.reset();
    options.rate_hz = 4.0;
    CHECK(load_text("5\n6\n", options).series->duration_ns() == 500'000'000);
}

TEST_CASE("a missing sample is seen in any unit, and -999 mV is none") {
    for (const char* const sentinel : {"-7999", "-9999", "-9999.9", "-99999", "-99999.9"}) {
        INFO(sentinel);
        const Mistake one = only_mistake(std::string("5\n") + sentinel + "\n", single("mV", 1.0));
        CHECK(one.place.line == 2);
        CHECK(contains(one.message, "stands for a missing sample"));
        CHECK(contains(
            only_mistake(std::string("time_s,v_mv\n0,1\n1,") + sentinel + "\n", {}).message,
            "stands for a missing sample"));
    }
    CHECK(load_text("5\n-999\n", single("mV", 1.0)).series->value[1] == Approx(-0.999));
}

TEST_CASE("is the end of 32 bits a saturated instrument, and not 4.29 mW?") {
    CHECK(
        contains(only_mistake("5\n4294967295\n", single("pW", 1.0)).message, "the end of 32 bits"));
    CHECK(contains(only_mistake("time_s,power_pw\n0,1\n1,4294967295\n", {}).message,
                   "the end of 32 bits"));
    CHECK(load_text("5\n4294967294\n", single("pW", 1.0)).series->value[1] ==
          Approx(4.294967294e-3).epsilon(1e-14));
}

TEST_CASE("stamps at a rate that no nanosecond divides stay exact over a long recording") {
    std::string text;
    for (int i = 0; i < 26 * 7; ++i)
        text += std::to_string(i) + ",0,0\n";
    const Trace trace = load_text(text, accel(26));
    CHECK(trace.series->duration_ns() == 7'000'000'000);
    CHECK(trace.series->bound_ns[1] == 38'461'538);
    CHECK(trace.series->bound_ns[26] == 1'000'000'000);
    // A rate close to a whole number is not taken for it: over 1e5 s it makes 1 ms.
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "1\n";
    TraceRequest odd = as("single_column", "W");
    odd.rate_hz = 0.01 * (1 + 1e-8);
    CHECK(load_text(many, odd).series->duration_ns() == 99'999'999'000'000);
}

TEST_CASE("an acceleration is read as its magnitude in m/s^2, or as one axis with its sign") {
    const std::string text = " -300,   400,  0\n    0,     0,  -1000\n";
    const Trace trace = load_text(text, accel(50));
    CHECK(trace.series->quantity == Quantity::acceleration_m_s2);
    CHECK(trace.series->value[0] == Approx(0.5 * 9.80665));
    CHECK(trace.series->value[1] == Approx(9.80665));
    CHECK(load_text(text, accel(50, "x")).series->value[0] == Approx(-0.3 * 9.80665));
    CHECK(load_text(text, accel(50, "z")).series->value[1] == Approx(-9.80665));
}

TEST_CASE("nights that were cut out of a recording are held, and said") {
    const std::string path = recording("solar_outdoor_messy_gmonths_raw.txt");
    if (path.empty())
        return;
    TraceRequest request = as("csv_two_column", "W/m^2");
    request.ref = path;
    const Trace trace = load_trace(request, {}, somewhere());
    const TraceStatistics s = statistics_of(*trace.series, {});
    CHECK(trace.series->duration_ns() == 7'737'300'000'000'000);
    // 4770 rows of 900 s; the last one before each jump is 0, so that what it is held through adds
    // nothing.
    CHECK(s.integral / (4770 * 900.0) == Approx(388.44).margin(0.00501));
    CHECK(s.largest == Approx(981.1).margin(0.0501));
    CHECK(any_note(trace, "89 gaps in a recording with 900 s between rows"));
    CHECK(any_note(trace, "longest: 39600 s"));
}

TEST_CASE("the office recording has its known length, levels and mean") {
    const std::string path = recording("solar_indoor_messy_office_windows_1sec_1day.txt");
    if (path.empty())
        return;
    TraceRequest request = single("lx", 1.0);
    request.ref = path;
    const Trace trace = load_trace(request, {}, somewhere());
    const TraceStatistics s = statistics_of(*trace.series, {});
    CHECK(trace.series->duration_ns() == 86'400'000'000'000);
    CHECK(trace.series->value.size() == 23);
    CHECK(std::set<double>(trace.series->value.begin(), trace.series->value.end()).size() == 21);
    CHECK(s.mean == Approx(126.48).margin(0.00501));
    CHECK(s.median == Approx(65.1).margin(0.0501));
    CHECK(s.largest == Approx(363.6).margin(0.0501));
    CHECK(s.smallest == Approx(16.5).margin(0.0501));
}

TEST_CASE("public recordings of walking and running have the accelerations that are known") {
    struct Golden {
        const char* name;
        double least_rms, most_rms;  // of the magnitude behind a high-pass of 0.1 Hz [m/s^2]
    };
    const auto g = GENERATE(Golden{"kinetic_st_har_walking_01_26Hz_4g_mg.csv", 2.3, 3.0},
                            Golden{"kinetic_st_har_walking_02_26Hz_4g_mg.csv", 2.3, 3.0},
                            Golden{"kinetic_st_har_running_01_26Hz_4g_mg.csv", 9.3, 10.6},
                            Golden{"kinetic_st_har_running_02_26Hz_4g_mg.csv", 9.3, 10.6},
                            Golden{"kinetic_st_har_stationary_01_26Hz_4g_mg.csv", 0.0, 0.1});
    const std::string path = recording(g.name);
    if (path.empty())
        return;
    INFO(g.name);
    TraceRequest request = accel(26);
    request.ref = path;
    const Trace trace = load_trace(request, {}, somewhere());
    CHECK(trace.series->duration_ns() == 38'461'538'462);  // 1000 rows / 26 Hz
    std::vector<double> x;  // rows again: equal neighbours were joined
    for (std::size_t i = 0, at = 0; i < 1000; ++i) {
        const auto middle = static_cast<std::int64_t>((static_cast<double>(i) + 0.5) * 1e9 / 26);
        while (trace.series->bound_ns[at + 1] <= middle)
            ++at;
        x.push_back(trace.series->value[at]);
    }
    const double rc = 1.0 / (2 * 3.14159265358979 * 0.1);
    const double alpha = rc / (rc + 1.0 / 26);
    double y = 0.0;
    double squares = 0.0;
    for (std::size_t i = 1; i < x.size(); ++i) {
        y = alpha * (y + x[i] - x[i - 1]);
        squares += y * y;
    }
    const double rms = std::sqrt(squares / 1000);
    INFO("rms " << rms << " m/s^2");
    // The bounds are known to one decimal.
    CHECK(rms >= g.least_rms - 0.05);
    CHECK(rms <= g.most_rms + 0.05);
}
