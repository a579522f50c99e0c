// SPDX-License-Identifier: Apache-2.0
/// The single-diode cell against a bracketed root in 50 digits on its own equation, over seeded
/// random cells.
#include "models/core/single_diode.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <catch2/catch.hpp>
#include <cstdint>

#include "models/core/error.hpp"
#include "tests/physics/reference.hpp"

using namespace ebb;
using ebb::test::Random;

namespace {

using Big = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>,
                                          boost::multiprecision::et_off>;

SingleDiode random_cell(Random& random, bool series, bool shunt) {
    SingleDiode d;
    d.il_a = random.log_uniform(1e-6, 1.0);
    d.a_v = random.uniform(0.025, 0.4);
    const double voc = d.a_v * random.uniform(8.0, 30.0);
    d.i0_a = d.il_a / std::expm1(voc / d.a_v);
    d.rs_ohm = series ? random.log_uniform(1e-6, 0.3) * voc / d.il_a : 0.0;
    d.gsh_s = shunt ? random.log_uniform(1e-6, 0.3) * d.il_a / voc : 0.0;
    return d;
}

Big taken(const SingleDiode& d, const Big& u) {
    return Big(d.i0_a) * expm1(u / d.a_v) + Big(d.gsh_s) * u;
}

/// The junction's voltage at which `f`, falling, is zero.
template <class F>
Big falling_zero(const F& f, Big low, Big high) {
    std::uintmax_t steps = 200;
    const auto bracket = boost::math::tools::toms748_solve(
        f, std::move(low), std::move(high), boost::math::tools::eps_tolerance<Big>(150), steps);
    return (bracket.first + bracket.second) / 2;
}

/// The junction of a lit cell is never above this.
Big highest(const SingleDiode& d) { return Big(d.a_v) * log1p(Big(d.il_a) / d.i0_a) * Big(1.001); }

Big open_circuit(const SingleDiode& d) {
    return falling_zero([&](const Big& u) { return Big(d.il_a) - taken(d, u); }, 0, highest(d));
}

/// I(V): u = V + I Rs solves u - Rs (IL - taken(u)) = V.
Big exact_current(const SingleDiode& d, double v) {
    const Big u = falling_zero(
        [&](const Big& x) { return Big(v) + d.rs_ohm * (Big(d.il_a) - taken(d, x)) - x; }, 0,
        highest(d));
    return Big(d.il_a) - taken(d, u);
}

double relative(const Big& is, const Big& wanted, const Big& scale) {
    return static_cast<double>(abs(is - wanted) / scale);
}

}  // namespace

TEST_CASE("w + ln w = y holds from the deepest dark to the brightest sun") {
    for (double y = -700.0; y < 1e6; y += y < 50.0 ? 0.37 : 0.1 * y) {
        const Big w = lambert_of_log(y);
        INFO(y);
        // An error of y moves w by w/(1 + w) times it.
        const Big left = (w + log(w) - y) / (1 + w);
        CHECK(static_cast<double>(abs(left)) <=
              3e-16 * std::max(1.0, std::fabs(y) / (1.0 + std::exp(std::min(y, 700.0)))));
    }
}

TEST_CASE("the current of 3000 random cells is right to 7e-15 of the photocurrent") {
    Random random(2024);
    double worst = 0.0;
    for (int n = 0; n < 3000; ++n) {
        const SingleDiode d = random_cell(random, n % 3 != 0, n % 2 != 0);
        const double v = random.unit() * d.open_circuit_v();
        const double error = relative(d.current(v), exact_current(d, v), d.il_a);
        INFO(n << ": IL " << d.il_a << " a " << d.a_v << " Rs " << d.rs_ohm << " G " << d.gsh_s
               << " V " << v);
        REQUIRE(error <= 7e-15);
        worst = std::max(worst, error);
    }
    INFO("worst |dI|/IL: " << worst);
    CHECK(worst > 0.0);
}

