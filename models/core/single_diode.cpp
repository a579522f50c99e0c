// SPDX-License-Identifier: Apache-2.0
#include "models/core/single_diode.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/core/error.hpp"

namespace ebb {

namespace {

constexpr double kBoltzmann_ev_per_k = 8.617332478e-5;
constexpr int kMostSteps = 60;
constexpr double kSmallFourth = 1e-4;  // the next step of fourth order is below rounding

/// ln(1 + x) for x > -1. Above 1 the sum's rounding is nothing to the logarithm, and `log` takes
/// half of the time.
double log_of_one_and(double x) noexcept { return x > 1.0 ? std::log(1.0 + x) : std::log1p(x); }

/// Where a step of x is so small that one more, of third order, would be below rounding.
bool settled(double step, double x) noexcept {
    return std::fabs(step) <= 1e-5 * std::fmin(1.0, std::fabs(x));
}

/// e^x - 1 for |x| <= kNear.
constexpr double kNear = 0.2;
double expm1_near(double x) noexcept {
    const double x2 = x * x;
    const double x4 = x2 * x2;
    const double low = (1.0 + x * (1.0 / 2.0)) + (1.0 / 6.0 + x * (1.0 / 24.0)) * x2;
    const double high =
        (1.0 / 120.0 + x * (1.0 / 720.0)) + (1.0 / 5040.0 + x * (1.0 / 40320.0)) * x2;
    const double top = (1.0 / 362880.0 + x * (1.0 / 3628800.0)) +
                       (1.0 / 39916800.0 + x * (1.0 / 479001600.0)) * x2;
    return x * (low + (high + top * x4) * x4);
}
/// The same for a step that has `settled`.
double expm1_settled(double x) noexcept { return x * (1.0 + x * (0.5 + x * (1.0 / 6.0))); }

/// What has to be added to w, where w + ln w leaves `left` to what it should be: of the fourth
/// order (Fritsch, Shafer and Crowley, Communications of the ACM 16 (1973) 123).
double lambert_step(double w, double left) noexcept {
    const double n = 1.0 + w;
    const double q = 2.0 * n * (n + left * (2.0 / 3.0));
    return w * left * (q - left) / (n * (q - 2.0 * left));
}

/// The zero of dP/dx in x = u/a between 0 and the open circuit; there is one:
///   I = IL - I0 (e^x - 1) - G a x,   V = a x - I Rs,   f = dP/dx = I' (a x - 2 Rs I) + a I
struct MaxPowerSearch {
    MaxPowerSearch(const SingleDiode& junction, double log_ratio) noexcept
        : d(junction), y(log_ratio), shunt(junction.gsh_s * junction.a_v) {}

    const SingleDiode& d;
    double y;  ///< ln(1 + IL/I0): above every x
    double shunt;
    double x = 0.0;
    double diode = 0.0;  ///< I0 (e^x - 1)
    double f = 0.0;

