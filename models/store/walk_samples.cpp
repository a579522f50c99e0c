// SPDX-License-Identifier: Apache-2.0
/// Many samples under one lasting phase: off, sleep, an endless task. One loop per kind of law, no
/// call per sample; a sample in which a threshold would be reached is left to the general step, which
/// finds the crossing.
///
///   b = 0   E' = A E + B p,  A = e^(-lambda dt), B = dt phi1(lambda dt)            2-3 ns a sample
///   else    power series of V(t), accepted by its own last term                    about 15 ns
#include <algorithm>
#include <cmath>

#include "models/store/capacitor_walk.hpp"

namespace ebb {

namespace {

/// Below this many whole samples the general step is as good.
constexpr std::size_t kFew = 3;
/// Sums of one block are plain doubles; blocks add up compensated.
constexpr std::size_t kBlock = 1024;

}  // namespace

bool CapacitorStore::run_samples(Walk& walk) {
    const Supply& supply = *supply_;
    if (params_.esr_ohm != 0.0 || supply.linear() || supply.shape().tag != SupplyTag::power ||
        supply.uniform_ns() == 0 || vc_ <= 0.0 || now_ != supply.begin_of(cursor_)) {
        return false;
    }
    const double dt = static_cast<double>(supply.uniform_ns()) * 1e-9;
    const double room_s = std::min(walk.phase_end, walk.until).since(now_);
    // One sample of slack: the last one is cut by the general step, where limits are exact.
    const double whole = std::floor(room_s / dt) - 1.0;
    if (whole < static_cast<double>(kFew)) {
        return false;
    }
    const std::size_t in_pass = supply.size() - cursor_.index;
    const std::size_t most =
        std::min({in_pass, kBlock, static_cast<std::size_t>(std::min(whole, 1e9))});
    if (supply.bounds_ns()[cursor_.index + most] == INT64_MAX) {
        return false;  // held for ever behind the last sample
    }
    const double border = walk.load.drop_out_below_v;
    const bool below = border > 0.0 && vc_ < border;
    const LoadPhase& phase = walk.phase();
    const Draw& draw = below ? phase.drop_out : phase.regulated;
    if (draw.rational.power_w != 0.0 || (border > 0.0 && vc_ == border)) {
        return false;
    }
    Band band;
    band.low_v = std::fmax(walk.watches.falling_v, !below && border > 0.0 ? border : 0.0);
    band.high_v = std::fmin(walk.watches.rising_v, below ? std::min(border, params_.max_v) : params_.max_v);
    const std::size_t done = draw.total.b_a == 0.0 && leak_.b_a == 0.0 && no_currents(draw)
                                 ? run_samples_affine(walk, draw, band, most)
                                 : run_samples_series(walk, draw, band, most);
    if (done == 0) {
        return false;
    }
    segments_ += done;
    cursor_.index += done - 1;
    supply.advance(cursor_);
    now_ = supply.begin_of(cursor_);
    sample_end_ = supply.end_of(cursor_);
    x_ = supply.x()[cursor_.index];
    return true;
}

bool CapacitorStore::no_currents(const Draw& draw) noexcept {
    for (int i = 0; i < draw.count; ++i) {
        if (draw.shares[static_cast<std::size_t>(i)].drawn.b_a != 0.0) {
            return false;
        }
    }
    return true;
}

void CapacitorStore::book_samples(Walk& walk, const Draw& draw, double t, double y, double y2,
                                  double supplied) {
    const bool below = &draw == &walk.phase().drop_out;
    PhaseAccount& account = walk.accounts[2 * walk.result.position.phase + (below ? 1 : 0)];
    account.t += t;
    account.y += y;
    account.y2 += y2;
    ledger_.add(Sink::leakage, -(leak_.b_a * y + leak_.c_s * y2));
    ledger_.add_harvested(supplied);
    const double efficiency = supply_->shape().efficiency;
    const double loss = efficiency > 0.0 ? supplied * (1.0 / efficiency - 1.0) : 0.0;
    if (loss != 0.0) {
        ledger_.add_converter_loss(loss);
    }
    ledger_.add_offered(supplied + loss);
}

std::size_t CapacitorStore::run_samples_affine(Walk& walk, const Draw& draw, const Band& band,
                                               std::size_t most) {
    const double* const x = supply_->x() + cursor_.index;
    const double dt = static_cast<double>(supply_->uniform_ns()) * 1e-9;
    const double lambda = 2.0 * (draw.total.c_s - leak_.c_s) / params_.capacitance_f;
    const double A = std::exp(-lambda * dt);
    const double B = dt * phi1(lambda * dt);
    const double G = dt * dt * phi2(lambda * dt);
    const double drawn = draw.total.a_w;
    const double low = band.low_v > 0.0 ? half_c_ * band.low_v * band.low_v : 0.0;
    const double high = half_c_ * band.high_v * band.high_v;
    double e = half_c_ * vc_ * vc_;
    double sum_e = 0.0;
    double sum_x = 0.0;
    std::size_t i = 0;
    for (; i < most; ++i) {
        const double next = A * e + (x[i] - drawn) * B;
        if (next <= low || next >= high) {
            break;
        }
        sum_e += e;
        sum_x += x[i];
        e = next;
        if (observer_ != nullptr) {
            observer_->point(supply_->end_of({cursor_.index + i, cursor_.pass_ns}),
                             std::sqrt(e / half_c_), x[i],
                             drawn + draw.total.c_s * e / half_c_);
        }
    }
    if (i == 0) {
        return 0;
    }
    const auto n = static_cast<double>(i);
    const double integral_e = B * sum_e + G * (sum_x - n * drawn);
    vc_ = std::sqrt(e / half_c_);
    book_samples(walk, draw, n * dt, 0.0, integral_e / half_c_, sum_x * dt);
    return i;
}

std::size_t CapacitorStore::run_samples_series(Walk& walk, const Draw& draw, const Band& band,
                                               std::size_t most) {
    const double* const x = supply_->x() + cursor_.index;
    const double dt = static_cast<double>(supply_->uniform_ns()) * 1e-9;
    Terms q = leak_ + -draw.total;
    const double drawn = q.a_w;
    double v = vc_;
    double sum_x = 0.0;
    PathIntegrals sum;
    std::size_t i = 0;
    for (; i < most; ++i) {
        q.a_w = drawn + x[i];
        SeriesStep step;
        if (!StoreLaw(q, params_.capacitance_f).series(v, dt, step)) {
            break;
        }
        const double next = v + step.dv_v;
        if (next <= band.low_v || next >= band.high_v) {
            break;
        }
        v = next;
        sum_x += x[i];
        sum.v_dt += step.integrals.v_dt;
        sum.v2_dt += step.integrals.v2_dt;
        if (observer_ != nullptr) {
            observer_->point(supply_->end_of({cursor_.index + i, cursor_.pass_ns}), v, x[i],
                             draw.total.power_at(v));
        }
    }
    if (i == 0) {
        return 0;
    }
    vc_ = v;
    book_samples(walk, draw, static_cast<double>(i) * dt, sum.v_dt, sum.v2_dt, sum_x * dt);
    return i;
}

}  // namespace ebb
