// SPDX-License-Identifier: Apache-2.0
// A cell's parameters from the points of its data sheet.
#include <fmt/format.h>
#include <cmath>
#include "models/core/error.hpp"
#include "models/core/single_diode.hpp"

namespace ebb {

namespace {

constexpr int kMostSteps = 60;

struct Points {
    double voc, isc, vmp, imp;
};

/// The diode with infinite shunt through the three points for a given a; Rs may come out negative.
SingleDiode with_series(const Points& p, double a) {
    double rs = 0.0;
    for (int n = 0; n < kMostSteps; ++n) {
        const double dark = std::exp((p.isc * rs - p.voc) / a);
        const double next = (p.voc - p.vmp + a * std::log1p(-p.imp / p.isc * (1.0 - dark))) / p.imp;
        const bool settled = std::fabs(next - rs) <= 1e-15 * p.voc / p.imp;
        rs = next;
        if (settled) {
            break;
        }
    }
    SingleDiode d;
    d.a_v = a;
    d.rs_ohm = rs;
    d.i0_a = p.isc / (std::exp(p.voc / a) - std::exp(p.isc * rs / a));
    d.il_a = d.i0_a * std::expm1(p.voc / a);
    return d;
}

/// The diode with Rs = 0 through the three points for a given a; G may come out negative.
SingleDiode with_shunt(const Points& p, double a) {
    const double share = std::expm1(p.vmp / a) / std::expm1(p.voc / a);
    SingleDiode d;
    d.a_v = a;
    d.il_a = p.isc;
    d.gsh_s = (p.isc - p.imp - p.isc * share) / (p.vmp - p.voc * share);
    d.i0_a = (p.isc - d.gsh_s * p.voc) / std::expm1(p.voc / a);
    return d;
}

/// dP/dV at (Vmp, Imp), over Imp: zero where the maximum lies there.
double tilt(const SingleDiode& d, const Points& p) {
    const double g = d.i0_a / d.a_v * std::exp((p.vmp + p.imp * d.rs_ohm) / d.a_v) + d.gsh_s;
    return 1.0 - p.vmp / p.imp * g / (1.0 + g * d.rs_ohm);
}

/// The a at which `tilt` vanishes, searched around the three-point estimate; 0 if there is none.
template <class Make>
double solve_for_a(const Points& p, const Make& make) {
    const double x = p.imp / (p.isc - p.imp);
    const double guess = p.voc / (x + std::log1p(x));
    const auto f = [&](double a) { return tilt(make(p, a), p); };
    // From the smallest a upwards: the first change of sign.
    double low = 0.0;
    double high = 0.0;
    double before = 0.0;
    for (double a = guess / 8.0; a <= 8.0 * guess; a *= 1.05) {
        const double here = f(a);
        if (std::isfinite(here) && std::isfinite(before) && low > 0.0 && here * before <= 0.0) {
            high = a;
            break;
        }
        low = a;
        before = here;
    }
    if (high == 0.0) {
        return 0.0;
    }
    for (int n = 0; n < 200 && high - low > 1e-16 * high; ++n) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) {
            break;
        }
        (f(middle) * before > 0.0 ? low : high) = middle;
    }
    return std::fabs(f(low)) < std::fabs(f(high)) ? low : high;
}

bool usable(const SingleDiode& d, const Points& p) {
    return d.i0_a > 0.0 && d.il_a > 0.0 && d.rs_ohm >= 0.0 && d.gsh_s >= 0.0 &&
           std::isfinite(d.i0_a) && std::fabs(tilt(d, p)) < 1e-6;
}

}  // namespace

SingleDiode fit_single_diode(double voc_v, double isc_a, double vmp_v, double imp_a) {
    const Points p{voc_v, isc_a, vmp_v, imp_a};
    const bool ordered = vmp_v > 0.0 && vmp_v < voc_v && imp_a > 0.0 && imp_a < isc_a;
    if (ordered) {
        const double a_series = solve_for_a(p, with_series);
        if (a_series > 0.0) {
            const SingleDiode d = with_series(p, a_series);
            if (usable(d, p)) {
                return d;
            }
        }
        const double a_shunt = solve_for_a(p, with_shunt);
        if (a_shunt > 0.0) {
            const SingleDiode d = with_shunt(p, a_shunt);
            if (usable(d, p)) {
                return d;
            }
        }
    }
    throw InputError(fmt::format(
        "no single diode has its maximum power at ({:g} V, {:g} A) with an open circuit at {:g} V "
        "and a short circuit of {:g} A; expected 0 < vmp < voc, 0 < imp < isc, and vmp imp "
        "between a quarter and all of voc isc",
        vmp_v, imp_a, voc_v, isc_a));
}

SingleDiode single_diode_through(double voc_v, double isc_a, double a_v, double rs_ohm,
                                 double gsh_s) {
    SingleDiode d;
    d.a_v = a_v;
    d.rs_ohm = rs_ohm;
    d.gsh_s = gsh_s;
    // The difference of the equations at the two ends leaves I0.
    const double at_short = isc_a * rs_ohm;
    d.i0_a = (isc_a * (1.0 + rs_ohm * gsh_s) - gsh_s * voc_v) /
             (std::exp(voc_v / a_v) - std::exp(at_short / a_v));
    d.il_a = d.i0_a * std::expm1(voc_v / a_v) + gsh_s * voc_v;
    if (!(d.i0_a > 0.0) || !std::isfinite(d.i0_a)) {
        throw InputError(
            fmt::format("no diode with a slope of {:g} V, {:g} Ohm in series and a shunt of {:g} "
                        "Ohm gives {:g} "
                        "A into a short circuit and {:g} V open: the resistances alone take more",
                        a_v, rs_ohm, 1.0 / gsh_s, isc_a, voc_v));
    }
    return d;
}

}  // namespace ebb
