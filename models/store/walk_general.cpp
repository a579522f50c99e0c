// SPDX-License-Identifier: Apache-2.0
/// Segments outside the quadratic law: constant power through an ESR, a diode or a drop-out, and
/// straight-line traces. Integrated under error control with the ledger's integrands carried along
/// (general_law); thresholds, the diode's edge, the clip, the floor and a collapse of the terminal
/// are events.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "models/core/general_law.hpp"
#include "models/store/capacitor_walk.hpp"

namespace ebb {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

constexpr int kMostHalvings = 200;
/// [s] Twice what Time tells apart: a standstill that ends sooner would not move the clock.
constexpr double kShortestRest = 2e-15;

enum Flow : std::size_t { kY, kY2, kRational, kSupply, kLoss, kClipped, kV, kV2, kSquare, kFlows };

}  // namespace

/// What may end an integration, in the order of rank at one instant.
struct CapacitorStore::Path {
    enum class What : unsigned char {
        falling,
        rising,
        collapse,
        border,
        clip,
        unclip,
        edge,
        cell_low,
        cell_high
    };
    std::array<What, 9> what{};
    std::size_t count = 0;
    void add(What event) { what[count++] = event; }
    static double threshold(const CapacitorStore& store, const Walk& walk, const Segment& s,
                            What what, double x);
    static double distance(const CapacitorStore& store, const Walk& walk, const Segment& segment,
                           What what, const Node& node);
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

/// Everything at the node when the inner voltage is v and the supply's value is x. `gap`: how far v
/// is below the clip; behind a small resistance v itself is too coarse a number for the current.
CapacitorStore::Node CapacitorStore::node_at(const Segment& s, double x, double v,
                                             double gap) const {
    Node n;
    n.x = x;
    if (s.empty) {
        n.x = 0.0;  // nothing flows, nothing is offered
        return n;
    }
    const Terms supply = supply_of(s, x);
    const SupplyExtra in = extra_of(s.cell, x);
    const Terms net = supply + -s.draw->total;
    const double r = params_.esr_ohm;
    n.y = s.clipping ? params_.max_v : terminal_of(v, r, net, in, s.draw->rational, n.collapsed);
    n.supply_w = supply.power_at(n.y) + in.power(n.y);
    n.supply_a = supply.b_a + supply.c_s * n.y;
    n.load_w = s.draw->total.power_at(n.y) + s.draw->rational.power_at(n.y);
    n.current_a =
        s.clipping && r > 0.0 ? gap / r : current_of(v, n.y, r, net, in, s.draw->rational);
    const double surplus_w = n.supply_w - n.load_w;
    if (s.clipping) {
        n.clipped_w = surplus_w - (r > 0.0 ? n.y * n.current_a : -leak_.power_at(v));
    }
    n.into_w = r > 0.0 ? v * n.current_a : surplus_w;
    return n;
}

double CapacitorStore::loss_w(const Segment& s, const Node& n) const noexcept {
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
        case SupplyTag::cells:
            return s.cell.offered_at(n.y) - n.supply_w;
    }
    return 0.0;
}

/// Inner voltage that gives a terminal voltage.
double CapacitorStore::inner_for(const Segment& s, double y, double x) const noexcept {
    const double r = params_.esr_ohm;
    if (r == 0.0) {
        return y;
    }
    const SupplyExtra in = extra_of(s.cell, x);
    const Terms net = supply_of(s, x) + -s.draw->total;
    return std::max(y - r * current_of(0.0, y, r, net, in, s.draw->rational), 0.0);
}

