// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/chinchilla.hpp"

namespace ebb {

namespace {

BackupRates rates_of(const ChinchillaParams& p) {
    BackupRates rates;
    rates.period_cycles = p.timer;
    rates.check_share = p.checks;
    rates.dirty_b_per_cycle = p.log_per_cycle;
    rates.state_b = p.state_b;
    rates.clock_hz = p.clock_hz;
    return rates;
}

}  // namespace

Chinchilla::Chinchilla(const ChinchillaParams& p) : RatedPolicy(rates_of(p)) {}

void register_checkpoint_chinchilla(Registry& registry);

void register_checkpoint_chinchilla(Registry& registry) {
    const ParamTable<ChinchillaParams> table = {
        param("timer", &ChinchillaParams::timer, unit::number, optional, above_up_to(0, 1e15),
              "cycles between two checkpoints that are taken; left out: the best for this device "
              "in the EH model"),
        param("checks", &ChinchillaParams::checks, unit::ratio, 0.0, range(0, 10),
              "time of skipped checkpoints, over that of the work"),
        param("log_per_cycle", &ChinchillaParams::log_per_cycle, unit::number, 0.0, range(0, 1000),
              "bytes that a cycle of work adds to the undo log"),
        param("state", &ChinchillaParams::state_b, unit::byte, optional, range(0, 1e9),
              "bytes of a checkpoint; left out: mcu.registers plus the program's volatile working "
              "set"),
        param("clock", &ChinchillaParams::clock_hz, unit::hertz, optional, above_up_to(0, 1e12),
              "of the cycles; left out: mcu.clocking.work_at"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "chinchilla", "dense checkpoints, skipped until a timer has run out",
         "class: parametric; status: known from the abstract, the timer's rule is unconfirmed and "
         "left out"},
        table, [](const ChinchillaParams& p) { return std::make_shared<Chinchilla>(p); },
        [](const ChinchillaParams& p, CheckContext& context) {
            check_rates(context, "chinchilla", p.timer || p.log_per_cycle > 0.0,
                        p.clock_hz.has_value());
        });
}

}  // namespace ebb
