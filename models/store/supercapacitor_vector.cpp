// SPDX-License-Identifier: Apache-2.0
/// Where the network has no modes (powers, straight-line supplies, C(V)): its path as a vector.
#include "models/store/supercapacitor_store.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

constexpr double kNotableFlow = 1e-4;  // share of what the first branch holds

}  // namespace

/// Is the square of a decoupled node's voltage the state? With a power there it is regular at 0 V.
bool NetworkBody::by_energy(const Piece& piece) const {
    return decoupled() && piece.hold == Hold::free &&
           (piece.elements(piece.line.at(0.0)).gross.a_w != 0.0 ||
            (piece.line.moves() && piece.shape.tag == SupplyTag::power));
}

/// The path as a vector: branch voltages (at a held terminal, how far they are below it), the
/// node's where it has a capacitor, then flows.
VectorProblem NetworkBody::problem(const Piece& piece) const {
    VectorProblem p;
    const bool held = piece.hold != Hold::free;
    const bool node = decoupled() && !held;
    const bool energy = by_energy(piece);
    p.states = branches_.count + (node ? 1 : 0);
    p.integrals = kFlows;
    p.events = kNodeEvents;
    p.stiff = node;
    p.notable_flow = kNotableFlow * 0.5 * branches_.capacitance_f[0] * max_v_ * max_v_;
    const auto at = [this, &piece, held, node, energy](const VectorProblem::State& s, double x,
                                                       BranchValues& v) {
        BranchValues gap{};
        if (node) {
            const double y = s[branches_.count];
            v[branches_.count] = energy ? std::sqrt(std::max(y, 0.0)) : y;
        }
        for (std::size_t k = 0; k < branches_.count; ++k) {
            v[k] = held ? piece.held_v() - s[k] : s[k];
            gap[k] = s[k];
        }
        return instant(piece, v, gap, x);
    };
    p.rates = [this, &piece, held, node, energy, at](double t, const VectorProblem::State& s,
                                                     VectorProblem::State& rate) {
        BranchValues v{};
        const double x = piece.line.at(t);
        const Instant now = at(s, x, v);
        for (std::size_t k = 0; k < branches_.count; ++k) {
            const double rises = charging_a(k, v, now.into_a[k]) / capacitance(k, v);
            rate[k] = held ? -rises : rises;
        }
        if (energy) {
            double w = piece.elements(x).power(now.y);
            for (std::size_t k = 0; k < branches_.count; ++k) {
                w -= now.y * now.into_a[k];
            }
            rate[branches_.count] = 2.0 * w / branches_.node_f;
        } else if (node) {
            rate[branches_.count] = into_node_a(piece.elements(x), v) / branches_.node_f;
        }
        Flows flow{};
        flows_at(piece, v, x, now, flow);
        std::copy(flow.begin(), flow.end(),
                  rate.begin() + static_cast<std::ptrdiff_t>(branches_.count + (node ? 1 : 0)));
    };
    p.watch = [this, &piece, at](double t, const VectorProblem::State& s,
                                 VectorProblem::Events& off) {
        BranchValues v{};
        const Instant now = at(s, piece.line.at(t), v);
        for (std::size_t i = 0; i < kNodeEvents; ++i) {
            off[i] = distance(piece, static_cast<NodeEvent>(i), now, t);
        }
    };
    return p;
}

/// Beside a curve: how far the branch that moves most is from standing still, in the rounding of
/// what flows through it.
double NetworkBody::off_rest(const Piece& piece, const BranchValues& v, double x) const {
    const Instant now = instant(piece, v, x);
    const NodeElements node = piece.elements(x);
    const double gross = node.in.most_a() + node.gross_current(now.y);
    double off = -1.0;
    for (std::size_t k = 0; k < branches_.count; ++k) {
        off = std::max(off, std::fabs(charging_a(k, v, now.into_a[k])) -
                                kRests * (gross + branches_.leak_s[k] * v[k]));
    }
    return off;
}

/// The flows at rest are even: what is drawn, leaks and heats is what is passed on.
void NetworkBody::rest(const Piece& piece, double length_s, PieceEnd& end) const {
    Flows flow{};
    const double x = piece.line.at(0.0);
    const Instant now = instant(piece, v_, x);
    flows_at(piece, v_, x, now, flow);
    const Draw& draw = piece.draw();
    const double offered_w = flow[kFlowHarvested] + flow[kFlowLoss];
    flow[kFlowHarvested] = draw.total.power_at(now.y) + draw.rational.power_at(now.y) +
                           flow[kFlowLeak] + flow[kFlowHeat];
    flow[kFlowLoss] = offered_w - flow[kFlowHarvested];
    for (std::size_t i = 0; i < kFlows; ++i) {
        end.flows[i] += flow[i] * length_s;
    }
    end.t_s += length_s;
}

PieceEnd NetworkBody::integrate(const Piece& piece, double horizon_s) {
    const bool held = piece.hold != Hold::free;
    const BranchValues gap = gap_below(piece, v_);
    VectorProblem::State start{};
    std::copy_n(held ? gap.begin() : v_.begin(), branches_.count, start.begin());
    VectorProblem p = problem(piece);
    const bool energy = by_energy(piece);
    const bool may_rest =
        !held && !decoupled() && !piece.line.moves() && piece.elements(piece.line.at(0.0)).in.curve;
    if (may_rest) {
        const auto at = [&](const VectorProblem::State& s) {
            BranchValues v{};
            std::copy_n(s.begin(), branches_.count, v.begin());
            return off_rest(piece, v, piece.line.at(0.0));
        };
        if (at(start) <= 0.0) {
            PieceEnd still;
            rest(piece, horizon_s, still);
            return still;
        }
        p.stiff = true;  // the curve may be steep, and a branch slow
        p.watch = [watch = p.watch, at](double t, const VectorProblem::State& s,
                                        VectorProblem::Events& off) {
            watch(t, s, off);
            off[kNodeEvents] = at(s);
        };
        ++p.events;
    }
    const std::size_t node = branches_.count;
    if (p.states > node) {
        start[node] = energy ? v_[node] * v_[node] : v_[node];
    }
    const VectorOutcome out = witness_ ? follow_by_extrapolation(p, start, horizon_s)
                                       : follow_vector(p, start, horizon_s);
    for (std::size_t k = 0; k < branches_.count; ++k) {
        v_[k] = held ? piece.held_v() - out.s[k] : out.s[k];
    }
    if (decoupled()) {
        const double y = out.s[node];
        v_[node] = held ? piece.held_v() : energy ? std::sqrt(std::max(y, 0.0)) : y;
    }
    PieceEnd end;
    end.t_s = out.t_s;
    const bool rests = may_rest && out.happened && out.event == kNodeEvents;
    end.happened = out.happened && !rests;
    end.event = static_cast<NodeEvent>(out.event);
    std::copy_n(out.s.begin() + static_cast<std::ptrdiff_t>(p.states), kFlows, end.flows.begin());
    if (rests) {
        rest(piece, horizon_s - out.t_s, end);
        end.t_s = horizon_s;
    }
    return end;
}

}  // namespace ebb