TEST_CASE("voltage at a current and the open circuit of 3000 random cells are right to 5e-15") {
    Random random(7);
    double worst = 0.0;
    for (int n = 0; n < 3000; ++n) {
        const SingleDiode d = random_cell(random, n % 3 != 0, n % 2 != 0);
        const double i = 0.99 * random.unit() * d.il_a;
        const Big u = falling_zero([&](const Big& x) { return Big(d.il_a) - i - taken(d, x); }, 0,
                                   highest(d));
        const Big voc = open_circuit(d);
        const double error = std::max(relative(d.voltage(i), u - Big(i) * d.rs_ohm, voc),
                                      relative(d.open_circuit_v(), voc, voc));
        INFO(n << ": IL " << d.il_a << " a " << d.a_v << " Rs " << d.rs_ohm << " G " << d.gsh_s);
        REQUIRE(error <= 5e-15);
        worst = std::max(worst, error);
    }
    INFO("worst: " << worst);
    CHECK(worst > 0.0);
}

/// V and I where dP/du = I' (u - 2 Rs I) + I falls through its one zero.
struct BigPoint {
    Big v, i;
};
BigPoint exact_max_power(const SingleDiode& d) {
    const auto slope = [&](const Big& u) {
        const Big i = Big(d.il_a) - taken(d, u);
        const Big di = -Big(d.i0_a) / d.a_v * exp(u / d.a_v) - d.gsh_s;
        return di * (u - 2 * d.rs_ohm * i) + i;
    };
    const Big u = falling_zero(slope, 0, open_circuit(d));
    const Big i = Big(d.il_a) - taken(d, u);
    return {u - i * d.rs_ohm, i};
}

TEST_CASE("the maximum-power point of 3000 random cells is right to 3e-15 in V and I") {
    Random random(99);
    double worst = 0.0, worst_ideal = 0.0;
    for (int n = 0; n < 3000; ++n) {
        const bool ideal = n % 4 == 0;
        const SingleDiode d = random_cell(random, !ideal && n % 4 != 1, !ideal && n % 4 != 2);
        const BigPoint wanted = exact_max_power(d);
        const OperatingPoint is = d.max_power();
        const double error =
            std::max(relative(is.v, wanted.v, wanted.v), relative(is.i, wanted.i, wanted.i));
        INFO(n << ": IL " << d.il_a << " a " << d.a_v << " Rs " << d.rs_ohm << " G " << d.gsh_s);
        REQUIRE(error <= 3e-15);
        worst = std::max(worst, error);
        if (ideal) {
            REQUIRE(relative(is.v, wanted.v, wanted.v) <= 1e-15);
            worst_ideal = std::max(worst_ideal, error);
        }
    }
    INFO("worst: " << worst << ", ideal cells: " << worst_ideal);
    CHECK(worst > 0.0);
}

TEST_CASE("cells that are mostly resistors, or nearly in the dark, have no worse a solution") {
    Random random(123);
    double worst_mpp = 0.0, worst_voc = 0.0, worst_i = 0.0;
    for (int n = 0; n < 3000; ++n) {
        SingleDiode d = random_cell(random, n % 3 != 0, n % 3 != 1);
        d.rs_ohm *= random.log_uniform(1.0, 30.0);
        d.gsh_s *= random.log_uniform(1.0, 30.0);
        if (n % 2 == 0) {
            d.il_a = d.i0_a * random.log_uniform(1e-3, 1e3);
        }
        INFO(n << ": IL " << d.il_a << " I0 " << d.i0_a << " a " << d.a_v << " Rs " << d.rs_ohm
               << " G " << d.gsh_s);
        const BigPoint wanted = exact_max_power(d);
        const OperatingPoint is = d.max_power();
        worst_mpp = std::max(
            {worst_mpp, relative(is.v, wanted.v, wanted.v), relative(is.i, wanted.i, wanted.i)});
        const Big voc = open_circuit(d);
        worst_voc = std::max(worst_voc, relative(d.open_circuit_v(), voc, voc));
        const double v = random.unit() * d.open_circuit_v();
        worst_i = std::max(worst_i, relative(d.current(v), exact_current(d, v), d.il_a));
        REQUIRE(worst_mpp <= 1e-14);
        REQUIRE(worst_voc <= 5e-15);
        REQUIRE(worst_i <= 7e-15);
    }
    INFO("worst: maximum power " << worst_mpp << ", open circuit " << worst_voc << ", current "
                                 << worst_i);
    CHECK(worst_mpp > 0.0);
}

