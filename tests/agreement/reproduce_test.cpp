// SPDX-License-Identifier: Apache-2.0
/// Do published experiments come out as their tables say, and are mistakes in such tables told with
/// their place? The experiments are those under scenarios/papers; what they may miss stands in
/// docs/validation.md, and the list of rows that fail is part of this test.
#include "sim/reproduce/figure.hpp"
#include "sim/reproduce/report.hpp"
#include "sim/reproduce/reproduction.hpp"
#include "sim/reproduce/validation_page.hpp"
#include "tests/support/scenarios.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

namespace {

const std::string kPapers = std::string(EBB_SOURCE_DIR) + "/scenarios/papers";

Scenario read(const std::string& file, const std::vector<std::string>& sets) {
    return read_scenario(file, all_components(), source_tree(sets));
}

Reproduction reproduced(const std::string& slug, const std::string& papers = kPapers) {
    return reproduce(read_experiment(papers, slug), read, source_tree().traces);
}

/// An experiment in a folder of its own.
class Desk {
public:
    Desk() {
        std::filesystem::create_directories(scratch_.file("toy"));
        write("run.yaml",
              "name: toy\nduration: 10 s\n"
              "source: {model: {type: constant_current, current: 0 A}}\n"
              "store: {type: capacitor, capacitance: 100 uF, initial: 3 V, max: 5 V}\n"
              "mcu: {turn_on: 2.9 V, turn_off: 1.8 V, initial: powered, off_current: 0 A, active: "
              "{current: 1 mA}, boot: {time: 0 s, charge: 0 C}}\n"
              "workload: {tasks: [{name: load, until_power_fails: true}]}\n");
        write("experiment.yaml",
              "title: toy\nsource: s\nclaim: c\nscenario: run.yaml\ncases: cases.csv\n"
              "events:\n  - {name: off_at_s, event: brown_out, give: first_s}\n"
              "quantities: {per_uF: off_at_s / store.capacitance * 1e-6}\n"
              "derived: {twice: large.off_at_s / small.off_at_s}\n"
              "errors:\n  - {name: error, rows: \"*.off_at_s\"}\n");
        write("cases.csv", "case,store.capacitance\nsmall,100 uF\nlarge,200 uF\n");
        write("expected.csv",
              "id,value,unit,kind,tolerance,source\n"
              "small.off_at_s,120,ms,exact,1e-9 relative,C dV/I\n"
              "large.off_at_s,0.25,s,measured,shown,\"a wrong number, shown\"\n"
              "large.per_uF,1.2,ms,exact,+- 0.001,C dV/I\n"
              "twice,2,1,ratio,1 %,C dV/I\n"
              "error,1,%,measured,at most,stated\n");
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(scratch_.file("toy/" + name)) << text;
    }
    [[nodiscard]] std::string papers() const { return scratch_.file(""); }
    [[nodiscard]] Reproduction run() const { return reproduced("toy", papers()); }
    /// Every mistake as "file:line:column message (hint)".
    [[nodiscard]] std::string mistakes() const {
        try {
            static_cast<void>(run());
        } catch (const InputError& error) {
            std::string text;
            for (const Mistake& m : error.mistakes()) {
                text += std::filesystem::path(m.place.file).filename().string() + ":" +
                        std::to_string(m.place.line) + ":" + std::to_string(m.place.column) + " " +
                        m.message + " (" + m.hint + ")\n";
            }
            return text;
        }
        return "";
    }

private:
    ScratchFolder scratch_;
};

}  // namespace

TEST_CASE("every published experiment meets its tolerances, but for the rows that are known") {
    // Each of them is explained on the experiment's page.
    const std::map<std::string, std::set<std::string>> known = {
        {"botoks_fitted", {"packets_error"}},
        {"fused", {"f2.on_fraction"}},
        {"nodpa", {"pairs_in_order"}},
        {"react_rf", {"kept_order_mementos10"}},
        {"inas",
         {"cifar_cap001_ts1_on.latency_s", "cifar_cap001_ts2_on.latency_s",
          "har_cap001_ts1_on.latency_s", "har_cap001_ts3_on.latency_s",
          "kws_cap001_ts1_on.latency_s", "kws_cap001_ts2_on.latency_s", "on_error"}},
        {"tinas", {"u_har_lat_perc25_on.latency_s", "on_error"}},
    };
    int run = 0;
    for (const std::string& slug : experiment_slugs(kPapers)) {
        INFO(slug);
        const Reproduction r = reproduced(slug);
        if (!r.was_run()) {
            WARN(slug << ": " << tally_text(r));
            continue;
        }
        ++run;
        std::set<std::string> failed;
        for (const ComparedRow& row : r.rows) {
            if (!row.agrees) {
                failed.insert(row.expected.id);
            }
        }
        CHECK(failed == (known.count(slug) > 0 ? known.at(slug) : std::set<std::string>()));
        CHECK(std::filesystem::exists(kPapers + "/" + slug + "/README.md"));
    }
    CHECK(run >= 10);
}

