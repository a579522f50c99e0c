// SPDX-License-Identifier: Apache-2.0
/// Presets react, enhants, ppk2, otii, joulescope, and files that are compressed.
#include "tests/traces/gzipped.hpp"
#include "tests/traces/trace_support.hpp"

#include "sim/trace/gunzip.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Mistake only_mistake(const std::string& text, const TraceRequest& options = {}) {
    const std::vector<Mistake> mistakes = mistakes_in(text, options);
    REQUIRE(mistakes.size() == 1);
    return mistakes[0];
}

TraceRequest expecting(Quantity quantity, const std::string& column = "") {
    TraceRequest options;
    options.expected = quantity;
    options.column = column;
    return options;
}

}  // namespace

TEST_CASE("a react recording is received radio power, which no direct-current source reads") {
    const std::string text = "sec RSSI,mW\n0.00\t0.00\n0.02\t0.21\n0.04\t0.03\n";
    const Trace trace = load_text(text);
    CHECK(trace.format == "react");
    CHECK(trace.series->quantity == Quantity::rf_power_w);
    CHECK(trace.series->value[1] == Approx(0.21e-3));
    CHECK(trace.series->duration_ns() == 60'000'000);
    CHECK(contains(only_mistake(text, expecting(Quantity::power_w)).message,
                   "holds rf_power_w, but the source model reads power_w"));
    CHECK(only_mistake(text + "0.06\n").place.line == 5);
    CHECK(contains(only_mistake("sec RSSI,mW\n0.02\t1\n0.00\t1\n").message, "time goes back"));
}

TEST_CASE("an enhants recording is read by its seconds, with and without header") {
    // The wall clock runs ahead by 2 s; the seconds do not.
    const std::string rows =
        "0\t 21.7 \t2010\t6\t3\t21\t4\t11\t\n1\t22\t2010\t6\t3\t21\t4\t12\t\n"
        "2\t350\t2010\t6\t3\t21\t4\t15\t\n";
    for (const std::string& header :
         {std::string(), std::string("sec  irr,microW/cm^2 year mon day hh mm ss\r\n")}) {
        const Trace trace = load_text(header + rows);
        CHECK(trace.format == "enhants");
        CHECK(trace.series->quantity == Quantity::irradiance_w_m2);
        CHECK(trace.series->value[0] == Approx(0.217));
        CHECK(trace.series->value[2] == Approx(3.5));
        CHECK(trace.series->duration_ns() == 3 * kSecond);
    }
    CHECK(contains(only_mistake(rows + "3\t350\t2010\t6").message, "4 fields, expected 8"));
    CHECK(contains(only_mistake(rows + "3\t1,5\t2010\t6\t3\t21\t4\t15\t\n").hint,
                   "point as decimal mark"));
    CHECK(contains(only_mistake(rows, expecting(Quantity::voltage_v)).message,
                   "holds irradiance_w_m2"));
}

