// SPDX-License-Identifier: Apache-2.0
#include "models/store/battery_store.hpp"

#include "models/core/error.hpp"
#include "models/store/supercapacitor_store.hpp"
#include "models/store/withdrawal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

constexpr double kEven = 1e-13;         // share of the flows below which they are the same
constexpr double kFaint = 1e-6;         // [V] an empty node is left for more (energy_store.hpp)
constexpr double kNotableFlow = 1e-4;   // share of what the node holds
constexpr double kLeastOfCurve = 0.01;  // of its value where the charge is empty or full
constexpr std::size_t kOffCurve = kNodeEvents;
constexpr double kMoves = 1e200;  // [V/s] a power at 0 V

}  // namespace

double SocCurve::at(double s) const noexcept {
    return exponential * std::exp(-steep * s) + constant + s * (linear + s * (square + s * cubic));
}

double SocCurve::slope(double s) const noexcept {
    return -steep * exponential * std::exp(-steep * s) + linear +
           s * (2.0 * square + s * 3.0 * cubic);
}

double SocCurve::integral(double s) const noexcept {
    const double root = steep != 0.0 ? -std::expm1(-steep * s) / steep : s;
    return exponential * root +
           s * (constant + s * (linear / 2.0 + s * (square / 3.0 + s * cubic / 4.0)));
}

BatteryBody::BatteryBody(const BatteryParams& params, bool witness)
    : params_(params), own_node_f_(params.node_f), witness_(witness) {
    restart();
}

Withdrawn BatteryBody::take(const Withdrawal& wanted) {
    return take_from({params_.node_f, 0.0}, s_[kTerminal], wanted);
}

double BatteryBody::join() {
    const Joined after = joined_by(hung_.capacitance_f, own_node_f_, s_[kTerminal]);
    take_on(true);
    s_[kTerminal] = after.v;
    return after.heat_j;
}

double BatteryBody::part() {
    take_on(false);
    return 0.5 * hung_.capacitance_f * s_[kTerminal] * s_[kTerminal];
}

void BatteryBody::restart() {
    take_on(hung_.joined);
    const double soc = params_.initial_soc;
    s_ = {std::min(params_.open_circuit_v.at(soc), params_.max_v), soc, soc, 0.0, 0.0};
}

double BatteryBody::stored_j() const {
    const auto charged = [](double f, double v) { return 0.5 * f * v * v; };
    const double soc = s_[kAvailable];
    return params_.charge_c *
               (params_.available * params_.open_circuit_v.integral(soc) +
                (1.0 - params_.available) * params_.open_circuit_v.integral(s_[kBound])) +
           charged(params_.node_f, s_[kTerminal]) +
           charged(params_.fast.capacitance_f.at(soc), s_[kFast]) +
           charged(params_.slow.capacitance_f.at(soc), s_[kSlow]);
}

double BatteryBody::curve_margin(double soc) const noexcept {
    double least = 1.0;
    for (const SocCurve* const curve :
         {&params_.resistance_ohm, &params_.fast.resistance_ohm, &params_.fast.capacitance_f,
          &params_.slow.resistance_ohm, &params_.slow.capacitance_f}) {
        least = std::min(least, curve->at(soc) / curve->at(std::clamp(soc, 0.0, 1.0)));
    }
    return least - kLeastOfCurve;
}

double BatteryBody::out_a(const State& s) const noexcept {
    const double soc = s[kAvailable];
    return (params_.open_circuit_v.at(soc) - s[kFast] - s[kSlow] - s[kTerminal]) /
           params_.resistance_ohm.at(soc);
}

double BatteryBody::inner_rates(const State& s, State& rate, double& leak_w,
                                double& heat_w) const noexcept {
    const double soc = s[kAvailable];
    const double open = params_.open_circuit_v.at(soc);
    const double out = out_a(s);
    const double leak_a = params_.leak_ohm ? open / *params_.leak_ohm : 0.0;
    const double c = params_.available;
    const double apart = (s[kBound] - soc) / params_.recovery_s;
    rate[kAvailable] = -(out + leak_a) / (c * params_.charge_c) + (1.0 - c) * apart;
    rate[kBound] = -c * apart;
    leak_w = open * leak_a;
    heat_w =
        params_.resistance_ohm.at(soc) * out * out +
        (params_.open_circuit_v.at(s[kBound]) - open) * c * (1.0 - c) * apart * params_.charge_c;
    for (const auto& [index, transient] :
         {std::pair{kFast, &params_.fast}, std::pair{kSlow, &params_.slow}}) {
        const double v = s[index];
        const double through = v / transient->resistance_ohm.at(soc);
        rate[index] = (out - through) / transient->capacitance_f.at(soc);
        heat_w +=
            v * through - 0.5 * transient->capacitance_f.slope(soc) * rate[kAvailable] * v * v;
    }
    return out;
}

double BatteryBody::free_terminal(const NodeElements& /*node*/, bool& collapsed) const {
    collapsed = false;
    return s_[kTerminal];
}

double BatteryBody::terminal_rate(const NodeElements& node, double /*pushed_a_per_s*/,
                                  bool /*at_clip*/) const {
    const double y = s_[kTerminal];
    if (y <= 0.0 && node.net.a_w != 0.0) {
        return node.net.a_w > 0.0 ? kMoves : -kMoves;
    }
    const double out = out_a(s_);
    const double i = node.current(y) + out;
    return std::fabs(i) <= kEven * (node.gross_current(y) + std::fabs(out)) ? 0.0
                                                                            : i / params_.node_f;
}

