// SPDX-License-Identifier: Apache-2.0
// Do failures that a scenario asks for come when it says, and do they leave right results?
#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "models/mcu/injected_failures.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// A store that never empties: whatever fails is asked for.
const std::string kStrong =
    "name: strong supply\nduration: 2 s\n"
    "source: {model: {type: constant_power, power: 100 mW}}\n"
    "store: {type: capacitor, capacitance: 1 mF, initial: 3.2 V, max: 3.3 V}\n"
    "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 1 ms, charge: 0.2 "
    "uC},\n"
    "  active: {current: 1 mA}, sleep: {current: 1 uA, wake: 20 us}, off_current: 0 A}\n"
    "nvm: {part: mb85rs256ty}\n";
const std::string kNetwork =
    "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385}\n";

std::vector<double> first(FailureParams params, int n) {
    InjectedFailures failures(std::move(params), 7);
    std::vector<double> times;
    for (int i = 0; i < n; ++i) {
        if (const auto t = failures.next()) {
            times.push_back(t->seconds());
        }
    }
    return times;
}

}  // namespace

TEST_CASE("listed, periodic and random failures come in order, each once") {
    FailureParams listed;
    listed.times = {{0.5}, {0.2}};
    CHECK(first(listed, 5) == std::vector<double>{0.2, 0.5});
    FailureParams both = listed;
    both.every_s = 0.2;
    const std::vector<double> joined = first(both, 4);
    REQUIRE(joined.size() == 4);
    CHECK(joined[1] == Approx(0.4));
    CHECK(joined[2] == 0.5);
    CHECK(joined[3] == Approx(0.6));
    both.first_s = 0.1;
    CHECK(first(both, 2) == std::vector<double>{0.1, 0.2});

    FailureParams random;
    random.mean_s = 0.05;
    const std::vector<double> times = first(random, 20000);
    CHECK(times == first(random, 20000));
    CHECK(std::is_sorted(times.begin(), times.end()));
    // Mean of 20000 exponential gaps: within 3 standard errors.
    CHECK(times.back() / 20000.0 == Approx(0.05).epsilon(3.0 / std::sqrt(20000.0)));
}

TEST_CASE("a periodic failure meets a powered device each time, and it boots at once") {
    for (const bool reference : {false, true}) {
        const Result r =
            result_of(kStrong + kNetwork + "checkpoint: {policy: commit, granularity: unit}\n",
                      {"failures={every: 100 ms}"}, reference);
        CHECK(r.power.injected_failures == 20);  // the last one at the very end
        CHECK(r.power.brown_outs == 0);
        CHECK(r.power.boots == 21);
        CHECK(r.consistency.checked);
        CHECK(r.consistency.violations == 0);
        CHECK(r.work.jobs_done > 5);
    }
}

TEST_CASE("random failures and failures behind every so many units leave right results") {
    for (const char* failures : {"{mean: 7 ms}", "{boundaries: 100}"}) {
        for (const char* policy : {"{policy: commit, granularity: unit}",
                                   "{policy: commit, granularity: tile}", "{policy: none}"}) {
            const Result r = result_of(kStrong + kNetwork + "checkpoint: " + policy + "\n",
                                       {std::string("failures=") + failures});
            INFO(failures << " " << policy);
            const bool has_units = std::string(policy) != "{policy: none}";
            CHECK((r.power.injected_failures > 10) ==
                  (has_units || std::string(failures) == "{mean: 7 ms}"));
            CHECK(r.consistency.violations == 0);
        }
    }
}

TEST_CASE("an unpowered device takes no notice") {
    const Result r =
        result_of(kStrong + kNetwork + "checkpoint: {policy: none}\n",
                  {"failures={every: 100 ms}", "store.initial=1.0 V", "source.model.power=1 uW"});
    CHECK(r.power.injected_failures == 0);
    CHECK(r.power.boots == 0);
}

TEST_CASE("a plug pulled between snapshots sends jit back over memory that went on") {
    // jit saves when the voltage falls: here it never does, and its data lie in non-volatile
    // memory.
    const Result r = result_of(kStrong + kNetwork + "checkpoint: {policy: jit}\n",
                               {"failures={times: [{at: 1 s}]}"});
    CHECK(r.power.injected_failures == 1);
    CHECK(r.consistency.violations == 0);  // nothing was saved: the job starts over, input and all
    // Slow enough a supply for snapshots, and then a plug between two of them.
    const Result late = result_of(kStrong + kNetwork + "checkpoint: {policy: jit}\n",
                                  {"failures={mean: 300 ms}", "source.model.power=1 mW",
                                   "store.capacitance=47 uF", "duration=20 s"});
    CHECK(late.checkpoint.completed > 0);
    CHECK(late.consistency.violations > 0);
    bool told = false;
    for (const Finding& f : late.findings) {
        told = told || f.code == "inconsistent";
    }
    CHECK(told);
}
