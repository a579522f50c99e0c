// SPDX-License-Identifier: Apache-2.0
// The schema that editors use says what the reader says: same keys, same words, same units.
#include "sim/scenario/schema.hpp"
#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "sim/scenario/scenario_form.hpp"
#include "sim/scenario/template.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

using namespace ebb;
namespace fs = std::filesystem;

namespace {

const std::string kSource = EBB_SOURCE_DIR;

struct Fixture {
    Registry registry;
    Reference reference;

    Fixture() {
        register_all(registry);
        reference.scenario = scenario_table().view();
        reference.registry = &registry;
        reference.folders.models = kSource + "/models";
        reference.folders.catalog = kSource + "/traces/catalog.csv";
    }

    [[nodiscard]] std::vector<Mistake> mistakes_of(const std::string& text) const {
        ReadOptions options;
        options.parts_folder = reference.folders.models;
        options.networks_folder = reference.folders.networks();
        options.platforms_folder = reference.folders.platforms();
        options.traces.catalog = reference.folders.catalog;
        options.traces.shipped = {kSource + "/traces"};
        options.traces.offline = true;
        try {
            (void)read_scenario_text(text, kSource + "/scenarios/t.yaml", registry, options);
        } catch (const InputError& error) {
            return error.mistakes();
        }
        return {};
    }
};

std::string content_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A folder that goes away with the test.
struct Scratch {
    fs::path folder = fs::temp_directory_path() / ("ebb-schema-" + std::to_string(::getpid()));
    Scratch() { fs::create_directories(folder); }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::binary) << text;
        return (folder / name).string();
    }
};

bool has_validator() {
    const bool found =
        std::system("/usr/bin/python3 -c 'import jsonschema, yaml' 2>/dev/null") == 0;
    if (!found) {
        WARN("skipped: needs /usr/bin/python3 with python3-jsonschema and python3-yaml");
    }
    return found;
}

/// What the draft-7 validator finds surprising; empty if everything is as it should be.
std::string surprises(const Scratch& scratch, const std::vector<std::string>& valid,
                      const std::vector<std::string>& invalid) {
    const std::string report = (scratch.folder / "report.txt").string();
    std::string command = "/usr/bin/python3 '" + kSource + "/tests/results/schema_check.py' '" +
                          kSource + "/schema/scenario.schema.json' --valid";
    for (const auto& file : valid) {
        command += " '" + file + "'";
    }
    command += " --invalid";
    for (const auto& file : invalid) {
        command += " '" + file + "'";
    }
    const int status = std::system((command + " > '" + report + "' 2>&1").c_str());
    const std::string text = content_of(report);
    return status == 0 || !text.empty() ? text : "the validator failed without a word";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("the committed schema is what the tables say") {
    const Fixture f;
    // To bring it up to date: ebb schema > schema/scenario.schema.json
    const bool current =
        scenario_schema(f.reference) == content_of(kSource + "/schema/scenario.schema.json");
    CHECK(current);
}

TEST_CASE("the committed scenario reference is what the tables say") {
    const Fixture f;
    // To bring it up to date: ebb describe --markdown > docs/scenario.md
    const bool current =
        describe_all_as_markdown(f.reference) == content_of(kSource + "/docs/scenario.md");
    CHECK(current);
}

TEST_CASE("a new scenario is accepted as it stands by the reader and by the schema") {
    const Fixture f;
    const std::string text = scenario_template(f.reference, "schema/scenario.schema.json");
    for (const auto& mistake : f.mistakes_of(text)) {
        FAIL_CHECK(mistake.place.line << ":" << mistake.place.column << ": " << mistake.message);
    }
    for (const Row& row : f.reference.scenario->rows) {
        INFO(row.key);
        CHECK(text.find("\n" + row.key + ":") + text.find("\n# " + row.key + ":") !=
              2 * std::string::npos);
    }
    if (has_validator()) {
        const Scratch scratch;
        CHECK(surprises(scratch, {scratch.write("new.yaml", text)}, {}).empty());
    }
}

TEST_CASE("every shipped scenario passes the schema") {
    if (!has_validator()) {
        return;
    }
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(kSource + "/scenarios")) {
        // Sweeps say what varies in a scenario, an experiment.yaml what is measured, and beside
        // that lie parts and lists that scenarios include; none of them lasts.
        if (entry.path().extension() == ".yaml" &&
            entry.path().parent_path().filename() != "sweeps" &&
            content_of(entry.path()).find("\nduration:") != std::string::npos) {
            files.push_back(entry.path().string());
        }
    }
    const Scratch scratch;
    CHECK(surprises(scratch, files, {}).empty());
}

