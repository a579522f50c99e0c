// SPDX-License-Identifier: Apache-2.0
/// Do policies given by rates cost and lose in a simulated device what the EH model says? Truth:
/// its exact form, and the Monte Carlo figures of its comparison (E uniform 1e4 (1 +- 0.2), eps 1,
/// A_B = A_R = 80 at 1 per byte, alpha_B 0.05: 0.5312, 0.8208, 0.767 at tau 100, 800, 3000).
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/checkpoint/clank.hpp"
#include "models/checkpoint/eh_model.hpp"
#include "sim/device/backup_period.hpp"
#include "sim/device/lower_work.hpp"
#include "sim/result/summary_json.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

/// A cycle is 1 us and 1 nJ, a byte 1 nJ: 0.01 nJ of processor while 0.99 nJ go to the memory.
/// Turn-on lies 18 nJ above turn-off, and each packet is used up before the next.
std::string periods(double tau, int packets, double spread, std::uint64_t seed) {
    return fmt::format(
        "name: periods\nduration: {0:.6f} s\n"
        "source: {{trace: {{generate: {{type: packets, seed: {1}, duration: {0:.6f} s, every: 15 "
        "ms, energy: 10 uJ, spread: {2}}}}}, model: {{type: power}}}}\n"
        "store: {{type: capacitor, capacitance: 10 uF, initial: 1.8 V, max: 5 V}}\n"
        "mcu:\n"
        "  {{turn_on: 1.801 V, turn_off: 1.8 V, initial: unpowered, boot: {{time: 0 s, charge: 0 "
        "C}}, active: {{power: 1 mW}}, off_current: 0 A}}\n"
        "nvm: {{capacity: 1 MB, atomic: 1 B, cut: old, read_time: 10 ns, write_time: 10 ns,\n"
        "  read_energy: 0.99 nJ, write_energy: 0.99 nJ, standby: 0 A, sleep: 0 A, endurance: "
        "unlimited}}\n"
        "workload: {{tasks: [{{name: work, time: 30000 s}}]}}\n"
        "checkpoint: {{policy: periodic, cycles: {3:.10g}, clock: 1 MHz, state: 80 B, mark: 0 B, "
        "dirty_per_cycle: 0.05}}\n",
        0.015 * packets, seed, spread, tau);
}

EhModel comparison_set() {
    EhModel m;
    m.supply_j = 1e4;
    m.cycle_j = 1.0;
    m.backup = {80.0, 0.05, 1.0};
    m.restore = {80.0, 0.0, 1.0};
    return m;
}

double progress_of(double tau, int packets, double spread = 0.2, std::uint64_t seed = 3) {
    const Result r = result_of(periods(tau, packets, spread, seed));
    REQUIRE(r.power.boots == packets);
    return *r.work.forward_progress;
}

TEST_CASE("is simulated progress over 1e5 random periods that of the Monte Carlo figure?") {
    CHECK(progress_of(800, 100000) == Approx(0.8208).epsilon(2e-3));
}

TEST_CASE("is simulated progress that of the figures, and within 1 % of the refined form?") {
    constexpr int kPackets = 20000;
    CHECK(progress_of(100, kPackets) == Approx(0.5312).epsilon(2e-3));
    CHECK(progress_of(3000, kPackets) == Approx(0.767).epsilon(2e-3));
    const EhModel m = comparison_set();
    for (const double tau : {200.0, 400.0, 1200.0, 1660.0}) {  // up to E/(6 eps)
        CAPTURE(tau);
        CHECK(progress_of(tau, kPackets) == Approx(eh_refined_progress(m, tau)).epsilon(1e-2));
    }
    for (const double tau : {2500.0, 4000.0}) {  // beyond it: between worst and best case
        CAPTURE(tau);
        const double p = progress_of(tau, kPackets);
        CHECK(p > eh_progress(m, tau, kEhWorst));
        CHECK(p < eh_progress(m, tau, kEhBest));
    }
}