    /// Without a shunt z = (IL + I0)/(I0 e^x) solves ln z + (z - 1)(1 + rho/z) = y; a logarithm
    /// moves little, so that it may be that of 1 + y. e^x follows from z without an exponential.
    void start() noexcept {
        if (!(y > 1.0)) {
            begin_at(0.5 * y);
            return;
        }
        const double all = d.il_a + d.i0_a;
        const double rho = 2.0 * d.rs_ohm * all / d.a_v;
        const double b = 1.0 + y - std::log(1.0 + y) - rho;
        const double z = 0.5 * (b + std::sqrt(b * b + 4.0 * rho));
        x = y - std::log(z);
        diode = all / z - d.i0_a;
    }
    void begin_at(double at) noexcept {
        x = at;
        diode = d.i0_a * std::expm1(at);
    }
    /// Halley's.
    double step() noexcept {
        const double e = diode + d.i0_a;
        const double i = current();
        const double slope = -e - shunt;
        const double arm = d.a_v * x - 2.0 * d.rs_ohm * i;
        f = slope * arm + d.a_v * i;
        const double bend = d.a_v - d.rs_ohm * slope;
        const double df = -e * arm + 2.0 * slope * bend;
        const double ddf = -e * (arm + 3.0 * (bend - d.rs_ohm * slope));
        return -2.0 * f * df / (2.0 * df * df - f * ddf);
    }
    /// |by| <= kNear.
    void move(double by) noexcept {
        diode += (diode + d.i0_a) * expm1_near(by);
        x += by;
    }
    OperatingPoint end(double by) noexcept {
        diode += (diode + d.i0_a) * expm1_settled(by);
        x += by;
        const double i = current();
        return {d.a_v * x - i * d.rs_ohm, i};
    }
    [[nodiscard]] double current() const noexcept { return d.il_a - diode - shunt * x; }
    /// From the middle, for cells that are mostly resistors.
    OperatingPoint bracketed() noexcept {
        double low = 0.0;
        double high = y;
        begin_at(0.5 * y);
        for (int n = 0; n < kMostSteps; ++n) {
            const double by = step();
            (f > 0.0 ? low : high) = x;
            // A small step is taken before the bracket is asked: at the zero itself the bracket
            // ends there, and halving would throw the solution away.
            if (settled(by, x)) {
                return end(by);
            }
            const double next = x + by;
            begin_at(next > low && next < high ? next : 0.5 * (low + high));
        }
        return end(0.0);
    }
};

/// x with I0 (e^x - 1) + g x = total and diode = I0 (e^x - 1), both from a start close to them.
/// False if it was not close.
bool settle(double i0_a, double g, double total, double& x, double& diode) noexcept {
    for (int n = 0; n < 4; ++n) {
        const double e = diode + i0_a;
        const double f = diode + g * x - total;
        const double df = e + g;
        const double step = -2.0 * f * df / (2.0 * df * df - f * e);
        if (settled(step, x)) {
            x += step;
            diode += e * expm1_settled(step);
            return true;
        }
        if (!(std::fabs(step) <= kNear)) {
            return false;
        }
        x += step;
        diode += e * expm1_near(step);
    }
    return false;
}

/// Junction voltage over a at which a diode and a shunt together take `taken`:
/// I0 (e^x - 1) + G a x = taken. The Lambert function gives it but for rounding.
double junction(const SingleDiode& d, double taken) noexcept {
    double x = log_of_one_and(taken / d.i0_a);
    const double shunt = d.gsh_s * d.a_v;
    if (shunt == 0.0 || taken == 0.0) {
        return x;
    }
    double diode = taken;
    if (settle(d.i0_a, shunt, taken, x, diode)) {
        return x;
    }
    // y - W is a logarithm of W: the difference of two large numbers is not formed.
    const double ratio = std::log(d.i0_a / shunt);
    const double w = lambert_of_log(ratio + (taken + d.i0_a) / shunt);
    x = std::log(w) - ratio;
    // One step on the equation itself takes off what the logarithms rounded.
    const double e = d.i0_a * std::exp(x);
    x -= (d.i0_a * std::expm1(x) + shunt * x - taken) / (e + shunt);
    return x;
}

}  // namespace

double lambert_of_log(double y) noexcept {
    if (y < -30.0) {
        const double e = std::exp(y);
        return e * (1.0 - e);
    }
    double w = 0.0;
    if (y < 1.0) {
        w = 0.7 * std::log1p(std::exp(y));
    } else {
        const double l = std::log(y);
        const double r = l / y;
        w = y - l + r + 0.5 * r * (l - 2.0) / y;
    }
    for (int i = 0; i < kMostSteps; ++i) {
        const double step = lambert_step(w, y - w - std::log(w));
        w += step;
        if (std::fabs(step) <= kSmallFourth * w) {
            break;
        }
    }
    return w;
}

double lambert_less_one(double y) noexcept {
    if (!(y > 0.0)) {
        return 0.0;
    }
    double s = 0.5 * y;
    if (y > 1.0) {
        const double l = std::log(1.0 + y);
        const double r = 1.0 / (1.0 + y);
        s = y - l + l * r * (1.0 + 0.5 * r * (l - 2.0));
    }
    for (int i = 0; i < kMostSteps; ++i) {
        const double step = lambert_step(1.0 + s, y - s - log_of_one_and(s));
        s += step;
        if (std::fabs(step) <= kSmallFourth * s) {
            break;
        }
    }
    return s;
}

double SingleDiode::current(double v) const noexcept {
    if (rs_ohm == 0.0) {
        return il_a - i0_a * std::expm1(v / a_v) - gsh_s * v;
    }
    const double d = 1.0 + rs_ohm * gsh_s;
    // Where the diode takes little, from what the junction would be at without it.
    const double linear = (il_a - v * gsh_s) / d;
    const double ohmic = gsh_s * a_v + a_v / rs_ohm;
    double x = (v + linear * rs_ohm) / a_v;
    double diode = i0_a * std::expm1(x);
    if (diode <= kNear * ohmic && settle(i0_a, ohmic, il_a + v / rs_ohm, x, diode)) {
        return il_a - diode - gsh_s * a_v * x;
    }
    const double scale = a_v * d;
    const double theta = std::log(rs_ohm * i0_a / scale) + (rs_ohm * (il_a + i0_a) + v) / scale;
    const double w = lambert_of_log(theta);
    double i = (il_a + i0_a - v * gsh_s) / d - a_v / rs_ohm * w;
    // One Newton step on the equation itself, from the junction's side: the two large terms above
    // cancel where the cell is mostly a resistor.
    const double u = v + i * rs_ohm;
    const double exponential = std::expm1(u / a_v);
    const double g = (i0_a / a_v) * (exponential + 1.0) + gsh_s;
    i += (il_a - i0_a * exponential - gsh_s * u - i) / (1.0 + g * rs_ohm);
    return i;
}

double SingleDiode::voltage(double i) const noexcept {
    return a_v * junction(*this, il_a - i) - i * rs_ohm;
}

double SingleDiode::slope(double v, double i) const noexcept {
    const double g = i0_a / a_v * std::exp((v + i * rs_ohm) / a_v) + gsh_s;
    return -g / (1.0 + g * rs_ohm);
}

double SingleDiode::open_circuit_v() const noexcept {
    return il_a > 0.0 ? a_v * junction(*this, il_a) : 0.0;
}

OperatingPoint SingleDiode::max_power() const noexcept {
    if (!(il_a > 0.0)) {
        return {};
    }
    const double y = log_of_one_and(il_a / i0_a);
    if (rs_ohm == 0.0 && gsh_s == 0.0) {
        const double s = lambert_less_one(y);
        return {a_v * s, (il_a + i0_a) * s / (1.0 + s)};
    }
    MaxPowerSearch search(*this, y);
    search.start();
    for (int n = 0; n < 3; ++n) {
        const double step = search.step();
        if (settled(step, search.x)) {
            return search.end(step);
        }
        if (!(std::fabs(step) <= kNear)) {
            break;
        }
        search.move(step);
    }
    return search.bracketed();
}

SingleDiode CellAtReference::at(double light, double t_k) const noexcept {
    SingleDiode d = reference;
    const double warmer = t_k - kReferenceTemperature_k;
    const double ratio = t_k / kReferenceTemperature_k;
    d.il_a = std::fmax(0.0, light * (reference.il_a + alpha_a_per_k * warmer));
    d.gsh_s = reference.gsh_s * light;
    if (warmer != 0.0) {
        const double gap_ev = band_gap_ev * (1.0 - gap_slope * warmer);
        d.a_v = reference.a_v * ratio;
        d.i0_a =
            reference.i0_a * ratio * ratio * ratio *
            std::exp((band_gap_ev / kReferenceTemperature_k - gap_ev / t_k) / kBoltzmann_ev_per_k);
    }
    return d;
}

}  // namespace ebb
