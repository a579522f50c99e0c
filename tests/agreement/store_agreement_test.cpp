// SPDX-License-Identifier: Apache-2.0
/// Do the exact walker and the slow witness of the other stores say the same, whatever the device?
///
/// The random devices of random_scenarios.hpp with their capacitor exchanged for another store of
/// about its size, compared as two_modes.hpp says; more than 2 % drawn again fail the test.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>

#include "models/store/array.hpp"
#include "models/store/banks.hpp"
#include "models/store/battery.hpp"
#include "models/store/capacitor.hpp"
#include "models/store/isolated_banks.hpp"
#include "models/store/mlcc.hpp"
#include "models/store/morphy.hpp"
#include "models/store/react.hpp"
#include "models/store/supercapacitor.hpp"
#include "tests/agreement/random_scenarios.hpp"
#include "tests/agreement/two_modes.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

/// A store like this capacitor; `seed` chooses what a capacitor does not say.
using Exchange =
    std::function<std::shared_ptr<const StoreModel>(const CapacitorParams&, std::uint64_t seed)>;

Tally compare_stores(const std::string& what, std::uint64_t first_seed, int wanted,
                     const Exchange& exchange) {
    const auto draw = [&exchange](std::uint64_t seed) {
        const RandomScenario random = random_scenario(seed);
        const auto scenario = [random, seed, exchange](const Perturbation& p) {
            Scenario s = random.scenario;
            CapacitorParams c = random.store;
            c.capacitance_f *= 1.0 + p.capacitance;
            c.initial_v = std::min(c.initial_v * (1.0 + p.initial), c.max_v);
            s.store = exchange(c, seed);
            return s;
        };
        return Candidate{scenario, random.text};
    };
    Campaign campaign{what, first_seed, wanted, draw};
    campaign.redrawn_share = 0.02;
    const Tally tally = compare_many(campaign);
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
        bank.disconnect_v = *bank.connect_v * dice.uniform(0.4, 0.9);
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

/// A controller that looks often enough for runs of a few seconds.
PolledLadderParams controller(const CapacitorParams& p, Dice& dice) {
    PolledLadderParams c;
    c.period_s = dice.log_uniform(3e-3, 0.1);
    c.up_v = std::min(dice.uniform(2.2, 3.4), p.max_v * 0.97);
    c.down_v = c.up_v * dice.uniform(0.5, 0.9);
    c.cooldown = dice.integer(0, 3);
    c.energy_j = p.capacitance_f * dice.log_uniform(1e-5, 1e-3);
    return c;
}

std::shared_ptr<const StoreModel> react(const CapacitorParams& p, std::uint64_t seed) {
    Dice dice(seed ^ 0x72656163);
    ReactParams r;
    r.capacitance_f = p.capacitance_f * dice.uniform(0.3, 0.8);
    r.initial_v = p.initial_v;
    r.max_v = p.max_v;
    if (dice.chance(0.6)) {
        r.leak_time_s = dice.log_uniform(1.0, 1000.0);
    }
    const std::int64_t count = dice.integer(1, 3);
    for (std::int64_t k = 0; k < count; ++k) {
        r.banks.push_back({p.capacitance_f * dice.log_uniform(0.05, 0.3), dice.integer(1, 3),
                           p.initial_v * dice.uniform(0.0, 0.5)});
    }
    r.controller = controller(p, dice);
    return std::make_shared<React>(r);
}

std::shared_ptr<const StoreModel> morphy(const CapacitorParams& p, std::uint64_t seed) {
    Dice dice(seed ^ 0x6d6f7270);
    MorphyParams m;
    m.capacitance_f = p.capacitance_f * dice.uniform(0.5, 4.0);
    m.initial_v = p.initial_v;
    m.max_v = p.max_v;
    if (dice.chance(0.6)) {
        m.leak_time_s = dice.log_uniform(1.0, 1000.0);
    }
    m.controller = controller(p, dice);
    return std::make_shared<Array>(array_of(m));
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
    compare_stores("banks", 20261101, 100, banks);
}

TEST_CASE("random devices on a ceramic capacitor do the same under walker and witness") {
    compare_stores("ceramic", 20260501, 120, ceramic);
}

TEST_CASE("random devices on a network of branches do the same under walker and witness") {
    const Tally tally = compare_stores("network", 20260801, 120, network);
    CHECK(tally.heated == tally.compared);
}

TEST_CASE("random devices behind a decoupling capacitor do the same under walker and witness") {
    const Tally tally = compare_stores("decoupled", 20261301, 40, decoupled);
    CHECK(tally.heated == tally.compared);
}

TEST_CASE("random devices on rearranged cells do the same under walker and witness") {
    compare_stores("array", 20261401, 60, array);
}

TEST_CASE("random devices on banks behind diodes do the same under walker and witness") {
    compare_stores("isolated banks", 20261501, 80, isolated);
}

TEST_CASE("random devices on banks that a controller expands do the same under both") {
    compare_stores("react", 20261701, 50, react);
}

TEST_CASE("random devices on a matrix of eight capacitors do the same under both") {
    compare_stores("morphy", 20261801, 40, morphy);
}

TEST_CASE("random devices on a battery do the same under walker and witness") {
    const Tally tally = compare_stores("battery", 20261601, 20, battery);
    CHECK(tally.heated == tally.compared);
}
