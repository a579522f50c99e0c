// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/nvp_bec.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/checkpoint/none.hpp"

namespace ebb {

namespace {

int highest_group(const Unit& unit) {
    int highest = 0;
    for (const Phase& phase : unit.phases) {
        highest = std::max(highest, phase.overlap_group);
    }
    return highest;
}

bool computes(const Phase& phase) {
    return phase.kind == PhaseKind::compute && phase.preempt == Preempt::any &&
           phase.in_use.empty() && std::isfinite(phase.time_s) && phase.time_s > 0.0;
}

}  // namespace

void NvpBec::rework(Program& program) const {
    for (Nest& nest : program.nests) {
        for (Unit& unit : nest.units) {
            int group = highest_group(unit);
            std::vector<Phase> phases;
            for (Phase phase : unit.phases) {
                if (!computes(phase)) {
                    phases.push_back(std::move(phase));
                    continue;
                }
                const double work_s = phase.time_s;
                const double n = work_s / nvp_.instruction_s();
                phase.time_s = work_s + n * nvp_.backup_s();
                // A load of its own is spent on the instructions alone.
                phase.current_a *= work_s / phase.time_s;
                phase.power_w *= work_s / phase.time_s;
                phase.overlap_group = phase.overlap_group != 0 ? phase.overlap_group : ++group;
                Phase backups;
                backups.time_s = phase.time_s;
                backups.power_w = n * nvp_.backup_j / phase.time_s;
                backups.replaces_active = true;
                backups.upkeep = true;
                backups.clocked = phase.clocked;
                backups.overlap_group = phase.overlap_group;
                phases.push_back(std::move(phase));
                phases.push_back(std::move(backups));
            }
            unit.phases = std::move(phases);
        }
    }
}

Protocol NvpBec::protocol(const PolicyFacts&) const {
    Protocol p;
    p.recover = {nvp_.restore()};
    return p;
}

std::unique_ptr<Trigger> NvpBec::trigger(const PolicyFacts&) const {
    return std::make_unique<NeverTrigger>();
}

void register_checkpoint_nvp_bec(Registry& registry);

void register_checkpoint_nvp_bec(Registry& registry) {
    using P = NvpParams;
    const ParamTable<P> table = {
        clock_row<P>(),
        cycles_row<P>(),
        backup_energy_row<P>("of the backup behind each instruction, beside what the core draws"),
        backup_cycles_row<P>(),
        restore_energy_row<P>(),
        restore_cycles_row<P>(),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "nvp_bec", "a non-volatile processor, backup behind every instruction",
         "class: jit; status: read in a public repository; backups are spread over the work"},
        table, [](const P& p) { return std::make_shared<NvpBec>(p); });
}

}  // namespace ebb
