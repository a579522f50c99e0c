// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/periodic.hpp"

namespace ebb {

namespace {

BackupRates rates_of(const PeriodicParams& p) {
    BackupRates rates;
    rates.period_s = p.period_s;
    rates.period_cycles = p.cycles;
    rates.state_b = p.state_b;
    rates.mark_b = p.mark_b;
    rates.dirty_b_per_cycle = p.dirty_per_cycle;
    rates.most_dirty_b = p.most_dirty_b;
    rates.clock_hz = p.clock_hz;
    return rates;
}

}  // namespace

Periodic::Periodic(const PeriodicParams& p) : RatedPolicy(rates_of(p)) {}

void register_checkpoint_periodic(Registry& registry);

void register_checkpoint_periodic(Registry& registry) {
    const ParamTable<PeriodicParams> table = {
        param("period", &PeriodicParams::period_s, unit::second, optional, above_up_to(0, 1e9),
              "work between two backups; left out, with cycles: the best for this device in the "
              "EH model, which ebb check shows"),
        param("cycles", &PeriodicParams::cycles, unit::number, optional, above_up_to(0, 1e15),
              "the same in cycles of the clock"),
        param("state", &PeriodicParams::state_b, unit::byte, optional, range(0, 1e9),
              "bytes that every backup writes; left out: mcu.registers plus the program's volatile "
              "working set"),
        param("mark", &PeriodicParams::mark_b, unit::byte, 4.0, range(0, 1000),
              "sequence number and check of a backup, beside its state"),
        param("dirty_per_cycle", &PeriodicParams::dirty_per_cycle, unit::number, 0.0,
              range(0, 1000), "bytes that a cycle of work writes and a backup has to save"),
        param("most_dirty", &PeriodicParams::most_dirty_b, unit::byte, optional, range(0, 1e9),
              "of those bytes, at most so many; left out: no limit"),
        param("clock", &PeriodicParams::clock_hz, unit::hertz, optional, above_up_to(0, 1e12),
              "of the cycles; left out: mcu.clocking.work_at"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "periodic", "a backup of registers and written bytes every so much work",
         "class: parametric; status: rule as in charleyXuTO/thumbulator @487dfac, costs from the "
         "scenario's parts"},
        table, [](const PeriodicParams& p) { return std::make_shared<Periodic>(p); },
        [](const PeriodicParams& p, CheckContext& context) {
            if (p.period_s && p.cycles) {
                context.mistake("cycles",
                                "checkpoint.period and checkpoint.cycles say the same "
                                "thing: give one of them");
            }
            check_rates(context, "periodic", p.cycles || p.dirty_per_cycle > 0.0,
                        p.clock_hz.has_value());
        });
}

}  // namespace ebb
