// SPDX-License-Identifier: Apache-2.0
/// Do the exact walker and the slow witness of the other stores say the same, whatever the device?
///
/// The random devices of random_scenarios.hpp with their capacitor exchanged for another store of
/// about its size. Counts must be equal; every time and energy must agree to 1e-9 of its scale and
/// 1e-11 of its conditioning, as in random_agreement_test.cpp. A decision that hangs on less than
/// 1e-7 is drawn again; more than 2 % of them fail the test.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/store/array.hpp"
#include "models/store/banks.hpp"
#include "models/store/battery.hpp"
#include "models/store/capacitor.hpp"
#include "models/store/isolated_banks.hpp"
#include "models/store/mlcc.hpp"
#include "models/store/supercapacitor.hpp"
#include "tests/agreement/random_scenarios.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

constexpr double kPerturbation = 1e-7;
constexpr double kAgreement = 1e-9;
constexpr double kPerConditioning = 1e-11;

/// A store like this capacitor; `seed` chooses what a capacitor does not say.
using Exchange =
    std::function<std::shared_ptr<const StoreModel>(const CapacitorParams&, std::uint64_t seed)>;

struct Number {
    std::string name;
    double value = 0.0, scale = 0.0;
};

std::vector<double> counts_of(const Result& r) {
    const auto n = [](auto x) { return static_cast<double>(x); };
    return {n(r.power.boots),          n(r.power.brown_outs),          n(r.power.sleeps),
            n(r.work.jobs_done),       n(r.work.units_done),           n(r.work.units_repeated),
            n(r.checkpoint.attempted), n(r.checkpoint.completed),      n(r.checkpoint.torn),
            n(r.kernel.decisions),     n(static_cast<int>(r.time.end))};
}

std::vector<Number> numbers_of(const Result& r) {
    std::vector<Number> all = {{"simulated_s", r.time.simulated_s, r.time.simulated_s},
                               {"on_s", r.power.on_s, r.power.on_s},
                               {"off_s", r.power.off_s, r.power.off_s}};
    const double through = r.energy_j.offered + r.energy_j.initially_stored;
    for (std::size_t i = 0; i < kSinkCount; ++i) {
        const auto sink = static_cast<Sink>(i);
        all.push_back({name_of(sink), r.energy_j.sinks[sink], through});
    }
    all.push_back({"offered", r.energy_j.offered, through});
    all.push_back({"harvested", r.energy_j.harvested, through});
    all.push_back({"clipped", r.energy_j.clipped, through});
    all.push_back({"stored_change", r.energy_j.stored_change, through});
    return all;
}

std::optional<Result> result_or_refusal(const Scenario& scenario, bool reference) {
    try {
        return run(scenario, RunOptions{reference}, nullptr);
    } catch (const InputError&) {
        return std::nullopt;
    }
}

struct Tally {
    int compared = 0, redrawn = 0, refused = 0, browned_out = 0, clipped = 0, heated = 0;
    double worst = 0.0;
};

void compare(std::uint64_t seed, const Exchange& exchange, Tally& tally) {
    const RandomScenario random = random_scenario(seed);
    INFO("seed " << seed << ": " << random.text);
    const auto with = [&](double relative) {
        Scenario s = random.scenario;
        CapacitorParams p = random.store;
        p.capacitance_f *= 1.0 + relative;
        p.initial_v = std::min(p.initial_v * (1.0 - 0.7 * relative), p.max_v);
        s.store = exchange(p, seed);
        return s;
    };
    const auto exact = result_or_refusal(with(0.0), false);
    if (!exact) {
        ++tally.refused;
        return;
    }
    const auto above = result_or_refusal(with(kPerturbation), false);
    const auto below = result_or_refusal(with(-kPerturbation), false);
    if (!above || !below || counts_of(*above) != counts_of(*exact) ||
        counts_of(*below) != counts_of(*exact)) {
        ++tally.redrawn;
        return;
    }
    const auto witness = result_or_refusal(with(0.0), true);
    REQUIRE(witness);
    ++tally.compared;
    tally.browned_out += exact->power.brown_outs > 0 ? 1 : 0;
    tally.clipped += exact->energy_j.clipped > 0.0 ? 1 : 0;
    tally.heated += exact->energy_j.sinks[Sink::esr_loss] > 0.0 ? 1 : 0;
    CHECK(counts_of(*exact) == counts_of(*witness));
    const auto got = numbers_of(*exact);
    const auto want = numbers_of(*witness);
    const auto up = numbers_of(*above);
    const auto down = numbers_of(*below);
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double conditioning = std::fabs(up[i].value - down[i].value) / (2.0 * kPerturbation);
        const double allowed =
            kAgreement * std::fabs(got[i].scale) + kPerConditioning * conditioning + 1e-18;
        const double off = std::fabs(got[i].value - want[i].value);
        INFO(got[i].name << ": exact " << got[i].value << ", witness " << want[i].value << ", off "
                         << off << ", allowed " << allowed);
        CHECK(off <= allowed);
        tally.worst = std::max(tally.worst, off / allowed);
    }
}

