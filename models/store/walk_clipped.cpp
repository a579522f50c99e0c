// SPDX-License-Identifier: Apache-2.0
/// Many equal units while the store is full: the source carries every phase and the rest is
/// clipped. The voltage stands at its maximum, so a unit's energies are powers times durations;
/// units that fit into the present sample are one step.
///
/// Where some phases draw more than comes in, the voltage leaves its maximum and comes back within
/// the unit. A full store knows nothing of its past: a unit that was full on the way and ends where
/// it began is what all others in this sample are.
#include <algorithm>
#include <cmath>
#include <utility>

#include "models/store/capacitor_walk.hpp"

namespace ebb {

/// Samples under one lasting phase, as long as each leaves a surplus.
std::size_t CapacitorStore::run_samples_clipped(Walk& walk, const Draw& draw, const double* x,
                                                std::size_t most) {
    const double v = params_.max_v;
    const double load_w = draw.total.power_at(v);
    const double need_w = load_w - leak_.power_at(v);
    double sum_x = 0.0;
    std::size_t i = 0;
    for (; i < most && x[i] - need_w > kTie * (std::fabs(x[i]) + std::fabs(need_w)); ++i) {
        sum_x += x[i];
        if (observer_ != nullptr) {
            observer_->point(supply_->end_of({cursor_.index + i, cursor_.pass_ns}), v, x[i],
                             load_w);
        }
    }
    if (i == 0) {
        return 0;
    }
    const double dt = static_cast<double>(supply_->uniform_ns()) * 1e-9;
    const double t = static_cast<double>(i) * dt;
    book_samples(walk, draw, t, v * t, v * v * t, sum_x * dt, sum_x * dt - need_w * t);
    return i;
}

bool CapacitorStore::run_units_clipped(Walk& walk) {
    const double v = params_.max_v;
    const double border = walk.load.drop_out_below_v;
    const bool below = border > 0.0 && v < border;
    const SupplyShape& shape = supply_->shape();
    const bool conducts = !shape.diode || v < x_ - shape.drop_v;
    Segment segment;
    segment.conducts = conducts;
    if (shape.tag == SupplyTag::diode_power) {
        return false;
    }
    if (shape.tag == SupplyTag::cells) {
        segment.cell = cell_at(v);
        if (v <= segment.cell.low_v || v >= segment.cell.high_v || segment.cell.curve) {
            return false;  // on a border the side is the general step's to decide, and a curve's
                           // path
        }
    }
    const Terms supply = supply_of(segment, x_);
    segment.supply = supply;
    double tau = 0.0;
    for (const LoadPhase& phase : walk.load.phases) {
        const Draw& draw = below ? phase.drop_out : phase.regulated;
        // Every phase must leave a surplus, or the voltage moves.
        if (draw.rational.power_w != 0.0 || border == v ||
            !((supply + leak_ + -draw.total).power_at(v) >= 0.0)) {
            return false;
        }
        tau += phase.duration_s;
    }
    LoadPosition& position = walk.result.position;
    const double room = std::min(walk.until, sample_end_).since(now_);
    double n = static_cast<double>(walk.load.count - position.unit);
    n = std::min(n, std::floor(room / tau * (1.0 - 1e-12)));
    if (!std::isfinite(tau) || !(tau > 0.0) || !(n >= 2.0)) {
        return false;
    }
    for (std::size_t j = 0; j < walk.load.phases.size(); ++j) {
        const LoadPhase& phase = walk.load.phases[j];
        const Draw& draw = below ? phase.drop_out : phase.regulated;
        const double t = n * phase.duration_s;
        PhaseAccount& account = walk.accounts[2 * j + (below ? 1 : 0)];
        account.t += t;
        account.y += v * t;
        account.y2 += v * v * t;
        ledger_.add(Sink::leakage, -leak_.power_at(v) * t);
        book_supply(segment, {t, v * t, v * v * t}, supply.power_at(v) * t,
                    (supply + leak_ + -draw.total).power_at(v) * t);
    }
    walk.flush(walk.result.done);
    ++segments_;
    pass_units(walk, n, n * tau);
    if (observer_ != nullptr) {
        observer_->point(now_, v, supply.power_at(v),
                         (below ? walk.load.phases[0].drop_out : walk.load.phases[0].regulated)
                             .total.power_at(v));
    }
    return true;
}

bool CapacitorStore::repeat_unit(Walk& walk) {
    constexpr double kSame = 1e-14;  // what is left of a double where a unit's ends are rounded
    constexpr double kNear = 0.9;    // of the maximum: units from farther below are not watched
    if (vc_ < kNear * params_.max_v) {
        return false;
    }
    LoadPosition& position = walk.result.position;
    const bool echoes = echo_.open && echo_.unit + 1 == position.unit &&
                        echo_.cursor.index == cursor_.index &&
                        echo_.cursor.pass_ns == cursor_.pass_ns && echo_.flow.clipped > 0.0 &&
                        std::fabs(vc_ - echo_.v0) <= kSame * vc_;
    if (!echoes) {
        echo_ = {true, vc_, position.unit, cursor_, {}, std::move(echo_.accounts)};
        echo_.accounts.assign(walk.accounts.size(), {});
        return false;
    }
    double tau = 0.0;
    for (const LoadPhase& phase : walk.load.phases) {
        tau += phase.duration_s;
    }
    const double room = std::min(walk.until, sample_end_).since(now_);
    const double n = std::min(static_cast<double>(walk.load.count - position.unit),
                              std::floor(room / tau * (1.0 - 1e-12)));
    if (!(n >= 1.0)) {
        echo_.open = false;
        return false;
    }
    for (std::size_t i = 0; i < walk.accounts.size(); ++i) {
        walk.accounts[i].add(echo_.accounts[i], n);
    }
    StoreFlow flow;
    flow.add(echo_.flow, n);
    flow.book_in(ledger_);
    walk.flush(walk.result.done);
    ++segments_;
    pass_units(walk, n, n * tau);
    return true;
}

}  // namespace ebb
