// SPDX-License-Identifier: Apache-2.0
#include "models/store/capacitor_store.hpp"

#include <algorithm>
#include <limits>

#include "models/core/error.hpp"
#include "models/core/precise_time.hpp"
#include "models/store/capacitor_walk.hpp"
#include "models/store/short_series.hpp"
#include "models/store/withdrawal.hpp"

namespace ebb {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

CapacitorStore::CapacitorStore(const CapacitorParams& params)
    : params_(params),
      own_f_(params.capacitance_f),
      half_c_(0.5 * params.capacitance_f),
      leak_{0.0, leak_b(), leak_c()},
      vc_(params.initial_v) {}

CapacitorStore::~CapacitorStore() = default;

void CapacitorStore::reset(const Supply& supply) {
    supply_ = &supply;
    now_ = Time();
    become(capacitance_at_start());
    vc_ = params_.initial_v;
    ledger_ = Ledger();
    segments_ = 0;
    unit_laws_.clear();
    crossings_.fill({});  // a run does not know the run before
    laps_.clear();
    feed_from(supply);
}

void CapacitorStore::feed_from(const Supply& supply) {
    supply_ = &supply;
    cursor_ = supply.seek(now_);
    sample_end_ = supply.end_of(cursor_);
    x_ = supply.x()[cursor_.index];
    cell_index_ = SIZE_MAX;
}

Withdrawn CapacitorStore::take(const Withdrawal& wanted) {
    return take_from({params_.capacitance_f, 0.0}, vc_, wanted);
}

void CapacitorStore::next_sample_if_due() {
    if (now_ < sample_end_) {
        return;
    }
    supply_->advance(cursor_);
    sample_end_ = supply_->end_of(cursor_);
    x_ = supply_->x()[cursor_.index];
}

/// A lap known from before, if it ends before `until`: taken at once.
const WalkResult* CapacitorStore::repeat_lap(const Load& load, const Watches& watches, Time until) {
    LapMemo::Lap* const lap = laps_.find(load, watches, vc_);
    if (lap == nullptr || !(lap->t_s < static_cast<long double>(until.since(now_)))) {
        return nullptr;
    }
    lap->flow.book_in(ledger_);
    segments_ += lap->segments;
    vc_ = lap->v1;
    now_ = now_.plus(lap->t_s);
    lap->result.at = now_;
    return &lap->result;
}

const WalkResult& CapacitorStore::walk(const Load& load, const Watches& watches, Time until) {
    next_sample_if_due();
    const bool repeats = sample_end_ == Time::never() && observer_ == nullptr &&
                         !supply_->linear() && LapMemo::names_itself(load);
    if (repeats) {
        if (const WalkResult* lap = repeat_lap(load, watches, until)) {
            return *lap;
        }
    }
    laps_.begin(repeats, vc_);
    echo_.open = false;
    accounts_.assign(2 * load.phases.size(), PhaseAccount{});
    result_.done.clear();
    result_.tail.clear();
    result_.position = {};
    Walk walk{load, watches, until, result_, accounts_};
    walk.begin_phase(load.first_phase, load.first_elapsed_s, now_);
    while (!walk.stopped) {
        next_sample_if_due();
        step(walk);
    }
    walk.flush(result_.tail);
    laps_.end(load, watches, vc_, result_);
    return result_;
}

/// What ends the walk, or the phase, before anything moves. A jump of the terminal (a phase begins,
/// an ESR) is seen here; crossings end their segment.
bool CapacitorStore::stops_here(Walk& walk, const Segment& s) {
    if (s.y0 <= walk.watches.falling_v || (s.collapsed && !std::isnan(walk.watches.falling_v))) {
        walk.stop(Stop::falling, now_);
    } else if (s.collapsed) {
        throw Defect("the terminal collapsed under a power load and no brown-out is armed");
    } else if (s.y0 >= walk.watches.rising_v) {
        walk.stop(Stop::rising, now_);
    } else if (walk.phase_end <= now_) {
        walk.finish_phase(now_);
    } else if (walk.until <= now_) {
        walk.stop(Stop::until, now_);
    } else {
        return false;
    }
    return true;
}

void CapacitorStore::step(Walk& walk) {
    if (supply_->linear()) {
        x_ = value_at(0.0);
    }
    const Segment segment = make_segment(walk);
    if (stops_here(walk, segment)) {
        laps_.spoil();
        return;
    }
    const bool plain = now_ != walk.leaves_band_at;
    if ((plain && run_samples(walk)) || run_stretches(walk) || run_units(walk)) {
        laps_.spoil();
        echo_.open = false;
        return;
    }
    ++segments_;
    const Time other = std::min(walk.until, sample_end_);
    const bool phase_ends = walk.phase_end <= other;
    const Time limit = phase_ends ? walk.phase_end : other;
    const Time from = now_;
    const double v0 = vc_;
    const bool crossed = segment.kind == Segment::Kind::general
                             ? step_general(walk, segment, limit)
                             : step_quadratic(walk, segment, limit);
    if (!crossed) {
        now_ = limit;
    }
    if (!crossed || segment.kind == Segment::Kind::general) {
        laps_.spoil();
    }
    echo_.open = echo_.open && segment.kind != Segment::Kind::general;
    if (observer_ != nullptr) {
        observe_segment(segment, from, v0);
    }
    if (!crossed && phase_ends) {
        walk.finish_phase(now_);
    }
}

/// The nearest threshold of the terminal in the direction of travel. At equal voltages a watch
/// wins.
CapacitorStore::Target CapacitorStore::nearest(const Walk& walk, const Segment& s, bool up) const {
    if (s.fixed) {
        return {up ? kInfinity : s.exit_vc, Stop::until};
    }
    const SupplyShape& shape = supply_->shape();
    const double edge = shape.diode ? x_ - shape.drop_v : 0.0;
    const double border = walk.load.drop_out_below_v;
    double y = 0.0;
    Stop watch = Stop::until;
    if (up) {
        y = params_.max_v;
        if (s.below_drop_out) {
            y = std::min(y, border);
        }
        if (s.conducts && edge > 0.0) {
            y = std::min(y, edge);
        }
        y = std::min(y, s.cell.high_v);
        if (walk.watches.rising_v <= y) {
            y = walk.watches.rising_v;
            watch = Stop::rising;
        }
    } else {
        y = s.below_drop_out ? 0.0 : border;
        if (!s.conducts) {
            y = std::max(y, edge);
        }
        y = std::max(y, s.cell.low_v);
        if (walk.watches.falling_v >= y) {
            y = walk.watches.falling_v;
            watch = Stop::falling;
        }
    }
    const double vc = (y - s.beta) / s.alpha;
    if (vc < 0.0 && !up) {
        return {0.0, Stop::until};
    }
    return {vc, watch};
}

/// A crossing that was walked lately under the same law, if there is one: under a constant supply
/// every power cycle repeats the last, to the bit.
CapacitorStore::Crossing* CapacitorStore::recall(const Terms& q, double v0, double v1,
                                                 bool powers_only) noexcept {
    for (Crossing& c : crossings_) {
        if (c.v0 == v0 && c.v1 == v1 && c.capacitance_f == params_.capacitance_f &&
            c.q.a_w == q.a_w && c.q.b_a == q.b_a && c.q.c_s == q.c_s &&
            c.powers_only == powers_only) {
            return &c;
        }
    }
    return nullptr;
}

/// A segment that plainly ends before the nearest threshold: the state at the limit says so, and
/// nobody asks for the time of a crossing. False, and nothing moved, where it is not plain.
bool CapacitorStore::step_clear(Walk& walk, const Segment& s, const StoreLaw& law, double limit_s,
                                bool up, double target_v, bool powers_only) {
    constexpr double kPlain = 1e-9;      // relative distance from the threshold
    constexpr double kShort = 86'400.0;  // [s] a limit farther off is the end of the run
    if (!(limit_s < kShort)) {
        return false;
    }
    SeriesStep step;
    double v1 = 0.0;
    PathIntegrals integrals;
    if (powers_only) {
        v1 = law.advance(vc_, limit_s);
    } else if (vc_ > 0.0 && (short_series(s.inner, params_.capacitance_f, vc_, limit_s, step) ||
                             law.series(vc_, limit_s, step))) {
        v1 = vc_ + step.dv_v;
        integrals = step.integrals;
    } else {
        return false;
    }
    if (up ? v1 >= target_v * (1.0 - kPlain) : v1 <= target_v * (1.0 + kPlain) || v1 <= 0.0) {
        return false;
    }
    if (powers_only) {
        integrals.v2_dt = law.v2_dt(vc_, limit_s);
    }
    book(walk, s, limit_s, integrals);
    vc_ = v1;
    return true;
}

/// Walks a quadratic (or held) segment. Returns true if it ended at a threshold before its limit.
bool CapacitorStore::step_quadratic(Walk& walk, const Segment& s, Time limit) {
    const double limit_s = limit.since(now_);
    if (s.kind == Segment::Kind::hold) {
        if (!s.empty) {
            book(walk, s, limit_s, {vc_ * limit_s, vc_ * vc_ * limit_s});
        }
        return false;
    }
    const StoreLaw law(s.inner, params_.capacitance_f);
    const bool up = s.inner.power_at(vc_) > 0.0 || (vc_ == 0.0 && s.inner.b_a > 0.0);
    const Target target = nearest(walk, s, up);
    // Where no element is a current, nothing asks for the integral of V.
    const bool powers_only = s.inner.b_a == 0.0 && s.supply.b_a == 0.0 && leak_.b_a == 0.0 &&
                             params_.esr_ohm == 0.0 && no_currents(*s.draw);
    if (Crossing* known = recall(s.inner, vc_, target.vc, powers_only);
        known != nullptr && known->t < static_cast<long double>(limit_s)) {
        // Only what repeats to the bit adds up its rounding; a trace sets the clock anew.
        if (!known->refined && sample_end_ == Time::never()) {
            known->t = precise_time(s.inner, params_.capacitance_f, vc_, target.vc,
                                    static_cast<double>(known->t));
            known->refined = true;
        }
        const StoreFlow flow = book(walk, s, static_cast<double>(known->t), known->integrals);
        known->refined ? laps_.crossing(known->t, flow) : laps_.spoil();
        vc_ = target.vc;
        now_ = std::min(
            known->refined ? now_.plus(known->t) : now_.plus(static_cast<double>(known->t)), limit);
        if (target.watch != Stop::until) {
            walk.stop(target.watch, now_);
        }
        return true;
    }
    if (now_ != walk.leaves_band_at &&
        step_clear(walk, s, law, limit_s, up, target.vc, powers_only)) {
        return false;
    }
    laps_.spoil();
    std::optional<double> t;
    if (target.vc != kInfinity) {
        t = law.time_to(vc_, target.vc);
    }
    const bool crosses = t && *t <= limit_s;
    const double duration = crosses ? *t : limit_s;
    double v1 = target.vc;
    if (!crosses) {
        v1 = law.advance(vc_, limit_s);
        if (up ? v1 >= target.vc : v1 <= target.vc) {  // by rounding: the crossing is at the limit
            v1 = target.vc;
        }
    }
    const PathIntegrals integrals = powers_only ? PathIntegrals{0.0, law.v2_dt(vc_, duration)}
                                                : law.integrals(vc_, v1, duration);
    book(walk, s, duration, integrals);
    if (crosses) {
        crossings_[next_crossing_++ % crossings_.size()] = {
            s.inner, params_.capacitance_f, vc_, v1, duration, integrals, powers_only, false};
    }
    vc_ = v1;
    if (v1 != target.vc) {
        return false;
    }
    // At the limit exactly the clock takes the limit's exact time; the watch comes first.
    now_ = duration == limit_s ? limit : std::min(now_.plus(duration), limit);
    if (target.watch != Stop::until) {
        walk.stop(target.watch, now_);
    }
    return true;
}

StoreFlow CapacitorStore::book(Walk& walk, const Segment& s, double t, const PathIntegrals& inner) {
    const Integrals at_terminal{
        t, s.alpha * inner.v_dt + s.beta * t,
        s.alpha * (s.alpha * inner.v2_dt + 2.0 * s.beta * inner.v_dt) + s.beta * s.beta * t};
    const std::size_t which = 2 * walk.result.position.phase + (s.below_drop_out ? 1 : 0);
    const PhaseAccount part{t, at_terminal.y, at_terminal.y2, 0.0};
    walk.accounts[which].add(part);
    const StoreFlow flow = flow_of(s, at_terminal, inner);
    flow.book_in(ledger_);
    if (echo_.open) {
        echo_.accounts[which].add(part);
        echo_.flow.add(flow);
    }
    return flow;
}

StoreFlow CapacitorStore::flow_of(const Segment& s, const Integrals& at_terminal,
                                  const PathIntegrals& inner) const {
    const double t = at_terminal.t;
    StoreFlow flow;
    flow.leakage = -(leak_.b_a * inner.v_dt + leak_.c_s * inner.v2_dt);
    if (params_.esr_ohm > 0.0) {
        const double k = s.alpha - 1.0;
        const double square =
            k * (k * inner.v2_dt + 2.0 * s.beta * inner.v_dt) + s.beta * s.beta * t;
        flow.esr_loss = square / params_.esr_ohm;
        if (s.clipping) {
            const double into = s.beta * (s.beta * t - inner.v_dt) / params_.esr_ohm;
            flow.clipped =
                s.net.a_w * t + s.net.b_a * at_terminal.y + s.net.c_s * at_terminal.y2 - into;
        }
    } else if (s.clipping) {
        flow.clipped = s.inner.power_at(vc_) * t;
    }
    const double from_supply =
        s.supply.a_w * t + s.supply.b_a * at_terminal.y + s.supply.c_s * at_terminal.y2;
    flow.converter_loss = supply_loss(s, at_terminal, from_supply);
    flow.harvested = from_supply - flow.clipped;
    flow.offered = from_supply + flow.converter_loss;
    return flow;
}

void CapacitorStore::book_supply(const Segment& s, const Integrals& i, double from_supply,
                                 double clipped) {
    StoreFlow flow;
    flow.converter_loss = supply_loss(s, i, from_supply);
    flow.clipped = clipped;
    flow.harvested = from_supply - clipped;
    flow.offered = from_supply + flow.converter_loss;
    flow.book_in(ledger_);
}

double CapacitorStore::supply_loss(const Segment& s, const Integrals& i, double from_supply) const {
    const SupplyShape& shape = supply_->shape();
    switch (shape.tag) {
        case SupplyTag::power:
            return shape.efficiency > 0.0 ? from_supply * (1.0 / shape.efficiency - 1.0) : 0.0;
        case SupplyTag::current:
            return x_ * shape.drop_v * i.t;
        case SupplyTag::thevenin:
            return shape.drop_v * (s.supply.b_a * i.t + s.supply.c_s * i.y);
        case SupplyTag::diode_power:
            return x_ * i.t - from_supply;
        case SupplyTag::cells:
            break;
    }
    return s.cell.offered.a_w * i.t + s.cell.offered.b_a * i.y + s.cell.offered.c_s * i.y2 -
           from_supply;
}

}  // namespace ebb
