// SPDX-License-Identifier: Apache-2.0
/// Do the shipped sweeps answer the questions that they are written for, from the command line?
#include <regex>

#include "tests/smoke/command.hpp"
#include "tests/support/sweep_database.hpp"

using namespace ebb::test;

namespace {

/// The commands that a sweep names in its comment.
std::vector<std::string> commands_in(const std::string& path) {
    std::vector<std::string> commands;
    std::istringstream in(text_of(path));
    std::string line;
    while (std::getline(in, line)) {
        std::smatch found;
        static const std::regex kCommand("#   ebb (\\S+ .*?)(   .*)?");
        if (std::regex_match(line, found, kCommand)) {
            commands.push_back(found[1]);
        }
    }
    return commands;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

/// Two points of two runs each, one of them failed.
void small_sweep(const Desk& desk) {
    std::filesystem::create_directory(desk.file("small"));
    make_sweep(desk.file("small/results.sqlite"),
               {{"store.capacitance_f", "F", "input"},
                {"work.jobs_done", "1", "metric", "INTEGER"},
                {"work.latency_p95_s", "s", "metric"}},
               {{0, 0, {"47e-6", "10", "0.2"}},
                {0, 1, {"47e-6", "12", "0.3"}},
                {1, 0, {"1e-4", "11", "0.1"}},
                {1, 1, {"1e-4", "NULL", "NULL"}, "failed", "no such part"}});
}

}  // namespace

TEST_CASE("every shipped sweep runs, and the questions in its comment have answers") {
    const std::filesystem::path root = std::string(EBB_SOURCE_DIR) + "/scenarios/examples/sweeps";
    std::size_t sweeps = 0;
    for (const auto& entry : std::filesystem::directory_iterator(root)) {
        ++sweeps;
        const std::string path = entry.path().string();
        const std::vector<std::string> commands = commands_in(path);
        INFO(path);
        REQUIRE(commands.size() >= 2);
        const Desk desk;
        for (const std::string& command : commands) {
            std::string line = command;
            if (line.rfind("sweep ", 0) == 0) {
                line = replaced(line, "scenarios/examples/sweeps", root.string());
                line += " --quiet --set 'duration=30 s'";  // the same questions, sooner answered
            }
            const Said said = desk.ebb(line);
            INFO(line << "\n" << said.out << said.err);
            CHECK(said.status == 0);
            CHECK((line.rfind("best ", 0) != 0 || said.out.find("point") != std::string::npos));
        }
    }
    CHECK(sweeps >= 5);
}

TEST_CASE("a saltelli sample is the design that its sensitivities need") {
    const Desk desk;
    desk.write(
        "s.yaml",
        "scenario:\n"
        "  name: s\n  duration: 1 s\n"
        "  source: {model: {type: constant_power, power: 1 mW}}\n"
        "  store: {type: capacitor, capacitance: 100 uF, initial: 2 V, max: 6 V}\n"
        "  mcu: {turn_on: 5.9 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, charge: 0 "
        "C}, active: {current: 1 mA}, off_current: 0 A}\n"
        "  workload: {tasks: [{name: load, time: 1 s}]}\n"
        "sweep:\n"
        "  sample:\n    method: saltelli\n    count: 2048\n    over:\n"
        "      source.model.power: {range: {from: 0.5 mW, to: 1.5 mW}}\n"
        "      store.capacitance: {range: {from: 1 mF, to: 2 mF}}\n"
        "      store.initial: {range: {from: 1 V, to: 2 V}}\n"
        "  derive: {y: \"energy_j.harvested * store.initial_v\"}\n");
    const Said swept = desk.ebb("sweep s.yaml --quiet --out s");
    INFO(swept.out << swept.err);
    REQUIRE(swept.status == 0);
    const Said said = desk.ebb("best s --json --sensitivity y");
    INFO(said.out << said.err);
    REQUIRE(said.status == 0);
    const auto answer = nlohmann::json::parse(said.out)["sensitivity"];
    CHECK(answer["method"] == "saltelli_jansen");
    CHECK(answer["points"] == 2048 * 5);
    // y = P t V0 with means and variances of uniform P and V0: V_P = v_P m_V², V_PV = v_P v_V.
    const double m[] = {1.0, 0.0, 1.5}, v[] = {1.0 / 12.0, 0.0, 1.0 / 12.0};
    const double all = (m[0] * m[0] + v[0]) * (m[2] * m[2] + v[2]) - m[0] * m[0] * m[2] * m[2];
    const double first[] = {v[0] * m[2] * m[2] / all, 0.0, v[2] * m[0] * m[0] / all};
    const double both = v[0] * v[2] / all;
    const double total[] = {first[0] + both, 0.0, first[2] + both};
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(answer["inputs"][i]["first_order"].get<double>() == Approx(first[i]).margin(0.01));
        CHECK(answer["inputs"][i]["total"].get<double>() == Approx(total[i]).margin(0.01));
    }
}

