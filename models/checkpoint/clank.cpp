// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/clank.hpp"

#include <cmath>

namespace ebb {

double clank_section(double violations, double watchdog) noexcept {
    if (violations <= 0.0) {
        return watchdog;
    }
    // 1 - (1 - q)^W without losing the digits of a small q.
    return violations < 1.0 ? -std::expm1(watchdog * std::log1p(-violations)) / violations : 1.0;
}

namespace {

BackupRates rates_of(const ClankParams& p) {
    BackupRates rates;
    rates.period_cycles = clank_section(p.violations, p.watchdog);
    rates.state_b = p.state_b;
    rates.clock_hz = p.clock_hz;
    return rates;
}

}  // namespace

Clank::Clank(const ClankParams& p) : RatedPolicy(rates_of(p)) {}

void register_checkpoint_clank(Registry& registry);

void register_checkpoint_clank(Registry& registry) {
    const ParamTable<ClankParams> table = {
        param("violations", &ClankParams::violations, unit::number, required, range(0, 1),
              "probability per cycle that a write needs a backup before it"),
        param("watchdog", &ClankParams::watchdog, unit::number, 8000.0, above_up_to(0, 1e15),
              "cycles after which there is a backup in any case"),
        param("state", &ClankParams::state_b, unit::byte, optional, range(0, 1e9),
              "bytes of a backup; left out: mcu.registers plus the program's volatile working set"),
        param("clock", &ClankParams::clock_hz, unit::hertz, optional, above_up_to(0, 1e12),
              "of the cycles; left out: mcu.clocking.work_at"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "clank", "registers saved before a write that would break re-execution",
         "class: parametric, sections of mean length; status: mechanism from "
         "charleyXuTO/thumbulator @487dfac, results known from the abstract"},
        table, [](const ClankParams& p) { return std::make_shared<Clank>(p); },
        [](const ClankParams& p, CheckContext& context) {
            check_rates(context, "clank", true, p.clock_hz.has_value());
        });
}

}  // namespace ebb
