// SPDX-License-Identifier: Apache-2.0
#include "models/store/mlcc_store.hpp"

#include "models/core/general_law.hpp"
#include "models/core/store_law.hpp"
#include "models/store/withdrawal.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <utility>

namespace ebb {

namespace {

constexpr double kEven = 1e-13;   // share of the flows below which they are the same
constexpr double kFaint = 1e-6;   // [V] an empty store is left for more (energy_store.hpp)
constexpr double kMoves = 1e200;  // [V/s] a power at 0 V
constexpr int kMostBisections = 200;
constexpr double kShortestStand = 2e-15;  // [s] an end of it moves the clock (time.hpp)

}  // namespace

MlccBody::MlccBody(const MlccParams& params, bool witness)
    : params_(params),
      c_{params.capacitance_f, params.bias_v ? 1.0 / *params.bias_v : 0.0},
      witness_(witness),
      v_(params.initial_v) {}

void MlccBody::become(const MlccParams& params) {
    params_ = params;
    c_.inverse_b = params.bias_v ? 1.0 / *params.bias_v : 0.0;
    take_on(joined_);
    v_ = params.initial_v;
}

void MlccBody::restart() {
    take_on(hung_.joined);
    v_ = params_.initial_v;
}

void MlccBody::hang(const SwitchedCapacitor& capacitor) {
    if (params_.bias_v) {
        StoreBody::hang(capacitor);
    }
    hung_ = capacitor;
}

double MlccBody::join() {
    const Joined after = joined_by(hung_.capacitance_f, params_.capacitance_f, v_);
    take_on(true);
    v_ = after.v;
    return after.heat_j;
}

double MlccBody::part() {
    take_on(false);
    return 0.5 * hung_.capacitance_f * v_ * v_;
}

Withdrawn MlccBody::take(const Withdrawal& wanted) { return take_from(c_, v_, wanted); }

double MlccBody::leak_a(double v) const noexcept {
    const Leakage& leak = params_.leakage;
    double i = leak.current_a.value_or(0.0);
    i += leak.resistance_ohm ? v / *leak.resistance_ohm : 0.0;
    i += leak.exponential ? leak.exponential->current_a * std::exp(v / leak.exponential->per_e_v)
                          : 0.0;
    return i;
}

double MlccBody::free_terminal(const NodeElements& /*node*/, bool& collapsed) const {
    collapsed = false;
    return v_;
}

double MlccBody::terminal_rate(const NodeElements& node, double /*pushed_a_per_s*/,
                               bool /*at_clip*/) const {
    if (v_ <= 0.0 && node.net.a_w != 0.0) {
        return node.net.a_w > 0.0 ? kMoves : -kMoves;
    }
    const double in = node.current(v_);
    const double leak = leak_a(v_);
    const double off = in - leak;
    return std::fabs(off) <= kEven * (node.gross_current(v_) + leak) ? 0.0 : off / c_.at(v_);
}

bool MlccBody::rests(const NodeElements& node, double x_slope) const {
    if (v_ > 0.0) {
        return false;
    }
    if (node.out.power_w != 0.0) {
        return true;  // a power through a drop-out finds nothing at 0 V
    }
    const double at = node.gross.a_w != 0.0 ? kFaint : 0.0;
    const double off = node.current(at) - leak_a(at);
    const double even = kEven * (node.gross_current(at) + leak_a(at));
    return std::fabs(off) <= even ? x_slope <= 0.0 : off < 0.0;
}

/// The nearest threshold in the direction of travel; at equal voltages the earlier event.
MlccBody::Target MlccBody::nearest(const Piece& piece, double from, bool up) const {
    Target best;
    for (std::size_t i = 0; i < kNodeEvents; ++i) {
        const auto event = static_cast<NodeEvent>(i);
        const double v = piece.threshold(event, 0.0);
        if (std::isnan(v) || piece.falls(event) == up || (up ? v <= from : v >= from)) {
            continue;
        }
        if (!best.found || (up ? v < best.v : v > best.v)) {
            best = {v, event, true};
        }
    }
    return best;
}

/// Held at the clip or at 0 V: the supply's value is at most a parabola in time, and every flow is
/// affine in it. Simpson's rule is exact; the end, if there is one, by halving.
PieceEnd MlccBody::stand(const Piece& piece, double horizon_s) const {
    PieceEnd end;
    end.t_s = horizon_s;
    const auto lasts = [&](double t) {
        const NodeElements node = piece.elements(piece.line.at(t));
        return piece.hold == Hold::floor ? rests(node, piece.line.slope(t))
                                         : node.power(v_) - v_ * leak_a(v_) >= 0.0;
    };
    if (piece.line.moves()) {
        double last = horizon_s;
        const double turn = -piece.line.raw / piece.line.per_s;  // where a parabola is lowest
        if (piece.line.exponent == 2 && turn > 0.0 && turn < last && !lasts(turn)) {
            last = turn;
        }
        if (!lasts(last)) {
            double first = 0.0;
            for (int i = 0; i < kMostBisections; ++i) {
                const double middle = 0.5 * (first + last);
                if (!(middle > first && middle < last)) {
                    break;
                }
                (lasts(middle) ? first : last) = middle;
            }
            end.happened = true;
            end.event = piece.hold == Hold::clip ? NodeEvent::clip : NodeEvent::floor;
            end.t_s = std::min(std::max(last, kShortestStand), horizon_s);
        }
    }
    if (piece.hold == Hold::floor) {
        return end;
    }
    const double t = end.t_s;
    const double leak_w = v_ * leak_a(v_);
    for (const auto& [at, weight] :
         {std::pair{0.0, t / 6.0}, std::pair{0.5 * t, t / 1.5}, std::pair{t, t / 6.0}}) {
        Flows flow{};
        piece.flows_at(piece.line.at(at), v_, leak_w, flow);
        flow[kFlowLeak] = leak_w;
        for (std::size_t i = 0; i < kFlows; ++i) {
            end.flows[i] += weight * flow[i];
        }
    }
    return end;
}

PieceEnd MlccBody::follow_quadratic(const Piece& piece, const Terms& net, double horizon_s) {
    const double leak_b = params_.leakage.current_a.value_or(0.0);
    const double leak_c =
        params_.leakage.resistance_ohm ? 1.0 / *params_.leakage.resistance_ohm : 0.0;
    const BiasLaw law(c_, net + Terms{0.0, -leak_b, -leak_c});
    const double v0 = v_;
    const double rate = terminal_rate(piece.elements(piece.line.at(0.0)), 0.0, false);
    PieceEnd end;
    end.t_s = horizon_s;
    if (rate != 0.0) {
        const Target target = nearest(piece, v0, rate > 0.0);
        const auto t = target.found ? law.time_to(v0, target.v) : std::nullopt;
        end.happened = t && *t <= horizon_s;
        if (end.happened) {
            end.t_s = *t;
            end.event = target.event;
            v_ = target.v;
        } else {
            v_ = law.advance(v0, horizon_s);
        }
    }
    const PathIntegrals off = law.deviations(v0, v_);
    piece.book_quadratic(end.t_s, v_, off.v_dt, off.v2_dt, end.flows);
    end.flows[kFlowLeak] =
        quadratic_integral({0.0, leak_b, leak_c}, end.t_s, v_, off.v_dt, off.v2_dt);
    return end;
}

/// C V' = A - I0 e^(V/Va): with u = e^(-(V - V0)/Va) this is u' = g - k u.
PieceEnd MlccBody::follow_exponential(const Piece& piece, double current_a, double horizon_s) {
    const ExponentialLeak& leak = *params_.leakage.exponential;
    const double va = leak.per_e_v;
    const double v0 = v_;
    const double g = leak.current_a * std::exp(v0 / va) / (c_.c0_f * va);
    const double k = current_a / (c_.c0_f * va);
    const auto after = [&](double t) { return v0 - va * std::log1p((g - k) * t * phi1(k * t)); };
    PieceEnd end;
    end.t_s = horizon_s;
    v_ = g == k ? v0 : after(horizon_s);
    if (g != k) {
        const Target target = nearest(piece, v0, k > g);
        if (target.found && (k > g ? v_ >= target.v : !(v_ > target.v))) {
            const double w = std::expm1(-(target.v - v0) / va);
            end.t_s = std::min(k == 0.0 ? w / g : -std::log1p(-k * w / (g - k)) / k, horizon_s);
            end.happened = true;
            end.event = target.event;
            v_ = target.v;
        }
    }
    using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
    const auto integral = [&](auto f) {
        return end.t_s > 0.0 ? Rule::integrate(f, 0.0, end.t_s, 15, 1e-15) : 0.0;
    };
    const double v1 = v_;
    piece.book_quadratic(end.t_s, v1, integral([&](double t) { return after(t) - v1; }),
                         integral([&](double t) { return (after(t) - v1) * (after(t) - v1); }),
                         end.flows);
    end.flows[kFlowLeak] = integral([&](double t) {
        const double v = after(t);
        return v * leak_a(v);
    });
    return end;
}

/// The flows beside a curve are even: the store only passes on what is drawn.
PieceEnd MlccBody::rest(const Piece& piece, double horizon_s) const {
    PieceEnd end;
    end.t_s = horizon_s;
    piece.flows_at(piece.line.at(0.0), v_, 0.0, end.flows);
    end.flows[kFlowLeak] = v_ * leak_a(v_);
    const Draw& draw = piece.draw();
    const double offered_w = end.flows[kFlowHarvested] + end.flows[kFlowLoss];
    end.flows[kFlowHarvested] =
        draw.total.power_at(v_) + draw.rational.power_at(v_) + end.flows[kFlowLeak];
    end.flows[kFlowLoss] = offered_w - end.flows[kFlowHarvested];
    for (double& flow : end.flows) {
        flow *= horizon_s;
    }
    return end;
}

PieceEnd MlccBody::integrate(const Piece& piece, double horizon_s) {
    const NodeElements first = piece.elements(piece.line.at(0.0));
    const bool by_curve = first.in.curve != nullptr;
    const auto off_rest = [&](const NodeElements& node, double v) {
        const double leak = leak_a(v);
        return std::fabs(node.current(v) - leak) -
               kRests * (node.in.most_a() + node.gross_current(v) + leak);
    };
    if (by_curve && off_rest(first, v_) <= 0.0) {
        return rest(piece, horizon_s);
    }
    // A power is singular in V at 0 and regular in E; a current is the other way round.
    const bool energy =
        first.gross.a_w != 0.0 || (piece.line.moves() && piece.shape.tag == SupplyTag::power);
    const double c0 = c_.c0_f;
    const auto voltage = [this, energy, c0](double x) {
        if (energy) {
            return c_.voltage_of_energy(0.5 * c0 * x * x);
        }
        return witness_ ? c_.voltage_of_charge(c0 * x) : x;
    };
    PathProblem p;
    p.state = energy ? PathProblem::State::energy : PathProblem::State::voltage;
    p.capacitance_f = c0;
    p.integrands = kFlows;
    p.events = kNodeEvents + (by_curve ? 1 : 0);  // the last: it comes to rest
    p.rates = [&](double t, double state, PathRates& out) {
        const double v = voltage(state);
        const double x = piece.line.at(t);
        const NodeElements node = piece.elements(x);
        const double leak = leak_a(v);
        const double i = energy ? 0.0 : node.current(v) - leak;
        out.drive = energy ? node.power(v) - v * leak : witness_ ? i : i * (c0 / c_.at(v));
        Flows flow{};
        piece.flows_at(x, v, 0.0, flow);
        flow[kFlowLeak] = v * leak;
        std::copy(flow.begin(), flow.end(), out.integrands.begin());
    };
    p.watch = [&](double t, double state, PathEvents& out) {
        const double v = voltage(state);
        for (std::size_t i = 0; i < kNodeEvents; ++i) {
            out[i] = piece.distance(static_cast<NodeEvent>(i), v, false, t);
        }
        if (by_curve) {
            out[kNodeEvents] = off_rest(piece.elements(piece.line.at(t)), v);
        }
    };
    const double x0 = energy     ? std::sqrt(2.0 * c_.energy(v_) / c0)
                      : witness_ ? c_.charge(v_) / c0
                                 : v_;
    const PathOutcome out = follow_path(p, x0, horizon_s);
    PieceEnd end;
    end.t_s = out.t_s;
    std::copy_n(out.integrals.begin(), end.flows.size(), end.flows.begin());
    v_ = out.end == PathEnd::empty ? 0.0 : voltage(out.v);
    if (out.end == PathEnd::event && out.event == kNodeEvents) {
        const PieceEnd still = rest(piece, std::max(horizon_s - end.t_s, 0.0));
        for (std::size_t i = 0; i < kFlows; ++i) {
            end.flows[i] += still.flows[i];
        }
        end.t_s = horizon_s;
    } else if (out.end == PathEnd::event) {
        end.happened = true;
        end.event = static_cast<NodeEvent>(out.event);
        v_ = piece.threshold(end.event, out.t_s);
    }
    return end;
}

PieceEnd MlccBody::follow(const Piece& piece, double horizon_s) {
    if (piece.hold != Hold::free) {
        v_ = piece.held_v();
        return stand(piece, horizon_s);
    }
    const NodeElements node = piece.elements(piece.line.at(0.0));
    if (witness_ || piece.line.moves() || node.rational()) {
        return integrate(piece, horizon_s);
    }
    const Leakage& leak = params_.leakage;
    if (!leak.exponential || leak.exponential->current_a == 0.0) {
        return follow_quadratic(piece, node.net, horizon_s);
    }
    if (c_.inverse_b == 0.0 && node.net.a_w == 0.0 && node.net.c_s == 0.0 && !leak.resistance_ohm) {
        return follow_exponential(piece, node.net.b_a - leak.current_a.value_or(0.0), horizon_s);
    }
    return integrate(piece, horizon_s);
}

}  // namespace ebb
