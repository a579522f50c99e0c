// SPDX-License-Identifier: Apache-2.0
#include "models/store/supercapacitor_store.hpp"

#include "models/core/quadrature.hpp"
#include "models/store/withdrawal.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>

namespace ebb {

namespace {

constexpr double kEven = 1e-13;  // share of the flows below which they are the same
constexpr double kPanel = 4.0;   // decays of the fastest mode within the first panel
constexpr std::size_t kMostKnown = 16;
constexpr double kNear = 1e-9;    // a crossing lies on its threshold to rounding
constexpr double kFaint = 1e-6;   // [V] an empty node is left for more (energy_store.hpp)
constexpr double kMoves = 1e200;  // [V/s] a power at 0 V

}  // namespace

NetworkBody::NetworkBody(const SupercapacitorParams& params, bool witness)
    : per_volt_f_(params.immediate.per_volt_f), max_v_(params.max_v), witness_(witness) {
    NetworkBranches& b = branches_;
    b.conductance_s[0] = 1.0 / params.immediate.resistance_ohm;
    b.capacitance_f[0] = params.immediate.capacitance_f;
    b.leak_s[0] = params.leakage.resistance_ohm ? 1.0 / *params.leakage.resistance_ohm : 0.0;
    initial_[0] = params.initial_v;
    b.count = 1;
    for (const BranchParams& branch : params.branches) {
        b.conductance_s[b.count] = 1.0 / branch.resistance_ohm;
        b.capacitance_f[b.count] = branch.capacitance_f;
        initial_[b.count] = branch.initial_v.value_or(params.initial_v);
        ++b.count;
    }
    for (std::size_t k = 0; k < b.count; ++k) {
        b.total_s += b.conductance_s[k];
    }
    decoupling_f_ = params.decoupling_f.value_or(0.0);
    b.node_f = decoupling_f_;
    restart();
}

void NetworkBody::restart() {
    take_on(hung_.joined);
    v_ = initial_;
    if (decoupled()) {
        v_[branches_.count] = behind(initial_);  // no branch pushes charge at first
    }
}

Withdrawn NetworkBody::take(const Withdrawal& wanted) {
    if (decoupled()) {
        return take_from({branches_.node_f, 0.0}, v_[branches_.count], wanted);
    }
    // As far as the terminal without a load comes down to the lowest voltage.
    Withdrawal from_first = wanted;
    from_first.lowest_v =
        v_[0] - (behind(v_) - wanted.lowest_v) * branches_.total_s / branches_.conductance_s[0];
    return take_from_growing(branches_.capacitance_f[0], per_volt_f_, v_[0], from_first);
}

double NetworkBody::stored_j() const {
    const double y = v_[branches_.count];
    double joules = per_volt_f_ * v_[0] * v_[0] * v_[0] / 3.0 + 0.5 * branches_.node_f * y * y;
    for (std::size_t k = 0; k < branches_.count; ++k) {
        joules += 0.5 * branches_.capacitance_f[k] * v_[k] * v_[k];
    }
    return joules;
}

double NetworkBody::behind(const BranchValues& v) const noexcept {
    double sum = 0.0;
    for (std::size_t k = 0; k < branches_.count; ++k) {
        sum += branches_.conductance_s[k] * (v[k] - v[0]);
    }
    return v[0] + sum / branches_.total_s;
}

/// Currents into the branches for a current into the node. Differences of voltages first: behind
/// small resistances y itself is too coarse.
void NetworkBody::currents(const BranchValues& v, double node_a,
                           BranchValues& into) const noexcept {
    for (std::size_t k = 0; k < branches_.count; ++k) {
        double apart = 0.0;
        for (std::size_t j = 0; j < branches_.count; ++j) {
            apart += branches_.conductance_s[j] * (v[j] - v[k]);
        }
        into[k] = branches_.conductance_s[k] * (apart + node_a) / branches_.total_s;
    }
}

double NetworkBody::charging_a(std::size_t k, const BranchValues& v, double into_a) const noexcept {
    return into_a - branches_.leak_s[k] * v[k];
}

double NetworkBody::capacitance(std::size_t k, const BranchValues& v) const noexcept {
    return branches_.capacitance_f[k] + (k == 0 ? per_volt_f_ * v[0] : 0.0);
}

BranchValues NetworkBody::gap_below(const Piece& piece, const BranchValues& v) const noexcept {
    BranchValues gap{};
    for (std::size_t k = 0; k < branches_.count; ++k) {
        gap[k] = piece.held_v() - v[k];
    }
    return gap;
}

NetworkBody::Instant NetworkBody::instant(const Piece& piece, const BranchValues& v,
                                          const BranchValues& gap, double x) const {
    Instant now;
    const NodeElements node = piece.elements(x);
    if (piece.hold == Hold::free && decoupled()) {
        now.y = v[branches_.count];
        for (std::size_t k = 0; k < branches_.count; ++k) {
            now.into_a[k] = branches_.conductance_s[k] * (now.y - v[k]);
        }
        return now;
    }
    if (piece.hold == Hold::free) {
        now.y = terminal_behind(behind(v), 1.0 / branches_.total_s, node, now.collapsed);
        currents(v, now.y > 0.0 ? node.current(now.y) : branches_.total_s * (now.y - behind(v)),
                 now.into_a);
        return now;
    }
    now.y = piece.held_v();
    double taken = 0.0;
    for (std::size_t k = 0; k < branches_.count; ++k) {
        now.into_a[k] = branches_.conductance_s[k] * gap[k];
        taken += now.into_a[k];
    }
    if (piece.hold == Hold::clip) {
        now.surplus_a = node.current(now.y) - taken;
    } else if (decoupled()) {
        now.surplus_a = into_empty_node_a(node, v);
    } else {
        bool collapsed = false;
        const double free = terminal_behind(behind(v), 1.0 / branches_.total_s, node, collapsed);
        now.surplus_a = collapsed ? -1.0 : free * (branches_.total_s - node.net.c_s);
    }
    return now;
}

double NetworkBody::into_node_a(const NodeElements& node, const BranchValues& v) const {
    const double y = v[branches_.count];
    double i = node.current(y);
    for (std::size_t k = 0; k < branches_.count; ++k) {
        i += branches_.conductance_s[k] * (v[k] - y);
    }
    return i;
}

double NetworkBody::into_empty_node_a(const NodeElements& node, const BranchValues& v) const {
    if (node.out.power_w != 0.0) {
        return -1.0;  // a power through a drop-out finds nothing at 0 V
    }
    BranchValues at = v;
    at[branches_.count] = node.gross.a_w != 0.0 ? kFaint : 0.0;
    return into_node_a(node, at);
}

double NetworkBody::node_rate(const NodeElements& node) const {
    const double y = v_[branches_.count];
    if (y <= 0.0 && node.net.a_w != 0.0) {
        return node.net.a_w > 0.0 ? kMoves : -kMoves;
    }
    double gross = node.gross_current(y);
    for (std::size_t k = 0; k < branches_.count; ++k) {
        gross += branches_.conductance_s[k] * std::fabs(v_[k] - y);
    }
    const double i = into_node_a(node, v_);
    return std::fabs(i) <= kEven * gross ? 0.0 : i / branches_.node_f;
}

double NetworkBody::free_terminal(const NodeElements& node, bool& collapsed) const {
    if (decoupled()) {
        collapsed = false;
        return v_[branches_.count];
    }
    return terminal_behind(behind(v_), 1.0 / branches_.total_s, node, collapsed);
}

double NetworkBody::terminal_rate(const NodeElements& node, double pushed_a_per_s,
                                  bool /*at_clip*/) const {
    if (decoupled()) {
        return node_rate(node);
    }
    bool collapsed = false;
    const double y = free_terminal(node, collapsed);
    if (y <= 0.0) {
        return 0.0;
    }
    BranchValues into{};
    currents(v_, node.current(y), into);
    const double gross_a = node.gross_current(y);
    double rate = 0.0;
    double gross = 0.0;
    for (std::size_t k = 0; k < branches_.count; ++k) {
        const double share = branches_.conductance_s[k] / branches_.total_s;
        const double c = capacitance(k, v_);
        rate += share * charging_a(k, v_, into[k]) / c;
        gross += share * (share * gross_a + branches_.leak_s[k] * v_[k]) / c;
    }
    rate = std::fabs(rate) <= kEven * gross ? 0.0 : rate;
    rate += pushed_a_per_s / branches_.total_s;
    return rate / (1.0 - node.slope(y) / branches_.total_s);
}

bool NetworkBody::rests(const NodeElements& node, double x_slope) const {
    if (decoupled()) {
        const double i = v_[branches_.count] > 0.0 ? 1.0 : into_empty_node_a(node, v_);
        return i < 0.0 || (i <= kEven * node.gross_current(kFaint) && x_slope <= 0.0);
    }
    bool collapsed = false;
    const double u = behind(v_);
    const double y = free_terminal(node, collapsed);
    if (collapsed) {
        return u <= 0.0;  // nothing is left to collapse
    }
    const double even = node.gross.a_w == 0.0 && !node.rational()
                            ? kEven * node.gross.b_a / branches_.total_s
                            : 0.0;
    return y < -even || (y <= even && x_slope <= 0.0);
}

void NetworkBody::flows_at(const Piece& piece, const BranchValues& v, double x, const Instant& now,
                           Flows& out) const {
    double taken_w = 0.0;
    double heat_w = 0.0;
    for (std::size_t k = 0; k < branches_.count; ++k) {
        taken_w += now.y * now.into_a[k];
        heat_w += now.into_a[k] * now.into_a[k] / branches_.conductance_s[k];
    }
    piece.flows_at(x, now.y, taken_w, out);
    out[kFlowLeak] = branches_.leak_s[0] * v[0] * v[0];
    out[kFlowHeat] = heat_w;
}

double NetworkBody::taken_w(const Piece& piece, double x) const {
    const Instant now = instant(piece, v_, x);
    double taken = 0.0;
    for (std::size_t k = 0; k < branches_.count; ++k) {
        taken += now.y * now.into_a[k];
    }
    return taken;
}

double NetworkBody::distance(const Piece& piece, NodeEvent event, const Instant& now,
                             double t) const noexcept {
    if (piece.hold == Hold::free) {
        return piece.distance(event, now.y, now.collapsed, t);
    }
    if (event == NodeEvent::clip && piece.hold == Hold::clip) {
        return now.surplus_a;
    }
    return event == NodeEvent::floor && piece.hold == Hold::floor ? -now.surplus_a : 1.0;
}

/// Puts the state onto the threshold that it has reached to rounding.
void NetworkBody::land(const Piece& piece, NodeEvent event, double t) {
    const double target = piece.threshold(event, t);
    if (piece.hold != Hold::free || std::isnan(target)) {
        return;
    }
    if (decoupled()) {
        v_[branches_.count] = target;
        return;
    }
    const NodeElements node = piece.elements(piece.line.at(t));
    bool collapsed = false;
    const double y = free_terminal(node, collapsed);
    if (!collapsed && y > 0.0 && std::fabs(target - y) <= kNear * target) {
        v_[0] += (target - y) * (branches_.total_s - node.slope(y)) / branches_.conductance_s[0];
    }
}

const LinearNetwork& NetworkBody::modes(double node_c_s, bool held) {
    for (const LinearNetwork& known : known_) {
        if (known.held() == held && known.node_c() == node_c_s) {
            return known;
        }
    }
    if (known_.size() >= kMostKnown) {
        known_.clear();
    }
    known_.push_back(held ? LinearNetwork::with_held_node(branches_)
                          : LinearNetwork::with_free_node(branches_, node_c_s));
    return known_.back();
}

PieceEnd NetworkBody::follow_linear(const Piece& piece, double horizon_s) {
    const double x = piece.line.at(0.0);
    const bool held = piece.hold != Hold::free;
    const Instant first = instant(piece, v_, x);
    BranchValues charging{};
    for (std::size_t k = 0; k < branches_.count; ++k) {
        charging[k] = charging_a(k, v_, first.into_a[k]);
    }
    if (decoupled() && !held) {
        charging[branches_.count] = into_node_a(piece.elements(x), v_);
    }
    const LinearNetwork& network = modes(held ? 0.0 : piece.elements(x).net.c_s, held);
    const NetworkMotion motion(network, v_, charging);

    PieceEnd end;
    end.t_s = horizon_s;
    const auto off = [&](NodeEvent event, double t) {
        Instant then = first;
        const double gained = motion.gained(t);
        then.y += held ? 0.0 : gained;
        then.surplus_a += held ? gained : 0.0;
        return distance(piece, event, then, 0.0);
    };
    std::vector<double> borders = motion.turns(horizon_s);
    borders.push_back(horizon_s);
    double from = 0.0;
    for (const double to : borders) {
        for (std::size_t i = 0; i < kNodeEvents; ++i) {
            const auto event = static_cast<NodeEvent>(i);
            const double at_from = off(event, from);
            const double at_to = off(event, to);
            if (!(at_from > 0.0) || at_to > 0.0) {
                continue;
            }
            std::uintmax_t most = 300;
            const double t = at_to == 0.0
                                 ? to
                                 : boost::math::tools::toms748_solve(
                                       [&](double s) { return off(event, s); }, from, to, at_from,
                                       at_to, boost::math::tools::eps_tolerance<double>(52), most)
                                       .second;
            if (!end.happened || t < end.t_s) {
                end.t_s = t;
                end.happened = true;
                end.event = event;
            }
        }
        if (end.happened) {
            break;
        }
        from = to;
    }

    // Panels: the first spans a few decays of the fastest mode, each next one doubles.
    const double fastest = motion.fastest();
    double length = fastest * end.t_s > kPanel ? kPanel / fastest : end.t_s;
    for (double at = 0.0; at < end.t_s;) {
        const double to = at + 1.5 * length >= end.t_s ? end.t_s : at + length;
        const double middle = 0.5 * (at + to);
        const double half = 0.5 * (to - at);
        for (std::size_t i = 0; i < quadrature::kGauss16.node.size(); ++i) {
            for (const double u : {-quadrature::kGauss16.node[i], quadrature::kGauss16.node[i]}) {
                const BranchValues v = motion.at(middle + half * u);
                Flows flow{};
                flows_at(piece, v, x, instant(piece, v, x), flow);
                for (std::size_t f = 0; f < kFlows; ++f) {
                    end.flows[f] += half * quadrature::kGauss16.weight[i] * flow[f];
                }
            }
        }
        length = to;
        at = to;
    }
    v_ = motion.at(end.t_s);
    if (decoupled() && held) {
        v_[branches_.count] = piece.held_v();
    }
    return end;
}

PieceEnd NetworkBody::follow(const Piece& piece, double horizon_s) {
    const NodeElements node = piece.elements(piece.line.at(0.0));
    const bool linear = per_volt_f_ == 0.0 && !piece.line.moves() &&
                        (piece.hold == Hold::clip || (node.gross.a_w == 0.0 && !node.rational()));
    const PieceEnd end =
        linear && !witness_ ? follow_linear(piece, horizon_s) : integrate(piece, horizon_s);
    if (end.happened) {
        land(piece, end.event, end.t_s);
    }
    return end;
}

}  // namespace ebb
