// SPDX-License-Identifier: Apache-2.0
#include "models/workload/plan.hpp"

#include <algorithm>
#include <iterator>

#include "models/core/error.hpp"

namespace ebb {

namespace {

Sink sink_of(PhaseKind kind) {
    switch (kind) {
        case PhaseKind::fetch:
            return Sink::nvm_read;
        case PhaseKind::write:
        case PhaseKind::index:
            return Sink::nvm_write;
        default:
            return Sink::compute;
    }
}

/// What a phase of a unit takes from the rail; `as` overrides the sinks (repeated work).
std::vector<RailLoad> rail_of(const Phase& phase, const RailLoads& loads, const Sink* as) {
    std::vector<RailLoad> rail;
    if (!phase.replaces_active) {
        rail = loads.active(as != nullptr ? *as : Sink::compute);
    }
    if (phase.current_a != 0.0 || phase.power_w != 0.0) {
        const double k = phase.replaces_active ? loads.load_factor() : 1.0;
        rail.push_back({as != nullptr ? *as : sink_of(phase.kind), k * phase.current_a, 0.0,
                        k * phase.power_w});
    }
    for (const RailLoad& standby : loads.standby()) {
        rail.push_back(standby);
    }
    return rail;
}

std::vector<LoadPhase> unit_phases(const Unit& unit, const RailLoads& loads, const Sink* as) {
    std::vector<LoadPhase> phases;
    for (const Phase& phase : unit.phases) {
        LoadPhase p = loads.phase(rail_of(phase, loads, as), true,
                                  phase.clocked ? phase.time_s * loads.slowdown() : phase.time_s,
                                  phase.in_use);
        p.preempt = phase.preempt;
        phases.push_back(p);
    }
    return phases;
}

Operations operations(const std::vector<NvOp>& ops, const RailLoads& loads, const NvmParams& nvm,
                      Sink sink) {
    Operations out;
    out.load.drop_out_below_v = loads.drop_out_below_v();
    for (const NvOp& op : ops) {
        const auto bytes = static_cast<double>(op.len);
        const bool reads = op.kind != NvOpKind::write;
        const bool writes = op.kind != NvOpKind::read;
        const double time = bytes * ((reads ? nvm.read_time_s_per_b : 0.0) +
                                     (writes ? nvm.write_time_s_per_b : 0.0));
        const double energy = bytes * ((reads ? nvm.read_energy_j_per_b : 0.0) +
                                       (writes ? nvm.write_energy_j_per_b : 0.0));
        std::vector<RailLoad> rail = loads.active(sink);
        rail.push_back({sink, 0.0, 0.0, time > 0.0 ? energy / time : 0.0});
        LoadPhase phase = loads.phase(rail, true, time);
        phase.preempt = Preempt::finish;
        out.load.phases.push_back(phase);
        out.traffic.push_back({reads ? bytes : 0.0, writes ? bytes : 0.0});
    }
    return out;
}

std::int64_t commit_interval(const Nest& nest, Granularity granularity) {
    if (nest.endless) {
        return 0;
    }
    switch (granularity) {
        case Granularity::never:
            return 0;
        case Granularity::unit:
            return 1;
        case Granularity::tile:
            return nest.tile_units;
        case Granularity::layer:
            return nest.units();
    }
    return 0;
}

/// Output range of a nest whose units write one after another.
void find_output(const Nest& nest, Step& step) {
    for (const Access& access : nest.unit.accesses) {
        if (!access.write) {
            continue;
        }
        std::int64_t stride = access.len;
        for (std::size_t d = nest.n.size(); d-- > 0;) {
            if (access.lo.a[d] != stride) {
                throw Defect("nest " + nest.name + " does not write its output in order");
            }
            stride *= nest.n[d];
        }
        step.write_len = access.len;
        step.write_lo = access.lo.a0;
    }
}

}  // namespace

RailLoads::RailLoads(const McuParams& mcu, const std::optional<NvmParams>& nvm, std::size_t point)
    : mcu_(mcu), nvm_(nvm), point_(mcu.clocking ? &mcu.clocking->points.at(point) : nullptr) {}

std::size_t operating_points(const McuParams& mcu) {
    return mcu.clocking ? mcu.clocking->points.size() : 1;
}

double RailLoads::slowdown() const noexcept {
    return point_ == nullptr ? 1.0 : mcu_.clocking->work_at_hz / point_->clock_hz;
}

double RailLoads::load_factor() const noexcept {
    if (point_ == nullptr) {
        return 1.0;
    }
    const ActiveParams& active = *mcu_.active;
    return active.power_w     ? *point_->power_w / *active.power_w
           : active.current_a ? *point_->current_a / *active.current_a
                              : *point_->current_per_volt_s / *active.current_per_volt_s;
}

std::vector<RailLoad> RailLoads::active(Sink sink) const {
    if (!mcu_.active) {
        throw InputError(
            "mcu.active is needed: the device draws it while it waits, moves data to or from "
            "non-volatile memory, or runs a task without a load of its own");
    }
    if (point_ != nullptr) {
        return {{sink, point_->current_a.value_or(0.0), point_->current_per_volt_s.value_or(0.0),
                 point_->power_w.value_or(0.0)}};
    }
    return {{sink, mcu_.active->current_a.value_or(0.0),
             mcu_.active->current_per_volt_s.value_or(0.0), mcu_.active->power_w.value_or(0.0)}};
}

std::vector<RailLoad> RailLoads::standby() const {
    if (!nvm_ || nvm_->standby_a == 0.0) {
        return {};
    }
    return {{Sink::idle, nvm_->standby_a, 0.0, 0.0}};
}

const SleepParams* RailLoads::sleep_state(const std::string& name) const noexcept {
    for (const SleepParams& state : mcu_.sleep_states) {
        if (!name.empty() && state.name == name) {
            return &state;
        }
    }
    return mcu_.sleep ? &*mcu_.sleep : nullptr;
}

LoadPhase RailLoads::waking(const SleepParams& state) const {
    std::vector<RailLoad> rail = {{Sink::idle, 0.0, 0.0, 0.0}};
    if (!state.wake_charge_c) {
        rail = active(Sink::idle);
    } else if (state.wake_s > 0.0) {
        rail.front().current_a = *state.wake_charge_c / state.wake_s;
    }
    for (const RailLoad& s : standby()) {
        rail.push_back(s);
    }
    return phase(rail, true, state.wake_s);
}

std::vector<RailLoad> RailLoads::sleep(const SleepParams& state) const {
    std::vector<RailLoad> rail = {{Sink::sleep, state.current_a, 0.0, 0.0}};
    if (nvm_ && nvm_->sleep_a > 0.0) {
        rail.push_back({Sink::sleep, nvm_->sleep_a, 0.0, 0.0});
    }
    return rail;
}

double RailLoads::drop_out_below_v() const noexcept { return mcu_.regulator->drop_out_below_v(); }

RailLoad RailLoads::peripherals(bool powered, const std::vector<PeripheralDraw>& in_use) const {
    RailLoad sum;
    sum.sink = Sink::peripherals;
    for (std::size_t i = 0; i < mcu_.peripherals.size(); ++i) {
        const PeripheralParams& p = mcu_.peripherals[i];
        const auto used = std::find_if(in_use.begin(), in_use.end(),
                                       [i](const PeripheralDraw& d) { return d.peripheral == i; });
        if (used != in_use.end()) {
            sum.current_a += used->current_a;
            sum.power_w += used->power_w;
        } else if (powered || p.always_on) {
            sum.current_a += p.standby_a;
        }
    }
    return sum;
}

LoadPhase RailLoads::phase(const std::vector<RailLoad>& rail, bool powered, double duration_s,
                           const std::vector<PeripheralDraw>& in_use) const {
    LoadPhase p;
    p.duration_s = duration_s;
    std::vector<RailLoad> all = rail;
    const RailLoad beside = peripherals(powered, in_use);
    if (beside.current_a > 0.0 || beside.power_w > 0.0) {
        all.push_back(beside);
    }
    mcu_.regulator->draw(all, powered, p.regulated, p.drop_out);
    for (Draw* draw : {&p.regulated, &p.drop_out}) {
        draw->add({Sink::quiescent, {0.0, mcu_.charger_a, 0.0}, {}});
    }
    return p;
}

std::vector<LoadPhase> RailLoads::boot_phases() const {
    const BootParams& boot = mcu_.boot;
    const auto drawing = [this](double current_a, double time_s) {
        std::vector<RailLoad> rail = standby();
        rail.insert(rail.begin(), {Sink::boot, current_a, 0.0, 0.0});
        return phase(rail, true, time_s);
    };
    std::vector<LoadPhase> phases;
    if (!boot.profile) {
        phases.push_back(
            drawing(boot.time_s > 0.0 ? boot.charge_c / boot.time_s : 0.0, boot.time_s));
        return phases;
    }
    for (std::size_t i = 0; i + 1 < boot.profile->bound_ns.size(); ++i) {
        phases.push_back(drawing(boot.profile->value[i], boot.profile->seconds(i)));
    }
    return phases;
}

Plan make_plan(const Program& program, const Protocol& protocol, Granularity granularity,
               const McuParams& mcu, const std::optional<NvmParams>& nvm, std::size_t point) {
    const RailLoads loads(mcu, nvm, point);
    Plan plan;
    plan.repeat = program.repeat;
    plan.durable = granularity != Granularity::never;
    plan.record_bytes = protocol.record_bytes;
    plan.snapshot_bytes = protocol.snapshot_bytes;
    if (nvm) {
        plan.commit = operations(protocol.commit, loads, *nvm, Sink::checkpoint);
        plan.snapshot = operations(protocol.snapshot, loads, *nvm, Sink::checkpoint);
        plan.recover = operations(protocol.recover, loads, *nvm, Sink::restore);
        std::vector<NvOp> always;
        std::copy_if(protocol.recover.begin(), protocol.recover.end(), std::back_inserter(always),
                     [](const NvOp& op) { return !op.if_found; });
        plan.recover_nothing = operations(always, loads, *nvm, Sink::restore);
    }
    for (const Buffer& buffer : program.buffers) {
        plan.arena_bytes += buffer.space == Space::nvm ? buffer.bytes * buffer.slots : 0;
    }
    const Sink repeated = Sink::repeated_work;
    for (const Nest& nest : program.nests) {
        Step step;
        step.name = nest.name;
        step.layer = nest.layer;
        step.units = nest.units();
        step.commit_every = commit_interval(nest, granularity);
        step.endless = nest.endless;
        step.once_per_boot = nest.once_per_boot;
        step.atomic = nest.atomic;
        step.fresh.phases = unit_phases(nest.unit, loads, nullptr);
        step.repeated.phases = unit_phases(nest.unit, loads, &repeated);
        for (Load* load : {&step.fresh, &step.repeated, &step.tile}) {
            load->drop_out_below_v = loads.drop_out_below_v();
        }
        for (const Phase& phase : nest.unit.phases) {
            step.traffic.push_back({phase.kind == PhaseKind::fetch ? phase.bytes : 0.0,
                                    phase.kind == PhaseKind::write ? phase.bytes : 0.0});
        }
        if (plan.arena_bytes > 0) {
            find_output(nest, step);
        }
        if (step.commit_every > 0 && step.commit_every < step.units) {
            std::vector<LoadPhase>& tile = step.tile.phases;
            for (std::int64_t u = 0; u < step.commit_every; ++u) {
                tile.insert(tile.end(), step.fresh.phases.begin(), step.fresh.phases.end());
            }
            tile.insert(tile.end(), plan.commit.load.phases.begin(), plan.commit.load.phases.end());
        }
        plan.steps.push_back(std::move(step));
    }
    // A load is known by its number in the whole run: plans of other points go on counting.
    auto id = Load::kFirstOfPlan + static_cast<std::uint32_t>(3 * plan.steps.size() * point);
    for (Step& step : plan.steps) {
        for (Load* load : {&step.fresh, &step.repeated, &step.tile}) {
            load->id = id++;
        }
    }
    return plan;
}

}  // namespace ebb