Tally compare_many(const std::string& what, std::uint64_t first_seed, int wanted,
                   const Exchange& exchange) {
    Tally tally;
    std::uint64_t seed = first_seed;
    for (int tries = 0; tally.compared < wanted && tries < 2 * wanted; ++tries, ++seed) {
        try {
            compare(seed, exchange, tally);
        } catch (const Defect& defect) {
            FAIL_CHECK("seed " << seed << ": " << random_scenario(seed).text << "\n"
                               << defect.what());
        }
    }
    std::cout << fmt::format(
        "  {}: {} compared, {} browned out, {} clipped; {} redrawn, {} refused; worst deviation "
        "{:.2g} of what is allowed\n",
        what, tally.compared, tally.browned_out, tally.clipped, tally.redrawn, tally.refused,
        tally.worst);
    CHECK(tally.compared == wanted);
    CHECK(tally.redrawn * 50 <= wanted);
    CHECK(tally.refused * 20 <= wanted);
    // A comparison of devices that do nothing would say nothing.
    CHECK(tally.browned_out * 10 >= wanted * 3);
    CHECK(tally.clipped * 10 >= wanted);
    return tally;
}

std::shared_ptr<const StoreModel> ceramic(const CapacitorParams& p, std::uint64_t seed) {
    Dice dice(seed ^ 0x6d6c6363);
    MlccParams m;
    m.bias_v = dice.log_uniform(1.0, 20.0);
    m.capacitance_f = p.capacitance_f * dice.uniform(1.0, 1.5);
    m.initial_v = p.initial_v;
    m.max_v = p.max_v;
    m.leakage.resistance_ohm = p.leakage.resistance_ohm;
    m.leakage.current_a = p.leakage.current_a;
    if (dice.chance(0.2)) {
        m.leakage.exponential =
            ExponentialLeak{dice.log_uniform(1e-9, 1e-6), dice.uniform(0.4, 2.0)};
    }
    return std::make_shared<Mlcc>(m);
}

std::shared_ptr<const StoreModel> network(const CapacitorParams& p, std::uint64_t seed) {
    Dice dice(seed ^ 0x73636170);
    SupercapacitorParams s;
    s.immediate = {dice.log_uniform(0.1, 12.0), p.capacitance_f, 0.0};
    if (dice.chance(0.25)) {
        s.immediate.per_volt_f = p.capacitance_f * dice.uniform(0.05, 0.4);
    }
    s.initial_v = p.initial_v;
    s.max_v = p.max_v;
    s.leakage.resistance_ohm = p.leakage.resistance_ohm;
    const std::int64_t slower = dice.integer(0, 3);
    for (std::int64_t k = 0; k < slower; ++k) {
        s.branches.push_back(
            {dice.log_uniform(50.0, 2e4), p.capacitance_f * dice.uniform(0.1, 1.0), std::nullopt});
    }
    return std::make_shared<Supercapacitor>(s);
}

std::shared_ptr<const StoreModel> decoupled(const CapacitorParams& p, std::uint64_t seed) {
    Dice dice(seed ^ 0x6465636f);
    CapacitorParams c = p;
    c.esr_ohm = dice.log_uniform(2.0, 30.0);
    c.decoupling_f = p.capacitance_f * dice.log_uniform(0.05, 0.5);
    c.leakage.current_a = std::nullopt;
    return std::make_shared<Capacitor>(c);
}

std::shared_ptr<const StoreModel> array(const CapacitorParams& p, std::uint64_t seed) {
    Dice dice(seed ^ 0x61727261);
    ArrayParams a;
    a.capacitance_f = p.capacitance_f * dice.uniform(0.3, 0.8);
    a.initial_v = p.initial_v;
    a.max_v = p.max_v;
    a.hold_s = dice.log_uniform(1e-4, 1e-2);
    if (dice.chance(0.7)) {
        a.leak_time_s = dice.log_uniform(1.0, 1000.0);
    }
    for (const char* const name : {"a", "b", "c"}) {
        a.cells.push_back({name, p.capacitance_f * dice.log_uniform(0.1, 1.0), {}});
    }
    const double up = std::min(dice.uniform(2.2, 3.4), p.max_v);
    const double down = up * dice.uniform(0.4, 0.9);
    a.configurations = {{"alone", {}, up, {}},
                        {"stacked", "a + b + c", up, down},
                        {"mixed", "a + b, c", up, down},
                        {"wide", "a, b, c", {}, down}};
    return std::make_shared<Array>(a);
}

