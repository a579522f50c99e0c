// SPDX-License-Identifier: Apache-2.0
/// What a sweep file asks for is what the table has: every kind of axis, and their products.
#include "tests/sweep/sweeping.hpp"

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

namespace {

/// Runs a sweep of circuit A and returns its database.
std::string swept(const SweepFolder& folder, const std::string& sweep, int status = 0,
                  const std::string& more = {}) {
    folder.write("s.yaml", kCircuitA + sweep);
    const Outcome outcome = folder.ebb("sweep s.yaml --out out " + more);
    INFO(outcome.text);
    REQUIRE(outcome.status == status);
    return folder / "out/results.sqlite";
}

}  // namespace

TEST_CASE("a grid has every combination, the first-named axis slowest") {
    const SweepFolder folder;
    const std::string db = swept(folder,
                                 "sweep:\n"
                                 "  grid:\n"
                                 "    store.capacitance: [100 uF, 47 uF]\n"
                                 "    mcu.turn_on: [2.5 V, 3 V, 3.5 V]\n");
    CHECK(column_of(db, "SELECT \"store.capacitance_f\" FROM runs ORDER BY point") ==
          std::vector<double>{100e-6, 100e-6, 100e-6, 47e-6, 47e-6, 47e-6});
    CHECK(column_of(db, "SELECT \"mcu.turn_on_v\" FROM runs ORDER BY point") ==
          std::vector<double>{2.5, 3.0, 3.5, 2.5, 3.0, 3.5});
}

TEST_CASE("ranges are linear or logarithmic and keep their ends") {
    const SweepFolder folder;
    const std::string db =
        swept(folder,
              "sweep:\n"
              "  grid:\n"
              "    store.capacitance: {range: {from: 1 uF, to: 1 mF, count: 4, scale: log}}\n"
              "    mcu.turn_on: {range: {from: 2.1 V, to: 2.4 V, count: 4}}\n");
    CHECK(column_of(db, "SELECT DISTINCT \"store.capacitance_f\" FROM runs ORDER BY point") ==
          std::vector<double>{1e-6, 10e-6, 100e-6, 1e-3});
    CHECK(column_of(db, "SELECT DISTINCT \"mcu.turn_on_v\" FROM runs ORDER BY point") ==
          std::vector<double>{2.1, 2.2, 2.3, 2.4});
}

TEST_CASE("series, zip and list walk as they are written, and blocks multiply") {
    const SweepFolder folder;
    const std::string db = swept(folder,
                                 "sweep:\n"
                                 "  zip:\n"
                                 "    store.initial: [1.8 V, 2 V]\n"
                                 "    source.model.power: [1 mW, 2 mW]\n"
                                 "  list:\n"
                                 "    - {mcu.turn_on: 3 V, mcu.turn_off: 2 V}\n"
                                 "    - {mcu.turn_on: 2.5 V, mcu.turn_off: 1.9 V}\n"
                                 "  grid:\n"
                                 "    store.capacitance: {series: E6, from: 10 uF, to: 33 uF}\n");
    CHECK(value_of(db, "SELECT COUNT(*) FROM runs") == "16");
    CHECK(value_of(db,
                   "SELECT COUNT(*) FROM runs WHERE (\"source.model.power_w\" = 1e-3) = "
                   "(\"store.initial_v\" = 1.8)") == "16");
    CHECK(value_of(db,
                   "SELECT COUNT(*) FROM runs WHERE (\"mcu.turn_on_v\" = 3.0) = "
                   "(\"mcu.turn_off_v\" = 2.0)") == "16");
    CHECK(
        column_of(db, "SELECT \"store.capacitance_f\" FROM runs WHERE point < 4 ORDER BY point") ==
        std::vector<double>{10e-6, 15e-6, 22e-6, 33e-6});
}

TEST_CASE("samples stay within their ranges and pick from their lists") {
    const SweepFolder folder;
    for (const char* method : {"random", "latin_hypercube", "sobol"}) {
        INFO(method);
        const std::string db = swept(
            folder, std::string("sweep:\n  sample:\n    method: ") + method +
                        "\n    count: 40\n    over:\n"
                        "      store.capacitance: {range: {from: 10 uF, to: 1 mF, scale: log}}\n"
                        "      mcu.turn_on: [2.5 V, 3 V]\n"
                        "      checkpoint.policy: [none]\n");
        CHECK(value_of(db,
                       "SELECT COUNT(*) FROM runs WHERE \"store.capacitance_f\" BETWEEN 10e-6 "
                       "AND 1e-3") == "40");
        CHECK(value_of(db, "SELECT COUNT(DISTINCT \"store.capacitance_f\") FROM runs") == "40");
        CHECK(value_of(db, "SELECT COUNT(DISTINCT \"mcu.turn_on_v\") FROM runs") == "2");
        if (method[0] != 'r') {  // evenly in logarithms: 20 of 40 on either side of the middle
            CHECK(value_of(db,
                           "SELECT ABS(20 - COUNT(*)) <= 1 FROM runs WHERE "
                           "\"store.capacitance_f\" <= 1e-4") == "1");
        }
    }
}

