// SPDX-License-Identifier: Apache-2.0
#include "models/store/reference_store.hpp"

#include "models/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ebb {

namespace {

/// Events of a piece, in the order that decides at equal times: a watch comes first.
enum Event : std::size_t { kFalling, kRising, kCollapse, kDropOut, kDiode, kClip, kFloor };

/// Quadratures of a piece; the shares of the load follow.
enum Flow : std::size_t { kHarvested, kLoss, kClipped, kLeak, kEsr, kShares };

constexpr int kMostStandstills = 1000;

}  // namespace

/// One call of walk(): where in the load it is.
struct ReferenceStore::Walk {
    const Load& load;
    const Watches& watches;
    WalkResult result;
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
        if (next < load.phases.size()) {
            begin_phase(next, 0.0, now);
            return;
        }
        ++result.position.unit;
        for (std::size_t s = 0; s < kSinkCount; ++s) {
            result.done.joules[s] += result.tail.joules[s];
        }
        result.tail.clear();
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
    /// Terminal without the clip.
    [[nodiscard]] double terminal(double t, double v) const {
        bool collapsed = false;
        return node.free_terminal(v, store.supply_x(t), phase, region, collapsed);
    }
    [[nodiscard]] bool collapsed(double t, double v) const {
        bool gone = false;
        (void)node.free_terminal(v, store.supply_x(t), phase, region, gone);
        return gone;
    }
    /// Does an empty capacitor stay empty?
    [[nodiscard]] bool rests_at(double t) const {
        return node
            .region(0.0, store.supply_x(t), store.supply_slope(t), phase,
                    walk.load.drop_out_below_v)
            .empty;
    }
    /// The threshold that ends the piece, if the event is one of the terminal voltage.
    [[nodiscard]] double threshold(std::size_t event, double t) const {
        switch (event) {
            case kFalling:
                return walk.watches.falling_v;
            case kRising:
                return walk.watches.rising_v;
            case kDropOut:
                return walk.load.drop_out_below_v;
            case kDiode:
                return store.supply_x(t) - store.supply_->shape().drop_v;
            case kClip:
                return store.params_.max_v;
            default:
                return std::numeric_limits<double>::quiet_NaN();
        }
    }
};

ReferenceStore::ReferenceStore(const CapacitorParams& params)
    : params_(params), vc_(params.initial_v) {}

void ReferenceStore::reset(const Supply& supply) {
    supply_ = &supply;
    now_ = Time();
    cursor_ = supply.seek(now_);
    vc_ = params_.initial_v;
    ledger_ = Ledger();
    segments_ = 0;
}

double ReferenceStore::supply_x(double ahead_s) const {
    const Supply& s = *supply_;
    const Time end = s.end_of(cursor_);
    if (!s.linear() || end == Time::never()) {
        return s.x()[cursor_.index];
    }
    const Time begin = s.begin_of(cursor_);
    const double share = std::clamp((now_.since(begin) + ahead_s) / end.since(begin), 0.0, 1.0);
    const double* raw = s.raw() + cursor_.index;
    const double sample = (1.0 - share) * raw[0] + share * raw[1];
    const SupplyShape& shape = s.shape();
    return shape.factor * (shape.exponent == 2 ? sample * sample : sample);
}