TEST_CASE("is the predicted period within 0.5 % of the best that simulation finds?") {
    constexpr int kPackets = 20000;
    const double predicted = eh_best_period(comparison_set(), kEhAverage);
    const double at_predicted = progress_of(predicted, kPackets);
    double best = 0.0;
    for (const double factor : {0.6, 0.7, 0.8, 0.9, 0.95, 1.0, 1.1, 1.25, 1.5}) {
        best = std::max(best, progress_of(factor * predicted, kPackets));
    }
    CHECK(best >= at_predicted);
    CHECK(at_predicted > 0.995 * best);
}

TEST_CASE("with the same energy in every period, are the rounds those of the exact form?") {
    const EhModel m = comparison_set();
    for (const double tau : {137.0, 800.0, 2000.0, 4999.0, 9000.0}) {
        CAPTURE(tau);
        constexpr int kPackets = 50;
        const Result r = result_of(periods(tau, kPackets, 0.0, 1));
        const auto rounds = [tau](const EhModel& of) {
            return std::llround(eh_exact_progress(of, tau) * of.supply_j / (of.cycle_j * tau));
        };
        // Bytes are whole: 0.05 tau is rounded in the device.
        EhModel whole = m;
        whole.backup = {80.0 + std::round(0.05 * tau), 0.0, 1.0};
        EhModel whole_first = whole;  // nothing to restore yet
        whole_first.restore.bytes = 0.0;
        CHECK(r.checkpoint.completed == rounds(whole_first) + (kPackets - 1) * rounds(whole));
        const double kept = static_cast<double>(r.checkpoint.completed) * tau * 1e-9;
        CHECK(*r.work.forward_progress == Approx(kept / (kPackets * 1e-5)).epsilon(1e-6));
    }
}

TEST_CASE("is one backup per charge best with the same energy in every period?") {
    EhModel m = comparison_set();
    const double longest = eh_longest_period(m);
    constexpr int kPackets = 20;
    const double best = progress_of(0.999 * longest, kPackets, 0.0);
    CHECK(best == Approx(eh_single_backup_progress(m)).epsilon(2e-3));
    for (const double share : {0.1, 0.3, 0.5, 0.7, 0.9}) {
        CHECK(progress_of(share * longest, kPackets, 0.0) < best);
    }
    // Nothing fits but before the first restore.
    CHECK(result_of(periods(1.002 * longest, kPackets, 0.0, 1)).checkpoint.completed <= 1);
}

TEST_CASE("are a million slices leapt over, not stepped through?") {
    const Result r = result_of(
        "name: leap\nduration: 2000 s\n"
        "source: {model: {type: constant_power, power: 3 mW}}\n"
        "store: {type: capacitor, capacitance: 10 uF, initial: 3 V, max: 5 V}\n"
        "mcu: {turn_on: 3 V, turn_off: 1.8 V, initial: powered, active: {power: 1 mW},\n"
        "      off_current: 0 A, boot: {time: 0 s, charge: 0 C}}\n"
        "nvm: {part: mb85rs256ty}\n"
        "workload: {tasks: [{name: work, time: 1000 s}], }\n"
        "checkpoint: {policy: periodic, period: 1 ms}\n"
        "until: {jobs: 1}\n");
    CHECK(r.work.jobs_done == 1);
    CHECK(r.checkpoint.completed == 1000000);
    CHECK(r.kernel.decisions < 100);
}

const std::string kDevice =
    "name: device\nduration: 300 s\n"
    "source: {model: {type: constant_power, power: 20 uW}, harvest_while_on: false}\n"
    "store: {type: capacitor, capacitance: 22 uF, initial: 0 V, max: 5 V}\n"
    "mcu: {turn_on: 3 V, turn_off: 1.8 V, initial: unpowered, active: {power: 1 mW},\n"
    "      off_current: 0 A, boot: {time: 1 ms, energy: 1 uJ}}\n"
    "nvm: {capacity: 1 MB, atomic: 1 B, cut: old, read_time: 10 ns, write_time: 1 us,\n"
    "      read_energy: 1 nJ, write_energy: 4 nJ, standby: 0 A, sleep: 0 A, endurance: "
    "unlimited}\n"
    "workload: {tasks: [{name: work, time: 1000 s}]}\n"
    "checkpoint: {policy: periodic, clock: 8 MHz}\n";