TEST_CASE("words and blocks are axes: policies, stores, parts of other kinds") {
    const SweepFolder folder;
    const std::string db = swept(folder,
                                 "sweep:\n"
                                 "  grid:\n"
                                 "    store.leakage: [{resistance: 1 MOhm}, {current: 1 uA}]\n"
                                 "    converter: [{type: none}, {type: diode, drop: 0.2 V}]\n");
    CHECK(value_of(db, "SELECT \"store.leakage\" FROM runs WHERE point = 2") == "current: 1 uA");
    CHECK(value_of(db, "SELECT converter FROM runs WHERE point = 1") == "type: diode, drop: 0.2 V");
    CHECK(value_of(db, "SELECT COUNT(DISTINCT \"energy_j.leakage\") FROM runs") == "4");
}

TEST_CASE("conditions drop combinations and keep the numbers of the others") {
    const SweepFolder folder;
    const std::string db = swept(folder,
                                 "sweep:\n"
                                 "  grid:\n"
                                 "    mcu.turn_on: [2 V, 2.5 V, 3 V]\n"
                                 "    mcu.turn_off: [1.8 V, 2.2 V]\n"
                                 "  where: mcu.turn_on_v > mcu.turn_off_v + 0.25\n");
    CHECK(column_of(db, "SELECT point FROM runs ORDER BY run") == std::vector<double>{2, 3, 4, 5});
    CHECK(value_of(db, "SELECT value FROM provenance WHERE key = 'runs'") == "4");
}

TEST_CASE("conditions take texts, units, short names and words for logic") {
    const SweepFolder folder;
    const std::string db =
        swept(folder,
              "sweep:\n"
              "  grid:\n"
              "    checkpoint.policy: [none, jit]\n"
              "    converter: [{type: none}, {type: diode, drop: 0.2 V}]\n"
              "    store.capacitance: [100 uF, 2 mF]\n"
              "  where:\n"
              "    - policy != 'jit'\n"
              "    - \"not (converter == 'type: none' and store.capacitance > 1 mF)\"\n");
    CHECK(column_of(db, "SELECT point FROM runs ORDER BY run") == std::vector<double>{0, 2, 3});
}

TEST_CASE("derived columns may compare texts of axes and of results") {
    const SweepFolder folder;
    const std::string db = swept(folder,
                                 "sweep:\n"
                                 "  grid: {converter: [{type: none}, {type: diode, drop: 0.2 V}]}\n"
                                 "  derive:\n"
                                 "    drops: \"converter == 'type: diode, drop: 0.2 V'\"\n"
                                 "    twice: drops * 2 + (findings == 'no_such_code')\n"
                                 "    quiet: findings != 'no_such_code'\n");
    CHECK(column_of(db, "SELECT drops FROM runs ORDER BY run") == std::vector<double>{0, 1});
    CHECK(column_of(db, "SELECT twice FROM runs ORDER BY run") == std::vector<double>{0, 2});
    CHECK(column_of(db, "SELECT quiet FROM runs ORDER BY run") == std::vector<double>{1, 1});
}

TEST_CASE("derived columns are computed from others, and are empty where these are") {
    const SweepFolder folder;
    const std::string db =
        swept(folder,
              "sweep:\n"
              "  grid: {store.capacitance: [100 uF, 2 mF], store.initial: [1 V]}\n"
              "  derive:\n"
              "    half_cv2_j: 0.5 * store.capacitance_f * store.initial_v^2\n"
              "    twice_j: 2 * half_cv2_j\n"
              "    j_per_job: energy_j.harvested / work.jobs_done\n");
    CHECK(column_of(db, "SELECT twice_j FROM runs ORDER BY run") ==
          std::vector<double>{100e-6, 2e-3});
    CHECK(value_of(db,
                   "SELECT j_per_job = \"energy_j.harvested\" / \"work.jobs_done\" FROM runs "
                   "WHERE point = 0") == "1");
    // 2 mF never fills in 10 s: no job, and nothing per job.
    CHECK(value_of(db,
                   "SELECT j_per_job IS NULL AND \"work.jobs_done\" = 0 FROM runs WHERE point = "
                   "1") == "1");
}