/// What ends the segment apart from its limit. A clip or a rest at 0 V without a series resistance
/// is no path: step_frozen().
CapacitorStore::Path CapacitorStore::events_of(const Walk& walk, const Segment& s) const {
    using What = Path::What;
    Path path;
    if (s.clipping) {
        path.add(What::unclip);
        return path;
    }
    if (!std::isnan(walk.watches.falling_v)) {
        path.add(What::falling);
    }
    if (!std::isnan(walk.watches.rising_v)) {
        path.add(What::rising);
    }
    if (params_.esr_ohm > 0.0) {
        path.add(What::collapse);
    }
    if (walk.load.drop_out_below_v > 0.0) {
        path.add(What::border);
    }
    path.add(What::clip);
    if (supply_->shape().diode) {
        path.add(What::edge);
    }
    if (supply_->shape().tag == SupplyTag::cells) {
        path.add(What::cell_low);
        path.add(What::cell_high);
    }
    return path;
}

/// Terminal voltage where an event lies; NaN: it is none of the terminal.
double CapacitorStore::Path::threshold(const CapacitorStore& store, const Walk& walk,
                                       const Segment& s, What what, double x) {
    switch (what) {
        case What::falling:
            return walk.watches.falling_v;
        case What::rising:
            return walk.watches.rising_v;
        case What::border:
            return walk.load.drop_out_below_v;
        case What::clip:
            return store.params_.max_v;
        case What::edge:
            return x - store.supply_->shape().drop_v;
        case What::cell_low:
            return s.cell.low_v;
        case What::cell_high:
            return s.cell.high_v;
        case What::collapse:
        case What::unclip:
            break;
    }
    return kNone;
}

/// Positive until the event happens.
double CapacitorStore::Path::distance(const CapacitorStore& store, const Walk& walk,
                                      const Segment& s, What what, const Node& n) {
    const double above = n.y - threshold(store, walk, s, what, n.x);
    switch (what) {
        case What::falling:
        case What::cell_low:
            return above;
        case What::border:
            return s.below_drop_out ? -above : above;
        case What::edge:
            return s.conducts ? -above : above;
        case What::collapse:
            return n.collapsed ? -1.0 : 1.0;
        case What::unclip:
            return n.y - store.params_.max_v;
        case What::rising:
        case What::clip:
        case What::cell_high:
            break;
    }
    return -above;
}

/// Integrands in the order of Flow.
void CapacitorStore::flows_at(const Segment& s, const Node& n, double v, double* flow) const {
    flow[kY] = n.y;
    flow[kY2] = n.y * n.y;
    flow[kRational] =
        s.draw->rational.power_w != 0.0 ? n.y / (n.y + s.draw->rational.shift_v) : 0.0;
    flow[kSupply] = n.supply_w;
    flow[kLoss] = loss_w(s, n);
    flow[kClipped] = n.clipped_w;
    flow[kV] = v;
    flow[kV2] = v * v;
    // Without a series resistance a power is an endless current at 0 V, and nobody asks for it.
    flow[kSquare] = params_.esr_ohm > 0.0 ? n.current_a * n.current_a : 0.0;
}

void CapacitorStore::book_path(Walk& walk, const Segment& s, double t, const double* sum) {
    PhaseAccount& account =
        walk.accounts[2 * walk.result.position.phase + (s.below_drop_out ? 1 : 0)];
    account.t += t;
    account.y += sum[kY];
    account.y2 += sum[kY2];
    account.rational += sum[kRational];
    ledger_.add(Sink::leakage, -(leak_.b_a * sum[kV] + leak_.c_s * sum[kV2]));
    ledger_.add(Sink::esr_loss, params_.esr_ohm * sum[kSquare]);
    ledger_.add_harvested(sum[kSupply] - sum[kClipped]);
    ledger_.add_clipped(sum[kClipped]);
    ledger_.add_converter_loss(sum[kLoss]);
    ledger_.add_offered(sum[kSupply] + sum[kLoss]);
}

