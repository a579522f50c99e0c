// SPDX-License-Identifier: Apache-2.0
// Does a comparison of policies rank them by what single runs give, pair by pair?
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "sim/analysis/policy_comparison.hpp"
#include "sim/analysis/statistics.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

const std::string kTasks =
    "name: two tasks\nduration: 5 s\n"
    "source: {model: {type: constant_power, power: 0.5 mW}}\n"
    "store: {type: capacitor, capacitance: 22 uF, initial: 1.8 V, max: 5 V}\n"
    "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 1 ms, charge: 0.2 "
    "uC},\n"
    "  active: {current: 1 mA}, sleep: {current: 1 uA, wake: 20 us}, off_current: 0 A}\n"
    "nvm: {part: mb85rs256ty}\n"
    "checkpoint: {policy: commit, granularity: unit}\n"
    "workload: {repeat: true, tasks: [{name: a, time: 20 ms}, {name: b, time: 30 ms}]}\n";

PolicyComparison compare(const std::string& text, const ComparisonOptions& options) {
    return compare_policies(
        [&](const std::vector<std::string>& sets) { return scenario_of(text, sets); },
        all_components(), options);
}

const PolicyTrial* find(const std::vector<PolicyTrial>& all, const std::string& policy) {
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&](const PolicyTrial& t) { return t.policy == policy; });
    return at == all.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("the interval of a mean is Student's") {
    // n = 4, s = 1.290994, t(3, 0.975) = 3.182446: 3.182446 * 1.290994 / 2
    const MeanInterval m = mean_interval({1.0, 2.0, 3.0, 4.0});
    CHECK(m.mean == Approx(2.5).epsilon(1e-15));
    CHECK(m.margin == Approx(2.0542601).epsilon(1e-6));
    CHECK(mean_interval({7.0}).margin == 0.0);
    CHECK(mean_interval({2.0, 2.0, 2.0}).margin == 0.0);
}

TEST_CASE("two processes rank policies as one does") {
    ComparisonOptions one;
    one.tune = true;
    ComparisonOptions two = one;
    two.processes = 2;
    CHECK(comparison_table(compare(kTasks, one)) == comparison_table(compare(kTasks, two)));
}

TEST_CASE("a scenario whose own policy the device refuses is refused, by another process too") {
    std::string text = kTasks;
    const std::string own = "policy: commit, granularity: unit";
    text.replace(text.find(own), own.size(), "policy: hibernus, ram: 64 KiB");
    for (const std::size_t processes : {1, 2}) {
        ComparisonOptions options;
        options.processes = processes;
        CHECK_THROWS_AS(compare(text, options), InputError);
        CHECK_THROWS_WITH(compare(text, options), Catch::Contains("snapshot"));
    }
}

TEST_CASE("the scenario's policy under its own name stands beside it with the same runs") {
    const PolicyComparison c = compare(kTasks, {});
    const PolicyTrial* const own = find(c.ranked, "as in the scenario");
    const PolicyTrial* const named = find(c.ranked, "policy: commit, granularity: unit");
    REQUIRE((own != nullptr && named != nullptr));
    CHECK((own->own && !named->own));
    CHECK(own->jobs.size() == 3);
    CHECK(own->jobs == named->jobs);
    CHECK(own->brown_outs == named->brown_outs);
}

TEST_CASE("each policy gets what single runs under the same conditions give") {
    const PolicyComparison c = compare(kTasks, {});
    CHECK(c.capacitance_factors == std::vector<double>{1.0, 0.9, 1.1});
    CHECK(c.starts_s.size() == 1);
    const PolicyTrial* jit = find(c.ranked, "policy: jit");
    REQUIRE(jit != nullptr);
    REQUIRE(jit->jobs.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        const Result r = result_of(
            kTasks,
            {"checkpoint={policy: jit}",
             "store.capacitance=" + std::to_string(22.0 * c.capacitance_factors[i]) + " uF"});
        CHECK(jit->jobs[i] == static_cast<double>(r.work.jobs_done));
        CHECK(jit->kept[i] == Approx(*r.work.forward_progress).epsilon(1e-9));
    }
    CHECK(jit->save_at_v.has_value());
}