TEST_CASE("ebb best answers on stdout as text, as JSON and as CSV") {
    const Desk desk;
    small_sweep(desk);
    const Said text = desk.ebb("best small --maximize jobs_done");
    INFO(text.out << text.err);
    CHECK(text.status == 0);
    CHECK(text.out.find("Most work.jobs_done") != std::string::npos);
    CHECK(text.out.find("1 of 4 runs failed: 1 x no such part") != std::string::npos);
    const Said json = desk.ebb(
        "best small --json --maximize jobs_done --pareto "
        "capacitance_f:min,jobs_done:max --sensitivity latency_p95_s");
    INFO(json.out << json.err);
    REQUIRE(json.status == 0);
    const auto answer = nlohmann::json::parse(json.out);
    CHECK(answer["ranking"]["points"].size() == 2);
    CHECK(answer["ranking"]["points"][0]["inputs"]["store.capacitance_f"] == 47e-6);
    CHECK(answer["ranking"]["points"][0]["mean"] == 11.0);
    CHECK(answer["ranking"]["points"][1]["half_interval"].is_null());
    CHECK(answer["failed"] == 1);
    CHECK(answer["sensitivity"]["inputs"][0]["first_order"] == Approx(1.0));
    const Said csv = desk.ebb("best small --csv --minimize latency_p95_s");
    CHECK(csv.out.rfind("rank,point,store.capacitance_f,mean,", 0) == 0);
    CHECK(std::count(csv.out.begin(), csv.out.end(), '\n') == 3);
    CHECK(desk.ebb("best small --csv --minimize latency_p95_s --sensitivity jobs_done").status ==
          2);
}

TEST_CASE("a wrong question is refused with what would be right, and with every mistake at once") {
    const Desk desk;
    small_sweep(desk);
    const auto refused = [&](const std::string& arguments) {
        const Said said = desk.ebb("best small " + arguments);
        CHECK(said.status == 2);
        CHECK(said.out.empty());
        return said.err;
    };
    CHECK(refused("").find("best of what?") != std::string::npos);
    const std::string both = refused("--minimize latncy_p95_s --subject-to 'jobs_dun >= 3'");
    CHECK(both.find("did you mean 'latency_p95_s'?") != std::string::npos);
    CHECK(both.find("did you mean 'jobs_done'?") != std::string::npos);
    CHECK(refused("--minimize jobs_done --subject-to jobs_done").find("is no condition") !=
          std::string::npos);
    CHECK(refused("--minimize jobs_done --maximize jobs_done").find("exclude each other") !=
          std::string::npos);
    CHECK(refused("--pareto jobs_done").find("two metrics or more") != std::string::npos);
    CHECK(refused("--minimize jobs_done --confidence 0").find("between 0 and 1") !=
          std::string::npos);
    const Said none = desk.ebb("best nowhere --minimize jobs_done");
    CHECK(none.status == 2);
    CHECK(none.err.find("there is no such folder") != std::string::npos);
}

TEST_CASE("ebb size finds, confirms and says what it found; a goal out of reach is a verdict") {
    const Desk desk;
    desk.write("task.yaml",
               small_device("workload: {tasks: [{name: send, power: 5 mW, time: 100 ms}]}\n"
                            "expect: {work.tasks.send.done: '>= 1'}\n"));
    const Said said = desk.ebb("size task.yaml --json");  // the goal is what the scenario expects
    INFO(said.out << said.err);
    REQUIRE(said.status == 0);
    const auto answer = nlohmann::json::parse(said.out);
    // 1.5 mW come in and 5 mW go out between 3 V and 1.8 V; the boot's 1 uC is taken before.
    const double least_f = 2.0 * 3.5e-3 * 0.1 / (3.0 * 3.0 - 1.8 * 1.8);
    CHECK(answer["verdict_by"] == "single_run");
    CHECK(answer["confirmed"] == true);
    CHECK(answer["found"].get<double>() >= least_f);
    CHECK(answer["found"].get<double>() <= least_f * 1.05);
    const Said series = desk.ebb("size task.yaml --series E12");
    CHECK(series.out.find("\n  150 uF\n") != std::string::npos);
    CHECK(series.out.find("120 uF does not") != std::string::npos);
    const Said never = desk.ebb("size task.yaml --goal 'send.done >= 1000'");
    CHECK(never.status == 3);
    CHECK(never.out.find("none of") != std::string::npos);
    for (const auto& [arguments, message] : std::vector<std::pair<std::string, std::string>>{
             {"--goal 'send.dune >= 1'", "send.done"},
             {"--vary store.capacitence --between 1uF..1mF", "capacitance"},
             {"--vary mcu.turn_on", "--between"},
             {"--between 1uF..1V", "no two quantities"},
             {"--between 1mF..1uF", "does not ascend"},
             {"--series E13", "E3, E6, E12, E24"},
             {"--series E12 --between 121uF..149uF", "no value of the series"}}) {
        const Said wrong = desk.ebb("size task.yaml " + arguments);
        INFO(arguments << "\n" << wrong.out << wrong.err);
        CHECK(wrong.status == 2);
        CHECK(wrong.err.find(message) != std::string::npos);
    }
}

