// SPDX-License-Identifier: Apache-2.0
/// A converter that cannot run, or is asked outside its table, is said with the numbers.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "models/converter/boost.hpp"
#include "tests/support/findings.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

/// One small cell at its maximum, 0.51 V and 4.6 mA at 1000 W/m2.
const std::string kDevice =
    "name: small\nduration: 10 s\n"
    "source:\n"
    "  model: {type: pv_cell, cell: {isc: 5 mA, voc: 0.6 V, vmp: 0.5 V, imp: 4.6 mA}, irradiance: "
    "1000 W/m2, operate: mpp}\n"
    "converter:\n"
    "  {type: boost, min_voltage: 0.1 V, quiescent: 0 A, efficiency: [{v_in: 0.2 V, i_in: 100 uA, "
    "value: 50 %}, {v_in: 0.2 V, i_in: 10 mA, value: 70 %}, {v_in: 0.6 V, i_in: 100 uA, value: 60 "
    "%}, {v_in: 0.6 V, i_in: 10 mA, value: 80 %}]}\n"
    "store: {type: capacitor, capacitance: 100 uF, initial: 1.8 V, max: 20 V}\n"
    "mcu:\n"
    "  {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 1 ms, charge: 1 uC},\n"
    "   active: {current: 1 mA}, off_current: 0 A}\n"
    "workload: {repeat: true, tasks: [{name: sense, time: 3 ms}]}\n";

}  // namespace

TEST_CASE("a cell that cannot reach what the converter needs is named with both voltages") {
    CHECK(find(result_of(kDevice), "converter_never_runs") == nullptr);
    const Result never = result_of(kDevice, {"converter.min_voltage=0.7 V"});
    const Finding* f = find(never, "converter_never_runs");
    REQUIRE(f != nullptr);
    CHECK(number(*f, "needed_v") == 0.7);
    CHECK(number(*f, "largest_v") == Approx(0.5).epsilon(1e-3));
    CHECK_THAT(f->text, Contains("it needs 700 mV at its input") && Contains("at most 500 mV"));
    CHECK(never.energy_j.harvested == 0.0);

    const std::string cold =
        "converter.cold_start={store_below: 2.5 V, min_voltage: 0.55 V, efficiency: 5 %}";
    const Result stuck = result_of(kDevice, {cold});
    f = find(stuck, "converter_never_runs");
    REQUIRE(f != nullptr);
    CHECK(number(*f, "needed_v") == 0.55);
    CHECK_THAT(f->text, Contains("can never begin with a store below 2.5 V"));
    CHECK(stuck.power.boots == 0);
    // A store that is above the border already needs no cold start.
    CHECK(find(result_of(kDevice, {cold, "store.initial=2.6 V"}), "converter_never_runs") ==
          nullptr);
}

TEST_CASE("a converter that is asked outside its table says so, with the inputs and the table") {
    CHECK(find(result_of(kDevice), "outside_table") == nullptr);
    // A hundredth of the light is 46 uA, below the table's currents.
    const Result faint = result_of(kDevice, {"source.model.irradiance=10 W/m2"});
    const Finding* f = find(faint, "outside_table");
    REQUIRE(f != nullptr);
    CHECK(number(*f, "energy_share") == 1.0);
    CHECK(number(*f, "most_a") < 100e-6);
    CHECK_THAT(f->text, Contains("100.0 % of what") &&
                            Contains("200 mV to 600 mV and 100 uA to 10 mA") &&
                            Contains("the nearest point was taken"));
    // Above the table's voltages.
    const Result high =
        result_of(kDevice, {"source.model.cell={isc: 5 mA, voc: 1.2 V, vmp: 1.0 V, imp: 4.6 mA}"});
    f = find(high, "outside_table");
    REQUIRE(f != nullptr);
    CHECK(number(*f, "least_v") == Approx(1.0).epsilon(1e-3));
}

TEST_CASE("what lies outside a table is counted by its energy, and while the converter runs") {
    BoostParams p;
    p.min_voltage_v = 0.1;
    p.efficiency = {{{}, 0.2, 1e-4, 0.5}, {{}, 0.2, 1e-2, 0.7}, {{}, 0.6, 1e-3, 0.8}};
    const Boost boost(p);
    OperatingSeries points;
    points.bound_ns = {0, 1, 2, 3, 4, 5};
    points.voltage_v = {0.2, 0.2, 0.4, 0.05, 0.9};
    points.current_a = {1e-3, 1e-5, 1e-3, 1e-3, 1e-3};
    // Inside; too faint; inside at one voltage and on the only point of the other; off; too high.
    const auto o = boost.outside_table(points, {1, 1, 1, 1, 2});
    REQUIRE(o);
    const double out = 0.2e-5 + 2 * 0.9e-3;
    CHECK(o->energy_share == Approx(out / (out + 0.2e-3 + 0.4e-3)).epsilon(1e-12));
    CHECK(o->least_v == 0.2);
    CHECK(o->most_v == 0.9);
    CHECK(o->least_a == 1e-5);
    CHECK(o->table_most_v == 0.6);
    CHECK_FALSE(boost.outside_table(points, {1, 0, 1, 1, 0}));  // never seen by the run
    p.efficiency.resize(1);
    CHECK_FALSE(Boost(p).outside_table(points, {1, 1, 1, 1, 2}));  // a constant has no outside
}

TEST_CASE("received power above the last row of a rectifier's table is said") {
    const std::string rf =
        "source={model: {type: received_rf, power: 1 mW, rectifier: {hold: 2 V, table: [{input: "
        "-10 dBm, efficiency: 10 %}, {input: 3 dBm, efficiency: 40 %}]}}}";
    const std::string none = "converter={type: none}";
    CHECK(find(result_of(kDevice, {rf, none}), "outside_table") == nullptr);
    const Result r = result_of(kDevice, {rf, none, "source.model.power=10 mW"});
    const Finding* f = find(r, "outside_table");
    REQUIRE(f != nullptr);
    CHECK(number(*f, "known_w") == Approx(std::pow(10.0, 0.3) * 1e-3).epsilon(1e-12));
    CHECK(number(*f, "largest_w") == Approx(10e-3));
    CHECK_THAT(f->text, Contains("last row's efficiency"));
}
