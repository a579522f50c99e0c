// SPDX-License-Identifier: Apache-2.0
#include "models/store/reference_store.hpp"

#include "models/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace ebb {

namespace {

/// Events of a piece, in the order that decides at equal times: a watch comes first.
enum Event : std::size_t {
    kFalling,
    kRising,
    kCollapse,
    kDropOut,
    kDiode,
    kCellLow,
    kCellHigh,
    kClip,
    kRest,  // beside a curve
    kEvents
};

/// Quadratures of a piece; the shares of the load follow.
enum Flow : std::size_t { kHarvested, kLoss, kClipped, kLeak, kEsr, kShares };

constexpr double kNever = std::numeric_limits<double>::quiet_NaN();
constexpr int kMostStandstills = 1000;
constexpr int kMostHalvings = 200;
constexpr double kShortestStand = 2e-15;  // [s] an end of it moves the clock (time.hpp)

}  // namespace

/// One call of walk(): where in the load it is.
struct ReferenceStore::Walk {
    const Load& load;
    const Watches& watches;
    WalkResult& result;
    Time phase_start;           ///< of the part of the phase that this walk sees
    double phase_base_s = 0.0;  ///< time spent in the phase before
    Time phase_end;
    bool stopped = false;
    int standstills = 0;  ///< pieces without duration in a row

    [[nodiscard]] const LoadPhase& phase() const { return load.phases[result.position.phase]; }
    void begin_phase(std::size_t index, double elapsed_s, Time now) {
        result.position.phase = index;
        phase_start = now;
        phase_base_s = elapsed_s;
        const double left = phase().duration_s - elapsed_s;
        // Longer than any run, or endless: no end that time could hold.
        phase_end = left < 9e9 ? now.plus(std::max(left, 0.0)) : Time::never();
    }
    void stop(Stop why, Time now) {
        result.stop = why;
        result.at = now;
        result.position.elapsed_s = phase_base_s + now.since(phase_start);
        stopped = true;
    }
    void end_phase(Time now) {
        const std::size_t next = result.position.phase + 1;
        if (load.phases[result.position.phase].keep || next == load.phases.size()) {
            result.tail.for_each([this](Sink s, double joules) { result.done[s] += joules; });
            result.tail.clear();
        }
        if (next < load.phases.size()) {
            begin_phase(next, 0.0, now);
            return;
        }
        ++result.position.unit;
        begin_phase(0, 0.0, now);
        if (result.position.unit >= load.count) {
            stop(Stop::load_done, now);
        }
    }
};

/// One stretch within a sample, a phase and a region.
struct ReferenceStore::Piece {
    const ReferenceStore& store;
    const Walk& walk;
    ReferenceNode node;
    const LoadPhase& phase;
    NodeRegion region;

