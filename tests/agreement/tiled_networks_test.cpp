// SPDX-License-Identifier: Apache-2.0
// Do published models say the same? Networks with published tile plans, run through the simulator:
// the latency of a whole inference against the closed forms of iNAS and TiNAS.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/support/scenarios.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/test_data.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// The network table of one published solution, as a user would write it.
std::string table_of(const std::vector<CsvRow>& layers, const std::string& solution) {
    static const std::vector<std::string> kColumns = {
        "id",     "name",   "op",           "from",        "in_h",         "in_w",   "in_c",
        "out_h",  "out_w",  "out_c",        "kernel_h",    "kernel_w",     "stride", "stride_w",
        "macs",   "params", "weight_bytes", "input_bytes", "output_bytes", "tile_r", "tile_c",
        "tile_m", "tile_n", "reuse",        "batch"};
    std::string text;
    for (const std::string& column : kColumns) {
        text += (text.empty() ? "" : ",") + column;
    }
    text += "\n";
    for (const CsvRow& layer : layers) {
        if (layer.text("solution") != solution) {
            continue;
        }
        for (const std::string& column : kColumns) {
            text += (column == "id" ? "" : ",") + layer.text(column);
        }
        text += "\n";
    }
    return text;
}

struct Setup {
    std::string platform, boot, checkpoint;
    bool harvest_while_on = false;
};

/// Latency of the second of two inferences: it begins with a recharge, as each of a long row does.
double second_latency_s(const CsvRow& solution, const std::string& table, const Setup& setup) {
    const ScratchFolder desk;
    std::ofstream(desk.file("net.csv")) << table;
    const std::string text = fmt::format(
        "name: a published plan\nduration: 20000 s\nuntil: {{jobs: 2}}\n"
        "source:\n  model: {{type: thevenin, voltage: {} V, resistance: {} Ohm}}\n"
        "  harvest_while_on: {}\n"
        "store: {{type: capacitor, capacitance: {} F, initial: {} V, max: 10 V}}\n"
        "mcu: {{turn_on: {} V, turn_off: {} V, initial: unpowered, boot: {}, off_current: 0 A}}\n"
        "workload: {{network: {}, platform: {}}}\ncheckpoint: {}\n",
        solution.text("v_supply"), solution.text("supply_resistance_ohm"), setup.harvest_while_on,
        solution.text("capacitance_f"), solution.text("v_on"), solution.text("v_on"),
        solution.text("v_off"), setup.boot, desk.file("net.csv"), setup.platform, setup.checkpoint);
    const Result r = result_of(text);
    REQUIRE(r.work.jobs_done == 2);
    CHECK(r.power.brown_outs == 0);
    CHECK(r.power.boots == 2 * std::stol(solution.text("power_cycles")));
    return *r.work.latency_max_s;
}

}  // namespace

TEST_CASE("six published TiNAS plans take the time of the closed form, source off while on") {
    const auto solutions = test_table("golden/tinas_solutions.csv");
    const auto layers = test_table("golden/tinas_layers.csv");
    for (const CsvRow& solution : solutions) {
        const std::string name = solution.text("solution");
        CAPTURE(name);
        const double t = second_latency_s(
            solution, table_of(layers, name),
            {"msp430fr5994_extfram_tinas", "{time: 55 ms, energy: 77.88 uJ}", "{policy: inas}"});
        CHECK(t == Approx(solution.number("l_e2e_s")).epsilon(1e-9));
    }
}

TEST_CASE("published iNAS plans take the time of the closed form where its margin is 1") {
    const auto solutions = test_table("golden/inas_solutions.csv");
    const auto layers = test_table("golden/inas_layers.csv");
    int compared = 0;
    for (const CsvRow& solution : solutions) {
        const std::string name = solution.text("solution");
        if (solution.empty("l_e2e_fixed_s") || solution.number("energy_margin") != 1.0) {
            continue;
        }
        CAPTURE(name);
        const double t = second_latency_s(
            solution, table_of(layers, name),
            {"msp430fr5994_extfram_inas", "{time: 70 ms, energy: 77.88 uJ}", "{policy: inas}"});
        CHECK(t == Approx(solution.number("l_e2e_s")).epsilon(1e-6));
        ++compared;
    }
    CHECK((solutions.empty() || compared == 2));
}

TEST_CASE("with the published end voltage the other iNAS plans do so, too; it is not physical") {
    const auto solutions = test_table("golden/inas_solutions.csv");
    const auto layers = test_table("golden/inas_layers.csv");
    int compared = 0;
    for (const CsvRow& solution : solutions) {
        const std::string name = solution.text("solution");
        if (solution.empty("l_e2e_s") || solution.number("energy_margin") == 1.0) {
            continue;
        }
        CAPTURE(name);
        const double t =
            second_latency_s(solution, table_of(layers, name),
                             {"msp430fr5994_extfram_inas", "{time: 70 ms, energy: 77.88 uJ}",
                              "{policy: inas, energy_margin: " + solution.text("energy_margin") +
                                  ", end_voltage: inas}"});
        CHECK(t == Approx(solution.number("l_e2e_s")).epsilon(1e-6));
        ++compared;
    }
    CHECK((solutions.empty() || compared == 16));
}

TEST_CASE("what a store makes of the plans, source off while on, is what was reckoned for it") {
    const auto physical = test_table("golden/inas_tinas_physical.csv");
    std::map<std::string, double> expected;
    for (const CsvRow& row : physical) {
        expected[row.text("solution")] = row.number("l_e2e_source_off_s");
    }
    int compared = 0;
    for (const char* model : {"inas", "tinas"}) {
        const bool inas = std::string(model) == "inas";
        const auto solutions = test_table(fmt::format("golden/{}_solutions.csv", model));
        const auto layers = test_table(fmt::format("golden/{}_layers.csv", model));
        for (const CsvRow& solution : solutions) {
            const std::string name = solution.text("solution");
            if (expected.count(name) == 0) {
                continue;
            }
            CAPTURE(name);
            const double t = second_latency_s(
                solution, table_of(layers, name),
                {inas ? "msp430fr5994_extfram_inas" : "msp430fr5994_extfram_tinas",
                 inas ? "{time: 70 ms, energy: 77.88 uJ}" : "{time: 55 ms, energy: 77.88 uJ}",
                 "{policy: inas}"});
            CHECK(t == Approx(expected.at(name)).epsilon(1e-6));
            ++compared;
        }
    }
    CHECK((physical.empty() || compared == 24));
}
