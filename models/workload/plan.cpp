// SPDX-License-Identifier: Apache-2.0
#include "models/workload/plan.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace ebb {

namespace {

Sink sink_of(PhaseKind kind) {
    switch (kind) {
        case PhaseKind::fetch:
            return Sink::nvm_read;
        case PhaseKind::write:
            return Sink::nvm_write;
        case PhaseKind::index:
            return Sink::nvm_index;
        default:
            return Sink::compute;
    }
}

/// What a phase of a unit takes from the rail; `as` overrides the sinks (repeated work).
std::vector<RailLoad> rail_of(const Phase& phase, const RailLoads& loads, const Sink* as) {
    static constexpr Sink kUpkeep = Sink::checkpoint;
    as = phase.upkeep ? &kUpkeep : as;
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

Operations operations(const std::vector<NvOp>& ops, const RailLoads& loads, const NvmParams& nvm,
                      Sink sink) {
    Operations out;
    out.load.drop_out_below_v = loads.drop_out_below_v();
    for (const NvOp& op : ops) {
        out.growth.push_back(op.growth);
        const auto bytes = static_cast<double>(op.len);
        const bool reads = op.kind != NvOpKind::write;
        const bool writes = op.kind != NvOpKind::read;
        if (op.price) {
            LoadPhase priced = loads.phase(
                {{sink, 0.0, 0.0, op.price->energy_j / op.price->time_s}}, true, op.price->time_s);
            priced.preempt = Preempt::finish;
            out.load.phases.push_back(priced);
            out.traffic.push_back({reads ? bytes : 0.0, writes ? bytes : 0.0});
            continue;
        }
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

/// A phase of a unit while it lasts: what it draws, and what it moves per second.
struct Running {
    double left_s = 0.0;
    std::vector<RailLoad> fresh, repeated;
    PhaseTraffic per_s, rest;  ///< `rest`: moved at its end, if it takes no time
    const Phase* phase = nullptr;
};

/// Makes plan phases of a unit's phases. Those of one overlap group run side by side: whatever ends
/// first ends a stretch, and what the others draw goes on.
class UnitMaker {
public:
    UnitMaker(const RailLoads& loads, const Sink* as) : loads_(loads), as_(as) {}

    UnitPlan make(const Unit& unit) {
        UnitPlan plan;
        plan.name = unit.name;
        plan.role = unit.role;
        plan.durable = unit.durable;
        plan.boundary = unit.boundary;
        plan.undone = unit.undone;
        plan.sealed = unit.sealed;
        for (std::size_t i = 0; i < unit.phases.size();) {
            std::vector<Running> group;
            const int number = unit.phases[i].overlap_group;
            do {
                group.push_back(running(unit.phases[i++]));
            } while (number != 0 && i < unit.phases.size() &&
                     unit.phases[i].overlap_group == number);
            run(group, plan);
        }
        close(plan);
        return plan;
    }

    /// The sum of the traffic, and the mark behind which the unit's energy is kept.
    static void close(UnitPlan& plan) {
        plan.kinds.resize(plan.fresh.size(), PhaseKind::write);  // those of a commit
        for (std::size_t i = 0; i < plan.fresh.size(); ++i) {
            if (std::isfinite(plan.fresh[i].duration_s)) {
                plan.seconds[static_cast<std::size_t>(plan.kinds[i])] += plan.fresh[i].duration_s;
            }
        }
        for (const PhaseTraffic& traffic : plan.traffic) {
            plan.whole.read_b += traffic.read_b;
            plan.whole.write_b += traffic.write_b;
        }
        if (plan.durable && !plan.fresh.empty()) {
            plan.fresh.back().keep = true;
            plan.repeated.back().keep = true;
        }
    }

private:
    Running running(const Phase& phase) const {
        static constexpr Sink kRepeated = Sink::repeated_work;
        Running r;
        r.phase = &phase;
        r.left_s = phase.clocked ? phase.time_s * loads_.slowdown() : phase.time_s;
        r.fresh = rail_of(phase, loads_, as_);
        r.repeated = rail_of(phase, loads_, as_ != nullptr ? as_ : &kRepeated);
        const PhaseTraffic moved = {
            phase.kind == PhaseKind::fetch ? phase.bytes : 0.0,
            phase.kind == PhaseKind::write || phase.kind == PhaseKind::index ? phase.bytes : 0.0};
        if (r.left_s > 0.0) {
            r.per_s = {moved.read_b / r.left_s, moved.write_b / r.left_s};
        }
        r.rest = moved;
        return r;
    }

    void run(std::vector<Running>& group, UnitPlan& plan) const {
        if (group.size() == 1) {
            const Running& only = group.front();
            add(group, only.left_s, plan);
            plan.traffic.push_back(only.rest);
            return;
        }
        while (!group.empty()) {
            double least = group.front().left_s;
            for (const Running& r : group) {
                least = std::min(least, r.left_s);
            }
            add(group, least, plan);
            PhaseTraffic moved;
            std::vector<Running> still;
            for (Running& r : group) {
                const bool ends = r.left_s <= least;
                const PhaseTraffic part =
                    ends ? r.rest : PhaseTraffic{r.per_s.read_b * least, r.per_s.write_b * least};
                moved.read_b += part.read_b;
                moved.write_b += part.write_b;
                if (!ends) {
                    r.left_s -= least;
                    r.rest = {r.rest.read_b - part.read_b, r.rest.write_b - part.write_b};
                    still.push_back(std::move(r));
                }
            }
            plan.traffic.push_back(moved);
            group = std::move(still);
        }
    }

    /// One plan phase of everything that runs; of several preempt rules the strictest counts.
    void add(const std::vector<Running>& group, double seconds, UnitPlan& plan) const {
        std::vector<RailLoad> fresh;
        std::vector<RailLoad> repeated;
        Preempt preempt = Preempt::any;
        for (const Running& r : group) {
            merge(fresh, r.fresh);
            merge(repeated, r.repeated);
            if (r.phase->preempt == Preempt::finish || preempt == Preempt::any) {
                preempt = r.phase->preempt;
            }
        }
        plan.kinds.push_back(group.front().phase->kind);
        const std::vector<PeripheralDraw>& in_use = group.front().phase->in_use;
        plan.fresh.push_back(loads_.phase(fresh, true, seconds, in_use));
        plan.repeated.push_back(loads_.phase(repeated, true, seconds, in_use));
        for (const RailDraw& draw : plan.fresh.back().rails) {
            if (draw.in_use &&
                std::find(plan.rails.begin(), plan.rails.end(), draw.rail) == plan.rails.end()) {
                plan.rails.push_back(draw.rail);
            }
        }
        plan.fresh.back().preempt = preempt;
        plan.repeated.back().preempt = preempt;
    }

    static void merge(std::vector<RailLoad>& into, const std::vector<RailLoad>& more) {
        into.insert(into.end(), more.begin(), more.end());
    }

    const RailLoads& loads_;
    const Sink* as_;
};

/// A trip of more phases than this is no load of its own: its loops are walked one by one.
constexpr std::size_t kMostPhases = 512;

/// What may be made of each node of the step's index, from the leaves outwards.
void find_stretches(Step& step) {
    const std::vector<NestIndex::Node>& nodes = step.index.nodes();
    step.nodes.resize(nodes.size());
    step.pieces.resize(nodes.size());
    for (std::size_t i = nodes.size(); i-- > 0;) {
        Step::Stretchable& own = step.nodes[i];
        if (nodes[i].leaf()) {
            const UnitPlan& unit = step.unit(nodes[i].first_leaf);
            own = {unit.fresh.size(), unit.boundary, false};
            continue;
        }
        bool fits = true;
        for (const std::size_t child : nodes[i].children) {
            const Step::Stretchable& inner = step.nodes[child];
            const bool last = child == nodes[i].children.back();
            const auto trips = static_cast<std::size_t>(
                std::min<std::int64_t>(nodes[child].n, static_cast<std::int64_t>(kMostPhases) + 1));
            fits = fits && inner.phases > 0;
            own.phases += inner.phases * trips;
            own.boundary = inner.boundary && last && trips == 1;
            own.broken = own.broken || inner.broken || (inner.boundary && !own.boundary);
        }
        if (!fits || own.phases > kMostPhases) {
            own.phases = 0;
        }
    }
}

}  // namespace

namespace {

void recover_with(Plan& plan, const Protocol& protocol, const RailLoads& loads,
                  const NvmParams& nvm) {
    plan.recover = operations(protocol.recover, loads, nvm, Sink::restore);
    std::vector<NvOp> always;
    std::copy_if(protocol.recover.begin(), protocol.recover.end(), std::back_inserter(always),
                 [](const NvOp& op) { return !op.if_found; });
    plan.recover_nothing = operations(always, loads, nvm, Sink::restore);
}

}  // namespace

/// Positions of one trip follow those of the node's first execution.
std::int64_t Step::first_execution(std::size_t node) const {
    std::int64_t begin = 0;
    for (std::size_t n = node;; n = index.nodes()[n].parent) {
        begin += index.nodes()[n].at;
        if (n == 0) {
            return begin;
        }
    }
}

const std::vector<PhaseTraffic>& Step::traffic_of(std::size_t node) {
    TripLoad& load = piece(node);
    if (load.traffic.empty()) {
        const std::int64_t begin = first_execution(node);
        for (std::int64_t q = 0; q < index.nodes()[node].per_trip; ++q) {
            const UnitPlan& u = unit(index.locate(begin + q).leaf);
            load.traffic.insert(load.traffic.end(), u.traffic.begin(), u.traffic.end());
        }
    }
    return load.traffic;
}

TripLoad& Step::piece(std::size_t node) {
    std::unique_ptr<TripLoad>& made = pieces[node];
    if (made) {
        return *made;
    }
    made = std::make_unique<TripLoad>();
    fill(made->fresh, node, &UnitPlan::fresh);
    made->fresh.id = first_id + 2 * static_cast<std::uint32_t>(node);
    std::int64_t durable = 0;
    std::size_t phase = 0;
    made->durable_before.push_back(0);
    const std::int64_t begin = first_execution(node);
    for (std::int64_t q = 0; q < index.nodes()[node].per_trip; ++q) {
        const UnitPlan& u = unit(index.locate(begin + q).leaf);
        made->first_phase.push_back(phase);
        phase += u.fresh.size();
        durable = u.durable ? q + 1 : durable;
        made->durable_before.push_back(durable);
    }
    made->first_phase.push_back(phase);
    return *made;
}

Load& Step::repeated(std::size_t node) {
    TripLoad& made = piece(node);
    if (made.repeated.phases.empty()) {
        fill(made.repeated, node, &UnitPlan::repeated);
        made.repeated.id = made.fresh.id + 1;
    }
    return made.repeated;
}

void Step::fill(Load& load, std::size_t node, std::vector<LoadPhase> UnitPlan::*phases) const {
    load.phases.reserve(nodes[node].phases);
    load.drop_out_below_v = drop_out_below_v;
    const std::int64_t begin = first_execution(node);
    for (std::int64_t q = 0; q < index.nodes()[node].per_trip; ++q) {
        const std::vector<LoadPhase>& more = unit(index.locate(begin + q).leaf).*phases;
        load.phases.insert(load.phases.end(), more.begin(), more.end());
    }
}

Plan make_plan(const Program& program, const Protocol& protocol, const McuParams& mcu,
               const std::optional<NvmParams>& nvm, std::size_t point) {
    const RailLoads loads(mcu, nvm, point);
    Plan plan;
    plan.repeat = program.repeat;
    plan.record_bytes = protocol.record_bytes;
    plan.snapshot_bytes = protocol.snapshot_bytes;
    const NvmParams none;
    const auto possible = [&nvm](const std::vector<NvOp>& ops) {
        return nvm || std::all_of(ops.begin(), ops.end(),
                                  [](const NvOp& op) { return op.price.has_value(); });
    };
    if (possible(protocol.recover)) {
        recover_with(plan, protocol, loads, nvm ? *nvm : none);
    }
    if (possible(protocol.snapshot)) {
        plan.snapshot = operations(protocol.snapshot, loads, nvm ? *nvm : none, Sink::checkpoint);
    }
    if (nvm) {
        plan.commit = operations(protocol.commit, loads, *nvm, Sink::checkpoint);
    }
    plan.buffers = program.buffers;
    plan.arena_bytes = nvm_bytes(program);
    // A load is known by its number in the whole run: plans of other points go on counting.
    std::uint32_t nodes = 0;
    for (const Nest& nest : program.nests) {
        Step step(nest);
        step.endless = nest.endless;
        step.once_per_boot = nest.once_per_boot;
        step.atomic = nest.atomic;
        step.skips = nest.skips;
        step.drop_out_below_v = loads.drop_out_below_v();
        for (const Unit& unit : nest.units) {
            static constexpr Sink kUpkeep = Sink::checkpoint;
            UnitMaker maker(loads, unit.role == UnitRole::upkeep ? &kUpkeep : nullptr);
            UnitPlan made = maker.make(unit);
            if (unit.role == UnitRole::commit) {
                made.fresh = made.repeated = plan.commit.load.phases;
                made.traffic = plan.commit.traffic;
                UnitMaker::close(made);
            }
            plan.durable = plan.durable || unit.durable;
            step.units.push_back(std::move(made));
        }
        find_stretches(step);
        step.first_id = nodes;
        nodes += 2 * static_cast<std::uint32_t>(step.nodes.size());
        plan.steps.push_back(std::move(step));
    }
    for (Step& step : plan.steps) {
        step.first_id += Load::kFirstOfPlan + nodes * static_cast<std::uint32_t>(point);
    }
    return plan;
}

}  // namespace ebb
