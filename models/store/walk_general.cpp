// SPDX-License-Identifier: Apache-2.0
/// Segments outside the quadratic law: constant power through an ESR, a diode or a drop-out, and
/// straight-line traces. Integrated under error control with the ledger's integrands carried along
/// (general_law); thresholds, the diode's edge, the clip, the floor and a collapse of the terminal
/// are events.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "models/core/general_law.hpp"
#include "models/store/capacitor_walk.hpp"

namespace ebb {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

enum Flow : std::size_t { kY, kY2, kRational, kSupply, kLoss, kClipped, kV, kV2, kSquare };

}  // namespace

/// An integration and what its events mean, in the order of their rank at one instant.
struct CapacitorStore::Path {
    struct Meaning {
        Stop watch = Stop::until;
        double terminal_v = kNone;  ///< where the event puts the terminal
        bool edge = false;          ///< of the diode: where the source is then
    };
    PathProblem problem;
    std::vector<Meaning> meaning;
    void add(const Meaning& what, PathFunction positive_until) {
        meaning.push_back(what);
        problem.events.push_back(std::move(positive_until));
    }
};

/// The supply's value inside the present sample, `t` seconds after now.
double CapacitorStore::value_at(double t) const noexcept {
    if (!supply_->linear()) {
        return x_;
    }
    const Time begin = supply_->begin_of(cursor_);
    if (sample_end_ == Time::never()) {
        return x_;
    }
    const double length = sample_end_.since(begin);
    // Never outside the two samples: a line that ends at 0 must not dip below by rounding.
    const double share = std::min((now_.since(begin) + t) / length, 1.0);
    const double* const raw = supply_->raw() + cursor_.index;
    const double sample = raw[0] * (1.0 - share) + raw[1] * share;
    const SupplyShape& shape = supply_->shape();
    return shape.factor * (shape.exponent == 2 ? sample * sample : sample);
}

/// Everything at the node when the inner voltage is v and the supply's value is x.
CapacitorStore::Node CapacitorStore::node_at(const Segment& s, double x, double v) const {
    Node n;
    n.x = x;
    if (s.empty) {
        n.x = 0.0;  // nothing flows, nothing is offered
        return n;
    }
    const SupplyShape& shape = supply_->shape();
    const Terms supply = supply_terms(shape, x, s.conducts);
    const RationalTerm in{shape.tag == SupplyTag::diode_power ? x : 0.0, shape.drop_v};
    const Terms net = supply + -s.draw->total;
    const double r = params_.esr_ohm;
    n.y = s.clipping ? params_.max_v : terminal_of(v, r, net, in, s.draw->rational, n.collapsed);
    n.supply_w = supply.power_at(n.y) + in.power_at(n.y);
    n.supply_a = supply.b_a + supply.c_s * n.y;
    n.load_w = s.draw->total.power_at(n.y) + s.draw->rational.power_at(n.y);
    n.current_a =
        s.clipping && r > 0.0 ? (n.y - v) / r : current_of(v, n.y, r, net, in, s.draw->rational);
    const double surplus_w = n.supply_w - n.load_w;
    if (s.clipping) {
        n.clipped_w = surplus_w - (r > 0.0 ? n.y * n.current_a : -leak_.power_at(v));
    }
    n.into_w = r > 0.0 ? v * n.current_a : surplus_w;
    return n;
}

double CapacitorStore::loss_w(const Node& n) const noexcept {
    const SupplyShape& shape = supply_->shape();
    switch (shape.tag) {
        case SupplyTag::power:
            return shape.efficiency > 0.0 ? n.supply_w * (1.0 / shape.efficiency - 1.0) : 0.0;
        case SupplyTag::current:
            return n.x * shape.drop_v;
        case SupplyTag::thevenin:
            return shape.drop_v * n.supply_a;
        case SupplyTag::diode_power:
            return n.x - n.supply_w;
    }
    return 0.0;
}

/// Inner voltage that gives a terminal voltage.
double CapacitorStore::inner_for(const Segment& s, double y, double x) const noexcept {
    const double r = params_.esr_ohm;
    if (r == 0.0) {
        return y;
    }
    const SupplyShape& shape = supply_->shape();
    const RationalTerm in{shape.tag == SupplyTag::diode_power ? x : 0.0, shape.drop_v};
    const Terms net = supply_terms(shape, x, s.conducts) + -s.draw->total;
    return std::max(y - r * current_of(0.0, y, r, net, in, s.draw->rational), 0.0);
}

/// A power is singular in V at 0 and regular in E; a current is the other way round.
void CapacitorStore::add_drive(const Segment& s, Path& path) const {
    PathProblem& p = path.problem;
    p.capacitance_f = params_.capacitance_f;
    const bool power = params_.esr_ohm == 0.0 &&
                       (supply_->shape().tag == SupplyTag::power || s.draw->total.a_w != 0.0);
    if (s.empty || (s.clipping && params_.esr_ohm == 0.0)) {
        p.drive = [](double, double) { return 0.0; };
    } else if (power) {
        p.state = PathProblem::State::energy;
        p.drive = [this, &s](double t, double v) {
            return node_at(s, value_at(t), v).into_w + leak_.power_at(v);
        };
    } else {
        p.drive = [this, &s](double t, double v) {
            return node_at(s, value_at(t), v).current_a + leak_.b_a + leak_.c_s * v;
        };
    }
}

