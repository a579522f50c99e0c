// SPDX-License-Identifier: Apache-2.0
/// Leaps over equal units where a constant current flows as well (standby, leakage), across
/// samples.
///
/// The units' powers are replaced by their mean, which gives a path Eb(t) that the power series of
/// V walks sample by sample; the true energy is E = Eb - f, with f the ripple within a unit (zero
/// at every unit border). What the ripple does to the integrals follows by expanding V =
/// sqrt(2E/C):
///
///   V = Vb - f/(C Vb) - f^2/(2 C^2 Vb^3) - f^3/(2 C^3 Vb^5) - ...        [V]
///   V^2 = Vb^2 - 2 f/C
///
/// and the currents' share of that is carried into the energy at the end. Taken only where f is
/// below 0.3 % of 2E (then the next term is below 1e-10 of the currents' energy), and where mean
/// path and ripple stay clear of every threshold. run_units_in_sample: the same for loads whose
/// currents differ between phases, within one sample.
#include <algorithm>
#include <cmath>

#include "models/store/capacitor_walk.hpp"
#include "models/store/short_series.hpp"

namespace ebb {

namespace {

constexpr double kMostRipple = 3e-3;
constexpr double kFewUnits = 3.0;
/// A leap under a constant supply pays from so many phases on.
constexpr double kFewPhases = 8.0;

}  // namespace

struct CapacitorStore::Averaged {
    Unloaded u;  ///< energy, integral of y^2, supplied, cursor, pieces; t_s = time reached
    double v = 0.0;
    double y_dt = 0.0;
    double y2_dt = 0.0;
    double inverse_v = 0.0, inverse_v3 = 0.0, inverse_v5 = 0.0;  ///< integrals of Vb^-1, -3, -5
};

/// Walks the mean path for `m` units; stops (u.t_s short) before a piece that would leave the band.
CapacitorStore::Averaged CapacitorStore::averaged_after(const UnitLaw& law, double m, double low_v,
                                                        double high_v) const {
    Averaged path;
    path.v = vc_;
    path.u.cursor = cursor_;
    const double total = m * law.tau_s;
    const Time end = now_.plus(total);
    const double mean_w = law.drawn_j / law.tau_s;
    Time at = now_;
    while (at < end) {
        const Time sample_end = supply_->end_of(path.u.cursor);
        const bool last = end < sample_end;
        const double h = (last ? end : sample_end).since(at);
        const double x = supply_->x()[path.u.cursor.index];
        const StoreLaw law_b(Terms{x - mean_w, 0.0, 0.0} + -law.common, params_.capacitance_f);
        SeriesStep step;
        if (!short_series(law_b.terms(), params_.capacitance_f, path.v, h, step) &&
            !law_b.series(path.v, h, step)) {
            const double v1 = law_b.advance(path.v, h);
            if (!(v1 > low_v)) {
                break;
            }
            step.dv_v = v1 - path.v;
            step.integrals = law_b.integrals(path.v, v1, h);
        }
        const double v1 = path.v + step.dv_v;
        if (!(v1 > low_v && v1 < high_v)) {
            break;
        }
        // Ripple weights: Simpson's rule is far finer than they need.
        const double middle = 0.5 * (path.v + v1);
        const double i0 = 1.0 / path.v;
        const double im = 1.0 / middle;
        const double i1 = 1.0 / v1;
        path.inverse_v += h / 6.0 * (i0 + 4.0 * im + i1);
        path.inverse_v3 += h * im * im * im;
        path.inverse_v5 += h * im * im * im * im * im;
        path.y_dt += step.integrals.v_dt;
        path.y2_dt += step.integrals.v2_dt;
        path.u.supplied_j += x * h;
        ++path.u.pieces;
        path.v = v1;
        path.u.t_s += h;
        if (last) {
            at = end;
            break;
        }
        at = sample_end;
        supply_->advance(path.u.cursor);
    }
    if (at == end) {
        path.u.t_s = total;
    }
    return path;
}

bool CapacitorStore::run_units_averaged(Walk& walk, const UnitLaw& law) {
    const LoadPosition& position = walk.result.position;
    const double low_e = half_c_ * std::pow(std::fmax(walk.watches.falling_v, 0.0), 2.0);
    const double high_v = std::fmin(walk.watches.rising_v, params_.max_v);
    const double high_e = half_c_ * high_v * high_v;
    // The ripple must not reach a threshold that the mean path stays clear of.
    const double clear_low = std::sqrt((low_e + 2.0 * law.f_max + 1e-9 * high_e) / half_c_);
    const double clear_high =
        std::sqrt(std::max(0.0, high_e * (1.0 - 1e-9) - 2.0 * law.f_max) / half_c_);
    if (vc_ <= clear_low || vc_ >= clear_high ||
        law.f_max > kMostRipple * 2.0 * half_c_ * clear_low * clear_low) {
        return false;
    }
    double m = static_cast<double>(walk.load.count - position.unit);
    m = std::min(m, std::floor(walk.until.since(now_) / law.tau_s * (1.0 - 1e-12)));
    if (!(m >= kFewUnits)) {
        return false;
    }
    Averaged path = averaged_after(law, m, clear_low, clear_high);
    if (path.u.t_s < m * law.tau_s) {
        m = std::floor(path.u.t_s / law.tau_s * (1.0 - 1e-12));
        if (!(m >= kFewUnits)) {
            return false;
        }
        path = averaged_after(law, m, clear_low, clear_high);
        if (path.u.t_s < m * law.tau_s) {
            return false;
        }
    }
    const double c = params_.capacitance_f;
    const double y_dt =
        path.y_dt - (law.f1 / c * path.inverse_v + law.f2 / (2.0 * c * c) * path.inverse_v3 +
                     law.f3 / (2.0 * c * c * c) * path.inverse_v5) /
                        law.tau_s;
    const double y2_dt = path.y2_dt - 2.0 / c * law.f1 * m;
    const double e = half_c_ * path.v * path.v - law.common.b_a * (y_dt - path.y_dt) -
                     law.common.c_s * (y2_dt - path.y2_dt);
    if (observer_ != nullptr) {
        observer_->point(now_.plus(m * law.tau_s), std::sqrt(e / half_c_),
                         supply_->x()[path.u.cursor.index],
                         law.drawn_j / law.tau_s + law.common.power_at(path.v));
    }
    book_leap(walk, law, m, path.u, y_dt, y2_dt);
    vc_ = std::sqrt(e / half_c_);
    land(walk, m * law.tau_s, m, path.u);
    return true;
}

/// Units that fit into the present sample, by the leap under a constant supply.
bool CapacitorStore::run_units_in_sample(Walk& walk) {
    LoadPosition& position = walk.result.position;
    const std::size_t phases = walk.load.phases.size();
    double tau = 0.0;
    for (const LoadPhase& phase : walk.load.phases) {
        tau += phase.duration_s;
    }
    const double room = std::min(walk.until, sample_end_).since(now_);
    double m = static_cast<double>(walk.load.count - position.unit);
    if (std::isfinite(tau) && tau > 0.0) {
        m = std::min(m, std::floor(room / tau * (1.0 - 1e-12)));
    }
    const SupplyShape& shape = supply_->shape();
    if (!std::isfinite(tau) || m * static_cast<double>(phases) < kFewPhases || m < 2.0 ||
        shape.tag == SupplyTag::diode_power) {
        return false;
    }
    const double edge = shape.diode ? x_ - shape.drop_v : 0.0;
    const double border = walk.load.drop_out_below_v;
    const bool below = border > 0.0 && vc_ < border;
    const bool conducts = !shape.diode || vc_ < edge;
    if ((border > 0.0 && vc_ == border) || (shape.diode && vc_ == edge)) {
        return false;
    }
    UnitRun run;
    run.capacitance_f = params_.capacitance_f;
    run.v0 = vc_;
    run.count = static_cast<std::int64_t>(m);
    run.lower_v = std::fmax(walk.watches.falling_v, !below ? border : 0.0);
    run.upper_v = std::fmin(walk.watches.rising_v, params_.max_v);
    if (below) {
        run.upper_v = std::min(run.upper_v, border);
    }
    if (shape.diode && edge > 0.0) {
        (conducts ? run.upper_v : run.lower_v) =
            conducts ? std::min(run.upper_v, edge) : std::max(run.lower_v, edge);
    }
    if (vc_ <= run.lower_v || vc_ >= run.upper_v) {
        return false;
    }
    const Terms supply = supply_terms(shape, x_, conducts);
    unit_phases_.clear();
    for (const LoadPhase& phase : walk.load.phases) {
        const Draw& draw = below ? phase.drop_out : phase.regulated;
        if (draw.rational.power_w != 0.0) {
            return false;
        }
        unit_phases_.push_back({supply + leak_ + -draw.total, phase.duration_s});
    }
    leap_units(unit_phases_, run, unit_leap_);
    if (unit_leap_.units == 0) {
        return false;
    }
    const auto n = static_cast<double>(unit_leap_.units);
    Segment segment;
    segment.supply = supply;
    segment.conducts = conducts;
    for (std::size_t j = 0; j < phases; ++j) {
        const PathIntegrals& sum = unit_leap_.per_phase[j];
        const double t = n * walk.load.phases[j].duration_s;
        PhaseAccount& account = walk.accounts[2 * j + (below ? 1 : 0)];
        account.t += t;
        account.y += sum.v_dt;
        account.y2 += sum.v2_dt;
        ledger_.add(Sink::leakage, -(leak_.b_a * sum.v_dt + leak_.c_s * sum.v2_dt));
        book_supply(segment, {t, sum.v_dt, sum.v2_dt},
                    supply.a_w * t + supply.b_a * sum.v_dt + supply.c_s * sum.v2_dt, 0.0);
    }
    walk.flush(walk.result.done);
    vc_ = unit_leap_.v;
    now_ = now_.plus(n * tau);
    segments_ += 1;
    position.unit += unit_leap_.units;
    walk.begin_phase(0, 0.0, now_);
    if (observer_ != nullptr) {
        observer_->point(now_, vc_, supply.power_at(vc_),
                         (below ? walk.load.phases[0].drop_out : walk.load.phases[0].regulated)
                             .total.power_at(vc_));
    }
    if (position.unit >= walk.load.count) {
        walk.stop(Stop::load_done, now_);
    }
    return true;
}

}  // namespace ebb
