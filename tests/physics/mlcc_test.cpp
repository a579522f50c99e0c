// SPDX-License-Identifier: Apache-2.0
// A capacitance that falls with its voltage, against closed forms and quadrature in 50 digits.
#include "models/store/mlcc.hpp"
#include "models/store/bias_law.hpp"
#include "tests/physics/stores.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

namespace {

using namespace ebb;
using namespace ebb::test;
using Big = boost::multiprecision::cpp_bin_float_50;

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

MlccParams ceramic(double initial_v, double max_v = 10.0) {
    MlccParams p;
    p.capacitance_f = 10e-6;
    p.bias_v = 5.0;
    p.initial_v = initial_v;
    p.max_v = max_v;
    return p;
}

/// Integral of weight(v) C0 v/(q(v) (1 + (v/b)^2)) dv in 50 digits.
template <class Weight>
double integral(const BiasCapacitance& c, const Terms& q, double v0, double v1,
                const Weight& weight) {
    const Big k = Big(c.inverse_b) * c.inverse_b;
    const auto f = [&](const Big& v) -> Big {
        const Big right = Big(q.a_w) + v * (Big(q.b_a) + v * Big(q.c_s));
        return weight(v) * v / (right * (1 + v * v * k));
    };
    Big error = 0;
    const Big value = boost::math::quadrature::gauss_kronrod<Big, 61>::integrate(
        f, Big(v0), Big(v1), 14, Big(1e-24), &error);
    return static_cast<double>(Big(c.c0_f) * value);
}

struct Random {
    std::mt19937_64 engine;
    double unit() { return static_cast<double>(engine() >> 11) * 0x1p-53; }
    double log_uniform(double lo, double hi) { return lo * std::exp(unit() * std::log(hi / lo)); }
};

}  // namespace

TEST_CASE("a constant power fills a ceramic capacitor along its energy") {
    for (const bool witness : {false, true}) {
        INFO("witness: " << witness);
        PiecewiseStore store(std::make_unique<MlccBody>(ceramic(0.0), witness));
        const Supply supply = Supply::constant(shape(SupplyTag::power), 1e-3);
        store.reset(supply);
        const WalkResult r = store.walk(nothing(), {kNoWatch, 4.0}, at(10.0));
        const Big b = 5;
        const Big joules = Big(10e-6) * b * b / 2 * log1p(Big(16) / (b * b));
        CHECK(r.stop == Stop::rising);
        CHECK(r.at.seconds() == near(static_cast<double>(joules / Big(1e-3))));
        CHECK(store.stored_j() == near(static_cast<double>(joules)));
        CHECK(store.inner_v() == 4.0);
        CHECK(ledger_closes(store, 0.0));
    }
}

TEST_CASE("a constant current fills a ceramic capacitor along its charge") {
    for (const bool witness : {false, true}) {
        INFO("witness: " << witness);
        PiecewiseStore store(std::make_unique<MlccBody>(ceramic(1.0), witness));
        const Supply supply = Supply::constant(shape(SupplyTag::current), 1e-3);
        store.reset(supply);
        const WalkResult r = store.walk(nothing(), {kNoWatch, 7.0}, at(10.0));
        const Big b = 5;
        const Big charge = Big(10e-6) * b * (atan(Big(7) / b) - atan(Big(1) / b));
        CHECK(r.at.seconds() == near(static_cast<double>(charge / Big(1e-3))));
        CHECK(ledger_closes(store, 0.0));
        // As much charge later, through the same current out: back where it was.
        const WalkResult back =
            store.walk(load({phase({0.0, 2e-3, 0.0})}), {1.0, kNoWatch}, at(10.0));
        CHECK(back.at.since(r.at) == near(r.at.seconds()));
        CHECK(ledger_closes(store, sum_of(back.tail)));
    }
}

TEST_CASE("crossings, states and integrals of the biased law agree with 50 digits") {
    Random dice{std::mt19937_64(20260401)};
    double worst_time = 0.0;
    double worst_state = 0.0;
    double worst_integral = 0.0;
    int reached = 0;
    for (int i = 0; i < 300; ++i) {
        const BiasCapacitance c{dice.log_uniform(1e-6, 1e-3), 1.0 / dice.log_uniform(1.0, 30.0)};
        const auto sign = [&] { return dice.unit() < 0.5 ? -1.0 : 1.0; };
        const auto maybe = [&](double x) { return dice.unit() < 0.7 ? x : 0.0; };
        const Terms q{maybe(sign() * dice.log_uniform(1e-6, 3e-2)),
                      maybe(sign() * dice.log_uniform(1e-7, 1e-2)),
                      -maybe(1.0 / dice.log_uniform(1e3, 1e9))};
        const double v0 = 0.5 + 4.5 * dice.unit();
        const double v1 = 0.5 + 4.5 * dice.unit();
        const BiasLaw law(c, q);
        const auto t = law.time_to(v0, v1);
        if (!t || *t <= 0.0) {
            continue;
        }
        ++reached;
        const StoreLaw plain(q, c.c0_f);
        const double want = integral(c, q, v0, v1, [](const Big&) { return Big(1); });
        const double factor = plain.conditioning(v0, v1, want);
        INFO("case " << i << ": a " << q.a_w << " b " << q.b_a << " c " << q.c_s << " from " << v0
                     << " to " << v1 << ", conditioning " << factor);
        worst_time = std::max(worst_time, std::fabs(*t - want) / (want * factor));
        // The state after the exact time is the target; its error there is that of the time.
        const double slope = std::fabs(q.power_at(v1)) / (c.at(v1) * v1);
        const double off = std::fabs(law.advance(v0, want) - v1);
        worst_state = std::max(worst_state, off / (v1 + slope * want * factor));
        CHECK(std::fabs(*t - want) <= 1e-13 * want * factor);
        CHECK(off <= 1e-13 * (v1 + slope * want * factor));
        const PathIntegrals d = law.deviations(v0, v1);
        const double first = integral(c, q, v0, v1, [&](const Big& v) { return v - Big(v1); });
        const double second =
            integral(c, q, v0, v1, [&](const Big& v) { return (v - Big(v1)) * (v - Big(v1)); });
        const double error = std::max(std::fabs(d.v_dt - first) / std::fabs(first),
                                      std::fabs(d.v2_dt - second) / std::fabs(second));
        worst_integral = std::max(worst_integral, error);
        CHECK(error <= 1e-12);
    }
    INFO("worst time " << worst_time << ", state " << worst_state << ", integral "
                       << worst_integral);
    CHECK(reached >= 100);
    std::cout << "  biased law, " << reached << " crossings: worst time " << worst_time
              << ", state " << worst_state << " (over conditioning), integral " << worst_integral
              << "\n";
}