/// A state that stands still, at the clip or at 0 V, under a supply that moves. The supply's value
/// is at most a parabola in time and every flow is affine in it: Simpson's rule is exact. Within a
/// sample the value never exceeds the larger of its ends, and turns at most once, at zero.
bool CapacitorStore::step_frozen(Walk& walk, const Segment& s, Time limit) {
    const auto leaves = [&](double t) {
        const double x = value_at(t);
        return s.empty ? inflow_at_zero(s, x) > kTie : node_at(s, x, vc_, 0.0).clipped_w < 0.0;
    };
    const double whole = limit.since(now_);
    double t = whole;
    bool crossed = false;
    if (supply_->linear() && sample_end_ != Time::never()) {
        double last = whole;
        const double* const raw = supply_->raw() + cursor_.index;
        if (!s.empty && supply_->shape().exponent == 2 && raw[0] * raw[1] < 0.0) {
            const Time begin = supply_->begin_of(cursor_);
            const double zero =
                sample_end_.since(begin) * (raw[0] / (raw[0] - raw[1])) - now_.since(begin);
            if (zero > 0.0 && zero < whole && leaves(zero)) {
                last = zero;
            }
        }
        if (leaves(last)) {
            crossed = true;
            double before = 0.0;
            for (int i = 0; i < kMostHalvings && before < last; ++i) {
                const double middle = 0.5 * (before + last);
                if (middle == before || middle == last) {
                    break;
                }
                (leaves(middle) ? last : before) = middle;
            }
            t = std::min(std::max(last, kShortestRest), whole);
        }
    }
    if (!s.empty) {
        std::array<double, kFlows> sum{};
        for (const auto& [at, weight] :
             {std::pair{0.0, t / 6.0}, std::pair{0.5 * t, t / 1.5}, std::pair{t, t / 6.0}}) {
            std::array<double, kFlows> flow{};
            flows_at(s, node_at(s, value_at(at), vc_, 0.0), vc_, flow.data());
            for (std::size_t i = 0; i < kFlows; ++i) {
                sum[i] += weight * flow[i];
            }
        }
        book_path(walk, s, t, sum.data());
    }
    if (crossed) {
        now_ = t < whole ? std::min(now_.plus(t), limit) : limit;
    }
    return crossed;
}

/// What moves the state beside a curve, less what is too little to move it.
double CapacitorStore::off_rest(const Segment& s, const Node& n, double v) const {
    const double leak_a = leak_.b_a + leak_.c_s * v;
    const double gross_a =
        s.in.most_a() + (n.y > 0.0 ? (std::fabs(n.supply_w) + n.load_w) / n.y : 0.0) - leak_a;
    return std::fabs(n.current_a + leak_a) - kRests * gross_a;
}

/// The flows beside a curve are even: the store only passes on what is drawn.
void CapacitorStore::stand(Walk& walk, const Segment& s, Time limit) {
    const double t = limit.since(now_);
    Node n = node_at(s, x_, vc_, params_.max_v - vc_);
    const double offered_w = n.supply_w + loss_w(s, n);
    n.current_a = -(leak_.b_a + leak_.c_s * vc_);
    const double used_w =
        n.load_w - leak_.power_at(vc_) + params_.esr_ohm * n.current_a * n.current_a;
    std::array<double, kFlows> sum{};
    flows_at(s, n, vc_, sum.data());
    sum[kClipped] = s.clipping ? n.supply_w - used_w : 0.0;
    sum[kSupply] = used_w + sum[kClipped];
    sum[kLoss] = offered_w - sum[kSupply];
    for (double& flow : sum) {
        flow *= t;
    }
    book_path(walk, s, t, sum.data());
}

/// A power is singular in V at 0 and regular in E; a current is the other way round.
PathProblem::State CapacitorStore::state_of(const Segment& s) const {
    const bool energy = params_.esr_ohm == 0.0 && (supply_->shape().tag == SupplyTag::power ||
                                                   s.supply.a_w != 0.0 || s.draw->total.a_w != 0.0);
    return energy ? PathProblem::State::energy : PathProblem::State::voltage;
}

