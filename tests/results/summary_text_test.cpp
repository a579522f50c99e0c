// SPDX-License-Identifier: Apache-2.0
#include "sim/result/summary_text.hpp"
#include "sim/result/finding_advice.hpp"
#include "sim/result/text_format.hpp"
#include "tests/results/toy_run.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace ebb;
using namespace ebb_test;
using Catch::Matchers::Contains;

namespace {

Result busy_run() {
    Result r;
    r.name = "Keyword spotting from a reader's RF field";
    r.time.simulated_s = 60.0;
    r.time.wall_s = 0.0123;
    r.power.boots = 87;
    r.power.brown_outs = 86;
    r.power.on_s = 12.4;
    r.power.off_s = 47.6;
    r.power.mean_on_s = 0.142;
    r.power.mean_off_s = 0.547;
    r.power.longest_off_s = 3.21;
    r.work.jobs_released = 42;
    r.work.jobs_done = 41;
    r.work.first_done_s = 3.21;
    r.work.latency_mean_s = 1.41;
    r.work.latency_p50_s = 1.32;
    r.work.latency_p95_s = 2.4;
    r.work.latency_max_s = 3.21;
    r.work.units_done = 4210;
    r.work.units_repeated = 120;
    r.work.forward_progress = 0.931;
    r.energy_j.offered = 0.0912;
    r.energy_j.harvested = 0.0912;
    r.energy_j.sinks[Sink::compute] = 0.0712;
    r.energy_j.sinks[Sink::leakage] = 0.0001;
    r.energy_j.stored_change = 0.0199;
    return r;
}

std::size_t widest(const std::string& text) {
    std::size_t width = 0;
    for (const std::string& line : lines_of(text)) {
        width = std::max(width, width_of(line));
    }
    return width;
}

}  // namespace

TEST_CASE("the summary tells the answers first and where the energy went") {
    const std::string text = summary_text(busy_run());
    CHECK_THAT(text, Contains("60 s simulated in 12.3 ms"));
    CHECK_THAT(text, Contains("41 done of 42 released, the first after 3.21 s"));
    CHECK_THAT(text, Contains("87 boots, 86 brown-outs"));
    CHECK_THAT(text, Contains("compute") && Contains("71.2 mJ") && Contains("78.1 %"));
    CHECK(text.find("Jobs") < text.find("Power"));
    CHECK(text.find("Power") < text.find("Where the energy went"));
    CHECK(text.find("compute") < text.find("left in the store"));
    CHECK(text.find("left in the store") < text.find("leakage"));
}

TEST_CASE("no line of a summary is wider than a terminal") {
    Result r = result_of_distinct_numbers();
    r.findings[0].text =
        std::string(30, 'x') + " and many words that go on and on and on " + std::string(40, 'y');
    CHECK(widest(summary_text(r)) <= 80);
    CHECK(widest(summary_text(busy_run())) <= 80);
}

TEST_CASE("a summary leaves out what the run did not have") {
    const std::string text = summary_text(busy_run());
    CHECK_THAT(text, !Contains("Checkpoints"));
    CHECK_THAT(text, !Contains("Memory"));
    CHECK_THAT(text, !Contains("Tasks"));
    CHECK_THAT(text, !Contains("esr loss"));
    CHECK_THAT(text, !Contains("sleep"));
}

TEST_CASE("a run that completed nothing says why before anything else") {
    Result r;
    r.time.simulated_s = 60.0;
    r.power.off_s = 60.0;
    r.work.jobs_released = 1;
    r.findings = {{"never_turns_on",
                   0.0,
                   "The store settles below turn-on.",
                   {{"settles_v", 2.1}, {"turn_on_v", 3.0}, {"power_w", 1.2e-5}}}};
    const std::string text = summary_text(r);
    CHECK(text.find("never_turns_on") < text.find("Jobs"));
    CHECK_THAT(text, Contains("settles_v = 2.1 V, turn_on_v = 3 V, power_w = 12 uW"));
    CHECK_THAT(text, Contains("What may help"));
    CHECK_THAT(text, Contains("No energy was offered"));
}

TEST_CASE("escape sequences appear only if asked for") {
    SummaryStyle colour;
    colour.colour = true;
    CHECK_THAT(summary_text(busy_run()), !Contains("\x1b"));
    CHECK_THAT(summary_text(busy_run(), colour), Contains("\x1b["));
}

TEST_CASE("numbers of findings take their unit from their name") {
    CHECK(value_by_name("needed_j", 3.2e-5) == "32 uJ");
    CHECK(value_by_name("wait_s", 0.5) == "500 ms");
    CHECK(value_by_name("load_ohm", 4700.0) == "4.7 kOhm");
    CHECK(value_by_name("units", 1200.0) == "1,200");
    CHECK(value_by_name("share", 0.25) == "0.25");
}

TEST_CASE("advice is given only for findings that a run can have") {
    const std::string source =
        text_of(std::string(EBB_SOURCE_DIR) + "/sim/device/findings.cpp") +  // the list of codes
        text_of(std::string(EBB_SOURCE_DIR) + "/sim/result/file_recorder.cpp");
    for (const std::string_view code : advised_codes()) {
        INFO(code);
        CHECK(source.find("\"" + std::string(code) + "\"") != std::string::npos);
    }
}