TEST_CASE("repeats draw the same for every point, around the point's own value") {
    const SweepFolder folder;
    const std::string db = swept(folder,
                                 "sweep:\n"
                                 "  grid: {store.capacitance: [100 uF, 200 uF]}\n"
                                 "  repeats: {count: 50, tolerances: {store.capacitance: 20 %}}\n"
                                 "  seed: 3\n");
    CHECK(value_of(db, "SELECT COUNT(*) FROM runs") == "100");
    const auto a = column_of(
        db,
        "SELECT \"repeat.store.capacitance_f\" / 100e-6 FROM runs WHERE point = 0 ORDER BY run");
    const auto b = column_of(
        db,
        "SELECT \"repeat.store.capacitance_f\" / 200e-6 FROM runs WHERE point = 1 ORDER BY run");
    double least = 2.0;
    double most = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        CHECK(a[i] == Approx(b[i]).epsilon(1e-8));
        least = std::min(least, a[i]);
        most = std::max(most, a[i]);
    }
    CHECK((least >= 0.8 && least < 0.85));
    CHECK((most <= 1.2 && most > 1.15));
    CHECK(value_of(db, "SELECT COUNT(DISTINCT \"energy_j.stored_change\") FROM runs") == "100");
}

TEST_CASE("repeats begin at other places of a trace, in equal steps or at random") {
    const SweepFolder folder;
    folder.write("trace.csv", "time_s,power_w\n0,0.001\n50,0.002\n100,0.003\n");
    folder.write(
        "base.yaml",
        "name: trace\nduration: 10 s\n"
        "source: {trace: trace.csv, model: {type: power}, at_end: loop}\n"
        "store: {type: capacitor, capacitance: 100 uF, initial: 2 V, max: 6 V}\n"
        "mcu: {turn_on: 3 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, charge: "
        "0 C}, active: {current: 1 mA}, off_current: 0 A}\n"
        "workload: {tasks: [{name: load, until_power_fails: true}]}\n");
    const auto starts = [&](const std::string& how) {
        folder.write("s.yaml",
                     "scenario: base.yaml\nsweep:\n  repeats: {count: 4, starts: " + how + "}\n");
        const Outcome outcome = folder.ebb("sweep s.yaml --out out");
        INFO(outcome.text);
        REQUIRE(outcome.status == 0);
        return column_of(folder / "out/results.sqlite",
                         "SELECT \"repeat.source.start_s\" FROM runs ORDER BY run");
    };
    // The last sample lasts as long as the one before it: 150 s.
    const auto even = starts("circular");
    REQUIRE(even.size() == 4);
    for (std::size_t i = 1; i < 4; ++i) {
        CHECK(even[i] - even[i - 1] == Approx(37.5).margin(3e-6));
    }
    CHECK((even[0] >= 0.0 && even[0] < 37.5));
    const auto random = starts("random");
    CHECK(random[1] - random[0] != Approx(random[2] - random[1]).margin(1e-3));
    for (const double start : starts("{block: 20 s}")) {
        CHECK(std::fmod(start, 20.0) == Approx(0.0).margin(1e-9));
    }
}

TEST_CASE("a scenario may carry its sweep, or a sweep its scenario") {
    const SweepFolder folder;
    std::ifstream in(std::string(EBB_SOURCE_DIR) + "/scenarios/examples/circuit_a.yaml");
    const std::string circuit{std::istreambuf_iterator<char>(in), {}};
    const std::string sweep = "sweep: {grid: {store.capacitance: [47 uF, 100 uF]}}\n";
    folder.write("beside.yaml", circuit + sweep);
    folder.write("named.yaml", kCircuitA + sweep);
    REQUIRE(folder.ebb("sweep beside.yaml --out a").status == 0);
    REQUIRE(folder.ebb("sweep named.yaml --out b").status == 0);
    CHECK(rows_of(folder / "a/results.sqlite") == rows_of(folder / "b/results.sqlite"));
    CHECK_THAT(folder.ebb("check beside.yaml").text, Contains("ebb sweep"));
}

TEST_CASE("columns say their names, units and kinds; the CSV says the same rows") {
    const SweepFolder folder;
    const std::string db = swept(folder,
                                 "sweep:\n"
                                 "  grid: {store.capacitance: [100 uF], mcu.turn_on: [3 V, 1 V]}\n"
                                 "  derive: {x: power.boots * 2}\n",
                                 3, "--csv");
    CHECK(value_of(db, "SELECT unit || kind FROM columns WHERE name = 'store.capacitance_f'") ==
          "Finput");
    CHECK(value_of(db, "SELECT unit || kind FROM columns WHERE name = 'energy_j.harvested'") ==
          "Jmetric");
    CHECK(value_of(db, "SELECT kind FROM columns WHERE name = 'x'") == "derived");
    const std::string csv = folder.read("out/results.csv");
    CHECK(csv.rfind("point,repeat,identity,status,reason,store.capacitance_f,mcu.turn_on_v,time.",
                    0) == 0);
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
    CHECK_THAT(csv, Contains("\n1,0,,failed,\"mcu.turn_off is 1.8 V") ||
                        Contains("\n1,0,,failed,mcu.turn_off is 1.8 V"));
}