/// What moves the path's state: the energy, the voltage, or at a clip the gap below it.
double CapacitorStore::drive_of(const Segment& s, const Node& n, double v) const {
    if (state_of(s) == PathProblem::State::energy) {
        return n.into_w + leak_.power_at(v);
    }
    const double charging_a = n.current_a + leak_.b_a + leak_.c_s * v;
    return s.clipping ? -charging_a : charging_a;
}

/// Inner voltage t seconds after it was v, `from_s` after now; for timelines.
double CapacitorStore::general_after(const Segment& s, double from_s, double v, double t) const {
    const double max = params_.max_v;
    PathProblem p;
    p.capacitance_f = params_.capacitance_f;
    p.state = state_of(s);
    p.rates = [&](double ahead_s, double state_v, PathRates& out) {
        const double inner = s.clipping ? max - state_v : state_v;
        out.drive = drive_of(s, node_at(s, value_at(from_s + ahead_s), inner, state_v), inner);
    };
    p.watch = [](double, double, PathEvents&) {};
    const double end = follow_path(p, s.clipping ? max - v : v, t).v;
    return s.clipping ? max - end : end;
}

/// Integrates to `limit` or to the first event. Returns true if an event came first.
bool CapacitorStore::step_general(Walk& walk, const Segment& s, Time limit) {
    if (s.empty || (s.clipping && params_.esr_ohm == 0.0)) {
        return step_frozen(walk, s, limit);
    }
    const bool by_curve = s.in.curve != nullptr;
    if (by_curve && off_rest(s, node_at(s, x_, vc_, params_.max_v - vc_), vc_) <= 0.0) {
        stand(walk, s, limit);
        return false;
    }
    const Path path = events_of(walk, s);
    PathProblem p;
    p.capacitance_f = params_.capacitance_f;
    p.integrands = kFlows;
    p.events = path.count + (by_curve ? 1 : 0);  // the last: it comes to rest
    p.state = state_of(s);
    // At the clip the path is that of the gap below it.
    const double max = params_.max_v;
    p.rates = [&](double t, double state_v, PathRates& out) {
        const double v = s.clipping ? max - state_v : state_v;
        const Node n = node_at(s, value_at(t), v, state_v);
        out.drive = drive_of(s, n, v);
        flows_at(s, n, v, out.integrands.data());
    };
    Segment free = s;
    free.clipping = false;
    p.watch = [&](double t, double state_v, PathEvents& out) {
        const Node n = node_at(free, value_at(t), s.clipping ? max - state_v : state_v, 0.0);
        for (std::size_t i = 0; i < path.count; ++i) {
            out[i] = Path::distance(*this, walk, s, path.what[i], n);
        }
        if (by_curve) {
            const double v = s.clipping ? max - state_v : state_v;
            out[path.count] = off_rest(s, s.clipping ? node_at(s, x_, v, state_v) : n, v);
        }
    };
    const PathOutcome out = follow_path(p, s.clipping ? max - vc_ : vc_, limit.since(now_));
    book_path(walk, s, out.t_s, out.integrals.data());
    vc_ = s.clipping ? max - out.v : out.v;
    if (out.end == PathEnd::horizon) {
        return false;
    }
    Stop stop = Stop::until;
    if (out.end == PathEnd::event && out.event == path.count) {
        now_ = std::min(now_.plus(out.t_s), limit);
        stand(walk, s, limit);
        return false;
    }
    if (out.end == PathEnd::event) {
        const Path::What what = path.what[out.event];
        const double x = value_at(out.t_s);
        const double y = Path::threshold(*this, walk, s, what, x);
        if (!std::isnan(y)) {
            vc_ = inner_for(s, y, x);
        }
        if (what == Path::What::falling || what == Path::What::collapse) {
            stop = Stop::falling;
        } else if (what == Path::What::rising) {
            stop = Stop::rising;
        }
    }
    now_ = std::min(now_.plus(out.t_s), limit);
    if (stop != Stop::until) {
        walk.stop(stop, now_);
    }
    return true;
}

}  // namespace ebb
