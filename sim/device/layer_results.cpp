// SPDX-License-Identifier: Apache-2.0
#include "sim/device/layer_results.hpp"

#include <cmath>

namespace ebb {

namespace {

/// One clean pass over a nest: every execution of every leaf once.
void price_nominal(const Step& step, double v, LayerResult& r) {
    for (std::size_t leaf = 0; leaf < step.index.leaves().size(); ++leaf) {
        const auto times = static_cast<double>(step.index.leaves()[leaf].executions);
        const UnitPlan& unit = step.unit(leaf);
        r.nominal_compute_s += times * unit.seconds[static_cast<std::size_t>(PhaseKind::compute)];
        r.nominal_nvm_b += times * (unit.whole.read_b + unit.whole.write_b);
        for (const LoadPhase& phase : unit.fresh) {
            if (!std::isfinite(phase.duration_s)) {
                continue;
            }
            const Draw& draw = v < step.drop_out_below_v ? phase.drop_out : phase.regulated;
            r.nominal_s += times * phase.duration_s;
            r.nominal_j +=
                times * phase.duration_s * (draw.total.power_at(v) + draw.rational.power_at(v));
        }
    }
}

}  // namespace

namespace {

/// Everything that left the store or never got into it, but for what is in it still.
double spent_j(const Result& result) {
    double sum = 0.0;
    for (std::size_t i = 0; i < kSinkCount; ++i) {
        sum += result.energy_j.sinks[static_cast<Sink>(i)];
    }
    return sum;
}

}  // namespace

EfficiencyComparison efficiency_of(const Result& result, ResourceUse clean) {
    double repeated = 0.0;
    double done = 0.0;
    double busy_s = 0.0;
    clean.busy_core_s = clean.latency_s = clean.energy_j = clean.nvm_moved_b = 0.0;
    for (const LayerResult& layer : result.layers) {
        *clean.busy_core_s += layer.nominal_compute_s;
        *clean.latency_s += layer.nominal_s;
        *clean.energy_j += layer.nominal_j;
        *clean.nvm_moved_b += layer.nominal_nvm_b;
        busy_s += layer.compute_s;
        done += static_cast<double>(layer.units_done);
        repeated += static_cast<double>(layer.units_repeated);
    }
    const auto jobs = static_cast<double>(result.work.jobs_done);
    ResourceUse run = clean;
    run.busy_core_s = busy_s / jobs;
    run.latency_s = result.work.latency_mean_s;
    run.energy_j = spent_j(result) / jobs;
    run.nvm_moved_b = (result.nvm.read_bytes + result.nvm.written_bytes) / jobs;
    if (run.operations && done > 0.0) {
        *run.operations *= 1.0 + repeated / done;
    }
    return compare_efficiency(clean, run);
}

std::vector<LayerResult> layer_results(const Plan& plan, const WorkCounts& counts,
                                       double nominal_v) {
    std::vector<LayerResult> all;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        const LayerBook& book = counts.layers[i];
        const auto seconds = [&book](PhaseKind kind) {
            return book.seconds[static_cast<std::size_t>(kind)];
        };
        LayerResult r;
        r.id = plan.steps[i].layer;
        r.name = plan.steps[i].name;
        r.units_done = book.units_done;
        r.units_repeated = book.units_repeated;
        r.fetch_s = seconds(PhaseKind::fetch);
        r.compute_s = seconds(PhaseKind::compute);
        r.write_s = seconds(PhaseKind::write);
        r.index_s = seconds(PhaseKind::index);
        r.upkeep_s = book.upkeep_s;
        r.reboot_s = book.reboot_s;
        r.reload_s = book.reload_s;
        r.recharge_s = book.recharge_s;
        book.joules.for_each([&r](Sink sink, double joules) {
            switch (sink) {
                case Sink::nvm_read:
                    r.fetch_j += joules;
                    break;
                case Sink::compute:
                    r.compute_j += joules;
                    break;
                case Sink::nvm_write:
                    r.write_j += joules;
                    break;
                case Sink::nvm_index:
                    r.index_j += joules;
                    break;
                case Sink::repeated_work:
                    r.repeated_j += joules;
                    break;
                case Sink::checkpoint:
                    r.upkeep_j += joules;
                    break;
                default:
                    r.other_j += joules;
            }
        });
        r.reboot_j = book.reboot_j;
        r.reload_j = book.reload_j;
        price_nominal(plan.steps[i], nominal_v, r);
        all.push_back(std::move(r));
    }
    return all;
}

}  // namespace ebb