TEST_CASE("the maximum-power voltage runs smoothly through 200000 levels of light") {
    // A solver that stops early somewhere shows as a jump between neighbours.
    CellAtReference cell;
    cell.reference = single_diode_through(2.42778, 8.76768e-5, 0.160748, 2756.82, 1.0 / 1.28165e7);
    double before = 0.0, before_that = 0.0;
    for (int k = 0; k < 200'000; ++k) {
        const double light = 1e-5 * std::pow(1.0 + 1e-5, k);
        const double v = cell.at(light, kReferenceTemperature_k).max_power().v;
        if (k > 1) {
            INFO("light " << light);
            REQUIRE(v > before);
            REQUIRE(std::fabs(v - 2.0 * before + before_that) < 1e-10);
        }
        before_that = before;
        before = v;
    }
}

TEST_CASE("a cell in the dark gives nothing, and almost nothing almost in the dark") {
    SingleDiode d{0.0, 1e-9, 0.05, 1.0, 1e-5};
    CHECK(d.open_circuit_v() == 0.0);
    CHECK(d.max_power().v * d.max_power().i == 0.0);
    // Far below I0 the ideal cell is a resistor a/I0: Vmp = Voc/2, Imp = IL/2.
    d = {1e-17, 1e-9, 0.05, 0.0, 0.0};
    CHECK(d.open_circuit_v() == Approx(0.05 * 1e-8).epsilon(1e-7));
    CHECK(d.max_power().v == Approx(0.5 * d.open_circuit_v()).epsilon(1e-7));
    CHECK(d.max_power().i == Approx(0.5e-17).epsilon(1e-7));
}

TEST_CASE("a cell fitted to its four data passes through them with its maximum there") {
    struct Sheet {
        double voc, isc, vmp, imp;
        double a, i0, rs;
    };
    // Exact solutions of the four conditions, to the six digits in which they are published.
    const Sheet sheets[] = {{2.07, 0.0195, 1.67, 0.0184, 0.0916824, 3.05182e-12, 7.4132},
                            {0.69, 0.0586, 0.56, 0.0551, 0.0332692, 5.76315e-11, 0.65787},
                            {0.69, 0.0467, 0.56, 0.0439, 0.0334255, 5.06056e-11, 0.8186},
                            {4.15, 0.0586, 3.35, 0.0551, 0.197294, 4.2922e-11, 4.4289}};
    for (const Sheet& s : sheets) {
        const SingleDiode d = fit_single_diode(s.voc, s.isc, s.vmp, s.imp);
        INFO(s.voc << " V");
        CHECK(d.a_v == Approx(s.a).epsilon(5e-6));
        CHECK(d.i0_a == Approx(s.i0).epsilon(5e-5));
        CHECK(d.rs_ohm == Approx(s.rs).epsilon(2e-5));
        CHECK(d.short_circuit_a() == Approx(s.isc).epsilon(1e-13));
        CHECK(d.open_circuit_v() == Approx(s.voc).epsilon(1e-13));
        CHECK(d.max_power().v == Approx(s.vmp).epsilon(1e-11));
        CHECK(d.max_power().i == Approx(s.imp).epsilon(1e-11));
    }
}