TEST_CASE("the scenario's own policy ties with itself, and ranks follow the means") {
    const PolicyComparison c = compare(kTasks, {});
    const PolicyTrial* own = find(c.ranked, "as in the scenario");
    const PolicyTrial* same = find(c.ranked, "policy: commit, granularity: unit");
    REQUIRE(own != nullptr);
    REQUIRE(same != nullptr);
    CHECK(own->jobs == same->jobs);
    CHECK(own->rank == same->rank);
    CHECK(c.ranked.front().rank == 1);
    for (std::size_t i = 1; i < c.ranked.size(); ++i) {
        CHECK(c.ranked[i].mean_jobs <= c.ranked[i - 1].mean_jobs);
        CHECK(c.ranked[i].difference <= 0.0);
        const bool tie = std::fabs(c.ranked[i].difference) <= c.ranked[i].margin ||
                         c.ranked[i].difference == 0.0;
        CHECK(c.ranked[i].rank == (tie ? 1 : i + 1));
    }
}

TEST_CASE(
    "a policy that cannot run the scenario is listed with the reason, and no policy is lost") {
    const PolicyComparison c = compare(kTasks, {});
    const PolicyTrial* sonic = find(c.cannot, "policy: sonic");
    REQUIRE(sonic != nullptr);
    CHECK_THAT(sonic->why_not, Catch::Matchers::Contains("runs networks"));
    CHECK(find(c.ranked, "policy: sonic") == nullptr);
    for (const Component* component : all_components().of("checkpoint")) {
        const std::string name = "policy: " + component->info.name;
        const auto begins = [&](const PolicyTrial& t) { return t.policy.rfind(name, 0) == 0; };
        INFO(name);
        CHECK((std::any_of(c.ranked.begin(), c.ranked.end(), begins) ||
               std::any_of(c.cannot.begin(), c.cannot.end(), begins)));
    }
}

TEST_CASE("a further policy joins, and the capacitance may stay as it is") {
    ComparisonOptions options;
    options.tolerances = false;
    options.more = {"policy: jit, margin: 0.4 V"};
    const PolicyComparison c = compare(kTasks, options);
    const PolicyTrial* more = find(c.ranked, options.more[0]);
    REQUIRE(more != nullptr);
    CHECK(more->jobs.size() == 1);
    CHECK(*more->save_at_v == Approx(*find(c.ranked, "policy: jit")->save_at_v + 0.39));
}

TEST_CASE("a trace is begun in several places, spread over it") {
    const std::string text =
        "name: RF\nduration: 5 s\n"
        "source: {trace: {generate: {type: rf, duration: 40 s, seed: 7, mean_on: 0.3 s, mean_off: "
        "0.2 s}},\n"
        "  model: {type: power}, at_end: loop, start: 1 s}\n" +
        kTasks.substr(kTasks.find("store:"));
    ComparisonOptions options;
    options.starts = 4;
    options.tolerances = false;
    const PolicyComparison c = compare(text, options);
    CHECK(c.starts_s == std::vector<double>{1.0, 11.0, 21.0, 31.0});
    CHECK(c.ranked.front().jobs.size() == 4);
}

TEST_CASE("if no policy completes a job, the energy kept ranks them") {
    std::string text = kTasks;
    text.replace(text.find("20 ms}, {name"), 5, "20 s");
    const PolicyComparison c = compare(text, {});
    CHECK(c.by_kept);
    CHECK_THAT(comparison_table(c), Catch::Matchers::Contains("No policy completed a job"));
}

TEST_CASE("a tuned policy stands beside the derived one, and does better where it was looked for") {
    ComparisonOptions options;
    options.tolerances = false;
    options.tune = true;
    const PolicyComparison c = compare(kTasks, options);
    int tuned = 0;
    for (const PolicyTrial& trial : c.ranked) {
        if (!trial.tuned) {
            continue;
        }
        ++tuned;
        const std::string derived = trial.policy.substr(0, trial.policy.rfind(", "));
        const PolicyTrial* beside = find(c.ranked, derived);
        INFO(trial.policy);
        REQUIRE(beside != nullptr);
        CHECK(trial.violations == 0);
        const Result r = result_of(kTasks, {"checkpoint={" + trial.policy + "}"});
        CHECK(trial.jobs.at(0) == static_cast<double>(r.work.jobs_done));
        // One start: looked for where it is shown.
        CHECK(std::make_pair(trial.mean_jobs, trial.mean_kept) >
              std::make_pair(beside->mean_jobs, beside->mean_kept));
    }
    CHECK(tuned >= 1);
    CHECK(find(compare(kTasks, {}).ranked, "policy: jit") != nullptr);
}
