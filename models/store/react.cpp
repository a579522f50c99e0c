// SPDX-License-Identifier: Apache-2.0
#include "models/store/react.hpp"

#include "models/core/component.hpp"
#include "models/store/react_store.hpp"
#include "models/store/store_checks.hpp"

#include <fmt/format.h>

namespace ebb {

std::unique_ptr<EnergyStore> React::make() const {
    return std::make_unique<ReactStore>(params_, false);
}

std::unique_ptr<EnergyStore> React::make_reference() const {
    return std::make_unique<ReactStore>(params_, true);
}

namespace {

void check(const ReactParams& p, CheckContext& context) {
    check_not_above_max("initial", p.initial_v, p.max_v, context);
    check_polled_ladder(p.controller, p.max_v, context);
    double before = 0.0;
    for (std::size_t k = 0; k < p.banks.size(); ++k) {
        const ReactBankParams& bank = p.banks[k];
        const std::string key = fmt::format("banks[{}]", k);
        check_not_above_max(key + ".initial", bank.initial_v, p.max_v, context);
        const double all = bank.capacitance_f * static_cast<double>(bank.count);
        if (all < before) {
            context.mistake(key,
                            fmt::format("store.{} is {} side by side, less than the bank before it "
                                        "({}): banks are expanded in their order, and the smallest "
                                        "has to come first",
                                        key, format_quantity(all, unit::farad),
                                        format_quantity(before, unit::farad)),
                            "list the banks from the smallest to the largest");
        }
        before = all;
    }
}

}  // namespace

void register_store_react(Registry& registry);

void register_store_react(Registry& registry) {
    using Bank = ReactBankParams;
    using Params = ReactParams;
    const ParamTable<Bank> bank = {
        param("capacitance", &Bank::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of each of its capacitors"),
        param("count", &Bank::count, required, range(1, 64), "equal capacitors of the bank"),
        param("initial", &Bank::initial_v, unit::volt, 0.0, range(0, 1000),
              "voltage of each at the start of the run, at which the bank is disconnected"),
    };
    const ParamTable<Params> table = {
        param("capacitance", &Params::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of the last level, the capacitor that is always at the load"),
        param("initial", &Params::initial_v, unit::volt, required, range(0, 1000),
              "its voltage at the start of the run"),
        param("max", &Params::max_v, unit::volt, required, above_up_to(0, 1000),
              "the terminal is clipped here; what it cannot hold is booked as clipped"),
        param("leak_time", &Params::leak_time_s, unit::second, optional, range(1e-3, 1e12),
              "resistance times capacitance of every capacitor's leak"),
        list("banks", &Params::banks, bank, required, 1, kMostReactBanks,
             "from the smallest to the largest; expanded in this order, contracted in the other"),
        block("controller", &Params::controller, polled_ladder_table({}), optional,
              "looks at the terminal while the device has power"),
    };
    registry.add<StoreModel>(
        {"store", "react",
         "banks behind ideal diodes, put in series and side by side by a controller that polls",
         "what comes in charges what stands lowest, the load draws from what stands highest; a "
         "change between series and side by side keeps its energy; feeding from above loses 1/2 C1 "
         "C2/(C1 + C2) dV^2 (switch_loss); not modelled: the diodes' drop, the switches' current"},
        table, [](const Params& p) { return std::make_shared<React>(p); }, check);
}

}  // namespace ebb
