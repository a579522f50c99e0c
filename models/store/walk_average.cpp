// SPDX-License-Identifier: Apache-2.0
/// Leaps over equal units where a constant current flows as well (standby, leakage), across
/// samples.
///
/// The units' powers are replaced by their mean; g is what the units have drawn beyond that mean,
/// less its own mean over a unit, H the integral of g with mean 0. With the currents' and
/// conductances' drain D(E) = b V + c V^2, the energy of the averaged path,
///
///   M = E + g - D'(M) H        dM/dt = supply - mean power - D(M) + b <g^2>/(2 C^2 V^3) + ... [J]
///
/// has no term of first order in the ripple. The power series of V walks M sample by sample; the
/// terms in <g^2> and <g^3> are carried beside it as a small deviation with its own decay. At unit
/// borders M gives E back, and
///
///   integral of V = that of the path - <g^2>/(2 C^2) int V^-3 - <g^3>/(2 C^3) int V^-5
///                   - H(0)/C (1/V1 - 1/V0) + int deviation/(C V)                           [V s]
///
/// Left out: g^4, and the ripple of the third order, which jumps where the supply does; where these
/// could reach 1e-10 of the energy, the leap is not taken. Mean path and ripple stay clear of every
/// threshold. run_units_in_sample: the same for loads whose currents differ between phases, within
/// one sample.
#include <algorithm>
#include <cmath>

#include "models/store/capacitor_walk.hpp"
#include "models/store/short_series.hpp"

