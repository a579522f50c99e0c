// SPDX-License-Identifier: Apache-2.0
/// A row of a sweep is what `ebb run` says of the same values, digit by digit.
#include <nlohmann/json.hpp>

#include "sim/result/text_format.hpp"
#include "sim/sweep/sweep_table.hpp"
#include "tests/sweep/sweeping.hpp"

using namespace ebb;
using namespace ebb::test;
using Json = nlohmann::ordered_json;

namespace {

/// Compares every metric of every row with `ebb run --json` and its --set's.
void compare_with_runs(const SweepFolder& folder, const std::string& scenario,
                       const std::vector<std::string>& axes,
                       const std::vector<std::string>& units) {
    Database database(folder / "out/results.sqlite", Database::Mode::read);
    std::vector<Column> metrics;
    for (const Column& column : read_columns(database)) {
        if (column.kind == "metric") {
            metrics.push_back(column);
        }
    }
    REQUIRE(metrics.size() > 50);
    std::string names;
    for (const std::string& axis : axes) {
        names += sql_name(axis) + ", ";
    }
    std::string list;
    for (const Column& column : metrics) {
        list += (list.empty() ? "" : ", ") + sql_name(column.name);
    }
    Statement select(database, "SELECT " + names + list + " FROM runs ORDER BY run");
    int rows = 0;
    while (select.step()) {
        ++rows;
        std::string sets;
        for (std::size_t a = 0; a < axes.size(); ++a) {
            const std::string path = axes[a].substr(0, axes[a].size() - 2);
            const auto i = static_cast<int>(a);
            sets += units[a].empty()
                        ? " --set '" + axes[a] + "={" + select.text(i) + "}'"
                        : " --set '" + path + "=" + shortest(select.real(i)) + " " + units[a] + "'";
        }
        const Outcome run = folder.ebb("run " + scenario + " --json" + sets);
        INFO(sets << "\n" << run.text);
        const Json summary = Json::parse(run.text.substr(0, run.text.rfind('}') + 1));
        for (std::size_t m = 0; m < metrics.size(); ++m) {
            const std::string& name = metrics[m].name;
            const Cell cell = select.cell(static_cast<int>(axes.size() + m));
            INFO(name);
            if (name == "findings") {
                std::string codes;
                for (const Json& finding : summary["findings"]) {
                    const std::string code = finding["code"];
                    if ((" " + codes + " ").find(" " + code + " ") == std::string::npos) {
                        codes += (codes.empty() ? "" : " ") + code;
                    }
                }
                CHECK(std::get<std::string>(cell) == codes);
                continue;
            }
            std::string pointer = "/" + name;
            std::replace(pointer.begin(), pointer.end(), '.', '/');
            const Json& truth = summary.at(Json::json_pointer(pointer));
            if (truth.is_null()) {
                CHECK(cell.index() == 0);
            } else if (truth.is_string()) {
                CHECK(std::get<std::string>(cell) == truth.get<std::string>());
            } else if (truth.is_number()) {
                CHECK(number_of(cell) == truth.get<double>());
            } else if (truth.is_boolean()) {
                CHECK(number_of(cell) == (truth.get<bool>() ? 1.0 : 0.0));
            }
        }
    }
    CHECK(rows > 0);
}

}  // namespace

TEST_CASE("every row of a sweep over plain numbers equals ebb run with the same --set") {
    const SweepFolder folder;
    folder.write("s.yaml",
                 kCircuitA +
                     "sweep:\n"
                     "  sample:\n"
                     "    method: latin_hypercube\n"
                     "    count: 12\n"
                     "    over:\n"
                     "      store.capacitance: {range: {from: 20 uF, to: 1 mF, scale: log}}\n"
                     "      source.model.power: {range: {from: 0.5 mW, to: 4 mW}}\n"
                     "      duration: {range: {from: 1 s, to: 20 s}}\n"
                     "      mcu.turn_on: {range: {from: 2 V, to: 4 V}}\n");
    const Outcome outcome = folder.ebb("sweep s.yaml --out out");
    INFO(outcome.text);
    REQUIRE(outcome.status == 0);
    compare_with_runs(
        folder, std::string(EBB_SOURCE_DIR) + "/scenarios/examples/circuit_a.yaml",
        {"store.capacitance_f", "source.model.power_w", "duration_s", "mcu.turn_on_v"},
        {"F", "W", "s", "V"});
}

TEST_CASE("every row of a sweep over policies on a network equals ebb run with the same --set") {
    const SweepFolder folder;
    folder.write("s.yaml", std::string("scenario: ") + EBB_SOURCE_DIR +
                               "/scenarios/quickstart.yaml\n" +
                               "sweep:\n"
                               "  grid:\n"
                               "    checkpoint: [{policy: commit, granularity: tile}, {policy: "
                               "commit, granularity: layer}]\n"
                               "    store.capacitance: [47 uF, 470 uF]\n"
                               "    source.start: [0 s, 3 s]\n");
    const Outcome outcome = folder.ebb("sweep s.yaml --out out");
    INFO(outcome.text);
    REQUIRE((outcome.status == 0 || outcome.status == 3));
    compare_with_runs(folder, std::string(EBB_SOURCE_DIR) + "/scenarios/quickstart.yaml",
                      {"checkpoint", "store.capacitance_f", "source.start_s"}, {"", "F", "s"});
}