void CapacitorStore::add_flows(const Segment& s, Path& path) const {
    const auto node = [this, &s](double t, double v) { return node_at(s, value_at(t), v); };
    const auto square = [](double x) { return x * x; };
    const RationalTerm out = s.draw->rational;
    path.problem.integrands = {
        [=](double t, double v) { return node(t, v).y; },
        [=](double t, double v) { return square(node(t, v).y); },
        [=](double t, double v) {
            return out.power_w != 0.0 ? out.power_at(node(t, v).y) / out.power_w : 0.0;
        },
        [=](double t, double v) { return node(t, v).supply_w; },
        [=](double t, double v) { return loss_w(node(t, v)); },
        [=](double t, double v) { return node(t, v).clipped_w; },
        [](double, double v) { return v; },
        [=](double, double v) { return square(v); },
        [=](double t, double v) { return square(node(t, v).current_a); },
    };
}

void CapacitorStore::add_events(const Walk& walk, const Segment& s, Path& path) const {
    const auto y = [this, &s](double t, double v) { return node_at(s, value_at(t), v).y; };
    const double falling = walk.watches.falling_v;
    const double rising = walk.watches.rising_v;
    const double border = walk.load.drop_out_below_v;
    if (!std::isnan(falling)) {
        path.add({Stop::falling, falling}, [=](double t, double v) { return y(t, v) - falling; });
    }
    if (!std::isnan(rising)) {
        path.add({Stop::rising, rising}, [=](double t, double v) { return rising - y(t, v); });
    }
    if (params_.esr_ohm > 0.0 && (s.draw->total.a_w > 0.0 || s.draw->rational.power_w > 0.0)) {
        path.add({Stop::falling}, [this, &s](double t, double v) {
            return node_at(s, value_at(t), v).collapsed ? -1.0 : 1.0;
        });
    }
    if (border > 0.0) {
        const double side = s.below_drop_out ? 1.0 : -1.0;
        path.add({Stop::until, border},
                 [=](double t, double v) { return side * (border - y(t, v)); });
    }
    const double max = params_.max_v;
    path.add({Stop::until, max}, [=](double t, double v) { return max - y(t, v); });
}

/// What ends a clip or a rest at 0 V, and where the diode switches.
void CapacitorStore::add_region_events(const Segment& s, Path& path) const {
    if (s.empty) {
        path.add({}, [this, &s](double t, double) {
            bool tie = false;
            return rests(s, value_at(t), tie) ? 1.0 : -1.0;
        });
    } else if (s.clipping && params_.esr_ohm == 0.0) {
        path.add({},
                 [this, &s](double t, double v) { return node_at(s, value_at(t), v).clipped_w; });
    } else if (s.clipping) {
        path.add({}, [this, s](double t, double v) {
            Segment free = s;
            free.clipping = false;
            return node_at(free, value_at(t), v).y - params_.max_v;
        });
    }
    if (supply_->shape().diode) {
        const double side = s.conducts ? 1.0 : -1.0;
        path.add({Stop::until, kNone, !s.empty && !s.clipping}, [=, &s](double t, double v) {
            const double x = value_at(t);
            return side * (x - supply_->shape().drop_v - node_at(s, x, v).y);
        });
    }
}

/// Inner voltage t seconds after it was v, `from_s` after now; for timelines.
double CapacitorStore::general_after(const Segment& s, double from_s, double v, double t) const {
    Path path;
    add_drive(s, path);
    path.problem.drive = [drive = path.problem.drive, from_s](double ahead_s, double inner_v) {
        return drive(from_s + ahead_s, inner_v);
    };
    return follow_path(path.problem, v, t).v;
}

/// Integrates to `limit` or to the first event. Returns true if an event came first.
bool CapacitorStore::step_general(Walk& walk, const Segment& s, Time limit) {
    Path path;
    add_drive(s, path);
    add_flows(s, path);
    if (!s.empty && !s.clipping) {
        add_events(walk, s, path);
    }
    add_region_events(s, path);
    const PathOutcome out = follow_path(path.problem, vc_, limit.since(now_));

    PhaseAccount& account =
        walk.accounts[2 * walk.result.position.phase + (s.below_drop_out ? 1 : 0)];
    const auto& sum = out.integrals;
    if (!s.empty) {
        account.t += out.t_s;
    }
    account.y += sum[kY];
    account.y2 += sum[kY2];
    account.rational += sum[kRational];
    ledger_.add(Sink::leakage, -(leak_.b_a * sum[kV] + leak_.c_s * sum[kV2]));
    ledger_.add(Sink::esr_loss, params_.esr_ohm * sum[kSquare]);
    ledger_.add_harvested(sum[kSupply] - sum[kClipped]);
    ledger_.add_clipped(sum[kClipped]);
    ledger_.add_converter_loss(sum[kLoss]);
    ledger_.add_offered(sum[kSupply] + sum[kLoss]);

    vc_ = out.v;
    if (out.end == PathEnd::horizon) {
        return false;
    }
    Path::Meaning what;
    if (out.end == PathEnd::event) {
        what = path.meaning[out.event];
        const double x = value_at(out.t_s);
        const double y = what.edge ? x - supply_->shape().drop_v : what.terminal_v;
        if (!std::isnan(y)) {
            vc_ = inner_for(s, y, x);
        }
    }
    now_ = std::min(now_.plus(out.t_s), limit);
    if (what.watch != Stop::until) {
        walk.stop(what.watch, now_);
    }
    return true;
}

}  // namespace ebb