TEST_CASE("is a period that is left out the best of the EH model, with this device's costs?") {
    const Scenario s = scenario_of(kDevice, {"checkpoint.dirty_per_cycle=0.001"});
    const LoweredWork work = lower_work(s);
    Program plain;
    plain.nests.resize(1);
    plain.nests[0].name = "work";
    plain.nests[0].units.resize(1);
    plain.nests[0].units[0].phases.resize(1);
    plain.nests[0].units[0].phases[0].time_s = 1000.0;
    plain.nests[0].root = repeat(1, 0);
    const BackupPlan plan = plan_backups(s, plain, s.nvm);
    EhModel m;  // in seconds of work
    m.supply_j = 0.5 * 22e-6 * (9.0 - 3.24) - 1e-6 - 0.0;
    m.cycle_j = 1e-3;
    const double byte_j = 4e-9 + 1e-6 * 1e-3;
    m.backup = {64.0 + 4.0, 8000.0, byte_j};
    m.restore = {64.0 + 8.0, 0.0, 1e-9 + 10e-9 * 1e-3};
    CHECK(plan.period_s == Approx(eh_best_period(m, kEhAverage)).epsilon(1e-6));
    CHECK(plan.dirty_bytes == std::llround(8000.0 * plan.period_s));
    REQUIRE(work.notes.size() == 1);
    CHECK_THAT(work.notes[0], Contains("a backup every ") && Contains("best in the EH model"));
    CHECK(result_of(kDevice).notes.size() == 1);
}

TEST_CASE("is a period that no charge holds refused with one that would do?") {
    Sets sets = {"checkpoint.period=100 ms"};
    std::string message;
    std::string hint;
    try {
        (void)result_of(kDevice, sets);
    } catch (const InputError& e) {
        message = e.mistakes().at(0).message;
        hint = e.mistakes().at(0).hint;
    }
    CHECK_THAT(message, Contains("100 ms of work between two backups need ") &&
                            Contains("a charge gives 63.4 uJ"));
    REQUIRE_THAT(hint, Contains("at most 60.7 ms"));
    CHECK(result_of(kDevice, {"checkpoint.period=60.7 ms"}).checkpoint.completed > 10);
    // With harvest meanwhile it is no mistake, but a remark; and this harvest is too little.
    const Sets more = {"checkpoint.period=64 ms", "source.harvest_while_on=true"};
    const Result r = result_of(kDevice, more);
    REQUIRE(r.notes.size() == 1);
    CHECK_THAT(r.notes[0], Contains("only with what is harvested meanwhile"));
    CHECK(r.checkpoint.completed == 0);
    const Finding* const f = find(r, "unit_never_fits");
    REQUIRE(f != nullptr);
    CHECK_THAT(f->text, Contains("each of 15625 units of work needs"));
}

TEST_CASE("is a period shorter than its backup refused with one that would do?") {
    std::string message;
    std::string hint;
    try {
        (void)result_of(kDevice, {"checkpoint.period=50 us"});
    } catch (const InputError& e) {
        message = e.mistakes().at(0).message;
        hint = e.mistakes().at(0).hint;
    }
    CHECK_THAT(message, Contains("a backup takes 68 us, and there is one every 50 us"));
    REQUIRE_THAT(hint, Contains("at least 68 us"));
    CHECK(result_of(kDevice, {"checkpoint.period=68 us", "duration=10 s"}).checkpoint.completed >
          0);
}

TEST_CASE("is a device too small for any period told which capacitance would do?") {
    std::string hint;
    try {
        (void)result_of(kDevice, {"store.capacitance=470 nF"});
    } catch (const InputError& e) {
        hint = e.mistakes().at(0).hint;
    }
    REQUIRE_THAT(hint, Contains("more than 524 nF would do"));
    CHECK(result_of(kDevice, {"store.capacitance=530 nF"}).checkpoint.completed > 0);
    CHECK_THROWS_AS(result_of(kDevice, {"store.capacitance=510 nF"}), InputError);
}

TEST_CASE("do policies by rates say that their consistency is not modelled?") {
    for (const char* policy : {"periodic, period: 5 ms", "clank, violations: 1e-4",
                               "ratchet, "
                               "section: 40000",
                               "chinchilla, timer: 40000, checks: 10 %"}) {
        const Result r =
            result_of(kDevice, {fmt::format("checkpoint={{policy: {}, clock: 8 MHz}}", policy)});
        CAPTURE(policy);
        CHECK(r.checkpoint.completed > 100);
        CHECK_FALSE(r.consistency.checked);
        CHECK(summary_json(r)["consistency"]["violations"].is_null());
        REQUIRE_FALSE(r.consistency.not_modelled.empty());
        CHECK_THAT(r.consistency.not_modelled.back(), Contains("rates"));
    }
}

