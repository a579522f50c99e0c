// SPDX-License-Identifier: Apache-2.0
// Shipped parts: each value is one that its block takes, in range, and says what it rests on.
#include "models/core/component.hpp"
#include "models/core/quantity.hpp"
#include "sim/scenario/named_file.hpp"
#include "sim/scenario/reference.hpp"
#include "sim/scenario/scalar_reader.hpp"
#include "sim/scenario/scenario_form.hpp"

#include <yaml-cpp/yaml.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>

using namespace ebb;

namespace {

Reference reference() {
    Reference r;
    r.scenario = scenario_table().view();
    r.folders.models = std::string(EBB_SOURCE_DIR) + "/models";
    return r;
}

const Row* row_at(const Table& table, const std::string& path) {
    const auto dot = path.find('.');
    const Row* row = table.find(path.substr(0, std::min(dot, path.find('['))));
    if (row == nullptr || dot == std::string::npos) {
        return row;
    }
    return row->table ? row_at(*row->table, path.substr(dot + 1)) : nullptr;
}

/// Paths of the single values of a YAML mapping, the block `source` left out. In a list of things
/// with names each has its own; a table is one value.
void collect(const YAML::Node& node, const std::string& path, std::set<std::string>& out) {
    for (const auto& entry : node) {
        const std::string key = entry.first.Scalar();
        if (path.empty() && key == "source") {
            continue;
        }
        const std::string here = join_path(path, key);
        const YAML::Node& value = entry.second;
        if (value.IsMap()) {
            collect(value, here, out);
        } else if (value.IsSequence() && value.size() > 0 && value[0].IsMap() && value[0]["name"]) {
            for (std::size_t i = 0; i < value.size(); ++i) {
                collect(value[i], here + "[" + std::to_string(i) + "]", out);
            }
        } else {
            out.insert(here);
        }
    }
}

const std::set<std::string> kKinds = {"datasheet", "measured", "estimate", "unconfirmed"};

}  // namespace

TEST_CASE("every value of every shipped part is a key of its block, in range, with its evidence") {
    const Reference r = reference();
    for (const std::string kind : {"mcu", "nvm"}) {
        const Row* block = r.scenario->find(kind);
        REQUIRE(block != nullptr);
        const auto names = r.part_names(kind);
        CHECK(names.size() == (kind == "mcu" ? 11 : 12));
        for (const auto& name : names) {
            INFO(kind << "." << name);
            const PartSheet sheet = r.part(*block, name);
            CHECK_FALSE(sheet.head.empty());
            CHECK_FALSE(sheet.document.empty());
            const YAML::Node file = YAML::LoadFile(r.folders.parts(kind) + "/" + name + ".yaml");
            std::set<std::string> written;
            collect(file, "", written);
            std::set<std::string> read;
            for (const auto& v : sheet.values) {
                INFO(v.key << ": " << v.value);
                read.insert(v.key);
                const Row* row = row_at(*block->table, v.key);
                REQUIRE(row != nullptr);
                CHECK(read_scalar_text(*row, v.value).value);
                CHECK(kKinds.count(v.kind) == 1);
                CHECK_FALSE(v.why.empty());
            }
            CHECK(read == written);
            std::set<std::string> stated;
            for (const auto& entry : file["source"]["values"]) {
                stated.insert(entry.first.Scalar());
            }
            CHECK(stated == written);
        }
    }
}

TEST_CASE("every value of every shipped source, charger and regulator is a key of its component") {
    Registry registry;
    register_all(registry);
    Reference r = reference();
    r.registry = &registry;
    const Row* source = r.scenario->find("source");
    const std::map<std::string, const Row*> choices = {
        {"harvester", source->table->find("model")},
        {"converter", r.scenario->find("converter")},
        {"regulator", r.scenario->find("mcu")->table->find("regulator")}};
    for (const auto& [kind, choice] : choices) {
        REQUIRE(choice != nullptr);
        const auto names = r.part_names(kind);
        CHECK(names.size() >= 6);
        for (const auto& name : names) {
            INFO(kind << "." << name);
            const PartSheet sheet = r.part(*choice, name);
            CHECK_FALSE(sheet.head.empty());
            CHECK_FALSE(sheet.document.empty());
            const YAML::Node file = YAML::LoadFile(r.folders.parts(kind) + "/" + name + ".yaml");
            const Component* component = registry.find(kind, file["type"].Scalar());
            REQUIRE(component != nullptr);
            std::set<std::string> written;
            collect(file, "", written);
            written.erase("type");
            std::set<std::string> stated;
            for (const auto& entry : file["source"]["values"]) {
                stated.insert(entry.first.Scalar());
                CHECK(kKinds.count(entry.second["kind"].Scalar()) == 1);
            }
            CHECK(stated == written);
            for (const auto& v : sheet.values) {
                INFO(v.key << ": " << v.value);
                const Row* row = row_at(*component->table, v.key);
                REQUIRE(row != nullptr);
                CHECK(read_scalar_text(*row, v.value).value);
            }
        }
    }
}

