// SPDX-License-Identifier: Apache-2.0
// Shipped parts of stores: each makes a store by its name, and every value says what it rests on.
#include "models/store/store_model.hpp"
#include "tests/support/scenarios.hpp"

#include <yaml-cpp/yaml.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <string>

using namespace ebb;
using namespace ebb::test;

namespace {

std::set<std::string> store_parts() {
    std::set<std::string> names;
    for (const auto& file :
         std::filesystem::directory_iterator(std::string(EBB_SOURCE_DIR) + "/models/store/parts")) {
        names.insert(file.path().stem().string());
    }
    return names;
}

Scenario with_part(const std::string& name) {
    return scenario_of(
        "name: part\nduration: 10 ms\nsource: {model: {type: constant_power, power: 1 mW}}\n"
        "store: {part: " +
        name +
        // A battery begins with a state of charge, and names the capacitor beside it.
        (name.rfind("lipo", 0) == 0 ? ", initial: 50 %, node: 1 mF}\n" : ", initial: 1 V}\n") +
        "mcu: {turn_on: 2 V, turn_off: 1.5 V, initial: unpowered, boot: {time: 0 s, charge: 0 C},"
        " active: {current: 1 mA}, off_current: 0 A}\n"
        "workload: {tasks: [{name: load, until_power_fails: true}]}\n");
}

}  // namespace

TEST_CASE("every part of a store makes one, and its account closes") {
    const auto names = store_parts();
    CHECK(names.size() == 21);
    for (const std::string& name : names) {
        INFO(name);
        const Scenario s = with_part(name);
        CHECK((s.store->initial_v() == 1.0 || name == "lipo_pl383562"));
        CHECK(s.store->max_v() >= 2.5);
        CHECK(s.store->capacitance_f() > 1e-7);
        CHECK(run(s, {}, nullptr).energy_j.harvested > 0.0);
    }
}

TEST_CASE("a battery part begins at the open-circuit voltage of its charge") {
    const Scenario s = with_part("lipo_pl383562");
    const double v = 3.6297 + 0.559 * 0.5 - 0.51 * 0.25 + 0.508 * 0.125;
    CHECK(s.store->initial_v() == Approx(v).epsilon(1e-12));
}

TEST_CASE("a tantalum part brings its capacitance, series resistance and leak") {
    const Scenario s = with_part("tantalum_taj_100uf");
    CHECK(s.store->capacitance_f() == 100e-6);
    CHECK(s.store->leakage_w(1.4) == Approx(1.4 * 1.4 / 1.96e6).epsilon(1e-12));
    const Scenario bent = with_part("mlcc_10uf_10v_0805");
    CHECK(bent.store->capacitance_f() < 6e-6);  // of equal energy at 10 V
}

TEST_CASE("every value of a store's part says what it rests on") {
    const std::set<std::string> kinds = {"datasheet", "measured", "estimate", "unconfirmed"};
    for (const std::string& name : store_parts()) {
        INFO(name);
        const YAML::Node file =
            YAML::LoadFile(std::string(EBB_SOURCE_DIR) + "/models/store/parts/" + name + ".yaml");
        CHECK_FALSE(file["source"]["document"].Scalar().empty());
        std::set<std::string> written;
        for (const auto& entry : file) {
            const std::string key = entry.first.Scalar();
            if (key != "source" && entry.second.IsMap()) {
                for (const auto& inner : entry.second) {
                    written.insert(key + "." + inner.first.Scalar());
                }
            } else if (key != "source") {
                written.insert(key);
            }
        }
        std::set<std::string> stated;
        for (const auto& entry : file["source"]["values"]) {
            stated.insert(entry.first.Scalar());
            CHECK(kinds.count(entry.second["kind"].Scalar()) == 1);
            CHECK_FALSE(entry.second["why"].Scalar().empty());
        }
        CHECK(stated == written);
    }
}

namespace {

Result with_store(const std::string& store) {
    return run(scenario_of("name: leak\nduration: 20 s\n"
                           "source: {model: {type: constant_current, current: 60 uA}}\n"
                           "store: " +
                           store +
                           "\nmcu: {turn_on: 3 V, turn_off: 1.8 V, initial: unpowered, boot: "
                           "{time: 1 ms, charge: 1 uC}, off_current: 0 A}\n"
                           "workload: {tasks: [{name: load, current: 1 mA, "
                           "until_power_fails: true}]}\n"),
               {}, nullptr);
}

}  // namespace

TEST_CASE("an exponential leak of a capacitor is that of a ceramic one without bias") {
    const std::string rest =
        ", capacitance: 47 uF, initial: 2 V, max: 5 V, leakage: {resistance: 1 MOhm, exponential: "
        "{current: 20 nA, per_e: 0.5 V}}}";
    const Result plain = with_store("{type: capacitor" + rest);
    const Result ceramic = with_store("{type: mlcc" + rest);
    CHECK(plain.power.boots > 3);
    CHECK(plain.power.boots == ceramic.power.boots);
    CHECK(plain.energy_j.sinks[Sink::leakage] == ceramic.energy_j.sinks[Sink::leakage]);
    CHECK(plain.energy_j.sinks[Sink::leakage] > 0.0);
}

TEST_CASE("an electrolytic capacitor leaks 0.01 C V, and three microamperes at least") {
    const std::string small = "{type: capacitor, capacitance: 10 uF, initial: 2 V, max: 5 V";
    const std::string large = "{type: capacitor, capacitance: 100 uF, initial: 2 V, max: 5 V";
    const auto leaked = [](const std::string& store) {
        return with_store(store).energy_j.sinks[Sink::leakage];
    };
    CHECK(leaked(small + ", electrolytic: 10 V}") == leaked(small + ", leakage: {current: 3 uA}}"));
    CHECK(leaked(large + ", electrolytic: 16 V}") ==
          Approx(leaked(large + ", leakage: {current: 16 uA}}")).epsilon(1e-12));
}