TEST_CASE("ebb optimize finds a known optimum over a range and a choice, and the same again") {
    const Desk desk;
    desk.write("device.yaml", small_device("workload: {tasks: [{name: send, time: 1 s}]}\n"));
    // Offered is power times duration; what is left of 3 mJ is least at 3 mW for 1 s, 1.5 mW for 2
    // s, and each second costs.
    const std::string question =
        "optimize device.yaml --json --over 'source.model.power=0.1 mW..10 mW' --over 'duration=1 "
        "s|2 "
        "s|4 s' --minimize 'abs(energy_j.offered - 3 mJ) + 1 mJ * time.simulated_s'";
    const Said said = desk.ebb(question);
    if (said.out.find("built without Pagmo") != std::string::npos) {
        CHECK(said.status == 2);
        WARN("skipped: built without Pagmo");
        return;
    }
    INFO(said.out << said.err);
    REQUIRE(said.status == 0);
    const auto best = nlohmann::json::parse(said.out)["best"];
    REQUIRE(best.size() == 1);
    CHECK(best[0]["settings"][1] == "duration=1 s");
    CHECK(best[0]["search"]["values"][0]["mean"].get<double>() < 1.1e-3);  // 1 mJ at the optimum
    CHECK(desk.ebb(question).out == said.out);
    const Said front = desk.ebb(
        "optimize device.yaml --json --over 'source.model.power=0.1 mW..10 mW' --minimize "
        "energy_j.offered --maximize power.on_s --generations 4");
    INFO(front.out << front.err);
    REQUIRE(front.status == 0);
    CHECK(nlohmann::json::parse(front.out)["best"].size() > 3);
    for (const auto& [arguments, message] : std::vector<std::pair<std::string, std::string>>{
             {"", "what is open"},
             {"--over duration --minimize power.boots", "names no key"},
             {"--over duration=1s --minimize power.boots", "neither a range nor a choice"},
             {"--over 'duration=2 s..1 s' --minimize power.boots", "no two ascending"},
             {"--over 'durasion=1 s..2 s' --minimize power.boots", "duration"},
             {"--over 'duration=1 s..2 s' --minimize power.boot", "power.boots"}}) {
        const Said wrong = desk.ebb("optimize device.yaml " + arguments);
        INFO(arguments << "\n" << wrong.out << wrong.err);
        CHECK(wrong.status == 2);
        CHECK(wrong.err.find(message) != std::string::npos);
    }
}

TEST_CASE("tools/plot_sweep.py draws lines and a front, and names columns that it cannot find") {
    if (std::system("/usr/bin/python3 -c 'import pandas, matplotlib' 2>/dev/null") != 0) {
        WARN("skipped: python3-pandas and python3-matplotlib are not installed");
        return;
    }
    const Desk desk;
    small_sweep(desk);
    const auto plot = [&](const std::string& arguments) {
        return std::system(fmt::format("/usr/bin/python3 {}/tools/plot_sweep.py '{}' {} --out '{}' "
                                       ">/dev/null 2>'{}'",
                                       EBB_SOURCE_DIR, desk.file("small"), arguments,
                                       desk.file("plot.png"), desk.file("err"))
                               .c_str());
    };
    REQUIRE(plot("--x capacitance_f --y jobs_done") == 0);
    CHECK(std::filesystem::file_size(desk.file("plot.png")) > 10'000);
    REQUIRE(plot("--x capacitance_f:min --y jobs_done:max") == 0);
    CHECK(plot("--x capacitance --y jobs_done") != 0);
    CHECK(text_of(desk.file("err")).find("store.capacitance_f") != std::string::npos);
}