TEST_CASE("what the reader refuses for its shape, the schema refuses") {
    const Fixture f;
    const std::string good =
        "name: t\n"
        "duration: 10 s\n"
        "source: {model: {type: constant_power, power: 1.5 mW}}\n"
        "converter: {type: none}\n"
        "store: {type: capacitor, capacitance: 47 uF, initial: 0 V, max: 6 V}\n"
        "mcu:\n"
        "  turn_on: 3.0 V\n"
        "  turn_off: 1.8 V\n"
        "  initial: unpowered\n"
        "  boot: {time: 0 s, charge: 0 C}\n"
        "  active: {current: 1 mA}\n"
        "  off_current: 0 A\n"
        "workload: {tasks: [{name: load, until_power_fails: true}]}\n";
    REQUIRE(f.mistakes_of(good).empty());
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {"47 uF", "47"},                                    // no unit
        {"47 uF", "47 uV"},                                 // another unit
        {"47 uF", "-47 uF"},                                // a capacitance below 0
        {"47 uF", "047 uF"},                                // a leading zero
        {"47 uF", "47 UF"},                                 // case of the prefix
        {"47 uF", "true"},                                  // a truth value
        {"47 uF", "[47 uF]"},                               // a list
        {"capacitance", "capacitence"},                     // unknown key of a component
        {"duration", "durration"},                          // unknown key at the top
        {"charge", "charges"},                              // unknown key in a block
        {"until_power_fails", "until_power_fail"},          // unknown key in a list
        {"type: capacitor", "type: capacitator"},           // unknown component
        {"{type: none}", "{type: none, drop: 0.3 V}"},      // key of another component
        {"type: capacitor, ", ""},                          // no type
        {"initial: unpowered", "initial: asleep"},          // unknown word
        {"max: 6 V", "esr: 1 Ohm"},                         // a required key is missing
        {"  turn_off: 1.8 V\n", ""},                        // another, in a block without part
        {"workload: {tasks", "workload: {task"},            // unknown key in a block
        {"[{name: load, until_power_fails: true}]", "{}"},  // a mapping for a list
        {"[{name: load, until_power_fails: true}]", "[]"},  // a list that is too short
        {"until_power_fails: true", "until_power_fails: 1"},
        {"name: t\n", ""},
        {"{type: constant_power, power: 1.5 mW}", "constant_power"},
    };
    const Scratch scratch;
    std::vector<std::string> files;
    for (const auto& [from, to] : wrong) {
        const std::string text = replaced(good, from, to);
        INFO(from << " -> " << to);
        CHECK_FALSE(f.mistakes_of(text).empty());
        files.push_back(scratch.write("wrong" + std::to_string(files.size()) + ".yaml", text));
    }
    if (has_validator()) {
        CHECK(surprises(scratch, {scratch.write("good.yaml", good)}, files).empty());
    }
}

TEST_CASE("every wrong shape of the refusal corpus fails the schema") {
    if (!has_validator()) {
        return;
    }
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(kSource + "/tests/refusal/corpus")) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() == ".yaml" && name.rfind("shape_", 0) == 0) {
            files.push_back(entry.path().string());
        }
    }
    CHECK(files.size() >= 15);
    const Scratch scratch;
    CHECK(surprises(scratch, {}, files).empty());
}

TEST_CASE("what the reader accepts, the schema accepts") {
    const Fixture f;
    const std::string start =
        "name: t\nduration: 10 s\n"
        "store: {type: capacitor, capacitance: 47\u00B5F, initial: 0 V, "
        "max: 6 V}\n"
        "workload: {tasks: [{name: load, until_power_fails: true}]}\n";
    const std::string mcu =
        "mcu: {turn_on: 3 V, turn_off: 1.8 V, initial: unpowered, boot: {time: "
        "0 s, charge: 0 C}, active: {current: 1 mA}, off_current: 0 A}\n";
    const std::vector<std::string> texts = {
        start + mcu + "source: {model: {type: constant_power, power: -3 dBm}}\n",
        start + mcu + "source: {model: {type: constant_power, power: 1.5e-3 W}}\nseed: 1e3\n",
        start + mcu +
            "source: {model: {type: constant_power, power: 1.5mW}}\n"
            "converter: {type: efficiency, value: 80 %}\n",
        start +
            "mcu: {part: stm32u385, turn_on: 3 V, turn_off: 1.8 V, initial: powered}\n"
            "source: {model: {type: thevenin, voltage: 4 V, resistance: 30 k\u03A9}}\n",
    };
    const Scratch scratch;
    std::vector<std::string> files;
    for (const auto& text : texts) {
        INFO(text);
        for (const auto& mistake : f.mistakes_of(text)) {
            FAIL_CHECK(mistake.message);
        }
        files.push_back(scratch.write("good" + std::to_string(files.size()) + ".yaml", text));
    }
    // An include may give what is missing here, so that the schema cannot ask for it.
    files.push_back(scratch.write("include.yaml", "include: base.yaml\nduration: 5 s\n"));
    if (has_validator()) {
        CHECK(surprises(scratch, files, {}).empty());
    }
}

TEST_CASE("a quantity's pattern takes every unit of its dimension and no other") {
    const std::vector<Dimension> all = {
        Dimension::time,   Dimension::voltage,    Dimension::current,     Dimension::power,
        Dimension::charge, Dimension::resistance, Dimension::capacitance, Dimension::energy,
        Dimension::area,   Dimension::irradiance, Dimension::bytes,       Dimension::frequency};
    for (const Dimension d : all) {
        Row row;
        row.kind = RowKind::quantity;
        row.dimension = d;
        row.range = at_least(0);
        const std::regex pattern(quantity_pattern(row));
        for (const Dimension other : all) {
            for (const auto& unit : unit_texts(other)) {
                INFO(name_of(d) << " given " << unit);
                CHECK(std::regex_match("4.7e1 " + unit, pattern) == (d == other));
            }
        }
        CHECK(std::regex_match(example_of(d), pattern));
        CHECK_FALSE(std::regex_match(std::string("47"), pattern));
    }
}
