// SPDX-License-Identifier: Apache-2.0
/// A photovoltaic cell (or a string or module of equal cells) as one diode, one series and one
/// shunt resistance.
///
///   I = IL - I0 (exp((V + I Rs)/a) - 1) - (V + I Rs) G        [A], a = n Ns k T/q [V], G = 1/Rsh
///
/// Every curve is evaluated in closed form by the Lambert function of a logarithm, which cannot
/// overflow: I(V) to about 1e-15 IL. The maximum-power point is exact for Rs = G = 0; otherwise it
/// is the zero of dP/du in the junction's voltage u = V + I Rs, where V and I are explicit, by
/// Newton inside a bracket.
///
/// Light and temperature after De Soto (2006), S0 the light of the cell's data, T0 = 298.15 K:
///   IL = S/S0 (IL0 + alpha (T - T0))            a = a0 T/T0        G = G0 S/S0        Rs constant
///   I0 = I00 (T/T0)^3 exp(Eg0/(k T0) - Eg/(k T)), Eg = Eg0 (1 - 0.0002677 (T - T0))
///
/// Not modelled: a second diode, the junction's capacitance, reverse breakdown, shading inside a
/// string, the spectrum. Sources: Jain and Kapoor, Solar Energy Materials and Solar Cells 81 (2004)
/// 269; De Soto, Klein and Beckman, Sol. Energy 80 (2006) 78.
#pragma once

namespace ebb {

/// w with w + ln w = y: the Lambert function W(e^y).
[[nodiscard]] double lambert_of_log(double y) noexcept;
/// s >= 0 with s + ln(1 + s) = y, y >= 0: W(e^(1 + y)) - 1 without the cancellation in the dark.
[[nodiscard]] double lambert_less_one(double y) noexcept;

struct OperatingPoint {
    double v = 0.0;
    double i = 0.0;
};

/// Values in SI at one light and one temperature. IL >= 0, I0 > 0, a > 0, Rs >= 0, G >= 0.
struct SingleDiode {
    double il_a = 0.0;
    double i0_a = 0.0;
    double a_v = 0.0;
    double rs_ohm = 0.0;
    double gsh_s = 0.0;  ///< 1/Rsh

    [[nodiscard]] double current(double v) const noexcept;
    [[nodiscard]] double voltage(double i) const noexcept;
    /// dI/dV at a point (v, i) of the curve [S].
    [[nodiscard]] double slope(double v, double i) const noexcept;
    [[nodiscard]] double open_circuit_v() const noexcept;
    [[nodiscard]] double short_circuit_a() const noexcept { return current(0.0); }
    /// Largest V I; {0, 0} in the dark.
    [[nodiscard]] OperatingPoint max_power() const noexcept;
};

/// A cell at the reference conditions, and how it scales.
struct CellAtReference {
    SingleDiode reference;         ///< at its own light and T0
    double alpha_a_per_k = 0.0;    ///< temperature coefficient of IL
    double band_gap_ev = 1.121;    ///< at T0; silicon
    double gap_slope = 0.0002677;  ///< relative decrease of the gap per kelvin (De Soto, silicon)

    /// `light` = S/S0 >= 0; at 0 the cell gives nothing.
    [[nodiscard]] SingleDiode at(double light, double t_k) const noexcept;
};

inline constexpr double kReferenceTemperature_k = 298.15;

/// The diode through (0, Isc), (Voc, 0) and (Vmp, Imp) with its maximum power there. Shunt infinite
/// if that gives Rs >= 0, else Rs = 0 and a shunt. Throws InputError if no such diode exists.
[[nodiscard]] SingleDiode fit_single_diode(double voc_v, double isc_a, double vmp_v, double imp_a);

/// The diode through (0, Isc) and (Voc, 0) with the given a, Rs and G. Throws InputError if the
/// resistances alone take more than that.
[[nodiscard]] SingleDiode single_diode_through(double voc_v, double isc_a, double a_v,
                                               double rs_ohm, double gsh_s);

}  // namespace ebb