TEST_CASE("an experiment's cases, quantities, derived values and errors are what its files say") {
    const Reproduction r = Desk().run();
    REQUIRE(r.rows.size() == 5);
    CHECK(r.failed() == 1);
    CHECK(r.passed() == 3);
    CHECK(r.find("small.off_at_s")->ours == Approx(0.12).epsilon(1e-12));
    CHECK(r.find("large.per_uF")->ours == Approx(1.2e-3).epsilon(1e-12));
    CHECK(r.find("twice")->ours == Approx(2.0).epsilon(1e-12));
    // |0.24/0.25 - 1| and 0, on average
    CHECK(r.find("error")->ours == Approx(0.02).epsilon(1e-9));
    CHECK(std::string(verdict_of(*r.find("large.off_at_s"))) == "-");
    CHECK_THAT(report_text(r), Contains("FAIL, 1 of 4") && Contains("large.off_at_s"));
    CHECK_THAT(comparison_csv(r), Contains("\"a wrong number, shown\""));
}

TEST_CASE("one number may count the events of several tasks, by how their names begin") {
    const Desk desk;
    desk.write("experiment.yaml",
               "title: toy\nsource: s\nclaim: c\nscenario: run.yaml\ncases: cases.csv\n"
               "events:\n"
               "  - {name: l_done, event: task_done, detail: l*, give: count}\n"
               "  - {name: o_done, event: task_done, detail: o*, give: count}\n"
               "  - {name: lo_done, event: task_done, detail: lo, give: count}\n"
               "quantities: {begins: l_done, others: o_done, whole: lo_done}\n");
    desk.write("expected.csv",
               "id,value,unit,kind,tolerance,source\n"
               "small.begins,1,1,exact,exact,done at the one brown-out\n"
               "small.others,0,1,exact,exact,no such task\n"
               "small.whole,0,1,exact,exact,a name without * is the whole name\n");
    CHECK(desk.run().passed() == 3);
}

TEST_CASE("an unknown experiment is told with the nearest one") {
    try {
        static_cast<void>(reproduced("botok"));
        FAIL("no error");
    } catch (const InputError& error) {
        CHECK(error.mistakes().at(0).hint == "did you mean 'botoks'?");
    }
}

TEST_CASE("every mistake of expected.csv is told in one pass with its line and column") {
    const Desk desk;
    desk.write("expected.csv",
               "id,value,unit,kind,tolerance,source\n"
               "small.off_at_s,12o,ms,exact,1e-9 relative,x\n"
               "large.off_at_s,1,mss,exact,exact,x\n"
               "twice,2,1,meassured,about,\n"
               "twice,2,1,ratio,1 %,x\n"
               "error,3,%\n");
    const std::string said = desk.mistakes();
    CHECK_THAT(said, Contains("expected.csv:6:1 the row has 3 cells, the header has 6"));
    desk.write("expected.csv",
               "id,value,unit,kind,tolerance,source\n"
               "small.off_at_s,12o,ms,exact,1e-9 relative,x\n"
               "large.off_at_s,1,mss,exact,exact,x\n"
               "twice,2,1,meassured,about,\n"
               "twice,2,1,ratio,-1 %,x\n");
    const std::string all = desk.mistakes();
    CHECK_THAT(all, Contains("expected.csv:2:16 '12o' is not a number"));
    CHECK_THAT(all, Contains("expected.csv:3:18 'mss' is not a unit (did you mean"));
    CHECK_THAT(all, Contains("expected.csv:4:11 'meassured' is not a kind of agreement (did you "
                             "mean 'measured'?)"));
    CHECK_THAT(all,
               Contains("expected.csv:4:21 'about' is not a tolerance (did you mean 'above'?)"));
    CHECK_THAT(all, Contains("expected.csv:4:27 the source is missing"));
    CHECK_THAT(all, Contains("expected.csv:5:1 'twice' is expected twice"));
    CHECK_THAT(all, Contains("expected.csv:5:17 '-1 %' is not a tolerance"));
}