namespace ebb {

namespace {

constexpr double kMostRipple = 3e-3;
constexpr double kFewUnits = 3.0;
constexpr double kMostMove = 0.035;  ///< of V over a piece of the mean path
constexpr double kMostDecay = 0.05;  ///< of a deviation over a piece
constexpr double kLeftOut = 1e-10;   ///< of the energy; the bound is a generous one
/// A leap under a constant supply pays from so many phases on.
constexpr double kFewPhases = 8.0;

}  // namespace

/// Moments of g over a unit, and H at its border.
struct CapacitorStore::Ripple {
    double mean_j = 0.0, square_j2 = 0.0, cube_j3 = 0.0, border_js = 0.0;
    explicit Ripple(const UnitLaw& law)
        : mean_j(law.f1 / law.tau_s),
          square_j2(law.f2 / law.tau_s - mean_j * mean_j),
          cube_j3(law.f3 / law.tau_s - mean_j * (3.0 * law.f2 / law.tau_s - 2.0 * mean_j * mean_j)),
          border_js(law.f_moment / law.tau_s - 0.5 * mean_j * law.tau_s) {}
};

/// False where no mean path is walked: the supply is neither a power nor straight in V.
bool CapacitorStore::feed_of(const UnitLaw& law, Feed& feed) const {
    feed.drain = law.common;
    const SupplyShape& shape = supply_->shape();
    if (shape.tag == SupplyTag::power) {
        return true;
    }
    if (shape.tag != SupplyTag::cells) {
        return false;
    }
    const SupplyCell& cell = cell_at(vc_);
    if (cell.curve || vc_ <= cell.low_v || vc_ >= cell.high_v) {
        return false;
    }
    feed.samples = false;
    feed.into = cell.into;
    feed.offered = cell.offered;
    feed.drain.b_a -= cell.into.b_a;
    feed.drain.c_s -= cell.into.c_s;
    feed.low_v = cell.low_v;
    feed.high_v = cell.high_v;
    return true;
}

/// dD/dE [1/s] of the drain D = b V + c V^2.
double CapacitorStore::drain_rate(const Feed& feed, double v) const noexcept {
    return (feed.drain.b_a / v + 2.0 * feed.drain.c_s) / params_.capacitance_f;
}

/// What the terms in <g^2> and <g^3> do over a piece of length h about a voltage.
void CapacitorStore::Averaged::deviate(const Terms& drain, const Ripple& ripple, double c, double h,
                                       double middle_v) {
    const double im = 1.0 / middle_v;
    const double per_c = im / c;
    // The mean of V less the path's.
    const double lifted =
        0.5 * im * per_c * per_c * (ripple.square_j2 + ripple.cube_j3 * im * per_c);
    const double half_decay = 0.5 * h * (drain.b_a * per_c + 2.0 * drain.c_s / c);
    const double before = deviation_j;
    deviation_j = (before * (1.0 - half_decay) + h * drain.b_a * lifted) / (1.0 + half_decay);
    const double deviation_dt = 0.5 * h * (before + deviation_j);
    y_dt += deviation_dt * per_c - h * lifted;
    y2_dt += 2.0 / c * deviation_dt;
}

/// Steps over h, or as much less of it as leaves V and the drain all but constant: the deviation
/// and its weights take them so. False if it is less.
bool CapacitorStore::shorten(const StoreLaw& law, double rate, double v, double& h,
                             SeriesStep& step) {
    // A first guess of how much less, so that no step is made in vain.
    const double move = std::fabs(law.power_at(v)) * h / (law.capacitance_f() * v * v);
    const double parts = std::ceil(std::max(move / (0.9 * kMostMove), rate * h / kMostDecay));
    bool whole = true;
    if (parts > 1.0) {
        h /= parts;
        whole = false;
    }
    for (;; whole = false, h *= 0.5) {
        if (!short_series(law.terms(), law.capacitance_f(), v, h, step) &&
            !law.series(v, h, step)) {
            const double v1 = law.advance(v, h);
            step.dv_v = v1 - v;
            step.integrals = v1 > 0.0 ? law.integrals(v, v1, h) : PathIntegrals{};
        }
        if (std::fabs(step.dv_v) <= kMostMove * v && rate * h <= kMostDecay) {
            return whole;
        }
    }
}

/// Walks the mean path for `m` units; stops (u.t_s short) before a piece that would leave the band.
/// Leaves a trail of where each sample began; a walk that follows one takes it up there.
CapacitorStore::Averaged CapacitorStore::averaged_after(const UnitLaw& law, const Feed& feed,
                                                        double m, double low_v, double high_v,
                                                        std::vector<Averaged>& trail) const {
    const Ripple ripple(law);
    const double c = params_.capacitance_f;
    const double mean_w = law.drawn_j / law.tau_s;
    Averaged path;
    path.v = std::sqrt(std::max(
        0.0, vc_ * vc_ - (ripple.mean_j + drain_rate(feed, vc_) * ripple.border_js) / half_c_));
    path.lowest_v = path.v;
    path.u.cursor = cursor_;
    const double total = m * law.tau_s;
    const Time end = now_.plus(total);
    path.at = now_;
    while (!trail.empty() && end < trail.back().at) {
        trail.pop_back();
    }
    if (!trail.empty()) {
        path = trail.back();
    }
    Time& at = path.at;
    double x = feed.samples ? supply_->x()[path.u.cursor.index] : feed.into.a_w;
    while (at < end && path.v > low_v) {
        const Time sample_end = supply_->end_of(path.u.cursor);
        const bool last = !feed.samples || end < sample_end;
        double h = (last ? end : sample_end).since(at);
        const StoreLaw law_b(Terms{x - mean_w, 0.0, 0.0} + -feed.drain, c);
        SeriesStep step;
        const bool whole = shorten(law_b, drain_rate(feed, path.v), path.v, h, step);
        const double v1 = path.v + step.dv_v;
        if (!(v1 > low_v && v1 < high_v)) {
            break;
        }
        path.deviate(feed.drain, ripple, c, h, 0.5 * (path.v + v1));
        path.y_dt += step.integrals.v_dt;
        path.y2_dt += step.integrals.v2_dt;
        path.u.supplied_j += x * h;
        ++path.u.pieces;
        path.v = v1;
        path.lowest_v = std::min(path.lowest_v, v1);
        path.u.t_s += h;
        if (!whole) {
            at = at.plus(h);
            continue;
        }
        if (last) {
            at = end;
            break;
        }
        at = sample_end;
        supply_->advance(path.u.cursor);
        const double next = supply_->x()[path.u.cursor.index];
        path.jumps_w2 += (next - x) * (next - x);
        x = next;
        trail.push_back(path);
    }
    if (at == end) {
        path.u.t_s = total;
    }
    return path;
}

/// What the averaged path leaves out [J]: the ripple of the third order, (D'' F - D'^2) K with
/// K <= g tau^2/20, at every jump of the supply F and once for its drift; and g^4.
double CapacitorStore::left_out_j(const UnitLaw& law, const Feed& feed,
                                  const Averaged& path) const {
    const double v = path.lowest_v;
    const double b = std::fabs(feed.drain.b_a);
    const double c = params_.capacitance_f;
    const double bend = b / (c * c * v * v * v);
    const double drain = std::fabs(feed.drain.b_a / v) / c + 2.0 * std::fabs(feed.drain.c_s) / c;
    const double slow_j = law.f_max * law.tau_s * law.tau_s / 20.0;
    const double steady_w =
        law.drawn_j / law.tau_s +
        (feed.samples ? supply_->x()[path.u.cursor.index] : std::fabs(feed.into.a_w));
    const double drift = std::fabs(path.v - path.lowest_v) + std::fabs(vc_ - path.lowest_v);
    const double ripple = law.f_max / (2.0 * half_c_ * v * v);
    return slow_j * (bend * std::sqrt(path.jumps_w2) +
                     (bend * steady_w + drain * drain) * std::min(1.0, 4.0 * drift / v)) +
           path.u.t_s * b * v * ripple * ripple * ripple * ripple;
}

bool CapacitorStore::run_units_averaged(Walk& walk, const UnitLaw& law) {
    const LoadPosition& position = walk.result.position;
    Feed feed;
    if (!feed_of(law, feed)) {
        return false;
    }
    const double low_e = half_c_ * std::pow(std::fmax(walk.watches.falling_v, feed.low_v), 2.0);
    const double high_v = std::fmin(walk.watches.rising_v, std::min(params_.max_v, feed.high_v));
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
    const Time limit = feed.samples ? walk.until : std::min(walk.until, sample_end_);
    m = std::min(m, std::floor(limit.since(now_) / law.tau_s * (1.0 - 1e-12)));
    if (!(m >= kFewUnits)) {
        return false;
    }
    if (!trail_) {
        trail_ = std::make_unique<Trail>();
    }
    std::vector<Averaged>& trail = trail_->points;
    trail.clear();
    Averaged path = averaged_after(law, feed, m, clear_low, clear_high, trail);
    if (path.u.t_s < m * law.tau_s) {
        m = std::floor(path.u.t_s / law.tau_s * (1.0 - 1e-12));
        if (!(m >= kFewUnits)) {
            return false;
        }
        path = averaged_after(law, feed, m, clear_low, clear_high, trail);
        if (path.u.t_s < m * law.tau_s) {
            return false;
        }
    }
    if (left_out_j(law, feed, path) > kLeftOut * half_c_ * path.lowest_v * path.lowest_v) {
        return false;
    }
    const Ripple ripple(law);
    const double y_dt =
        path.y_dt - ripple.border_js / params_.capacitance_f * (1.0 / path.v - 1.0 / vc_);
    const double y2_dt = path.y2_dt;
    const double e = half_c_ * path.v * path.v + path.deviation_j + ripple.mean_j +
                     drain_rate(feed, path.v) * ripple.border_js;
    double loss_j = 0.0;
    if (feed.samples) {
        const double efficiency = supply_->shape().efficiency;
        loss_j = efficiency > 0.0 ? path.u.supplied_j * (1.0 / efficiency - 1.0) : 0.0;
    } else {
        const double t = path.u.t_s;
        const auto over_path = [&](const Terms& terms) {
            return terms.a_w * t + terms.b_a * y_dt + terms.c_s * y2_dt;
        };
        path.u.supplied_j = over_path(feed.into);
        loss_j = over_path(feed.offered) - path.u.supplied_j;
    }
    if (observer_ != nullptr) {
        observer_->point(
            now_.plus(m * law.tau_s), std::sqrt(e / half_c_),
            feed.samples ? supply_->x()[path.u.cursor.index] : feed.into.power_at(path.v),
            law.drawn_j / law.tau_s + law.common.power_at(path.v));
    }
    book_leap(walk, law, m, path.u, loss_j, y_dt, y2_dt);
    vc_ = std::sqrt(e / half_c_);
    land(walk, m * law.tau_s, m, path.u);
    return true;
}

/// The region in which units of the present sample start, and how far it reaches; false on a
/// border.
bool CapacitorStore::unit_region(const Walk& walk, Segment& s, UnitRun& run) const {
    const SupplyShape& shape = supply_->shape();
    const double edge = shape.diode ? x_ - shape.drop_v : 0.0;
    const double border = walk.load.drop_out_below_v;
    s.below_drop_out = border > 0.0 && vc_ < border;
    s.conducts = !shape.diode || vc_ < edge;
    if ((border > 0.0 && vc_ == border) || (shape.diode && vc_ == edge)) {
        return false;
    }
    run.lower_v = std::fmax(walk.watches.falling_v, !s.below_drop_out ? border : 0.0);
    run.upper_v = std::fmin(walk.watches.rising_v, params_.max_v);
    if (s.below_drop_out) {
        run.upper_v = std::min(run.upper_v, border);
    }
    if (shape.diode && edge > 0.0) {
        (s.conducts ? run.upper_v : run.lower_v) =
            s.conducts ? std::min(run.upper_v, edge) : std::max(run.lower_v, edge);
    }
    if (shape.tag == SupplyTag::cells) {
        s.cell = cell_at(vc_);
        if (s.cell.curve) {
            return false;
        }
        run.lower_v = std::max(run.lower_v, s.cell.low_v);
        run.upper_v = std::min(run.upper_v, s.cell.high_v);
    }
    s.supply = supply_of(s, x_);
    return vc_ > run.lower_v && vc_ < run.upper_v;
}

/// Books what leap_units() has walked, and lands behind it.
void CapacitorStore::book_units(Walk& walk, const Segment& s, double tau) {
    const auto draw_of = [&](const LoadPhase& phase) -> const Draw& {
        return s.below_drop_out ? phase.drop_out : phase.regulated;
    };
    const auto n = static_cast<double>(unit_leap_.units);
    for (std::size_t j = 0; j < walk.load.phases.size(); ++j) {
        const PathIntegrals& sum = unit_leap_.per_phase[j];
        const double t = n * walk.load.phases[j].duration_s;
        PhaseAccount& account = walk.accounts[2 * j + (s.below_drop_out ? 1 : 0)];
        account.t += t;
        account.y += sum.v_dt;
        account.y2 += sum.v2_dt;
        ledger_.add(Sink::leakage, -(leak_.b_a * sum.v_dt + leak_.c_s * sum.v2_dt));
        book_supply(s, {t, sum.v_dt, sum.v2_dt},
                    s.supply.a_w * t + s.supply.b_a * sum.v_dt + s.supply.c_s * sum.v2_dt, 0.0);
    }
    walk.flush(walk.result.done);
    vc_ = unit_leap_.v;
    segments_ += 1;
    pass_units(walk, n, n * tau);
    if (observer_ != nullptr) {
        observer_->point(now_, vc_, s.supply.power_at(vc_),
                         draw_of(walk.load.phases[0]).total.power_at(vc_));
    }
}

/// Units that fit into the present sample, by the leap under a constant supply.
bool CapacitorStore::run_units_in_sample(Walk& walk) {
    double tau = 0.0;
    for (const LoadPhase& phase : walk.load.phases) {
        tau += phase.duration_s;
    }
    const double room = std::min(walk.until, sample_end_).since(now_);
    double m = static_cast<double>(walk.load.count - walk.result.position.unit);
    if (std::isfinite(tau) && tau > 0.0) {
        m = std::min(m, std::floor(room / tau * (1.0 - 1e-12)));
    }
    if (!std::isfinite(tau) || m * static_cast<double>(walk.load.phases.size()) < kFewPhases ||
        m < 2.0 || supply_->shape().tag == SupplyTag::diode_power) {
        return false;
    }
    Segment segment;
    UnitRun run;
    run.capacitance_f = params_.capacitance_f;
    run.v0 = vc_;
    run.count = static_cast<std::int64_t>(m);
    if (!unit_region(walk, segment, run)) {
        return false;
    }
    unit_phases_.clear();
    for (const LoadPhase& phase : walk.load.phases) {
        const Draw& draw = segment.below_drop_out ? phase.drop_out : phase.regulated;
        if (draw.rational.power_w != 0.0) {
            return false;
        }
        unit_phases_.push_back({segment.supply + leak_ + -draw.total, phase.duration_s});
    }
    leap_units(unit_phases_, run, unit_leap_);
    if (unit_leap_.units == 0) {
        return false;
    }
    book_units(walk, segment, tau);
    return true;
}

}  // namespace ebb