TEST_CASE("a part gives all that its block needs, but for the board's own thresholds") {
    const Reference r = reference();
    const std::set<std::string> board = {"turn_on", "turn_off", "initial"};
    for (const std::string kind : {"mcu", "nvm"}) {
        const Row* block = r.scenario->find(kind);
        for (const auto& name : r.part_names(kind)) {
            INFO(kind << "." << name);
            const YAML::Node file = YAML::LoadFile(r.folders.parts(kind) + "/" + name + ".yaml");
            for (const Row& row : block->table->rows) {
                INFO(row.key);
                // A chip of which only the operating points were measured leaves the rest to its
                // board.
                const bool measured_points_only = file["clocking"] && !file["boot"];
                if (row.presence == Presence::must && board.count(row.key) == 0 &&
                    !measured_points_only) {
                    CHECK(file[row.key]);
                }
            }
        }
    }
}

TEST_CASE("a part with an on-chip converter is a constant power, computed at its operating point") {
    const Reference r = reference();
    const Row* block = r.scenario->find("mcu");
    const auto value = [&](const char* part, const std::string& key) {
        for (const auto& v : r.part(*block, part).values) {
            if (v.key == key) {
                return v.value + " " + v.kind;
            }
        }
        return std::string("none");
    };
    CHECK(value("stm32u385", "active.power") == "3.168 mW unconfirmed");   // 0.96 mA x 3.3 V
    CHECK(value("nrf52840", "active.power") == "9.9 mW unconfirmed");      // 3.3 mA x 3.0 V
    CHECK(value("msp430fr5994", "active.current") == "944 uA datasheet");  // 118 uA/MHz x 8 MHz
    CHECK(value("msp430fr5994", "active.power") == "none");
    CHECK(value("stm32u385", "sleep.current") == "1.9 uA estimate");
}

TEST_CASE(
    "every value of every shipped peripheral is a key of its block, in range, with evidence") {
    const Reference r = reference();
    const Row* list = r.scenario->find("peripherals");
    REQUIRE(list != nullptr);
    const auto names = r.part_names("peripheral");
    CHECK(names.size() == 4);
    for (const auto& name : names) {
        INFO("peripheral." << name);
        const PartSheet sheet = r.part(*list, name);
        CHECK_FALSE(sheet.head.empty());
        CHECK_FALSE(sheet.document.empty());
        const YAML::Node file =
            YAML::LoadFile(r.folders.parts("peripheral") + "/" + name + ".yaml");
        std::set<std::string> written = {"standby"};
        const YAML::Node states = file["states"];
        for (std::size_t i = 0; i < states.size(); ++i) {
            for (const auto& entry : states[i]) {
                const std::string key = entry.first.Scalar();
                if (key != "name") {
                    written.insert("states[" + std::to_string(i) + "]." + key);
                }
            }
        }
        std::set<std::string> stated;
        for (const auto& entry : file["source"]["values"]) {
            stated.insert(entry.first.Scalar());
            CHECK(kKinds.count(entry.second["kind"].Scalar()) == 1);
            CHECK_FALSE(entry.second["why"].Scalar().empty());
        }
        CHECK(stated == written);
        for (const auto& v : sheet.values) {
            INFO(v.key << ": " << v.value);
            const auto dot = v.key.find('.');
            const Row* row = dot == std::string::npos ? list->table->find(v.key)
                                                      : row_at(*list->table->find("states")->table,
                                                               v.key.substr(dot + 1));
            REQUIRE(row != nullptr);
            CHECK(read_scalar_text(*row, v.value).value);
            CHECK(v.kind != "not stated");
        }
    }
}