TEST_CASE("what an experiment does not measure, and files that are not there, are refused") {
    const Desk desk;
    desk.write("expected.csv",
               "id,value,unit,kind,tolerance,source\nsmal.off_at_s,120,ms,exact,exact,x\n");
    CHECK_THAT(desk.mistakes(), Contains("expected.csv:2:1 the experiment measures no "
                                         "'smal.off_at_s' (did you mean 'small.off_at_s'?)"));
    desk.write("cases.csv", "case,store.capacitance\nsmall,100 uFF\nlarge,200 uF\n");
    CHECK_THAT(desk.mistakes(), Contains("cases.csv:2:7 "));
    desk.write("cases.csv", "case,store.capacitanc\nsmall,100 uF\nlarge,200 uF\n");
    CHECK_THAT(desk.mistakes(), Contains("capacitance"));
    desk.write("experiment.yaml",
               "title: toy\nsource: s\nclaim: c\nscenario: rum.yaml\n"
               "quantities: {x: \"1 +\"}\n");
    CHECK_THAT(desk.mistakes(), Contains("experiment.yaml:4:11 "));
    desk.write("experiment.yaml",
               "title: toy\nsource: s\nclaim: c\nscenario: run.yaml\n"
               "quantities: {x: \"1 + kernel.decision\"}\n");
    CHECK_THAT(desk.mistakes(),
               Contains("experiment.yaml:5:17 there is no number 'kernel.decision' (did you mean "
                        "'kernel.decisions'?)"));
}

TEST_CASE("an experiment whose recording is not at hand is not run, and says how to get it") {
    TraceEnvironment nowhere = source_tree().traces;
    nowhere.mirror.clear();
    Experiment e = read_experiment(kPapers, "aoi");
    e.traces = {"rf/react-cart"};
    const Reproduction r = reproduce(e, read, nowhere);
    CHECK_FALSE(r.was_run());
    CHECK(r.failed() == 0);
    CHECK(tally_text(r) == "not run: trace missing, `ebb trace fetch rf/react-cart`");
}

TEST_CASE("where cases name their recordings, only what needs a missing one is not run") {
    const Desk desk;
    desk.write("experiment.yaml",
               "title: toy\nsource: s\nclaim: c\nscenario: run.yaml\ncases: cases.csv\n"
               "traces: gen/rf-reader rf/react-cart\n"
               "events:\n  - {name: off_at_s, event: brown_out, give: first_s}\n"
               "derived: {twice: large.off_at_s / small.off_at_s, four: 2 * twice}\n"
               "errors:\n  - {name: error, rows: \"*.off_at_s\"}\n");
    desk.write("cases.csv",
               "case,store.capacitance,label.recording\nsmall,100 uF,gen/rf-reader\n"
               "large,200 uF,rf/react-cart\n");
    desk.write("expected.csv",
               "id,value,unit,kind,tolerance,source\nsmall.off_at_s,120,ms,exact,1e-9 relative,x\n"
               "large.off_at_s,240,ms,exact,1e-9 relative,x\ntwice,2,1,ratio,1 %,x\n"
               "four,4,1,ratio,1 %,x\nerror,1,%,measured,at most,x\n");
    TraceEnvironment nowhere = source_tree().traces;
    nowhere.mirror.clear();
    const Reproduction r = reproduce(read_experiment(desk.papers(), "toy"), read, nowhere);
    CHECK(r.was_run());
    CHECK(r.passed() == 1);
    CHECK(r.failed() == 0);
    CHECK(r.not_run() == 4);
    CHECK(std::string(verdict_of(*r.find("four"))) == "not run");
    CHECK(
        tally_text(r) ==
        "PASS, all 1 within tolerance; 4 not run: trace missing, `ebb trace fetch rf/react-cart`");
    CHECK_THAT(figure_svg(r), Contains("<svg"));
}

TEST_CASE("the validation page keeps what others wrote, and only its part is renewed") {
    const Reproduction r = Desk().run();
    const std::string part = validation_part({r}, "1.2.3");
    const std::string page = with_validation_part("# Validation\n\nmine\n", part);
    CHECK_THAT(page, Contains("mine") && Contains("| twice | 2 | 2 |"));
    const std::string again = with_validation_part(page + "below\n", validation_part({r}, "1.2.4"));
    CHECK_THAT(again, Contains("mine") && Contains("below") && Contains("Version 1.2.4"));
    CHECK(again.find("1.2.3") == std::string::npos);
}