    [[nodiscard]] const Draw& draw() const {
        return region.regulated ? phase.regulated : phase.drop_out;
    }
    [[nodiscard]] NodeFlow flow(double t, double v) const {
        return node.flow(v, store.supply_x(t), phase, region);
    }
    /// Vc stands still: held at 0 V, or at the clip without a series resistance.
    [[nodiscard]] bool frozen() const {
        return region.empty || (region.clipped && store.params_.esr_ohm == 0.0);
    }
    /// Beside a curve: what moves the state, less what is too little to move it.
    [[nodiscard]] double off_rest(const NodeFlow& f) const {
        const double y = f.terminal_v;
        if (y <= 0.0 && f.capacitor_w != 0.0) {
            return std::fabs(f.capacitor_w);  // a power at 0 V, whose current has no number
        }
        const double through_a =
            y > 0.0 ? (std::fabs(f.supply_w) + f.load_w) / y : std::fabs(f.capacitor_a);
        const double most_a = std::fmax(region.cell.curve->at(0.0).current_a, 0.0);
        return std::fabs(f.capacitor_a) - kRests * (most_a + through_a);
    }
    [[nodiscard]] bool rests(double v) const {
        return region.cell.curve && off_rest(flow(0.0, v)) <= 0.0;
    }
    /// Does a frozen state last?
    [[nodiscard]] bool lasts(double t, double v) const {
        if (!region.empty) {
            return flow(t, v).clipped_w >= 0.0;
        }
        return node
            .region(0.0, store.supply_x(t), store.supply_slope(t), phase,
                    walk.load.drop_out_below_v)
            .empty;
    }
    /// Quadratures at one instant.
    void integrands(const NodeFlow& f, std::array<double, PathRates::kMost>& out) const {
        out[kHarvested] = f.supply_w - f.clipped_w;
        out[kLoss] = f.loss_w;
        out[kClipped] = f.clipped_w;
        out[kLeak] = f.leak_w;
        out[kEsr] = f.esr_w;
        for (int i = 0; i < draw().count; ++i) {
            const auto at = static_cast<std::size_t>(i);
            const Share& share = draw().shares[at];
            out[kShares + at] =
                share.drawn.power_at(f.terminal_v) + share.rational.power_at(f.terminal_v);
        }
    }
    /// Positive until the event happens; NaN (a watch that is not armed) never does.
    [[nodiscard]] double distance(std::size_t event, double y, bool collapsed, double t) const {
        if (event == kCollapse) {
            return collapsed ? -1.0 : 1.0;
        }
        if (region.clipped && event != kClip) {
            return 1.0;  // the terminal is held: only its release counts
        }
        bool falling = event == kFalling || event == kCellLow;
        if (event == kDropOut) {
            falling = region.regulated;
        } else if (event == kDiode) {
            falling = !region.conducts;
        } else if (event == kClip) {
            falling = region.clipped;
        }
        const double off = y - threshold(event, t);
        return std::isnan(off) ? 1.0 : (falling ? off : -off);
    }
    /// The threshold that ends the piece, if the event is one of the terminal voltage.
    [[nodiscard]] double threshold(std::size_t event, double t) const {
        switch (event) {
            case kFalling:
                return walk.watches.falling_v;
            case kRising:
                return walk.watches.rising_v;
            case kDropOut:
                return walk.load.drop_out_below_v > 0.0 ? walk.load.drop_out_below_v : kNever;
            case kDiode: {
                const SupplyShape& shape = store.supply_->shape();
                const bool diode = shape.tag == SupplyTag::thevenin && shape.diode;
                return diode ? store.supply_x(t) - shape.drop_v : kNever;
            }
            case kCellLow:
                return region.cell.low_v > 0.0 ? region.cell.low_v : kNever;
            case kCellHigh:
                return std::isfinite(region.cell.high_v) ? region.cell.high_v : kNever;
            case kClip:
                return store.params_.max_v;
            default:
                return kNever;
        }
    }
};

ReferenceStore::ReferenceStore(const CapacitorParams& params)
    : params_(params), own_f_(params.capacitance_f), vc_(params.initial_v) {}

void ReferenceStore::reset(const Supply& supply) {
    supply_ = &supply;
    now_ = Time();
    cursor_ = supply.seek(now_);
    params_.capacitance_f = own_f_ + (hung_.joined ? hung_.capacitance_f : 0.0);
    vc_ = params_.initial_v;
    ledger_ = Ledger();
    segments_ = 0;
}

void ReferenceStore::feed_from(const Supply& supply) {
    supply_ = &supply;
    cursor_ = supply.seek(now_);
}

double ReferenceStore::terminal_v(const Draw& draw) const {
    LoadPhase phase;
    phase.regulated = draw;
    phase.drop_out = draw;
    const double x = supply_x(0.0);
    const NodeRegion region = node().region(vc_, x, supply_slope(0.0), phase, 0.0);
    bool collapsed = false;
    return region.clipped ? params_.max_v : node().free_terminal(vc_, x, phase, region, collapsed);
}

const WalkResult& ReferenceStore::walk(const Load& load, const Watches& watches, Time until) {
    result_ = WalkResult{};
    Walk walk{load, watches, result_, {}, 0.0, {}, false, 0};
    walk.begin_phase(load.first_phase, load.first_elapsed_s, now_);
    while (!walk.stopped) {
        while (now_ >= supply_->end_of(cursor_) && supply_->advance(cursor_)) {
        }
        const double x = supply_x(0.0);
        const NodeRegion region =
            node().region(vc_, x, supply_slope(0.0), walk.phase(), load.drop_out_below_v);
        bool collapsed = false;
        const double y = region.clipped
                             ? params_.max_v
                             : node().free_terminal(vc_, x, walk.phase(), region, collapsed);
        if (y <= watches.falling_v || (collapsed && !std::isnan(watches.falling_v))) {
            walk.stop(Stop::falling, now_);
        } else if (collapsed) {
            throw Defect("the terminal collapsed under a power load and no brown-out is armed");
        } else if (y >= watches.rising_v) {
            walk.stop(Stop::rising, now_);
        } else if (now_ >= walk.phase_end) {
            walk.end_phase(now_);
        } else if (now_ >= until) {
            walk.stop(Stop::until, now_);
        } else {
            follow(walk, std::min({walk.phase_end, until, supply_->end_of(cursor_)}));
        }
    }
    return result_;
}

