// SPDX-License-Identifier: Apache-2.0
#include "models/store/isolated_banks.hpp"

#include "models/core/component.hpp"
#include "models/store/isolated_banks_body.hpp"
#include "models/store/piecewise_store.hpp"
#include "models/store/store_checks.hpp"

#include <fmt/format.h>

namespace ebb {

std::unique_ptr<EnergyStore> IsolatedBanks::make() const {
    return std::make_unique<PiecewiseStore>(std::make_unique<IsolatedBanksBody>(params_, false));
}

std::unique_ptr<EnergyStore> IsolatedBanks::make_reference() const {
    return std::make_unique<PiecewiseStore>(std::make_unique<IsolatedBanksBody>(params_, true));
}

double IsolatedBanks::capacitance_f() const noexcept {
    double sum = params_.capacitance_f;
    for (const IsolatedBankParams& bank : params_.banks) {
        sum += bank.capacitance_f;
    }
    return sum;
}

namespace {

void check(const IsolatedBanksParams& p, CheckContext& context) {
    const auto volts = [](double v) { return format_quantity(v, unit::volt); };
    check_not_above_max("initial", p.initial_v, p.max_v, context);
    for (std::size_t k = 0; k < p.banks.size(); ++k) {
        const IsolatedBankParams& bank = p.banks[k];
        const std::string key = fmt::format("banks[{}]", k);
        const double initial = bank.initial_v.value_or(0.0);
        if (initial > p.initial_v + p.drop_v) {
            context.mistake(
                key + ".initial",
                fmt::format("store.{}.initial is {}, more than a drop ({}) above store.initial "
                            "({}): its diode would have fed the buffer already",
                            key, volts(initial), volts(p.drop_v), volts(p.initial_v)),
                fmt::format("at most {}", volts(p.initial_v + p.drop_v)));
        }
        // The bank before is filled through a diode, and comes no higher.
        const double highest = k == 0 ? p.max_v : p.max_v - p.drop_v;
        if (bank.charge_v > highest) {
            context.mistake(key + ".charge",
                            fmt::format("store.{}.charge is {}: what stands before the bank "
                                        "reaches {} at most",
                                        key, volts(bank.charge_v), volts(highest)),
                            fmt::format("at most {}", volts(highest)));
        }
        if (bank.stop_v >= bank.charge_v) {
            context.mistake(key + ".stop",
                            fmt::format("store.{}.stop is {}, not below its charge ({}): the "
                                        "switch would chatter",
                                        key, volts(bank.stop_v), volts(bank.charge_v)));
        }
    }
}

}  // namespace

void register_store_isolated_banks(Registry& registry);

void register_store_isolated_banks(Registry& registry) {
    using Bank = IsolatedBankParams;
    using Params = IsolatedBanksParams;
    const ParamTable<Bank> bank = {
        param("capacitance", &Bank::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of the bank"),
        param("initial", &Bank::initial_v, unit::volt, optional, range(0, 1000),
              "its voltage at the start of the run; left out, 0 V"),
        param("charge", &Bank::charge_v, unit::volt, required, above_up_to(0, 1000),
              "as the node (for the first bank) or the bank before rises to it, the bank may be "
              "charged from the node"),
        param("stop", &Bank::stop_v, unit::volt, required, range(0, 1000),
              "as that voltage falls to it, charging ends; below charge"),
        param("leak", &Bank::leak_ohm, unit::ohm, optional, range(1, 1e15),
              "a resistor across the bank"),
    };
    const ParamTable<Params> table = {
        param("capacitance", &Params::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of the buffer at the node"),
        param("initial", &Params::initial_v, unit::volt, required, range(0, 1000),
              "its voltage at the start of the run"),
        param("max", &Params::max_v, unit::volt, required, above_up_to(0, 1000),
              "the node is clipped here; what it cannot hold is booked as clipped"),
        param("drop", &Params::drop_v, unit::volt, required, range(1e-3, 2),
              "of every diode, whatever its current"),
        param("leak", &Params::leak_ohm, unit::ohm, optional, range(1, 1e15),
              "a resistor across the buffer"),
        list("banks", &Params::banks, bank, required, 1, kMostIsolatedBanks,
             "filled in this order, each through its own switch and diode"),
    };
    registry.add<StoreModel>(
        {"store", "isolated_banks",
         "banks behind diodes, filled in order from the surplus of a "
         "buffer",
         "each diode drops a constant voltage and blocks; a bank feeds the node while it is a drop "
         "above it; what diodes and sharing lose is switch_loss; not modelled: resistances, the "
         "switches' own current"},
        table, [](const Params& p) { return std::make_shared<IsolatedBanks>(p); }, check);
}

}  // namespace ebb