TEST_CASE("an exponential leak, alone and against a current, follows its closed form") {
    struct Case {
        double source_a, from_v, to_v;
    };
    for (const Case& c : {Case{0.0, 3.0, 1.0}, Case{2e-6, 3.5, 3.0}, Case{2e-3, 0.5, 3.0}}) {
        for (const bool witness : {false, true}) {
            INFO("source " << c.source_a << " A, witness " << witness);
            MlccParams p = ceramic(c.from_v);
            p.bias_v.reset();
            p.leakage.exponential = ExponentialLeak{1e-7, 0.6};
            PiecewiseStore store(std::make_unique<MlccBody>(p, witness));
            const Supply supply = Supply::constant(shape(SupplyTag::current), c.source_a);
            store.reset(supply);
            const bool up = c.to_v > c.from_v;
            const WalkResult r = store.walk(
                nothing(), up ? Watches{kNoWatch, c.to_v} : Watches{c.to_v, kNoWatch}, at(1e6));
            REQUIRE(r.stop == (up ? Stop::rising : Stop::falling));
            // t = C int dV/(A - I0 e^(V/Va)) = C/A [(V1 - V0) - Va log((A - I1)/(A - I0))].
            const Big i0 = Big(1e-7) * exp(Big(c.from_v) / Big(0.6));
            const Big i1 = Big(1e-7) * exp(Big(c.to_v) / Big(0.6));
            const Big a = c.source_a;
            const Big cap = 10e-6;
            const Big want =
                c.source_a == 0.0
                    ? cap * Big(0.6) * (1 / i1 - 1 / i0)
                    : cap / a * (Big(c.to_v) - Big(c.from_v) - Big(0.6) * log((a - i1) / (a - i0)));
            CHECK(r.at.seconds() == near(static_cast<double>(want), 1e-11));
            CHECK(ledger_closes(store, 0.0));
        }
    }
}

TEST_CASE("a source behind a resistor fills an empty ceramic capacitor") {
    MlccParams p = ceramic(0.0);
    PiecewiseStore store(std::make_unique<MlccBody>(p, false));
    SupplyShape source = shape(SupplyTag::thevenin);
    source.resistance_ohm = 1e3;
    source.diode = true;
    const Supply supply = Supply::constant(source, 3.0);
    store.reset(supply);
    // t = R C0 int dv/((E - v)(1 + (v/b)^2)), a horizon in the middle of the path.
    const BiasCapacitance c{10e-6, 0.2};
    const Terms q{0.0, 3e-3, -1e-3};
    const double half = integral(c, q, 0.0, 1.5, [](const Big&) { return Big(1); });
    store.walk(nothing(), {kNoWatch, kNoWatch}, at(half));
    CHECK(store.inner_v() == near(1.5));
    store.walk(nothing(), {kNoWatch, kNoWatch}, at(10.0));
    CHECK(store.inner_v() == near(3.0));
    CHECK(ledger_closes(store, 0.0));
}

TEST_CASE("a leaking ceramic capacitor under power, current and resistor closes its account") {
    for (const bool witness : {false, true}) {
        MlccParams p = ceramic(0.0, 4.2);
        p.leakage.resistance_ohm = 2e6;
        p.leakage.current_a = 1e-7;
        PiecewiseStore store(std::make_unique<MlccBody>(p, witness));
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.4e-3);
        store.reset(supply);
        const WalkResult up = store.walk(nothing(), {kNoWatch, 4.0}, at(1.0));
        REQUIRE(up.stop == Stop::rising);
        const WalkResult down =
            store.walk(load({phase({0.0, 1e-3, 1e-5})}), {2.0, kNoWatch}, at(2.0));
        REQUIRE(down.stop == Stop::falling);
        const WalkResult full = store.walk(nothing(), {1.0, kNoWatch}, at(3.0));
        CHECK(full.stop == Stop::until);
        CHECK(store.inner_v() == 4.2);
        CHECK(store.ledger().clipped() > 0.0);
        CHECK(ledger_closes(store, sum_of(down.tail)));
    }
}