/// Seconds from now until the present straight line of samples crosses zero; negative: not ahead.
double ReferenceStore::supply_turn() const {
    const Supply& s = *supply_;
    const Time end = s.end_of(cursor_);
    if (!s.linear() || s.shape().exponent != 2 || end == Time::never()) {
        return -1.0;
    }
    const double* raw = s.raw() + cursor_.index;
    const Time begin = s.begin_of(cursor_);
    return raw[0] * raw[1] < 0.0 ? end.since(begin) * raw[0] / (raw[0] - raw[1]) - now_.since(begin)
                                 : -1.0;
}

PathOutcome ReferenceStore::integrate(const Piece& piece, double horizon_s) const {
    const SupplyShape& shape = supply_->shape();
    const Terms supply = shape.tag == SupplyTag::cells
                             ? piece.region.cell.into
                             : supply_terms(shape, supply_x(0.0), piece.region.conducts);
    const Terms sum = supply + -piece.draw().total;
    const bool power = sum.a_w != 0.0 || (supply_->linear() && shape.tag == SupplyTag::power);
    const bool energy = params_.esr_ohm == 0.0 && power;
    PathProblem p;
    p.state = energy ? PathProblem::State::energy : PathProblem::State::voltage;
    p.capacitance_f = params_.capacitance_f;
    p.integrands = kShares + static_cast<std::size_t>(piece.draw().count);
    p.events = kEvents;
    // A clipped terminal: the path is that of the gap between Vc and the clip.
    const bool clipped = piece.region.clipped;
    const double max = params_.max_v;
    p.rates = [this, &piece, energy, clipped, max](double t, double state, PathRates& out) {
        const double v = clipped ? max - state : state;
        const double gap = clipped ? state : max - v;
        const NodeFlow f = piece.node.flow(v, gap, supply_x(t), piece.phase, piece.region);
        out.drive = energy ? f.capacitor_w : clipped ? -f.capacitor_a : f.capacitor_a;
        piece.integrands(f, out.integrands);
    };
    p.watch = [this, &piece, clipped, max](double t, double state, PathEvents& out) {
        const double v = clipped ? max - state : state;
        bool collapsed = false;
        const double y =
            piece.node.free_terminal(v, supply_x(t), piece.phase, piece.region, collapsed);
        for (std::size_t event = 0; event < kEvents; ++event) {
            out[event] = piece.distance(event, y, collapsed, t);
        }
        if (piece.region.cell.curve) {
            const double gap = clipped ? state : max - v;
            out[kRest] =
                piece.off_rest(piece.node.flow(v, gap, supply_x(t), piece.phase, piece.region));
        }
    };
    PathOutcome outcome = follow_path(p, clipped ? max - vc_ : vc_, horizon_s);
    if (clipped) {
        outcome.v = max - outcome.v;
    }
    if (outcome.end == PathEnd::event && outcome.event == kRest) {
        const PathOutcome still = rest(piece, outcome.v, std::max(horizon_s - outcome.t_s, 0.0));
        for (std::size_t i = 0; i < outcome.integrals.size(); ++i) {
            outcome.integrals[i] += still.integrals[i];
        }
        outcome.end = PathEnd::horizon;
        outcome.t_s = horizon_s;
    }
    return outcome;
}

/// x' = 0: nothing to integrate but flows that are affine in the supply's value, and that is at
/// most a parabola in time: Simpson's rule is exact. The end, if there is one, by halving.
PathOutcome ReferenceStore::stand(const Piece& piece, double horizon_s) const {
    PathOutcome outcome;
    outcome.v = vc_;
    outcome.t_s = horizon_s;
    double last = horizon_s;
    // A parabola that touches zero inside is lowest there.
    const double turn = supply_turn();
    if (turn > 0.0 && turn < last && !piece.lasts(turn, vc_)) {
        last = turn;
    }
    if (supply_->linear() && !piece.lasts(last, vc_)) {
        double first = 0.0;
        for (int i = 0; i < kMostHalvings; ++i) {
            const double middle = 0.5 * (first + last);
            if (!(middle > first && middle < last)) {
                break;
            }
            (piece.lasts(middle, vc_) ? first : last) = middle;
        }
        outcome.end = PathEnd::event;
        outcome.event = kEvents;
        outcome.t_s = std::min(std::max(last, kShortestStand), horizon_s);
    }
    const double t = outcome.t_s;
    for (const auto& [at, weight] :
         {std::pair{0.0, t / 6.0}, std::pair{0.5 * t, t / 1.5}, std::pair{t, t / 6.0}}) {
        std::array<double, PathRates::kMost> flows{};
        piece.integrands(piece.flow(at, vc_), flows);
        for (std::size_t i = 0; i < flows.size(); ++i) {
            outcome.integrals[i] += weight * flows[i];
        }
    }
    return outcome;
}