TEST_CASE("a Power Profiler export is a current, whatever its digital channels") {
    for (const char* const digital : {"", ",D0-D7", ",D0,D1,D2,D3,D4,D5,D6,D7", ",Bits"}) {
        const std::string more = digital[0] == '\0' ? "" : ",0";
        const Trace trace =
            load_text(std::string("Timestamp(ms),Current(uA)") + digital + "\n0.5,12.5" + more +
                      "\n0.51,-0.25" + more + "\n0.52,30" + more + "\n");
        CHECK(trace.format == "ppk2");
        CHECK(trace.series->quantity == Quantity::current_a);
        CHECK(trace.series->value[0] == Approx(12.5e-6));
        CHECK(trace.series->value[1] == 0.0);
        CHECK(trace.series->duration_ns() == 30'000);
        CHECK(any_note(trace,
                       "1 current value below 0 (lowest -2.5e-07 A) set to 0, which adds "
                       "2.5e-12 C"));
    }
    CHECK(contains(only_mistake("Timestamp(ms),Current(uA)\n0,1\n1,-10.5\n").message,
                   "negative value"));
    CHECK(contains(only_mistake("Timestamp(ms),Current(uA)\n0,1,5\n").hint, "decimal mark"));
    CHECK(contains(
        only_mistake("Timestamp(ms),Current(uA)\n0,1\n", expecting(Quantity::power_w)).message,
        "holds current_a"));
}

TEST_CASE("a Joulescope recording gives the column that is read") {
    const std::string text =
        "#time,current,voltage,power,charge,energy\n0.0,0.1,3.0,0.3,0,0\n0.5,0.2,3.1,0.62,0,0\n";
    CHECK(load_text(text).format == "joulescope");
    CHECK(load_text(text).series->value == std::vector<double>{0.1, 0.2});
    CHECK(load_text(text, expecting(Quantity::voltage_v)).series->value ==
          std::vector<double>{3.0, 3.1});
    CHECK(load_text(text, expecting(Quantity::power_w)).series->value ==
          std::vector<double>{0.3, 0.62});
    CHECK(contains(only_mistake(text, expecting(Quantity::none, "energy")).note,
                   "current, voltage, power"));
    CHECK(contains(only_mistake(text + "1.0,nan,3,0,0,0\n").message, "not finite"));
    CHECK(contains(only_mistake(text, expecting(Quantity::irradiance_w_m2)).message,
                   "the source model reads irradiance_w_m2"));
}

TEST_CASE("an Otii export gives the column whose bracket has the unit that is read") {
    const std::string text =
        "Timestamp,Main Current (mA),\"Main Voltage (V)\",Temp (C)\n0,1.5,3,20\n0.25,2.5,3,20\n";
    CHECK(load_text(text).format == "otii");
    CHECK(load_text(text).series->value[1] == Approx(2.5e-3));
    CHECK(load_text(text, expecting(Quantity::voltage_v)).series->value ==
          std::vector<double>{3, 3});
    CHECK(contains(only_mistake(text, expecting(Quantity::none, "Main Currents")).hint,
                   "did you mean 'Main Current'?"));
    CHECK(contains(only_mistake("Timestamp,A (A),B (A)\n0,1,2\n").message,
                   "has 2 columns of current_a"));
}

TEST_CASE("a compressed recording is read as if it were not") {
    const std::string text = "time_s,power_w\n0,1e-3\n0.5,2e-3\n1,3e-3\n";
    const Trace plain = load_text(text);
    const Trace packed = load_text(gzipped(text));
    CHECK(packed.series->value == plain.series->value);
    CHECK(packed.series->bound_ns == plain.series->bound_ns);
    CHECK(packed.sha256 != plain.sha256);  // of the file as it lies there
    // Two files joined end to end are one.
    CHECK(load_text(gzipped("time_s,power_w\n0,1e-3\n") + gzipped("0.5,2e-3\n1,3e-3\n"))
              .series->value == plain.series->value);
}

TEST_CASE("a compressed recording that is cut, damaged or packed twice is refused") {
    const std::string whole = gzipped("time_s,power_w\n0,1e-3\n0.5,2e-3\n1,3e-3\n");
    CHECK(contains(only_mistake(whole.substr(0, whole.size() - 5)).message, "is cut short"));
    CHECK(contains(only_mistake(whole.substr(0, 4)).message, "is cut short"));
    std::string damaged = whole;
    damaged[whole.size() - 6] = static_cast<char>(damaged[whole.size() - 6] ^ 0x55);
    CHECK(contains(only_mistake(damaged).message, "is damaged"));
    CHECK(contains(only_mistake(whole + "rest").message, "is damaged"));
    CHECK(contains(only_mistake(gzipped(whole)).message, "a gzip file within a gzip file"));
    CHECK(contains(only_mistake(gzipped("")).message, "the file is empty"));
    CHECK_FALSE(is_gzip("\x1F"));
}
