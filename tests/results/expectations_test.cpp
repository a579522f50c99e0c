// SPDX-License-Identifier: Apache-2.0
#include "sim/result/expectations.hpp"
#include "models/core/error.hpp"
#include "tests/results/toy_run.hpp"

#include <catch2/catch.hpp>
#include <functional>

using namespace ebb;
using Catch::Matchers::Contains;

namespace {

Result forty_one_jobs() {
    Result r;
    r.work.jobs_done = 41;
    r.work.tasks = {{"sense", 7, 2}, {"v1.5 send", 3, 1}};
    r.consistency.checked = true;
    r.energy_j.clipped = 0.25;
    r.findings = {{"no_energy", 0.0, "None.", {}}, {"no_energy", 1.0, "None.", {}}};
    return r;
}

std::string mistake_of(const std::function<void()>& ask) {
    try {
        ask();
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("each comparison holds on its own side of the border and fails on the other") {
    struct Row {
        const char* op;
        double value;
        bool met;
    };
    const std::vector<Row> rows = {{"<", 42, true},   {"<", 41, false},  {"<=", 41, true},
                                   {"<=", 40, false}, {"==", 41, true},  {"==", 40, false},
                                   {"!=", 40, true},  {"!=", 41, false}, {">=", 41, true},
                                   {">=", 42, false}, {">", 40, true},   {">", 41, false}};
    for (const Row& row : rows) {
        CAPTURE(row.op, row.value);
        CHECK(evaluate_expectations(forty_one_jobs(), {{"work.jobs_done", row.op, row.value}})
                  .empty() == row.met);
    }
}

TEST_CASE("every expectation that fails is told with what was found and what was wanted") {
    const auto failed = evaluate_expectations(forty_one_jobs(), {{"work.jobs_done", ">=", 50},
                                                                 {"energy_j.clipped", "<", 0.5},
                                                                 {"energy_j.clipped", "<", 0.1}});
    REQUIRE(failed.size() == 2);
    CHECK(failed[0] == "work.jobs_done is 41, expected >= 50");
    CHECK(failed[1] == "energy_j.clipped is 0.25 J, expected < 0.1 J");
}

TEST_CASE("tasks, findings and truth values can be expected by name") {
    const Result r = forty_one_jobs();
    CHECK(number_at(r, "work.tasks.sense.cut") == 2.0);
    CHECK(number_at(r, "work.tasks.v1.5 send.done") == 3.0);
    CHECK(number_at(r, "findings.no_energy") == 2.0);
    CHECK(number_at(r, "findings.never_turns_on") == 0.0);
    CHECK(number_at(r, "consistency.checked") == 1.0);
}

TEST_CASE("a result without a value meets no expectation") {
    const auto failed = evaluate_expectations(
        forty_one_jobs(), {{"work.latency_p95_s", "<", 1e9}, {"work.latency_p95_s", ">=", 0}});
    REQUIRE(failed.size() == 2);
    CHECK_THAT(failed[0], Contains("has no value"));
}

TEST_CASE("an unknown result is answered with the nearest name") {
    const Result r = forty_one_jobs();
    CHECK_THAT(mistake_of([&] { (void)number_at(r, "work.job_done"); }),
               Contains("did you mean 'work.jobs_done'"));
    CHECK_THAT(mistake_of([&] { (void)number_at(r, "work.tasks.sens.done"); }),
               Contains("work.tasks.sense.done"));
    CHECK_THAT(mistake_of([&] { (void)number_at(r, "time.end"); }), Contains("one number"));
    CHECK_THAT(mistake_of([&] {
                   (void)evaluate_expectations(r, {{"work.jobs_done", "=>", 1}});
               }),
               Contains("'=>'"));
}

TEST_CASE("an expectation that no run can have is refused before the run") {
    Scenario scenario;
    scenario.workload.tasks = TasksParams{};
    scenario.workload.tasks->tasks.resize(1);
    scenario.workload.tasks->tasks[0].name = "sense";
    scenario.expect = {{"work.tasks.sense.done", ">=", 1}, {"work.latency_p95_s", "<", 2}};
    CHECK_NOTHROW(check_expectations(scenario));
    scenario.expect = {{"work.tasks.send.done", ">=", 1}};
    CHECK_THROWS_AS(check_expectations(scenario), InputError);
    scenario.expect = {{"work.latency_p95_s", "=<", 2}};
    CHECK_THROWS_AS(check_expectations(scenario), InputError);
}