std::shared_ptr<const StoreModel> banks(const CapacitorParams& p, std::uint64_t seed) {
    Dice dice(seed ^ 0x62616e6b);
    BanksParams b;
    b.capacitance_f = p.capacitance_f * dice.uniform(0.3, 0.8);
    b.initial_v = p.initial_v;
    b.max_v = p.max_v;
    b.leakage = p.leakage;
    const std::int64_t count = dice.integer(1, 3);
    for (std::int64_t k = 0; k < count; ++k) {
        BankParams bank;
        bank.capacitance_f = p.capacitance_f * dice.log_uniform(0.1, 1.0);
        bank.connect_v = std::min(dice.uniform(2.0, 3.2), p.max_v);
        bank.disconnect_v = bank.connect_v * dice.uniform(0.4, 0.9);
        bank.initial_v = p.initial_v * dice.unit();
        bank.connected = dice.chance(0.3);
        if (dice.chance(0.5)) {
            bank.leakage.resistance_ohm = dice.log_uniform(1e4, 1e7);
        }
        b.banks.push_back(bank);
    }
    return std::make_shared<Banks>(b);
}

std::shared_ptr<const StoreModel> isolated(const CapacitorParams& p, std::uint64_t seed) {
    Dice dice(seed ^ 0x64696f64);
    IsolatedBanksParams i;
    i.capacitance_f = p.capacitance_f * dice.uniform(0.3, 0.8);
    i.initial_v = p.initial_v;
    i.max_v = p.max_v;
    i.drop_v = dice.log_uniform(0.02, 0.5);
    i.leak_ohm = p.leakage.resistance_ohm;
    const std::int64_t count = dice.integer(1, 3);
    for (std::int64_t k = 0; k < count; ++k) {
        IsolatedBankParams bank;
        bank.capacitance_f = p.capacitance_f * dice.log_uniform(0.1, 1.0);
        bank.initial_v = p.initial_v * dice.unit();
        bank.charge_v = std::min(dice.uniform(1.6, 3.0), p.max_v - i.drop_v);
        bank.stop_v = bank.charge_v * dice.uniform(0.4, 0.95);
        if (dice.chance(0.5)) {
            bank.leak_ohm = dice.log_uniform(1e4, 1e7);
        }
        i.banks.push_back(bank);
    }
    return std::make_shared<IsolatedBanks>(i);
}

/// A cell of the capacitor's charge over half a volt or more, from its initial voltage.
std::shared_ptr<const StoreModel> battery(const CapacitorParams& p, std::uint64_t seed) {
    Dice dice(seed ^ 0x62617474);
    BatteryParams b;
    b.node_f = p.capacitance_f * dice.uniform(0.3, 1.0);
    b.max_v = p.max_v;
    const double span = std::min(dice.uniform(0.5, 1.2), p.max_v - 0.2);
    b.charge_c = p.capacitance_f * span;
    b.initial_soc = dice.uniform(0.4, 0.8);
    b.available = dice.uniform(0.3, 0.9);
    b.recovery_s = dice.log_uniform(0.3, 30.0);
    b.open_circuit_v.constant = std::max(p.initial_v - span * b.initial_soc, 0.2);
    b.open_circuit_v.linear = span;
    b.resistance_ohm.constant = dice.log_uniform(20.0, 100.0);
    b.fast.resistance_ohm.constant = dice.log_uniform(20.0, 100.0);
    b.fast.capacitance_f.constant = p.capacitance_f * dice.uniform(0.2, 1.0);
    b.slow.resistance_ohm.constant = dice.log_uniform(20.0, 100.0);
    b.slow.capacitance_f.constant = p.capacitance_f * dice.uniform(1.0, 5.0);
    return std::make_shared<Battery>(b);
}

}  // namespace

TEST_CASE("random devices on switched banks do the same under walker and witness") {
    compare_many("banks", 20261101, 100, banks);
}

TEST_CASE("random devices on a ceramic capacitor do the same under walker and witness") {
    compare_many("ceramic", 20260501, 120, ceramic);
}

TEST_CASE("random devices on a network of branches do the same under walker and witness") {
    const Tally tally = compare_many("network", 20260801, 120, network);
    CHECK(tally.heated == tally.compared);
}

TEST_CASE("random devices behind a decoupling capacitor do the same under walker and witness") {
    const Tally tally = compare_many("decoupled", 20261301, 40, decoupled);
    CHECK(tally.heated == tally.compared);
}

TEST_CASE("random devices on rearranged cells do the same under walker and witness") {
    compare_many("array", 20261401, 60, array);
}

TEST_CASE("random devices on banks behind diodes do the same under walker and witness") {
    compare_many("isolated banks", 20261501, 80, isolated);
}

TEST_CASE("random devices on a battery do the same under walker and witness") {
    const Tally tally = compare_many("battery", 20261601, 20, battery);
    CHECK(tally.heated == tally.compared);
}
