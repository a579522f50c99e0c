// SPDX-License-Identifier: Apache-2.0
/// Policies that save just in time: do they save, sleep, wake and restore when their state machines
/// say, and does a snapshot hold what it should? Truth: hand calculation at constant currents.
#include <cmath>

#include "models/workload/start_voltage.hpp"
#include "sim/device/device.hpp"
#include "sim/device/kernel.hpp"
#include "tests/decision/saving_device.hpp"

using namespace ebb;
using namespace ebb::test;
using Catch::Contains;

namespace {

constexpr double kC = 100e-6, kIn = 0.4e-3, kActive = 1e-3, kSleep = 26e-6;

/// Seconds from one voltage to another at a net current.
double seconds(double from_v, double to_v, double net_a) { return (to_v - from_v) * kC / net_a; }

/// Bytes of one slot, as the device would write them.
std::int64_t snapshot_bytes(const std::string& text, std::vector<std::string> sets = {}) {
    const Scenario scenario = scenario_of(text, std::move(sets));
    Kernel::renew();
    return Device(scenario, {}, nullptr).workload().config().plan.snapshot_bytes;
}

PolicyFacts facts_of(const std::string& text) {
    const Scenario scenario = scenario_of(text);
    Kernel::renew();
    return Device(scenario, {}, nullptr).facts();
}

const std::string kNetwork =
    "name: n\nduration: 1 s\nsource: {model: {type: constant_power, power: 1 mW}}\n"
    "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 5 V}\n"
    "mcu: {part: stm32u385, turn_on: 3 V, turn_off: 1.8 V, initial: powered}\n"
    "nvm: {part: mr25h40}\n"
    "workload: {network: mlperf_tiny_ic, platform: cortex_m33_stm32u385}\n";

}  // namespace

TEST_CASE("hibernus saves at V_H, sleeps, wakes at V_R, and restores nothing it has not lost") {
    // 28 B of RAM, 64 B of registers, a header of 8 B: 5 ms.
    const Watched w = watch(
        SavingDevice{"{policy: hibernus, ram: 28 B, save_at: 2.3 V, restore_at: 3 V}", "2.5 s"});
    const double on_s = seconds(3.0, 2.3, kIn - kActive);
    const double saved_v = 2.3 - (kActive - kIn) * 5e-3 / kC;
    const double off_s = seconds(saved_v, 3.0, kIn - kSleep);
    const double period_s = on_s + 5e-3 + off_s;
    std::vector<double> saves, saved, wakes;
    for (int k = 0; on_s + k * period_s < 2.5; ++k) {
        saves.push_back(on_s + k * period_s);
        saved.push_back(saves.back() + 5e-3);
        if (saved.back() + off_s < 2.5) {
            wakes.push_back(saved.back() + off_s);
        }
    }
    REQUIRE(saves.size() > 4);
    check_times(w.events, "save", saves);
    check_times(w.events, "saved", saved);
    check_times(w.events, "wake", wakes);
    CHECK(w.result.checkpoint.restored == 0);
    CHECK(w.result.power.brown_outs == 0);
    CHECK(w.result.nvm.written_bytes == Approx(100.0 * static_cast<double>(saves.size())));
}

TEST_CASE("hibernus waits for V_R at a boot by reset, and restores behind it") {
    SavingDevice d{"{policy: hibernus, ram: 28 B, save_at: 2.3 V, restore_at: 2.8 V}", "4 s"};
    d.initial = "0 V";
    d.powered = "unpowered";
    d.sleep = "500 uA";  // more than comes in: each sleep ends in a power failure
    d.turn_on = "2.7 V";
    // The wait for 2.8 V draws as much as any sleep: nothing would come of it.
    CHECK(watch(d).result.work.units_done == 0);
    d.sleep = "300 uA";
    d.source = "400 uA";
    const Watched w = watch(d);
    const double boot_s = 2.7 * kC / kIn;
    const double begin_s = boot_s + seconds(2.7, 2.8, kIn - 300e-6);
    const std::vector<Time> wakes = w.events.times_of("wake");
    REQUIRE(wakes.size() > 2);
    CHECK(w.events.times_of("boot").front().seconds() == Approx(boot_s).epsilon(1e-9));
    CHECK(wakes.front().seconds() == Approx(begin_s).epsilon(1e-9));
    const double save_s = begin_s + seconds(2.8, 2.3, kIn - kActive);
    CHECK(w.events.times_of("save").front().seconds() == Approx(save_s).epsilon(1e-9));
    CHECK(w.result.power.boots == 1);
    CHECK(w.result.checkpoint.restored == 0);
}