double ReferenceStore::supply_slope(double ahead_s) const {
    const Supply& s = *supply_;
    const Time end = s.end_of(cursor_);
    if (!s.linear() || end == Time::never()) {
        return 0.0;
    }
    const Time begin = s.begin_of(cursor_);
    const double length = end.since(begin);
    const double* raw = s.raw() + cursor_.index;
    const double per_s = (raw[1] - raw[0]) / length;
    const double sample = raw[0] + per_s * (now_.since(begin) + ahead_s);
    const SupplyShape& shape = s.shape();
    return shape.factor * (shape.exponent == 2 ? 2.0 * sample * per_s : per_s);
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

WalkResult ReferenceStore::walk(const Load& load, const Watches& watches, Time until) {
    Walk walk{load, watches, {}, {}, 0.0, {}, false, 0};
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
    return walk.result;
}

PathProblem ReferenceStore::problem_for(const Piece& piece) const {
    PathProblem p;
    p.capacitance_f = params_.capacitance_f;
    const NodeRegion region = piece.region;
    const SupplyShape& shape = supply_->shape();
    const bool frozen = region.empty || (region.clipped && params_.esr_ohm == 0.0);
    const Terms sum = supply_terms(shape, supply_x(0.0), region.conducts) + -piece.draw().total;
    const bool power = sum.a_w != 0.0 || (supply_->linear() && shape.tag == SupplyTag::power);
    if (frozen) {
        p.drive = [](double, double) { return 0.0; };
    } else if (params_.esr_ohm == 0.0 && power) {
        p.state = PathProblem::State::energy;
        p.drive = [&piece](double t, double v) { return piece.flow(t, v).capacitor_w; };
    } else {
        p.drive = [&piece](double t, double v) { return piece.flow(t, v).capacitor_a; };
    }
    add_flows(piece, p);
    add_events(piece, p);
    return p;
}

void ReferenceStore::add_flows(const Piece& piece, PathProblem& p) {
    p.integrands.emplace_back([&piece](double t, double v) {
        const NodeFlow f = piece.flow(t, v);
        return f.supply_w - f.clipped_w;
    });
    for (double NodeFlow::*part :
         {&NodeFlow::loss_w, &NodeFlow::clipped_w, &NodeFlow::leak_w, &NodeFlow::esr_w}) {
        p.integrands.emplace_back(
            [&piece, part](double t, double v) { return piece.flow(t, v).*part; });
    }
    for (int i = 0; i < piece.draw().count; ++i) {
        p.integrands.emplace_back([&piece, i](double t, double v) {
            const Share& share = piece.draw().shares[static_cast<std::size_t>(i)];
            const double y = piece.flow(t, v).terminal_v;
            return share.drawn.power_at(y) + share.rational.power_at(y);
        });
    }
}

/// Events are positive until they happen; NaN (a watch that is not armed) never does.
void ReferenceStore::add_events(const Piece& piece, PathProblem& p) const {
    const NodeRegion region = piece.region;
    p.events.resize(kFloor + 1, [](double, double) { return 1.0; });
    const auto border = [&](std::size_t event, double sign) {
        p.events[event] = [&piece, event, sign](double t, double v) {
            const double off = sign * (piece.terminal(t, v) - piece.threshold(event, t));
            return std::isnan(off) ? 1.0 : off;
        };
    };
    if (region.empty) {
        p.events[kFloor] = [&piece](double t, double) { return piece.rests_at(t) ? 1.0 : -1.0; };
        return;
    }
    if (region.clipped && params_.esr_ohm == 0.0) {
        p.events[kClip] = [&piece](double t, double v) { return piece.flow(t, v).clipped_w; };
        return;
    }
    if (region.clipped) {
        border(kClip, 1.0);
        return;
    }
    border(kFalling, 1.0);
    border(kRising, -1.0);
    border(kClip, -1.0);
    p.events[kCollapse] = [&piece](double t, double v) {
        return piece.collapsed(t, v) ? -1.0 : 1.0;
    };
    if (piece.walk.load.drop_out_below_v > 0.0) {
        border(kDropOut, region.regulated ? 1.0 : -1.0);
    }
    if (supply_->shape().tag == SupplyTag::thevenin && supply_->shape().diode) {
        border(kDiode, region.conducts ? -1.0 : 1.0);
    }
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
    const PathOutcome outcome = follow_path(problem_for(piece), vc_, limit.since(now_));
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
    const Time reached =
        outcome.end == PathEnd::horizon ? limit : std::min(now_.plus(outcome.t_s), limit);
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
