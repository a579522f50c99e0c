// SPDX-License-Identifier: Apache-2.0
/// Do hardware and an independent evaluation say the same? The Botoks board on a constant current,
/// 24 runs, published parameters and none tuned (LENS-TUGraz/simba @0b48c4e, MIT): against the
/// exact piecewise-linear evaluation of the same model (1e-6), and against the board's logs on
/// average.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

using Row = std::map<std::string, std::string>;

std::vector<Row> csv_rows(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::string> names;
    std::vector<Row> rows;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        std::vector<std::string> cells;
        std::stringstream cut(line + ",");
        for (std::string cell; std::getline(cut, cell, ',');) {
            cells.push_back(cell);
        }
        if (names.empty()) {
            names = cells;
            continue;
        }
        Row row;
        for (std::size_t i = 0; i < names.size() && i < cells.size(); ++i) {
            row[names[i]] = cells[i];
        }
        rows.push_back(row);
    }
    return rows;
}

struct Measured {
    std::int64_t packets = 0;
    double interval_s = 0.0, off_s = 0.0, on_s = 0.0;
};

Measured run_botoks(const Row& row) {
    const bool loop = row.at("app") == "loop";
    std::string text =
        "name: Botoks\nduration: 10 s\n"
        "source: {model: {type: constant_current, current: " +
        row.at("input_current_a") +
        " A}}\n"
        "store: {type: capacitor, capacitance: " +
        row.at("cap_measured_f") +
        " F, initial: 3.1 V, max: 10 V}\n"
        "mcu:\n"
        "  {turn_on: 3.1 V, turn_off: 2.4 V, initial: powered, boot: {time: 0 s, charge: 0 C},\n"
        "   off_current: 0 A,\n"
        "   regulator: {type: ldo, output: 2.2 V, quiescent: 4.5 uA, quiescent_off: 3 uA}}\n"
        "workload:\n";
    text += loop ? "  repeat: true\n" : "";
    text +=
        "  tasks:\n"
        "    - {name: init, time: 2.3 ms, current: 600 uA, once_per_boot: true}\n"
        "    - {name: sense, time: 0.75 ms, current: 700 uA}\n"
        "    - {name: send, time: 7.25 ms, current: 1960 uA}\n";
    text += loop ? "" : "    - {name: burn, current: 3140 uA, until_power_fails: true}\n";
    EventList events;
    const Result r = run(scenario_of(text), {}, &events);
    Measured m;
    std::vector<Time> sends;
    for (const auto& e : events.all()) {
        if (e.event == "task_done" && e.detail == "send") {
            sends.push_back(e.at);
        }
    }
    m.packets = static_cast<std::int64_t>(sends.size());
    CHECK(r.work.tasks.at(2).done == m.packets);
    if (sends.size() > 1) {
        m.interval_s = sends.back().since(sends.front()) / static_cast<double>(sends.size() - 1);
    }
    m.off_s = r.power.mean_off_s.value();
    m.on_s = r.power.mean_on_s.value();
    return m;
}

TEST_CASE("24 Botoks runs equal the exact model's table to 1e-6") {
    const auto folder = shared_data();
    if (!folder) {
        WARN("skipped: would read $EBB_TEST_DATA/data/hardware/botoks_constant_current_model.csv");
        return;
    }
    const auto rows = csv_rows(*folder + "/data/hardware/botoks_constant_current_model.csv");
    REQUIRE(rows.size() == 24);
    for (const Row& row : rows) {
        CAPTURE(row.at("app"), row.at("cap_measured_f"), row.at("input_current_a"));
        const Measured m = run_botoks(row);
        CHECK(m.packets == std::stoll(row.at("n_packets")));
        CHECK(m.off_s == Approx(std::stod(row.at("off_time_mean_s"))).epsilon(1e-6));
        CHECK(m.on_s == Approx(std::stod(row.at("on_time_mean_s"))).epsilon(1e-6));
        if (!row.at("sample_interval_mean_s").empty()) {
            CHECK(m.interval_s ==
                  Approx(std::stod(row.at("sample_interval_mean_s"))).epsilon(1e-6));
        }
    }
}

TEST_CASE("24 Botoks runs are within 4.7 % (off) and 8.3 % (on) of the board on average, untuned") {
    const auto folder = shared_data();
    if (!folder) {
        WARN("skipped: would read $EBB_TEST_DATA/data/hardware/botoks_constant_current.csv");
        return;
    }
    const auto rows = csv_rows(*folder + "/data/hardware/botoks_constant_current.csv");
    REQUIRE(rows.size() == 24);
    double off_error = 0.0;
    double on_error = 0.0;
    for (const Row& row : rows) {
        CAPTURE(row.at("app"), row.at("cap_measured_f"), row.at("input_current_a"));
        const Measured m = run_botoks(row);
        if (std::stoll(row.at("n_packets")) == 0) {
            CHECK(m.packets == 0);
        }
        off_error += std::fabs(m.off_s / std::stod(row.at("off_time_mean_s")) - 1.0) / 24.0;
        on_error += std::fabs(m.on_s / std::stod(row.at("on_time_mean_s")) - 1.0) / 24.0;
    }
    INFO("mean error: off " << 100.0 * off_error << " %, on " << 100.0 * on_error << " %");
    CHECK(off_error <= 0.047);
    CHECK(on_error <= 0.083);
    CHECK(off_error > 0.01);  // an untuned model is not that good: the comparison would be broken
}

}  // namespace