TEST_CASE("what a wake-up keeps and a reset restores is the same work") {
    // Asleep at more than comes in, the device browns out behind each snapshot.
    for (const char* policy : {"hibernus, ram: 28 B", "quickrecall", "allocated_state, stack: 28 B",
                               "managed_state, dirty_pages: 1"}) {
        INFO(policy);
        SavingDevice d{fmt::format("{{policy: {}, save_at: 2.3 V}}", policy), "5 s"};
        d.turn_on = "3 V";
        const Watched awake = watch(d);
        d.sleep = "500 uA";
        const Watched reset = watch(d);
        CHECK(awake.result.checkpoint.restored == 0);
        CHECK(awake.result.power.brown_outs == 0);
        CHECK(awake.events.times_of("wake").size() > 4);
        CHECK(reset.result.power.brown_outs > 2);
        CHECK(reset.result.checkpoint.restored == reset.result.power.boots);
        CHECK(reset.result.checkpoint.completed - reset.result.power.brown_outs <= 1);
        for (const Watched* w : {&awake, &reset}) {
            CHECK(w->result.work.units_repeated == 0);
            CHECK(w->result.work.units_done > 200);
            CHECK(w->result.checkpoint.torn == 0);
        }
    }
}

TEST_CASE("a snapshot holds all of RAM, what is allocated, whole pages, or the registers") {
    const PolicyFacts facts = facts_of(kNetwork + "checkpoint: {policy: jit}\n");
    const std::int64_t live = facts.volatile_bytes;
    REQUIRE(live > 128);
    REQUIRE(live % 128 != 0);
    const std::int64_t around = 64 + 8;
    const auto bytes = [](const std::string& policy) {
        return snapshot_bytes(kNetwork + "checkpoint: {policy: " + policy + "}\n",
                              {"store.capacitance=100mF", "nvm.capacity=4MB"});
    };
    CHECK(bytes("jit") == live + around);
    CHECK(bytes("allocated_state") == live + around);
    CHECK(bytes("allocated_state, stack: 100 B") == live + 100 + around);
    CHECK(bytes("managed_state, dirty_pages: 200") == 128 * ((live + 127) / 128) + around);
    CHECK(bytes("hibernus") == 256 * 1024 + around);  // the part's
    CHECK(bytes("hibernus, ram: 4 KiB") == 4096 + around);
    CHECK(snapshot_bytes(SavingDevice{"{policy: quickrecall}"}.text()) == around);
}

TEST_CASE("the voltage of managed_state covers all the pages that may be dirty, dirty or not") {
    const auto need_v = [](const std::string& policy) {
        return facts_of(SavingDevice{"{policy: " + policy + "}"}.text()).snapshot_v;
    };
    // Currents alone: V = V_off + bytes 50 us 1 mA/C, whatever the program holds.
    CHECK(need_v("managed_state, page: 8 B, dirty_pages: 3") ==
          Approx(1.8 + (64 + 24 + 8) * 50e-6 * kActive / kC).epsilon(1e-12));
    CHECK(need_v("managed_state, page: 8 B, dirty_pages: 60") ==
          Approx(1.8 + (64 + 480 + 8) * 50e-6 * kActive / kC).epsilon(1e-12));
    CHECK(need_v("quickrecall") == Approx(1.8 + 72 * 50e-6 * kActive / kC).epsilon(1e-12));
}

TEST_CASE(
    "jit_continue saves at a voltage, works on, and saves every period until the power fails") {
    // 110 B in 5.5 ms; from 3 V at 6 V/s.
    SavingDevice d{"{policy: jit_continue, save_at: 2.5 V, period: 20 ms, state: 102 B}", "449 ms"};
    const double first_s = seconds(3.0, 2.5, kIn - kActive);
    const double off_s = seconds(3.0, 1.8, kIn - kActive);
    const double boot_s = off_s + seconds(1.8, 2.4, kIn);  // below 2.5 V: it saves at once
    std::vector<double> saves;
    for (int k = 0; first_s + k * 25.5e-3 < off_s; ++k) {
        saves.push_back(first_s + k * 25.5e-3);
    }
    REQUIRE(saves.size() == 5);
    for (int k = 0; boot_s + k * 25.5e-3 < 0.449; ++k) {
        saves.push_back(boot_s + k * 25.5e-3);
    }
    REQUIRE(saves.size() == 9);
    for (const bool reference : {false, true}) {
        CAPTURE(reference);
        const Watched w = watch(d, reference);
        check_times(w.events, "save", saves);
        check_times(w.events, "brown_out", {off_s});
        check_times(w.events, "boot", {boot_s});
        CHECK(w.result.checkpoint.torn == 0);
        CHECK(w.result.checkpoint.restored == 1);
        // 172.5 ms of work by the failure, 163.33 ms of it saved; then 77 ms more.
        CHECK(w.result.work.units_done == 240);
        CHECK(w.result.work.units_repeated == 9);
        CHECK(w.result.work.jobs_done == 240);
        CHECK(w.result.power.sleeps == 0);
        // Nothing counts as kept twice: 172 jobs, and 68.33 ms behind them.
        const double kept =
            w.result.work.forward_progress.value() *
            (w.result.energy_j.sinks[Sink::compute] + w.result.energy_j.sinks[Sink::repeated_work] +
             w.result.energy_j.sinks[Sink::checkpoint]);
        CHECK(kept < w.result.energy_j.sinks[Sink::compute]);
    }
}

