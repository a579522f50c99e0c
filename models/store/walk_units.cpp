// SPDX-License-Identifier: Apache-2.0
/// Leaps over many equal units while the supply changes underneath.
///
/// Where every element is a power or a resistance (b = 0), the energy obeys E' = p(t) - P(t) -
/// lambda E, which is linear: what the supply brings and what the units take can be reckoned apart
/// and added,
///
///   E(t) = [E0 and the supply, without load](t) - D(t),     D' = P - lambda D, D(0) = 0
///   D after m units = D1 s_m,  s_m = expm1(-m g)/expm1(-g),  g = lambda tau
///
/// so a leap crosses any number of samples at the cost of the samples alone. It is taken only where
/// no threshold can be met: E(t) >= E0 (1 - lambda T) - m W > E_low, and the path without load
/// stays below E_high. The last units before a threshold are walked phase by phase.
#include <algorithm>
#include <cmath>
#include <limits>

#include "models/store/capacitor_walk.hpp"

namespace ebb {

namespace {

/// A leap over fewer units costs more than walking them.
constexpr double kFewUnits = 2.0;

/// sum_{k=0}^{m-1} s_k with s_k = expm1(-k g)/expm1(-g); s_m given.
double sum_of_s(double m, double g, double s_m) {
    const double delta = -std::expm1(-g);
    if (m * delta >= 0.1) {
        return (m - s_m) / delta;
    }
    // sum_{j>=0} (-1)^j binom(m, j+2) delta^j
    double term = 0.5 * m * (m - 1.0);
    double sum = term;
    for (int j = 1; j < 60 && std::fabs(term) > 1e-18 * std::fabs(sum); ++j) {
        term *= -delta * (m - j - 1.0) / (j + 2.0);
        sum += term;
    }
    return sum;
}

}  // namespace

namespace {

/// Integrals of a straight line from a to b over a length, and of its square and cube.
void add_line(double a, double b, double length, double& f1, double& f2, double& f3) {
    f1 += length * (a + b) / 2.0;
    f2 += length * (a * a + a * b + b * b) / 3.0;
    f3 += length * (a * a * a + a * a * b + a * b * b + b * b * b) / 4.0;
}

}  // namespace

CapacitorStore::UnitLaw CapacitorStore::unit_law(const Load& load) const {
    UnitLaw law;
    if (load.drop_out_below_v > 0.0) {
        return law;
    }
    bool first = true;
    for (const LoadPhase& phase : load.phases) {
        const Draw& draw = phase.regulated;
        if (draw.rational.power_w != 0.0 || !std::isfinite(phase.duration_s)) {
            return law;
        }
        std::array<double, kSinkCount> currents{};
        std::array<double, kSinkCount> conductances{};
        for (int i = 0; i < draw.count; ++i) {
            const Share& share = draw.shares[static_cast<std::size_t>(i)];
            const auto sink = static_cast<std::size_t>(share.sink);
            law.powers[sink] += share.drawn.a_w * phase.duration_s;
            currents[sink] += share.drawn.b_a;
            conductances[sink] += share.drawn.c_s;
        }
        if (!first && (currents != law.currents || conductances != law.conductances)) {
            return law;
        }
        first = false;
        law.currents = currents;
        law.conductances = conductances;
        law.tau_s += phase.duration_s;
        law.drawn_j += draw.total.a_w * phase.duration_s;
    }
    if (!(law.tau_s > 0.0)) {
        return law;
    }
    law.valid = true;
    law.common = Terms{0.0, load.phases.front().regulated.total.b_a,
                       load.phases.front().regulated.total.c_s} +
                 -leak_;
    law.lambda = 2.0 * law.common.c_s / params_.capacitance_f;
    const double mean_w = law.drawn_j / law.tau_s;
    double d = 0.0;
    double f = 0.0;
    double before_s = 0.0;
    for (const LoadPhase& phase : load.phases) {
        const double t = phase.duration_s;
        const double p = phase.regulated.total.a_w;
        const double x = law.lambda * t;
        law.integral_js += d * t * phi1(x) + p * t * t * phi2(x);
        d = d * std::exp(-x) + p * t * phi1(x);
        const double next = f + (p - mean_w) * t;
        add_line(f, next, t, law.f1, law.f2, law.f3);
        law.f_moment += t * (before_s * (f + next) / 2.0 + t * (f / 6.0 + next / 3.0));
        before_s += t;
        f = next;
        law.f_max = std::max(law.f_max, std::fabs(f));
    }
    law.deficit_j = d;
    return law;
}

/// The state without load after `t` seconds from now; moves nothing. Stops early (t_s < t) at the
/// first sample end at or above `high_j`.
CapacitorStore::Unloaded CapacitorStore::unloaded_after(double t, double lambda,
                                                        double high_j) const {
    Unloaded u;
    u.energy_j = half_c_ * vc_ * vc_;
    u.cursor = cursor_;
    const Time end = now_.plus(t);
    const double dt = static_cast<double>(supply_->uniform_ns()) * 1e-9;
    const double A = std::exp(-lambda * dt);
    const double B = dt * phi1(lambda * dt);
    const double G = dt * dt * phi2(lambda * dt);
    Time at = now_;
    const SupplyValues& x = supply_->x();
    const auto piece = [&](double length) {
        const double value = x[u.cursor.index];
        const double r = value - lambda * u.energy_j;
        u.integral_js += length * (u.energy_j + r * length * phi2(lambda * length));
        u.energy_j += r * length * phi1(lambda * length);
        u.supplied_j += value * length;
        ++u.pieces;
    };
    Time sample_end = supply_->end_of(u.cursor);
    while (sample_end <= end && sample_end != Time::never()) {
        if (dt > 0.0 && at == supply_->begin_of(u.cursor)) {
            const double value = x[u.cursor.index];
            u.integral_js += B * u.energy_j + G * value;
            u.energy_j = A * u.energy_j + B * value;
            u.supplied_j += value * dt;
            ++u.pieces;
        } else {
            piece(sample_end.since(at));
        }
        at = sample_end;
        supply_->advance(u.cursor);
        sample_end = supply_->end_of(u.cursor);
        if (u.energy_j >= high_j) {
            u.t_s = at.since(now_);
            return u;
        }
    }
    if (at < end) {
        piece(end.since(at));
    }
    u.t_s = u.energy_j >= high_j ? at.since(now_) : t;
    return u;
}

/// Derived once per run for loads with an id, once per walk for others.
const CapacitorStore::UnitLaw& CapacitorStore::law_of(Walk& walk) {
    const std::size_t id = walk.load.id;
    if (id >= unit_laws_.size()) {
        unit_laws_.resize(id + 1);
    }
    std::unique_ptr<UnitLaw>& kept = unit_laws_[id];
    if (!kept || (id == 0 && !walk.unit_law_known)) {
        kept = std::make_unique<UnitLaw>(unit_law(walk.load));
        walk.unit_law_known = true;
    }
    return *kept;
}

bool CapacitorStore::run_units(Walk& walk) {
    const LoadPosition& position = walk.result.position;
    if (walk.load.count - position.unit < 2 || !walk.at_unit_start(now_) ||
        params_.esr_ohm != 0.0 || supply_->linear() || vc_ <= 0.0) {
        return false;
    }
    if (repeat_unit(walk)) {
        return true;
    }
    if (vc_ >= params_.max_v) {
        return run_units_clipped(walk);
    }
    const UnitLaw& law = law_of(walk);
    if (law.valid) {
        if (supply_->shape().tag == SupplyTag::power && law.common.b_a == 0.0 &&
            std::all_of(law.currents.begin(), law.currents.end(),
                        [](double i) { return i == 0.0; })) {
            return run_units_affine(walk, law);
        }
        if (run_units_averaged(walk, law)) {
            return true;
        }
    }
    return run_units_in_sample(walk);
}

bool CapacitorStore::run_units_affine(Walk& walk, const UnitLaw& law) {
    const LoadPosition& position = walk.result.position;
    const double low_v = std::fmax(walk.watches.falling_v, 0.0);
    const double high_v = std::fmin(walk.watches.rising_v, params_.max_v);
    const double low = half_c_ * low_v * low_v;
    const double high = half_c_ * high_v * high_v;
    const double e0 = half_c_ * vc_ * vc_;
    // Only as many units as can neither end the walk's time nor reach the lower threshold.
    double m = static_cast<double>(walk.load.count - position.unit);
    m = std::min(m, std::floor(walk.until.since(now_) / law.tau_s * (1.0 - 1e-12)));
    const double per_unit = law.drawn_j + e0 * law.lambda * law.tau_s;
    if (per_unit > 0.0) {
        m = std::min(m, std::floor((e0 - low) / per_unit * (1.0 - 1e-9)) - 1.0);
    }
    if (!(m >= kFewUnits) || e0 >= high) {
        return false;
    }
    Unloaded u = unloaded_after(m * law.tau_s, law.lambda, high);
    if (u.t_s < m * law.tau_s) {
        m = std::floor(u.t_s / law.tau_s * (1.0 - 1e-12)) - 1.0;
        if (!(m >= kFewUnits)) {
            return false;
        }
        u = unloaded_after(m * law.tau_s, law.lambda, high);
        if (u.t_s < m * law.tau_s) {
            return false;
        }
    }
    if (observer_ != nullptr) {
        observe_leap(law, m, high);
    }
    take_leap(walk, law, m, u);
    return true;
}

double CapacitorStore::deficit_after(const UnitLaw& law, double m) noexcept {
    const double g = law.lambda * law.tau_s;
    return law.deficit_j * (g > 0.0 ? std::expm1(-m * g) / std::expm1(-g) : m);
}

void CapacitorStore::take_leap(Walk& walk, const UnitLaw& law, double m, const Unloaded& u) {
    const double g = law.lambda * law.tau_s;
    const double s_m = g > 0.0 ? std::expm1(-m * g) / std::expm1(-g) : m;
    const double sum_s = sum_of_s(m, g, s_m);
    const double integral_d = m * law.integral_js + law.deficit_j * law.tau_s * phi1(g) * sum_s;
    const double e = u.energy_j - law.deficit_j * s_m;
    const double efficiency = supply_->shape().efficiency;
    const double loss_j = efficiency > 0.0 ? u.supplied_j * (1.0 / efficiency - 1.0) : 0.0;
    book_leap(walk, law, m, u, loss_j, 0.0, (u.integral_js - integral_d) / half_c_);
    vc_ = std::sqrt(e / half_c_);
    land(walk, m * law.tau_s, m, u);
}

/// Books `m` units: constant powers by their number, the rest by the integrals of y and y^2.
void CapacitorStore::book_leap(Walk& walk, const UnitLaw& law, double m, const Unloaded& u,
                               double loss_j, double y_dt, double y2_dt) {
    StoreFlow flow;
    flow.leakage = -(leak_.b_a * y_dt + leak_.c_s * y2_dt);
    flow.harvested = u.supplied_j;
    flow.converter_loss = loss_j;
    flow.offered = u.supplied_j + loss_j;
    flow.book_in(ledger_);
    for (std::size_t i = 0; i < kSinkCount; ++i) {
        const double joules =
            m * law.powers[i] + law.currents[i] * y_dt + law.conductances[i] * y2_dt;
        if (joules != 0.0) {
            walk.result.done[static_cast<Sink>(i)] += joules;
        }
    }
    segments_ += u.pieces;
}

/// The clock, the supply and the position behind a leap of `m` units.
void CapacitorStore::land(Walk& walk, double t, double m, const Unloaded& u) {
    cursor_ = u.cursor;
    sample_end_ = supply_->end_of(cursor_);
    x_ = supply_->x()[cursor_.index];
    pass_units(walk, m, t);
}

/// The clock and the position behind `n` units that took t_s together.
void CapacitorStore::pass_units(Walk& walk, double n, double t_s) {
    LoadPosition& position = walk.result.position;
    now_ = now_.plus(t_s);
    position.unit += static_cast<std::int64_t>(n);
    walk.begin_phase(0, 0.0, now_);
    if (position.unit >= walk.load.count) {
        walk.stop(Stop::load_done, now_);
    }
}

/// Points at a few unit borders inside a leap, for timelines only; the leap itself is one step.
void CapacitorStore::observe_leap(const UnitLaw& law, double m, double high_j) {
    constexpr double kPoints = 8.0;
    const double stride = std::max(1.0, std::floor(m / kPoints));
    const auto points = static_cast<int>(m / stride);
    for (int i = 1; i <= points; ++i) {
        const double k = stride * i;
        const Unloaded u = unloaded_after(k * law.tau_s, law.lambda, high_j);
        observer_->point(now_.plus(k * law.tau_s),
                         std::sqrt((u.energy_j - deficit_after(law, k)) / half_c_),
                         supply_->x()[u.cursor.index], law.drawn_j / law.tau_s);
    }
}

}  // namespace ebb
