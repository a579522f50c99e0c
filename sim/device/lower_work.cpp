// SPDX-License-Identifier: Apache-2.0
#include "sim/device/lower_work.hpp"

#include <fmt/format.h>

#include "models/checkpoint/backup_rates.hpp"
#include "models/core/error.hpp"
#include "models/runtime/lowering.hpp"
#include "models/store/store_model.hpp"
#include "models/workload/backup_borders.hpp"
#include "models/workload/commit_borders.hpp"
#include "models/workload/lower.hpp"
#include "models/workload/plan.hpp"
#include "models/workload/tile_choice.hpp"
#include "sim/device/backup_period.hpp"
#include "sim/device/phase_energy.hpp"

namespace ebb {

namespace {

/// What the store gives from turn-on to turn-off.
double charge_j(const Scenario& scenario) {
    const double on = scenario.mcu.turn_on_v;
    const double off = scenario.mcu.turn_off_v;
    return 0.5 * scenario.store->capacitance_f() * (on * on - off * off);
}

/// What a boot draws, at the middle of the store's range.
double boot_j(const Scenario& scenario, const std::optional<NvmParams>& nvm) {
    const double middle_v = 0.5 * (scenario.mcu.turn_on_v + scenario.mcu.turn_off_v);
    return joules_at(RailLoads(scenario.mcu, nvm).boot_phases(), middle_v);
}

/// Without a source's voltage and resistance a recharge takes no time in the choice: what is left
/// is the time on, within the energy of a charge.
TileQuestion question_of(const Scenario& scenario, const TileParams& tiles,
                         const OperationTable& table) {
    TileQuestion question;
    question.vm_bytes = table.memory.vm_bytes;
    question.objective = tiles.for_energy ? TileObjective::energy : TileObjective::latency;
    question.candidates = tiles.every_size ? TileCandidates::every : TileCandidates::divisors;
    FormulaSupply supply;
    supply.capacitance_f = scenario.store->capacitance_f();
    supply.v_on_v = scenario.mcu.turn_on_v;
    supply.v_off_v = scenario.mcu.turn_off_v;
    supply.energy_margin = tiles.energy_margin;
    supply.resistance_ohm = tiles.source_ohm.value_or(0.0);
    supply.v_supply_v = tiles.source_v.value_or(2.0 * supply.v_on_v);
    question.supply = supply;
    return question;
}

std::vector<std::optional<TilePlan>> plans_of(const Scenario& scenario, const NetworkParams& work,
                                              std::vector<std::string>& notes) {
    std::vector<std::optional<TilePlan>> plans;
    if (!work.tiles || !work.platform->operations) {
        for (const Layer& layer : work.network->layers) {
            plans.push_back(layer.plan);
        }
        return plans;
    }
    check_element_width(*work.network, *work.platform);
    for (const LayerTiles& tiles :
         choose_tiles(*work.network, *work.platform->operations,
                      question_of(scenario, *work.tiles, *work.platform->operations))) {
        plans.emplace_back();
        if (tiles.choice && tiles.choice->best) {
            plans.back() = tiles.choice->best->plan;
            notes.push_back(fmt::format("tiles of {}: {}", tiles.layer, tiles.choice->reason));
        }
    }
    return plans;
}

Program lower_tasks_of(const Scenario& scenario) {
    if (scenario.checkpoint->lowers_networks_only()) {
        throw InputError(
            "this checkpoint policy runs networks, and the workload is a list of tasks; tasks go "
            "with none, jit or commit");
    }
    return lower_tasks(*scenario.workload.tasks);
}

/// What a code adds to phases whose price is the platform's own; that of the others is the
/// memory's.
void add_ecc(Program& program, const NvmParams& nvm) {
    const EccCost more = ecc_cost(nvm);
    for (Nest& nest : program.nests) {
        for (Unit& unit : nest.units) {
            for (Phase& phase : unit.phases) {
                if (!phase.replaces_active || !(phase.bytes > 0.0)) {
                    continue;
                }
                const bool reads = phase.kind == PhaseKind::fetch;
                const double energy_j =
                    phase.power_w * phase.time_s +
                    phase.bytes * (reads ? more.read_energy_j : more.write_energy_j);
                phase.time_s += phase.bytes * (reads ? more.read_time_s : more.write_time_s);
                phase.power_w = phase.time_s > 0.0 ? energy_j / phase.time_s : 0.0;
            }
        }
    }
}

LoweredWork lower(const Scenario& scenario) {
    LoweredWork out;
    if (scenario.nvm) {
        out.nvm = behind_ecc(*scenario.nvm);
    }
    if (scenario.workload.tasks) {
        out.program = lower_tasks_of(scenario);
    } else {
        const NetworkParams& work = *scenario.workload.network;
        if (!out.nvm && work.platform->operations) {
            out.nvm = nvm_of(*work.platform->operations);
        }
        if (work.weights && work.platform->weight_memory) {
            double bytes = 0.0;
            for (const Layer& layer : work.network->layers) {
                bytes += static_cast<double>(layer.weight_bytes);
            }
            out.weights = weight_use(*work.platform->weight_memory, bytes, work.network->name,
                                     work.weights->state, work.weights->retained);
        }
        const Lowering lowering{*work.network,
                                *work.platform,
                                work.variant,
                                out.nvm,
                                plans_of(scenario, work, out.notes),
                                charge_j(scenario),
                                boot_j(scenario, out.nvm)};
        out.program = scenario.checkpoint->lower(lowering);
        if (scenario.nvm && scenario.nvm->ecc) {
            add_ecc(out.program, *scenario.nvm);
        }
    }
    scenario.checkpoint->rework(out.program);
    add_commits(out.program, scenario.checkpoint->commits());
    if (scenario.checkpoint->guards()) {
        ask_behind_commits(out.program);
    }
    if (scenario.failures && scenario.failures->boundaries) {
        ask_behind_durable(out.program);
    }
    return out;
}

LoweredWork lower_only(const Scenario& scenario) {
    try {
        return lower(scenario);
    } catch (const InputError& error) {
        std::vector<Mistake> mistakes = error.mistakes();
        for (Mistake& mistake : mistakes) {
            if (mistake.place.file.empty()) {
                mistake.place = scenario.workload.place;
            }
        }
        throw InputError(std::move(mistakes));
    }
}

/// Backups of a policy that is given by rates.
void add_backups(const Scenario& scenario, LoweredWork& work) {
    const BackupRates* const rates = scenario.checkpoint->rates();
    if (rates == nullptr) {
        return;
    }
    const BackupPlan plan = plan_backups(scenario, work.program, work.nvm);
    add_periodic_commits(work.program, plan.period_s, rates->check_share);
    work.dirty_bytes = plan.dirty_bytes;
    if (!plan.note.empty()) {
        work.notes.push_back(plan.note);
    }
}

}  // namespace

LoweredWork lower_work(const Scenario& scenario) {
    LoweredWork work = lower_only(scenario);
    add_backups(scenario, work);
    if (scenario.checkpoint->clairvoyant()) {
        work.notes.emplace_back(
            "the checkpoint policy is clairvoyant: a reference to compare with, not to be ranked");
    }
    return work;
}

}  // namespace ebb
