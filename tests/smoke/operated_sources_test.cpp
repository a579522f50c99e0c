// SPDX-License-Identifier: Apache-2.0
/// Operated sources from the command line to the account of energy.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "models/core/single_diode.hpp"
#include "tests/smoke/command.hpp"

using namespace ebb::test;

namespace {

std::string cell_on(const std::string& source) {
    return "name: cell\nduration: 100 s\nsource:\n" + source +
           "converter: {type: efficiency, value: 85 %}\n"
           "store: {type: capacitor, capacitance: 1 mF, initial: 0 V, max: 5 V}\n"
           "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered,\n"
           "  boot: {time: 1 ms, charge: 1 uC}, active: {current: 1 mA}, off_current: 0 A}\n"
           "workload: {repeat: true, tasks: [{name: sense, time: 50 ms}]}\n";
}

const std::string kSampled =
    "  model: {part: kxob25_05x3f,\n"
    "    operate: {voc_fraction: {fraction: 76 %, period: 16 s, blackout: 256 ms}}}\n";

}  // namespace

TEST_CASE("a looped trace leaves the sampling's timetable alone") {
    // Constant light in a file of 7 s; the samplings are at 0, 16, ... 96 s of the run.
    const Desk desk;
    desk.write("light.csv", "time_s,irradiance_w_m2\n0,400\n7,400\n");
    desk.write("x.yaml", cell_on("  trace: light.csv\n  at_end: loop\n" + kSampled));
    const Said said = desk.ebb("run --json x.yaml");
    INFO(said.err);
    REQUIRE(said.status == 0);
    ebb::CellAtReference cell;
    cell.reference = ebb::fit_single_diode(2.07, 19.5e-3, 1.67, 18.4e-3);
    const ebb::SingleDiode lit = cell.at(0.4, ebb::kReferenceTemperature_k);
    const double v = 0.76 * lit.open_circuit_v();
    const double expected = v * lit.current(v) * (100.0 - 7 * 0.256);
    const auto summary = nlohmann::json::parse(said.out);
    CHECK(summary["energy_j"]["offered"].get<double>() == Approx(expected).epsilon(1e-11));
}

TEST_CASE("the end of a trace ends the run of a sampled cell too") {
    const Desk desk;
    desk.write("light.csv", "time_s,irradiance_w_m2\n0,100\n20,300\n40,0\n");
    desk.write("x.yaml", cell_on("  trace: light.csv\n  at_end: stop\n" + kSampled));
    const Said said = desk.ebb("run --json x.yaml");
    INFO(said.err);
    REQUIRE(said.status == 0);
    const auto summary = nlohmann::json::parse(said.out);
    CHECK(summary["time"]["simulated_s"].get<double>() == 60.0);
}

TEST_CASE("a voltage that the cell does not reach is said with numbers, and gives nothing") {
    const Desk desk;
    desk.write("x.yaml", cell_on("  model: {part: kxob25_05x3f, irradiance: 1000 W/m2,\n"
                                 "    operate: {voltage: 2.5 V}}\n"));
    const Said said = desk.ebb("check x.yaml");
    CHECK(said.status == 0);
    CHECK((said.out + said.err).find("not below the cell's open circuit of 2.07 V at 1000 W/m^2") !=
          std::string::npos);
    const auto summary = nlohmann::json::parse(desk.ebb("run --json x.yaml").out);
    CHECK(summary["energy_j"]["offered"].get<double>() == 0.0);
}
