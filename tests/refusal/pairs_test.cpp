// SPDX-License-Identifier: Apache-2.0
/// Which source goes with which converter: every pair is either taken or refused, and a refusal
/// names a converter that is possible. Status 2 of a refusal: run_time_test.cpp.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/refusal/reading.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

const std::map<std::string, std::string> kConverters = {
    {"none", "converter={type: none}"},
    {"diode", "converter={type: diode, drop: 0.3 V}"},
    {"efficiency", "converter={type: efficiency, value: 80 %}"},
    {"boost", "converter={part: bq25504}"},
};

struct Pairs {
    const char* source;
    std::set<std::string> possible;
};

const std::set<std::string> kPower = {"none", "diode", "efficiency"};
const std::set<std::string> kWired = {"none", "diode"};
const std::set<std::string> kHeld = {"efficiency", "boost"};

const std::vector<Pairs> kRows = {
    {"{model: {type: constant_power, power: 1 mW}}", kPower},
    {"{trace: power.csv, at_end: loop, model: {type: power}}", kPower},
    {"{trace: voltage.csv, at_end: loop, model: {type: voltage_across, resistance: 3 kOhm}}",
     kPower},
    {"{trace: light.csv, at_end: loop, model: {type: irradiance_efficiency, area: 1 cm2, "
     "efficiency: 15 %}}",
     kPower},
    {"{trace: shaken.csv, interpolation: linear, at_end: loop, model: {type: resonant, mass: 1, "
     "stiffness: 2000, damping: 20, limit: 0.1, efficiency: 50 %, output: 1 V}}",
     kPower},
    {"{model: {type: constant_current, current: 1 mA}}", kWired},
    {"{trace: current.csv, at_end: loop, model: {type: current}}", kWired},
    {"{model: {type: thevenin, voltage: 5 V, resistance: 1 kOhm}}", kPower},
    {"{model: {type: teg, seebeck: 0.1, resistance: 100 Ohm, temperature_difference: 60}}", kPower},
    {"{model: {type: piezo_bridge, capacitance: 40 nF, frequency: 60 Hz, drop: 0.3 V, current: 1 "
     "mA}}",
     kWired},
    {"{model: {part: am_1417, illuminance: 20000, operate: direct}}", kWired},
    {"{model: {part: am_1417, illuminance: 20000, operate: mpp}}", kHeld},
    {"{model: {part: am_1417_measured, illuminance: 20000, operate: direct}}", kWired},
    {"{model: {part: am_1417_measured, illuminance: 20000, operate: {voltage: 1.6 V}}}", kHeld},
    {"{trace: surface.csv, at_end: loop, model: {type: iv_surface, operate: direct}}", kWired},
    {"{trace: surface.csv, at_end: loop, model: {type: iv_surface, operate: mpp}}", kHeld},
    {"{model: {part: p2110b_1v0, power: 6 dBm}}", kPower},
    {"{model: {type: received_rf, power: 1 mW, rectifier: {table: [{store: 1 V, input: 0 dBm, "
     "efficiency: 40 %}, {store: 2 V, input: 0 dBm, efficiency: 30 %}]}}}",
     {"none"}},
};

}  // namespace

TEST_CASE("is each pair of source and converter taken, or refused with one that is possible?") {
    const ScratchFolder folder;
    const auto write = [&](const char* name, const char* text) {
        std::ofstream(folder.file(name)) << text;
    };
    write("power.csv", "time_s,power_w\n0,1e-3\n0.1,2e-3\n0.2,0\n");
    write("current.csv", "time_s,current_a\n0,1e-3\n0.1,2e-3\n0.2,0\n");
    write("voltage.csv", "time_s,voltage_v\n0,2\n0.1,3\n0.2,0\n");
    write("light.csv", "time_s,irradiance_w_m2\n0,200\n0.1,300\n0.2,0\n");
    write("surface.csv", "1\n0,4\n0,4e-3,4e-3,0\n1,2e-3,2e-3,0\n");
    write("shaken.csv", "time_s,acceleration_m_s2\n0,0\n0.07,20\n0.14,-20\n0.21,0\n");
    for (const Pairs& row : kRows) {
        for (const auto& [name, converter] : kConverters) {
            const std::string source =
                std::regex_replace(row.source, std::regex("trace: "), "trace: " + folder.file(""));
            const std::string said = refusal([&] {
                (void)read_scenario_text(kToy, "toy.yaml", registry(),
                                         options({"source=" + source, converter}));
            });
            INFO(row.source << "\n" << converter << "\n" << said);
            if (row.possible.count(name) == 1) {
                CHECK(said.empty());
                continue;
            }
            REQUIRE_FALSE(said.empty());
            CHECK(said.find("1 error, nothing was run") != std::string::npos);
            CHECK(said.find("converter " + name) != std::string::npos);
            // What is named as the way out is one.
            const std::size_t advice =
                std::min({said.find("expected"), said.find("with it converter"),
                          said.find("with a current source converter")});
            REQUIRE(advice != std::string::npos);
            bool named = said.find("holds its input, such as efficiency") != std::string::npos;
            for (const std::string& possible : row.possible) {
                named = named || said.find(possible, advice) != std::string::npos;
            }
            CHECK(named);
        }
    }
}
