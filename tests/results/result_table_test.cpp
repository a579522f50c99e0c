// SPDX-License-Identifier: Apache-2.0
#include "sim/result/result_table.hpp"
#include "sim/result/summary_json.hpp"
#include "tests/results/toy_run.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

using namespace ebb;
using namespace ebb_test;
using Json = nlohmann::ordered_json;

namespace {

const Json& at(const Json& summary, std::string_view path) {
    const std::size_t dot = path.find('.');
    const Json& group = summary.at(std::string(path.substr(0, dot)));
    return dot == std::string_view::npos ? group : group.at(std::string(path.substr(dot + 1)));
}

}  // namespace

TEST_CASE("summary.json holds every result of the table and nothing else") {
    const Json summary = summary_json(result_of_distinct_numbers());
    std::size_t written = 0;
    for (const auto& [group, members] : summary.items()) {
        written += group == "findings" ? 1 : members.size();
    }
    CHECK(written == result_table().size());
    for (const ResultEntry& entry : result_table()) {
        INFO(entry.path);
        CHECK_NOTHROW(at(summary, entry.path));
    }
}

TEST_CASE("the groups and keys of summary.json stand in the order of the contract") {
    const Json summary = summary_json(Result{});
    std::string keys;
    for (const auto& [group, members] : summary.items()) {
        keys += group + ":";
        if (members.is_object()) {
            for (const auto& member : members.items()) {
                keys += " " + member.key();
            }
        }
        keys += "\n";
    }
    CHECK(keys ==
          "time: simulated_s wall_s end\n"
          "power: boots brown_outs sleeps on_s off_s mean_on_s mean_off_s longest_off_s\n"
          "work: jobs_released jobs_done jobs_late jobs_dropped first_done_s latency_mean_s "
          "latency_p50_s latency_p95_s latency_max_s units_done units_repeated forward_progress "
          "tasks\n"
          "checkpoint: attempted completed torn restored unused\n"
          "nvm: read_bytes written_bytes max_writes_per_cell endurance_used\n"
          "consistency: checked violations not_modelled\n"
          "energy_j: offered harvested converter_loss clipped leakage esr_loss switch_loss "
          "quiescent regulator_loss boot sleep idle compute nvm_read nvm_write repeated_work "
          "checkpoint restore peripherals stored_change residual\n"
          "kernel: decisions events segments\n"
          "findings:\n");
}

TEST_CASE("every member of a result shows in summary.json exactly once") {
    // The numbers differ, so as many of them as there are places means that none is read twice.
    const Json summary = summary_json(result_of_distinct_numbers());
    std::set<double> numbers;
    std::size_t places = 0;
    for (const auto& [path, value] : flat_summary(summary)) {
        if (value.is_number() && path.rfind("findings.", 0) != 0) {
            numbers.insert(value.get<double>());
            ++places;
        }
    }
    CHECK(numbers.size() == places);
    // time 2, power 8, work 12, checkpoint 5, nvm 4, consistency 1, energy 21, kernel 3; two tasks
    // of 2.
    CHECK(places == 56 + 4);
}

TEST_CASE("every sink of the ledger stands in the table under its own name") {
    for (std::size_t i = 0; i < kSinkCount; ++i) {
        const auto sink = static_cast<Sink>(i);
        if (sink == Sink::nvm_index) {
            continue;  // counts as nvm_write where a whole run is told
        }
        Result r;
        r.energy_j.sinks[sink] = 7.5;
        INFO(name_of(sink));
        const ResultEntry* entry = find_result(std::string("energy_j.") + name_of(sink));
        REQUIRE(entry != nullptr);
        CHECK(entry->get(r).get<double>() == 7.5);
    }
}

TEST_CASE("names are unique, end in their unit, and every definition is a sentence") {
    std::set<std::string_view> paths;
    for (const ResultEntry& entry : result_table()) {
        INFO(entry.path);
        CHECK(paths.insert(entry.path).second);
        REQUIRE(entry.definition.size() > 10);
        CHECK(entry.definition.back() == '.');
        const bool seconds =
            entry.path.size() > 2 && entry.path.substr(entry.path.size() - 2) == "_s";
        CHECK(seconds == (entry.unit == "s"));
        CHECK((entry.path.rfind("energy_j.", 0) == 0) == (entry.unit == "J"));
    }
}

TEST_CASE("doubles read back from summary.json as the same bits") {
    Result r;
    r.time.simulated_s = 0.1 + 0.2;
    r.energy_j.offered = 5e-324;
    r.energy_j.residual = -1.2345678901234567e-17;
    const Json back = Json::parse(json_text(summary_json(r)));
    CHECK(at(back, "time.simulated_s").get<double>() == 0.1 + 0.2);
    CHECK(at(back, "energy_j.offered").get<double>() == 5e-324);
    CHECK(at(back, "energy_j.residual").get<double>() == -1.2345678901234567e-17);
}

TEST_CASE("what is not a finite number is null and named by a finding") {
    Result r;
    r.power.on_s = std::numeric_limits<double>::quiet_NaN();
    r.nvm.max_writes_per_cell = std::numeric_limits<double>::infinity();
    const std::string text = json_text(summary_json(r));
    const Json back = Json::parse(text);
    CHECK(at(back, "power.on_s").is_null());
    CHECK(at(back, "nvm.max_writes_per_cell").is_null());
    REQUIRE(back["findings"].size() == 1);
    CHECK(back["findings"][0]["code"] == "not_finite");
    CHECK(back["findings"][0]["text"].get<std::string>().find(
              "power.on_s, nvm.max_writes_per_cell") != std::string::npos);
}

TEST_CASE("a value that does not apply is null without a finding") {
    const Json summary = summary_json(Result{});
    CHECK(at(summary, "work.latency_mean_s").is_null());
    CHECK(at(summary, "power.mean_off_s").is_null());
    CHECK(summary["findings"].empty());
}

TEST_CASE("text that is not UTF-8 does not stop the summary") {
    Result r;
    r.work.tasks = {{"\xff\xfe", 1, 0}};
    CHECK_NOTHROW(Json::parse(json_text(summary_json(r))));
}

TEST_CASE("docs/results.md shows the table as it is") {
    const std::string path = std::string(EBB_SOURCE_DIR) + "/docs/results.md";
    const std::string begin = "<!-- result table: begin -->\n";
    const std::string end = "\n<!-- result table: end -->";
    std::string page = text_of(path);
    const std::size_t from = page.find(begin);
    const std::size_t to = page.find(end);
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    const std::size_t inside = from + begin.size();
    if (std::getenv("EBB_UPDATE_DOCS") != nullptr) {
        page.replace(inside, to - inside, result_table_markdown());
        put(path, page);
        return;
    }
    INFO("regenerate with: EBB_UPDATE_DOCS=1 test_results \"docs*\"");
    CHECK(page.substr(inside, to - inside) == result_table_markdown());
}
