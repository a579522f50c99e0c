// SPDX-License-Identifier: Apache-2.0
/// Many samples under one lasting phase: off, sleep, an endless task. One loop per kind of law, no
/// call per sample; a sample in which a threshold would be reached is left to the general step,
/// which finds the crossing.
///
///   b = 0   E' = A E + B p,  A = e^(-lambda dt), B = dt phi1(lambda dt), four samples at a time
///   else    power series of V(t), accepted by its own last term
#include <algorithm>
#include <cmath>

#include "models/store/capacitor_walk.hpp"

namespace ebb {

namespace {

/// Below this many whole samples the general step is as good.
constexpr std::size_t kFew = 3;
/// Sums of one block are plain doubles; blocks add up compensated.
constexpr std::size_t kBlock = 1024;

/// The power series of V(t) to the fourth order, for samples in which the voltage hardly moves;
/// false if the next term would exceed 1e-13 of the first.
inline bool short_series(const Terms& q, double c_f, double v, double h, SeriesStep& out) noexcept {
    const double k = 2.0 * h / c_f;
    const double r = 0.5 / v;
    const double y0 = v * v;
    const double y1 = k * (q.a_w + q.b_a * v + q.c_s * y0);
    const double v1 = y1 * r;
    const double y2 = (k / 2.0) * (q.b_a * v1 + q.c_s * y1);
    const double v2 = (y2 - v1 * v1) * r;
    const double y3 = (k / 3.0) * (q.b_a * v2 + q.c_s * y2);
    const double v3 = (y3 - 2.0 * v1 * v2) * r;
    const double y4 = (k / 4.0) * (q.b_a * v3 + q.c_s * y3);
    const double v4 = (y4 - (2.0 * v1 * v3 + v2 * v2)) * r;
    // The fifth term is to the fourth as the fourth to the third, at most.
    if (!(v4 * v4 <= 1e-13 * std::fabs(v1 * v3))) {
        return false;
    }
    out.dv_v = v1 + (v2 + (v3 + v4));
    out.integrals.v_dt = h * (v + (v1 / 2.0 + (v2 / 3.0 + (v3 / 4.0 + v4 / 5.0))));
    out.integrals.v2_dt = h * (y0 + (y1 / 2.0 + (y2 / 3.0 + (y3 / 4.0 + y4 / 5.0))));
    return true;
}

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
    band.high_v =
        std::fmin(walk.watches.rising_v, below ? std::min(border, params_.max_v) : params_.max_v);
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
    const auto show = [&](std::size_t k, double energy) {
        if (observer_ != nullptr) {
            observer_->point(supply_->end_of({cursor_.index + k, cursor_.pass_ns}),
                             std::sqrt(energy / half_c_), x[k],
                             drawn + draw.total.c_s * energy / half_c_);
        }
    };
    const auto inside = [&](double energy) { return energy > low && energy < high; };
    // Four samples at a time: each energy from the first, so that none waits for the one before.
    const double A2 = A * A;
    const double A3 = A2 * A;
    const double A4 = A2 * A2;
    std::size_t i = 0;
    for (; i + 4 <= most; i += 4) {
        const double u0 = (x[i] - drawn) * B;
        const double u1 = A * u0 + (x[i + 1] - drawn) * B;
        const double u2 = A * u1 + (x[i + 2] - drawn) * B;
        const double u3 = A * u2 + (x[i + 3] - drawn) * B;
        const double e1 = A * e + u0;
        const double e2 = A2 * e + u1;
        const double e3 = A3 * e + u2;
        const double e4 = A4 * e + u3;
        if (!(inside(e1) && inside(e2) && inside(e3) && inside(e4))) {
            break;
        }
        sum_e += (e + e1) + (e2 + e3);
        sum_x += (x[i] + x[i + 1]) + (x[i + 2] + x[i + 3]);
        e = e4;
        show(i, e1);
        show(i + 1, e2);
        show(i + 2, e3);
        show(i + 3, e4);
    }
    for (; i < most; ++i) {
        const double next = A * e + (x[i] - drawn) * B;
        if (!inside(next)) {
            break;
        }
        sum_e += e;
        sum_x += x[i];
        e = next;
        show(i, e);
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
        if (!short_series(q, params_.capacitance_f, v, dt, step) &&
            !StoreLaw(q, params_.capacitance_f).series(v, dt, step)) {
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
