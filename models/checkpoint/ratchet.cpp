// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/ratchet.hpp"

namespace ebb {

namespace {

BackupRates rates_of(const RatchetParams& p) {
    BackupRates rates;
    rates.period_cycles = p.section;
    rates.state_b = p.state_b;
    rates.clock_hz = p.clock_hz;
    return rates;
}

}  // namespace

Ratchet::Ratchet(const RatchetParams& p) : RatedPolicy(rates_of(p)) {}

void register_checkpoint_ratchet(Registry& registry);

void register_checkpoint_ratchet(Registry& registry) {
    const ParamTable<RatchetParams> table = {
        param("section", &RatchetParams::section, unit::number, required, above_up_to(0, 1e15),
              "mean cycles of a section between two cuts of the compiler"),
        param("state", &RatchetParams::state_b, unit::byte, optional, range(0, 1e9),
              "bytes of a backup; left out: mcu.registers plus the program's volatile working set"),
        param("clock", &RatchetParams::clock_hz, unit::hertz, optional, above_up_to(0, 1e12),
              "of the cycles; left out: mcu.clocking.work_at"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "ratchet", "registers saved behind every section that may be run again",
         "class: parametric, sections of mean length; status: known from the abstract"},
        table, [](const RatchetParams& p) { return std::make_shared<Ratchet>(p); },
        [](const RatchetParams& p, CheckContext& context) {
            check_rates(context, "ratchet", true, p.clock_hz.has_value());
        });
}

}  // namespace ebb