TEST_CASE("the timer of jit_continue is lost with the power") {
    SavingDevice d{"{policy: jit_continue, save_at: 2.5 V, period: 20 ms, state: 102 B}", "510 ms"};
    d.turn_on = "2.8 V";  // above save_at: the next snapshot waits for the voltage again
    const double first_s = seconds(3.0, 2.5, kIn - kActive);
    const double boot_s = seconds(3.0, 1.8, kIn - kActive) + seconds(1.8, 2.8, kIn);
    std::vector<double> saves;
    for (int k = 0; k < 5; ++k) {
        saves.push_back(first_s + k * 25.5e-3);
    }
    saves.push_back(boot_s + seconds(2.8, 2.5, kIn - kActive));
    check_times(watch(d).events, "save", saves);
}

TEST_CASE("a phase that must end is saved behind its end, and the period counts from there") {
    SavingDevice d{"{policy: jit_continue, save_at: 2.51 V, period: 20 ms, state: 102 B}",
                   "170 ms"};
    d.task = "7 ms, atomic: true";
    // 2.51 V at 81.67 ms, in the twelfth packet, which ends at 84 ms; behind the pause of 20 ms the
    // third packet since is in hand.
    check_times(watch(d).events, "save",
                {84e-3, 84e-3 + 5.5e-3 + 21e-3, 84e-3 + 53e-3, 84e-3 + 79.5e-3});
}

TEST_CASE("thresholds that cannot work are refused before the run, with numbers that would") {
    const auto refused = [](const std::string& policy) {
        return refusal_of(SavingDevice{"{policy: " + policy + "}"}.text());
    };
    // 1036 B of 50 us at 1 mA: 518 mV.
    CHECK_THAT(refused("hibernus, ram: 964 B, save_at: 2.2 V"),
               Contains("it needs 2.318 V") && Contains("save_at: 2.318 V"));
    CHECK(refused("hibernus, ram: 964 B, save_at: 2.318 V") == "was not refused");
    CHECK(refused("hibernus, ram: 964 B, save_at: 2.2 V, unsafe: true") == "was not refused");
    CHECK_THAT(refused("quickrecall, save_at: 1.81 V"), Contains("it needs 1.836 V"));
    CHECK_THAT(refused("hibernus, ram: 2 KiB"), Contains("would save again at once"));
    CHECK_THAT(refused("jit_continue, period: 5 ms, state: 102 B"),
               Contains("5.5 ms") && Contains("at least 5.5 ms"));
    CHECK(refused("jit_continue, period: 5.5 ms, state: 102 B") == "was not refused");
    CHECK_THAT(refused("jit_continue, period: 1 s, state: 1200 B"),
               Contains("power may fail before a snapshot is done") && Contains("would do"));
    // The longest phase that must end: 20 ms at 1 mA are 200 mV more.
    SavingDevice packet{"{policy: quickrecall, save_at: 2.03 V}"};
    packet.task = "20 ms, atomic: true";
    CHECK_THAT(refusal_of(packet.text()), Contains("it needs 2.036 V"));
}

TEST_CASE("programs that a policy cannot hold are refused with their bytes") {
    const std::int64_t live = facts_of(kNetwork + "checkpoint: {policy: jit}\n").volatile_bytes;
    const auto refused = [](const std::string& policy) {
        return refusal_of(kNetwork + "checkpoint: {policy: " + policy + "}\n");
    };
    CHECK_THAT(refused("quickrecall"), Contains(fmt::format("keeps {} B", live)));
    const std::int64_t pages = (live + 127) / 128;
    CHECK_THAT(refused("managed_state, dirty_pages: 1"),
               Contains(fmt::format("dirty_pages: {}", pages)));
    CHECK(refused(fmt::format("managed_state, dirty_pages: {}", pages)) == "was not refused");
}
