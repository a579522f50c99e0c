// SPDX-License-Identifier: Apache-2.0
// `ebb describe`: everything that is listed can be shown, and typing mistakes are met with a name.
#include "sim/scenario/describe.hpp"
#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "sim/scenario/scenario_form.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

using namespace ebb;

namespace {

struct Fixture {
    Registry registry;
    Reference reference;
    Fixture() {
        register_all(registry);
        reference.scenario = scenario_table().view();
        reference.registry = &registry;
        reference.folders.models = std::string(EBB_SOURCE_DIR) + "/models";
    }
    [[nodiscard]] std::string text(const std::string& what) const {
        return page_as_text(describe(reference, what));
    }
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a platform's page says by what layers are priced, and what an estimate is worth") {
    const Fixture f;
    const std::string gap9 = f.text("platform.gap9");
    CHECK(contains(gap9, "measured totals, spread by MACs"));
    CHECK(contains(gap9, "-85 % to +243 %"));
    const std::string ethos = f.text("platform.ethos_u55_128");
    CHECK(contains(ethos, "cycles per layer of the table"));
    CHECK(contains(ethos, "mlperf_tiny_ad   402496"));
    CHECK(contains(ethos, "218849"));  // 213.72 KiB of compressed weights
    CHECK(contains(f.text("platform.accelergy_eyeriss_like"), "systolic array"));
    const std::string max = f.text("platform.max78002");
    CHECK(contains(max, "longest off-time to keep them, standby"));
    CHECK(contains(max, "1.5671 s"));  // kws20_v3_1 in micropower
}

TEST_CASE("everything that describe lists can itself be described") {
    const Fixture f;
    int pages = 0;
    const Page overview = describe(f.reference, "");
    for (const auto& table : overview.tables) {
        for (const auto& row : table.rows) {
            INFO(row[0]);
            const Page page = describe(f.reference, row[0]);
            CHECK_FALSE(page_as_text(page).empty());
            ++pages;
            for (const auto& inner : page.tables) {
                for (const auto& entry : inner.rows) {
                    if (entry[0].rfind(row[0] + ".", 0) == 0 && inner.header[0] == "name") {
                        INFO(entry[0]);
                        CHECK_NOTHROW(describe(f.reference, entry[0]));
                        ++pages;
                    }
                }
            }
        }
    }
    CHECK(pages > 40);
}

TEST_CASE("a component's page shows each parameter with unit, range, default and text") {
    const Fixture f;
    const std::string page = f.text("store.capacitor");
    for (const Row& row : f.registry.find("store", "capacitor")->table->rows) {
        INFO(row.key);
        CHECK(contains(page, "  " + row.key + " "));
        CHECK(contains(page, row.text));
    }
    CHECK(contains(page, "capacitance [F]"));
    CHECK(contains(page, "default 0 Ohm"));
}

TEST_CASE("a part's page shows each value with the evidence for it, and warns of recalled ones") {
    const Fixture f;
    const std::string page = f.text("mcu.stm32u385");
    CHECK(contains(page, "3.168 mW  unconfirmed"));
    CHECK(contains(page, "no document was checked"));
    CHECK_FALSE(contains(f.text("mcu.msp430fr5994"), "no document was checked"));
}

TEST_CASE("a network's page says which totals are measured and what an estimate is worth") {
    const Fixture f;
    const std::string page = f.text("network.mlperf_tiny_kws");
    CHECK(contains(page, "48.302 ms"));
    CHECK(contains(page, "245.34 uJ"));
    CHECK(contains(page, "-27 %"));
    CHECK(contains(page, "not measured"));
    CHECK(contains(f.text("network.hawaii_lenet_mnist"), "estimate"));
}

TEST_CASE("an unknown thing is refused with the nearest name") {
    const Fixture f;
    try {
        (void)describe(f.reference, "store.capacitro");
        FAIL("was described");
    } catch (const InputError& error) {
        CHECK(error.mistakes()[0].message == "nothing is called 'store.capacitro'");
        CHECK(error.mistakes()[0].hint == "did you mean 'store.capacitor'?");
    }
}

TEST_CASE("a page as JSON has the cells of its tables under the names of their columns") {
    const Fixture f;
    const auto json =
        nlohmann::json::parse(page_as_json(describe(f.reference, "workload.arrival")));
    CHECK(json["title"] == "workload.arrival");
    const auto& rows = json["tables"][0]["rows"];
    CHECK(rows[0]["key"] == "workload.arrival");
    CHECK(rows[1]["key"] == "workload.arrival.every");
    CHECK(rows[1]["presence"] == "required");
}

TEST_CASE("every choice of a scenario has components to choose from") {
    const Fixture f;
    const Page scenario = describe(f.reference, "scenario");
    for (const auto& row : scenario.tables.at(0).rows) {
        INFO(row[0] << ": " << row.back());
        CHECK_FALSE(contains(row.back(), "type:  (see"));
        CHECK_FALSE(contains(row.back(), "policy:  (see"));
    }
}

TEST_CASE("every key of a scenario has a path that describe knows") {
    const Fixture f;
    const Page scenario = describe(f.reference, "scenario");
    for (const auto& row : scenario.tables.at(0).rows) {
        std::string path = row[0];
        path.erase(std::remove(path.begin(), path.end(), '['), path.end());
        path.erase(std::remove(path.begin(), path.end(), ']'), path.end());
        INFO(path);
        const bool reader_key = path == "include" || contains(path, ".part");
        CHECK((reader_key || !f.text(path).empty()));
    }
}