bool BatteryBody::rests(const NodeElements& node, double x_slope) const {
    if (s_[kTerminal] > 0.0) {
        return false;
    }
    if (node.out.power_w != 0.0) {
        return true;  // a power through a drop-out finds nothing at 0 V
    }
    State at = s_;
    at[kTerminal] = node.gross.a_w != 0.0 ? kFaint : 0.0;
    const double i = node.current(at[kTerminal]) + out_a(at);
    return i < 0.0 || (i == 0.0 && x_slope <= 0.0);
}

double BatteryBody::taken_w(const Piece& /*piece*/, double /*x*/) const {
    return -s_[kTerminal] * out_a(s_);
}

VectorProblem BatteryBody::problem(const Piece& piece, bool energy) const {
    VectorProblem p;
    p.states = kStates;
    p.integrals = kFlows;
    p.events = kNodeEvents + 1;
    p.stiff = true;
    // A transient at rest is the difference of voltages that are thousands of times larger.
    p.notable = 0.1;
    p.notable_flow = kNotableFlow * 0.5 * params_.node_f * params_.max_v * params_.max_v;
    const auto state = [energy](const VectorProblem::State& from) {
        State s{};
        std::copy_n(from.begin(), s.size(), s.begin());
        s[kTerminal] = energy ? std::sqrt(std::max(s[kTerminal], 0.0)) : s[kTerminal];
        return s;
    };
    p.rates = [this, &piece, energy, state](double t, const VectorProblem::State& from,
                                            VectorProblem::State& to) {
        const State s = state(from);
        const double y = s[kTerminal];
        const double x = piece.line.at(t);
        State rate{};
        double leak_w = 0.0;
        double heat_w = 0.0;
        const double out = inner_rates(s, rate, leak_w, heat_w);
        if (piece.hold == Hold::free) {
            const NodeElements node = piece.elements(x);
            rate[kTerminal] = energy ? 2.0 * (node.power(y) + y * out) / params_.node_f
                                     : (node.current(y) + out) / params_.node_f;
        }
        Flows flow{};
        piece.flows_at(x, y, -y * out, flow);
        flow[kFlowLeak] = leak_w;
        flow[kFlowHeat] = heat_w;
        std::copy(rate.begin(), rate.end(), to.begin());
        std::copy(flow.begin(), flow.end(), to.begin() + kStates);
    };
    p.watch = [this, &piece, state](double t, const VectorProblem::State& from,
                                    VectorProblem::Events& off) {
        const State s = state(from);
        const double y = s[kTerminal];
        const double held_a =
            piece.hold == Hold::free || (piece.hold == Hold::floor && piece.draw().total.a_w != 0.0)
                ? 0.0
                : piece.elements(piece.line.at(t)).current(y) + out_a(s);
        off[kOffCurve] = curve_margin(s[kAvailable]);
        for (std::size_t i = 0; i < kNodeEvents; ++i) {
            const auto event = static_cast<NodeEvent>(i);
            if (piece.hold == Hold::clip && event == NodeEvent::clip) {
                off[i] = held_a;
            } else if (piece.hold == Hold::floor && event == NodeEvent::floor) {
                off[i] = -held_a;
            } else {
                off[i] = piece.hold == Hold::free ? piece.distance(event, y, false, t) : 1.0;
            }
        }
    };
    return p;
}

PieceEnd BatteryBody::follow(const Piece& piece, double horizon_s) {
    if (piece.hold != Hold::free) {
        s_[kTerminal] = piece.held_v();
    }
    const bool energy =
        piece.hold == Hold::free && (piece.elements(piece.line.at(0.0)).gross.a_w != 0.0 ||
                                     (piece.line.moves() && piece.shape.tag == SupplyTag::power));
    VectorProblem::State start{};
    std::copy(s_.begin(), s_.end(), start.begin());
    start[kTerminal] *= energy ? start[kTerminal] : 1.0;
    const VectorProblem p = problem(piece, energy);
    const VectorOutcome out = witness_ ? follow_by_extrapolation(p, start, horizon_s)
                                       : follow_vector(p, start, horizon_s);
    std::copy_n(out.s.begin(), s_.size(), s_.begin());
    s_[kTerminal] = energy ? std::sqrt(std::max(s_[kTerminal], 0.0)) : s_[kTerminal];
    if (out.happened && out.event == kOffCurve) {
        const bool over = s_[kAvailable] > 0.5;
        throw InputError(fmt::format(
            "the battery's available charge is at {:.1f} % of a full one, where a curve of "
            "store.resistance, store.fast or store.slow comes to nothing; at {} % its open circuit "
            "is {:.4g} V: expected {}",
            100.0 * s_[kAvailable], over ? 100 : 0, params_.open_circuit_v.at(over ? 1.0 : 0.0),
            over ? "a store.max near it" : "a turn_off above it, and less drawn below turn_off"));
    }
    PieceEnd end;
    end.t_s = out.t_s;
    end.happened = out.happened;
    end.event = static_cast<NodeEvent>(out.event);
    std::copy_n(out.s.begin() + kStates, end.flows.size(), end.flows.begin());
    const double target = piece.threshold(end.event, end.t_s);
    if (end.happened && piece.hold == Hold::free && !std::isnan(target)) {
        s_[kTerminal] = target;
    }
    return end;
}

}  // namespace ebb