/// Flows beside a curve that are even: what is drawn is what the source gives.
PathOutcome ReferenceStore::rest(const Piece& piece, double v, double horizon_s) const {
    PathOutcome outcome;
    outcome.v = v;
    outcome.t_s = horizon_s;
    const NodeFlow f = piece.flow(0.0, v);
    piece.integrands(f, outcome.integrals);
    const double leak_a = v > 0.0 ? f.leak_w / v : 0.0;
    outcome.integrals[kEsr] = params_.esr_ohm * leak_a * leak_a;
    const double used_w = f.load_w + f.leak_w + outcome.integrals[kEsr];
    outcome.integrals[kHarvested] = used_w;
    outcome.integrals[kClipped] = piece.region.clipped ? f.supply_w - used_w : 0.0;
    outcome.integrals[kLoss] = f.supply_w + f.loss_w - used_w - outcome.integrals[kClipped];
    for (double& flow : outcome.integrals) {
        flow *= horizon_s;
    }
    return outcome;
}

/// Follows the state to `limit` or to the first border of a region, whichever comes first.
void ReferenceStore::follow(Walk& walk, Time limit) {
    const double x = supply_x(0.0);
    const NodeRegion region =
        node().region(vc_, x, supply_slope(0.0), walk.phase(), walk.load.drop_out_below_v);
    const Piece piece{*this, walk, node(), walk.phase(), region};
    if (region.clipped && params_.esr_ohm == 0.0) {
        vc_ = params_.max_v;
    }
    if (observer_ != nullptr && params_.esr_ohm > 0.0) {  // where a step of the load has put it
        const NodeFlow first = piece.flow(0.0, vc_);
        observer_->point(now_, first.terminal_v, first.supply_w - first.clipped_w, first.load_w);
    }
    const double horizon_s = limit.since(now_);
    const PathOutcome outcome = piece.frozen()     ? stand(piece, horizon_s)
                                : piece.rests(vc_) ? rest(piece, vc_, horizon_s)
                                                   : integrate(piece, horizon_s);
    book(walk, piece, outcome);
    ++segments_;
    vc_ = outcome.v;
    if (outcome.end == PathEnd::event) {
        const double threshold = piece.threshold(outcome.event, outcome.t_s);
        if (!std::isnan(threshold) && !region.clipped) {
            vc_ = piece.node.inner_for(threshold, supply_x(outcome.t_s), piece.phase, region);
        }
    }
    NodeFlow last;
    if (observer_ != nullptr) {
        last = piece.flow(outcome.t_s, vc_);
    }
    const Time reached = outcome.t_s >= horizon_s ? limit : std::min(now_.plus(outcome.t_s), limit);
    walk.standstills = reached > now_ ? 0 : walk.standstills + 1;
    if (walk.standstills > kMostStandstills) {
        throw Defect("the reference store stands still between two regions");
    }
    now_ = reached;
    if (observer_ != nullptr) {
        observer_->point(now_, last.terminal_v, last.supply_w - last.clipped_w, last.load_w);
    }
    if (outcome.end == PathEnd::event && outcome.event <= kCollapse) {
        if (outcome.event == kCollapse && std::isnan(walk.watches.falling_v)) {
            throw Defect("the terminal collapsed under a power load and no brown-out is armed");
        }
        walk.stop(outcome.event == kRising ? Stop::rising : Stop::falling, now_);
    }
}

void ReferenceStore::book(Walk& walk, const Piece& piece, const PathOutcome& outcome) {
    const auto& joules = outcome.integrals;
    ledger_.add_offered(joules[kHarvested] + joules[kLoss] + joules[kClipped]);
    ledger_.add_harvested(joules[kHarvested]);
    ledger_.add_converter_loss(joules[kLoss]);
    ledger_.add_clipped(joules[kClipped]);
    ledger_.add(Sink::leakage, joules[kLeak]);
    ledger_.add(Sink::esr_loss, joules[kEsr]);
    for (int i = 0; i < piece.draw().count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        walk.result.tail[piece.draw().shares[at].sink] += joules[kShares + at];
    }
}

}  // namespace ebb
