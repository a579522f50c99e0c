// SPDX-License-Identifier: Apache-2.0
/// Where the node has no closed form (straight-line supplies, rational terms, the witness): a
/// pattern of diodes as a path of several voltages.
#include "models/store/isolated_banks_body.hpp"
#include "models/store/supercapacitor_store.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

enum OwnEvent : std::size_t { kMeets = kNodeEvents, kBlocks, kSwitches, kEvents };

}  // namespace

/// The node's voltage (its square, where a power is there: regular at 0 V), then the banks'. Those
/// that conduct follow the node, and have no rate of their own.
VectorProblem IsolatedBanksBody::problem(const Piece& piece, const Pattern& now,
                                         bool energy) const {
    VectorProblem p;
    p.states = 1 + banks_.size();
    p.integrals = kFlows + (federated_ ? 1 : 0);  // what terminals give
    p.events = kEvents;
    const auto at = [this, energy](const VectorProblem::State& s, Path& banks) {
        const double y = energy ? std::sqrt(std::max(s[0], 0.0)) : s[0];
        for (std::size_t k = 0; k < banks.size(); ++k) {
            banks[k].v =
                banks[k].diode == Diode::blocks ? s[k + 1] : y + sign(banks[k].diode) * drop_v_;
        }
        return y;
    };
    p.rates = [this, &piece, &now, energy, at](double t, const VectorProblem::State& s,
                                               VectorProblem::State& rate) {
        Path banks = banks_;
        const double y = at(s, banks);
        const double x = piece.line.at(t);
        const NodeElements node = piece.elements(x);
        rate[0] = energy ? 2.0 * (node.power(y) + now.offset.power_at(y)) / now.total_f
                         : (node.current(y) + now.offset.b_a + now.offset.c_s * y) / now.total_f;
        Flows flow{};
        piece.flows_at(x, y, 0.0, flow);
        flow[kFlowLeak] = leak_s_ * y * y;
        double given_w = 0.0;
        for (std::size_t k = 0; k < banks.size(); ++k) {
            const Bank& bank = banks[k];
            rate[k + 1] =
                bank.diode == Diode::blocks ? -bank.drained_a(bank.v) / bank.capacitance_f : 0.0;
            flow[kFlowLeak] += bank.leak_s * bank.v * bank.v;
            given_w += bank.v > 0.0 ? bank.load_a * bank.v : 0.0;
        }
        if (federated_) {
            rate[banks.size() + 1 + kFlows] = given_w;
        }
        std::copy(flow.begin(), flow.end(),
                  rate.begin() + static_cast<std::ptrdiff_t>(banks.size() + 1));
    };
    std::vector<bool> apart(banks_.size());
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        apart[k] = !meets(banks_[k], Diode::feeds) && !meets(banks_[k], Diode::charges);
    }
    p.watch = [this, &piece, &now, apart, at](double t, const VectorProblem::State& s,
                                              VectorProblem::Events& off) {
        Path banks = banks_;
        const double y = at(s, banks);
        for (std::size_t i = 0; i < kNodeEvents; ++i) {
            off[i] = piece.distance(static_cast<NodeEvent>(i), y, false, t);
        }
        std::fill(off.begin() + kMeets, off.begin() + kEvents, 1.0);
        const double rate = y > 0.0 ? (piece.elements(piece.line.at(t)).current(y) +
                                       now.offset.b_a + now.offset.c_s * y) /
                                          now.total_f
                                    : 0.0;
        for (std::size_t k = 0; k < banks.size(); ++k) {
            const Bank& bank = banks[k];
            if (bank.diode == Diode::blocks) {
                const double touch = kDiodeTouches * (y + bank.v + drop_v_);
                const double nearest = std::min(gap(bank, y, bank.v, Diode::feeds),
                                                gap(bank, y, bank.v, Diode::charges));
                // One that has just been released lies within its rounding for a while.
                off[kMeets] = std::min(off[kMeets], apart[k]            ? nearest
                                                    : nearest >= -touch ? std::max(nearest, touch)
                                                                        : nearest);
            } else {
                off[kBlocks] = std::min(
                    off[kBlocks],
                    -sign(bank.diode) * (bank.capacitance_f * rate + bank.drained_a(bank.v)));
            }
            if (bank.in_use) {
                off[kSwitches] = std::min(off[kSwitches], bank.v - bank.terminal->empty_v);
            } else if (bank.load_a > 0.0 && banks_[k].v > 0.0) {
                off[kSwitches] = std::min(off[kSwitches], bank.v);
            }
            if (awaited_ == k) {
                off[kSwitches] = std::min(off[kSwitches], bank.terminal->charged_v - bank.v);
            }
            const double v = before(k, y, banks);
            off[kSwitches] =
                std::min(off[kSwitches], bank.closed ? v - bank.stop_v : bank.charge_v - v);
        }
    };
    return p;
}

PieceEnd IsolatedBanksBody::integrate(const Piece& piece, const Pattern& now, double horizon_s) {
    const bool energy = piece.elements(piece.line.at(0.0)).gross.a_w != 0.0 ||
                        (piece.line.moves() && piece.shape.tag == SupplyTag::power);
    VectorProblem::State start{};
    start[0] = energy ? y_ * y_ : y_;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        start[k + 1] = banks_[k].v;
    }
    const VectorProblem p = problem(piece, now, energy);
    const VectorOutcome out = witness_ ? follow_by_extrapolation(p, start, horizon_s)
                                       : follow_vector(p, start, horizon_s);
    PieceEnd end;
    end.t_s = out.t_s;
    end.happened = out.happened && out.event < kNodeEvents;
    end.event = end.happened ? static_cast<NodeEvent>(out.event) : NodeEvent::falling;
    std::copy_n(out.s.begin() + static_cast<std::ptrdiff_t>(p.states), kFlows, end.flows.begin());
    end.rails_j = federated_ ? out.s[p.states + kFlows] : 0.0;
    const double y0 = y_;
    const double target = end.happened ? piece.threshold(end.event, end.t_s) : 0.0;
    const double y = energy ? std::sqrt(std::max(out.s[0], 0.0)) : out.s[0];
    y_ = end.happened && !std::isnan(target) ? target : y;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        Bank& bank = banks_[k];
        if (bank.diode == Diode::blocks) {
            const bool gone = bank.load_a > 0.0 && out.s[k + 1] <= kDiodeTouches * max_v_;
            bank.v = gone ? 0.0 : out.s[k + 1];
            continue;
        }
        const double s = sign(bank.diode);
        end.flows[kFlowSwitch] +=
            drop_v_ * -s *
            (bank.capacitance_f * (y_ - y0) +
             bank.leak_s * (end.flows[kFlowY] + s * drop_v_ * end.t_s) + bank.load_a * end.t_s);
        bank.v = y_ + s * drop_v_;
        bank.released = out.happened && out.event == kBlocks;
    }
    return end;
}

}  // namespace ebb