TEST_CASE("are rules of the same rates the same run, and do checks cost their time?") {
    const auto with = [](const std::string& policy) {
        return result_of(kDevice, {fmt::format("checkpoint={{policy: {}, clock: 8 MHz}}", policy)});
    };
    const Result timer = with("periodic, cycles: 40000");
    const Result sections = with("ratchet, section: 40000");
    const Result skipped = with("chinchilla, timer: 40000");
    CHECK(timer.checkpoint.completed == sections.checkpoint.completed);
    CHECK(timer.checkpoint.completed == skipped.checkpoint.completed);
    CHECK(*timer.work.forward_progress == *sections.work.forward_progress);
    const Result checked = with("chinchilla, timer: 40000, checks: 25 %");
    const auto per_backup = [](const Result& r) {
        return r.energy_j.sinks[Sink::checkpoint] / static_cast<double>(r.checkpoint.completed);
    };
    // 5 ms of work at 1 mW, a quarter of it for checks.
    CHECK(per_backup(checked) - per_backup(timer) == Approx(0.25 * 5e-6).epsilon(0.1));
}

TEST_CASE("is the clairvoyant's progress that of a single backup per charge?") {
    const Sets dark = {"checkpoint={policy: clairvoyant, state: 100 B}",
                       "mcu.sleep={current: 1 uA, wake: 0 s}"};
    const Result r = result_of(kDevice, dark);
    REQUIRE(r.checkpoint.completed > 50);
    CHECK(r.checkpoint.torn == 0);
    EhModel m;
    m.supply_j = 0.5 * 22e-6 * (9.0 - 3.24);
    m.cycle_j = 1.0;
    m.backup = {100.0, 0.0, 4e-9 + 1e-6 * 1e-3};
    m.restore = {100.0, 0.0, 1e-9 + 10e-9 * 1e-3};
    m.backup.bytes += 1e-6 / m.backup.energy_j_per_b;  // the boot
    // The first charge has nothing to restore.
    const double all = static_cast<double>(r.checkpoint.completed);
    const double first = eh_restore_j(m, 0.0) / m.supply_j / all;
    CHECK(*r.work.forward_progress == Approx(eh_single_backup_progress(m) + first).epsilon(1e-6));
    REQUIRE(!r.notes.empty());
    CHECK_THAT(r.notes[0], Contains("clairvoyant"));
}

TEST_CASE("is no policy with backups of the same size better than the clairvoyant?") {
    for (const char* capacitance : {"2.2 uF", "10 uF", "47 uF"}) {
        const auto with = [capacitance](const std::string& policy) {
            return *result_of(kDevice, {"checkpoint={" + policy + "}", "duration=60 s",
                                        "mcu.sleep={current: 1 uA, wake: 0 s}",
                                        fmt::format("store.capacitance={}", capacitance)})
                        .work.forward_progress;
        };
        const double bound = with("policy: clairvoyant, state: 100 B");
        CAPTURE(capacitance, bound);
        CHECK(with("policy: jit, state: 100 B") < bound);
        CHECK(with("policy: periodic, state: 100 B") < bound);
        for (const double ms : {0.5, 1.0, 2.0, 2.7}) {
            CHECK(with(fmt::format("policy: periodic, state: 100 B, period: {} ms", ms)) < bound);
        }
    }
}

TEST_CASE("is a section of Clank the mean of what ends it, watchdog included?") {
    for (const double q : {0.0, 1e-6, 1e-4, 1e-2, 0.5, 1.0}) {
        double mean = 0.0;  // over sections that end at cycle k with q (1 - q)^(k - 1)
        double alive = 1.0;
        for (int k = 1; k <= 8000; ++k) {
            mean += alive;
            alive *= 1.0 - q;
        }
        CHECK(clank_section(q, 8000.0) == Approx(mean).epsilon(1e-9));
    }
}

}  // namespace
