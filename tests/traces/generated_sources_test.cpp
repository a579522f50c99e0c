// SPDX-License-Identifier: Apache-2.0
/// Generated traces in a scenario: made on the spot they are the file that the generator writes.
#include "tests/support/scenarios.hpp"
#include "tests/traces/trace_support.hpp"

#include "sim/trace/generate_trace.hpp"

#include <fmt/format.h>

using namespace ebb;
using namespace ebb::test;

namespace {

struct Way {
    const char* generator;
    std::vector<std::pair<std::string, std::string>> settings;
    const char* source;  ///< the source but for its trace
};

const std::vector<Way>& ways() {
    static const std::vector<Way> kWays = {
        {"rf",
         {{"seed", "4"}, {"duration", "30 s"}},
         "at_end: loop, model: {type: power}}\nconverter: {type: none}"},
        {"rf",
         {{"seed", "4"}, {"duration", "30 s"}, {"gives", "received"}, {"on_power", "3 mW"}},
         "at_end: loop, model: {part: p2110b_1v25}}\nconverter: {type: none}"},
        {"solar",
         {{"seed", "4"}, {"duration", "13 h"}, {"step", "7 s"}},
         "start: 12 h, at_end: hold, model: {part: kxob25_05x3f, operate: mpp}}\n"
         "converter: {part: bq25570}"},
        {"kinetic",
         {{"seed", "4"},
          {"duration", "50 s"},
          {"mean_moving", "5 s"},
          {"mean_still", "3 s"},
          {"rms", "12"}},
         "interpolation: linear, at_end: loop, model: {type: resonant, mass: 1, stiffness: 170, "
         "damping: 5.5, limit: 0.05, efficiency: 20 %, output: 1 V, high_pass: 0.1 Hz}}\n"
         "converter: {type: efficiency, value: 80 %}"},
        {"thermal",
         {{"seed", "4"}, {"duration", "1 min"}, {"step", "0.7 s"}},
         "at_end: loop, model: {type: teg, seebeck: 0.3, resistance: 200 Ohm}}\n"
         "converter: {type: efficiency, value: 80 %}"},
        {"thermal",
         {{"seed", "4"}, {"duration", "1 min"}},
         "interpolation: linear, at_end: loop, model: {type: teg, seebeck: 1, resistance: 2 "
         "kOhm}}\nconverter: {type: none}"},
    };
    return kWays;
}

std::string device(const std::string& trace, const Way& way) {
    return "name: generated\nduration: 2 min\nsource: {trace: " + trace + ", " + way.source +
           "\nstore: {type: capacitor, capacitance: 20 uF, initial: 2.5 V, max: 3.6 V}\n"
           "mcu: {turn_on: 3 V, turn_off: 2 V, initial: unpowered, boot: {time: 1 ms, charge: 1 "
           "uC}, active: {current: 1 mA}, off_current: 100 nA}\n"
           "workload: {repeat: true, tasks: [{name: work, time: 3 ms}]}\n";
}

std::string inline_trace(const Way& way) {
    std::string text = fmt::format("{{generate: {{type: {}", way.generator);
    for (const auto& [key, value] : way.settings)
        text += fmt::format(", {}: {}", key, value);
    return text + "}}";
}

}  // namespace

TEST_CASE("a source runs the same on a generated trace and on the file of it") {
    for (const Way& way : ways()) {
        const Scratch scratch;
        const std::string file =
            scratch.write("made.csv", generate_trace({way.generator, way.settings}).csv);
        INFO(inline_trace(way) << " " << way.source);
        const Result on_the_spot = result_of(device(inline_trace(way), way));
        const Result from_file = result_of(device(file, way));
        CHECK(on_the_spot.energy_j.harvested > 0.0);
        CHECK(on_the_spot.power.boots > 0);
        CHECK(on_the_spot.energy_j.harvested == from_file.energy_j.harvested);
        CHECK(on_the_spot.energy_j.offered == from_file.energy_j.offered);
        CHECK(on_the_spot.power.on_s == from_file.power.on_s);
        CHECK(on_the_spot.work.units_done == from_file.work.units_done);
    }
}

TEST_CASE("what is generated for a shaken mass is joined by lines without a word") {
    const Way& kinetic = ways()[3];
    std::string source = kinetic.source;
    source.erase(0, std::string("interpolation: linear, ").size());
    const Way left_out = {kinetic.generator, kinetic.settings, source.c_str()};
    const Result stated = result_of(device(inline_trace(kinetic), kinetic));
    const Result silent = result_of(device(inline_trace(kinetic), left_out));
    CHECK(stated.energy_j.harvested == silent.energy_j.harvested);
    source = "interpolation: hold, " + source;
    const Way held = {kinetic.generator, kinetic.settings, source.c_str()};
    const auto mistakes =
        mistakes_of([&] { (void)result_of(device(inline_trace(kinetic), held)); });
    REQUIRE(mistakes.size() == 1);
    CHECK(contains(mistakes[0].message, "interpolation: hold is not possible"));
}

TEST_CASE("a generated rest does not move a shaken mass before the walk that follows it") {
    const std::string walk =
        "{generate: {type: kinetic, seed: SEED, duration: 60 s, mean_moving: 5 s, mean_still: 30 "
        "s}}";
    int seen = 0;
    for (int seed = 1; seed < 40 && seen < 2; ++seed) {
        const GeneratedTrace made = generate_trace({"kinetic",
                                                    {{"seed", std::to_string(seed)},
                                                     {"duration", "60 s"},
                                                     {"mean_moving", "5 s"},
                                                     {"mean_still", "30 s"}}});
        const Series& s = made.series;
        // A rest to begin with, that ends in a walk: with lines drawn through it the mass would
        // move.
        if (s.value[0] != 0.0 || s.value.size() < 10 || s.bound_ns[1] < 10'000'000'000)
            continue;
        ++seen;
        std::string trace = walk;
        trace.replace(trace.find("SEED"), 4, std::to_string(seed));
        const double rest_s = static_cast<double>(s.bound_ns[1]) * 1e-9;
        const Way way = {"kinetic", {}, ways()[3].source};
        const Result r =
            result_of(device(trace, way), {fmt::format("duration={} s", rest_s - 0.001)});
        CHECK(r.energy_j.offered == 0.0);
    }
    CHECK(seen > 0);
}