TEST_CASE("a fit finds again the cell that its four data came from") {
    Random random(5);
    int shunted = 0;
    for (int n = 0; n < 500; ++n) {
        const bool series = n % 2 == 0;
        SingleDiode made = random_cell(random, series, !series);
        const OperatingPoint m = made.max_power();
        const SingleDiode d =
            fit_single_diode(made.open_circuit_v(), made.short_circuit_a(), m.v, m.i);
        INFO(n << ": IL " << made.il_a << " a " << made.a_v << " Rs " << made.rs_ohm << " G "
               << made.gsh_s);
        CHECK(d.short_circuit_a() == Approx(made.short_circuit_a()).epsilon(1e-12));
        CHECK(d.open_circuit_v() == Approx(made.open_circuit_v()).epsilon(1e-12));
        CHECK(d.max_power().v == Approx(m.v).epsilon(1e-9));
        CHECK(d.max_power().i == Approx(m.i).epsilon(1e-9));
        CHECK(d.a_v == Approx(made.a_v).epsilon(1e-7));
        shunted += d.gsh_s > 0.0 ? 1 : 0;
    }
    CHECK(shunted > 100);
}

TEST_CASE("four data that no diode has are refused with their values") {
    CHECK_THROWS_AS(fit_single_diode(2.0, 1e-3, 2.1, 0.9e-3), InputError);
    CHECK_THROWS_AS(fit_single_diode(2.0, 1e-3, 1.6, 1.1e-3), InputError);
    CHECK_THROWS_WITH(fit_single_diode(2.0, 1e-3, 0.2, 0.1e-3),
                      Catch::Contains("0.2 V") && Catch::Contains("no single diode"));
}

TEST_CASE("light and temperature scale a cell as De Soto states it") {
    CellAtReference cell;
    cell.reference = fit_single_diode(0.69, 0.0586, 0.56, 0.0551);
    const SingleDiode at_reference = cell.at(1.0, 298.15);
    CHECK(at_reference.il_a == cell.reference.il_a);
    CHECK(at_reference.i0_a == cell.reference.i0_a);
    CHECK(cell.at(0.25, 298.15).il_a == 0.25 * cell.reference.il_a);
    CHECK(cell.at(0.25, 298.15).a_v == cell.reference.a_v);
    CHECK(cell.at(0.0, 298.15).max_power().v == 0.0);
    // By hand for 60 degC: Eg = 1.121 (1 - 0.0002677 35) = 1.11049679 eV.
    const double t = 333.15, k = 8.617332478e-5;
    const double ratio = t / 298.15;
    const double i0 = cell.reference.i0_a * std::pow(ratio, 3) *
                      std::exp(1.121 / (k * 298.15) - 1.1104967905 / (k * t));
    CHECK(cell.at(1.0, t).i0_a == Approx(i0).epsilon(1e-9));
    CHECK(cell.at(1.0, t).a_v == Approx(cell.reference.a_v * ratio).epsilon(1e-15));
    // dVoc/dT = (Voc - n (Eg(0 K) + 3 k T))/T with n = a/(k T): more than the 2 mV per kelvin of an
    // ideal junction, as n = 1.3 stands before the gap.
    const double n = cell.reference.a_v / (k * 298.15);
    const double gap_0k = 1.121 * (1.0 + 0.0002677 * 298.15);
    const double expected = (0.69 - n * (gap_0k + 3.0 * k * 298.15)) / 298.15;
    const double slope = (cell.at(1.0, 298.65).open_circuit_v() - 0.69) / 0.5;
    CHECK(slope == Approx(expected).epsilon(2e-3));
}

TEST_CASE("a cell through two points with a stated slope passes through them") {
    const SingleDiode ideal = single_diode_through(2.5, 14.1e-6, 0.349, 0.0, 0.0);
    CHECK(ideal.open_circuit_v() == Approx(2.5).epsilon(1e-14));
    CHECK(ideal.short_circuit_a() == Approx(14.1e-6).epsilon(1e-14));
    const SingleDiode real = single_diode_through(2.5, 14.1e-6, 0.349, 8e3, 1e-6);
    CHECK(real.open_circuit_v() == Approx(2.5).epsilon(1e-14));
    CHECK(real.short_circuit_a() == Approx(14.1e-6).epsilon(1e-14));
    CHECK_THROWS_AS(single_diode_through(2.5, 14.1e-6, 0.349, 0.0, 1e-5), InputError);
}
