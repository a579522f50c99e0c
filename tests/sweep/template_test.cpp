// SPDX-License-Identifier: Apache-2.0
/// A number that is set on a scenario gives what reading the scenario with it gives.
#include <algorithm>
#include <filesystem>

#include "sim/device/run.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/scenario/scenario_template.hpp"
#include "sim/sweep/run_row.hpp"
#include "sim/sweep/run_sweep.hpp"
#include "tests/refusal/reading.hpp"
#include "tests/sweep/sweeping.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

DocNode document(const std::string& path) {
    MistakeList mistakes;
    const auto text = read_text_file(path, {path, 0, 0, {}, 1}, mistakes);
    auto root = parse_document(make_source(SourceText::Role::scenario, path, *text), mistakes);
    mistakes.throw_if_any();
    return *root;
}

Setting setting(const Row& row, const std::string& path, double value) {
    auto source = make_source(SourceText::Role::argument, "test", path);
    Setting made{path, {source, 1, 1}, {}};
    made.value.kind = DocNode::Kind::scalar;
    made.value.text = row.kind == RowKind::integer ? std::to_string(static_cast<long long>(value))
                                                   : value_text(row, Value(value));
    made.value.spot = made.spot;
    return made;
}

/// Everything that a run says, or why there is none.
std::vector<Cell> says(const std::function<const Scenario&()>& scenario) {
    std::vector<Cell> cells;
    try {
        MetricColumns({}).read(run(scenario(), {}, nullptr), cells);
    } catch (const InputError& error) {
        cells = {Cell(error.mistakes().front().message)};
    }
    return cells;
}

double another(const Row& row, double value) {
    const bool whole = row.kind == RowKind::integer;
    for (const double x : {whole ? value + 1.0 : value * 1.03, whole ? value - 1.0 : value * 0.97,
                           row.range.low + 0.01, 1.0}) {
        if (row.range.contains(x) && x != value && std::isfinite(x)) {
            return x;
        }
    }
    return value;
}

/// Every `stride`th plain number of the examples.
void set_numbers(int stride) {
    // Short runs: what counts is that nothing keeps the number that was read first.
    const ReadOptions all = options({"duration=0.5s"});
    int numbers = 0;
    int seen = 0;
    int differ = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(EBB_SOURCE_DIR) + "/scenarios/examples")) {
        const std::string path = entry.path().string();
        if (entry.path().extension() != ".yaml") {
            continue;
        }
        const DocNode root = document(path);
        std::unique_ptr<ScenarioTemplate> kept;
        try {
            kept =
                std::make_unique<ScenarioTemplate>(root, registry(), all, std::vector<Setting>{});
        } catch (const InputError&) {
            continue;  // half a second is too short for it, or its trace is not here
        }
        const std::vector<Cell> as_read =
            says([&]() -> const Scenario& { return kept->scenario(); });
        for (const std::string& key : kept->plain_paths()) {
            const Row& row = *kept->row(key);
            const auto own = kept->number(key);
            if (key == "duration" || !own || another(row, *own) == *own) {
                continue;
            }
            if (seen++ % stride != 0) {
                continue;
            }
            const double value = another(row, *own);
            INFO(path << " " << key << " " << *own << " -> " << value);
            std::string fresh_identity;
            const std::vector<Setting> with = {setting(row, key, value)};
            std::unique_ptr<ScenarioTemplate> fresh;
            const std::vector<Cell> truth = says([&]() -> const Scenario& {
                fresh = std::make_unique<ScenarioTemplate>(root, registry(), all, with);
                return fresh->scenario();
            });
            std::unique_ptr<ScenarioTemplate> kept_again;
            try {
                kept_again = std::make_unique<ScenarioTemplate>(
                    root, registry(), all, std::vector<Setting>{setting(row, key, *own)});
            } catch (const InputError&) {
                continue;  // a default that cannot be given alone
            }
            ScenarioTemplate& again = *kept_again;
            const ScenarioTemplate::Slot slot = again.open(key);
            const std::vector<Cell> set = says([&]() -> const Scenario& {
                again.set(slot, value, with[0].value.spot);
                again.settle();
                return again.scenario();
            });
            CHECK(set == truth);
            if (fresh) {
                CHECK(again.identity("") == fresh->identity(""));
            }
            // And back: nothing stays of a value, right or wrong.
            const std::vector<Cell> back = says([&]() -> const Scenario& {
                again.set(slot, *own, with[0].value.spot);
                again.settle();
                return again.scenario();
            });
            CHECK(back == says([&]() -> const Scenario& {
                      fresh = std::make_unique<ScenarioTemplate>(
                          root, registry(), all, std::vector<Setting>{setting(row, key, *own)});
                      return fresh->scenario();
                  }));
            ++numbers;
            differ += truth == as_read ? 0 : 1;
        }
    }
    CHECK(numbers > 300 / stride);
    CHECK(differ > 60 / stride);  // else nothing was put to the test
}

}  // namespace

TEST_CASE("plain numbers of the examples, set again, run as if they had been read") {
    set_numbers(7);
}
TEST_CASE("every plain number of every example, set again, runs as if it had been read",
          "[.long]") {
    set_numbers(1);
}

TEST_CASE("an identity is of values and contents, not of names, comments or places") {
    const std::string text =
        "name: NAME\nduration: 1 s\n"
        "source: {model: {type: constant_power, power: 1.5 mW}}\n"
        "store: {type: capacitor, capacitance: CAP, initial: 1.8 V, max: 6 V}\n"
        "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, charge: 0 "
        "C}, "
        "active: {current: 1 mA}, off_current: 0 A}\n"
        "workload: {tasks: [{name: load, until_power_fails: true}]}\n";
    const auto identity = [&](const std::string& name, const std::string& capacitance) {
        std::string filled = text;
        filled.replace(filled.find("NAME"), 4, name);
        filled.replace(filled.find("CAP"), 3, capacitance);
        MistakeList mistakes;
        auto root =
            parse_document(make_source(SourceText::Role::scenario, "x.yaml", filled), mistakes);
        REQUIRE(root);
        return ScenarioTemplate(*root, registry(), options(), {}).identity("v1");
    };
    const std::string one = identity("a", "47 uF");
    CHECK(one.size() == 32);
    CHECK(one == identity("another name", "47 uF"));
    CHECK(one == identity("a", "0.047 mF"));
    CHECK(one != identity("a", "48 uF"));
}
