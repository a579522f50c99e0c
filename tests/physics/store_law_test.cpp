// SPDX-License-Identifier: Apache-2.0
// The store law against quadrature in 40 digits, over every family of signs, discriminants and
// limits.
#include "models/core/store_law.hpp"
#include "models/core/error.hpp"
#include "tests/physics/reference.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace ebb;
using namespace ebb::test;

constexpr double kTolerance = 1e-12;

struct Case {
    Terms q;
    double capacitance_f;
    double v0, v1;
};

struct Family {
    std::string name;
    std::function<Case(Random&)> draw;
};

double farads(Random& r) { return r.log_uniform(1e-6, 1e-2); }
double volts(Random& r) { return r.log_uniform(0.05, 5.0); }
double watts(Random& r) { return r.log_uniform(1e-6, 30e-3); }
double amps(Random& r) { return r.log_uniform(1e-7, 10e-3); }
double leak(Random& r) { return -1.0 / r.log_uniform(1e3, 1e9); }

/// A law with roots at vm (1 +- spread); spread^2 < 0 gives complex roots.
Terms with_roots(double c, double vm, double spread2) {
    return {c * vm * vm * (1.0 - spread2), -2.0 * c * vm, c};
}

/// A target on the way from v0: `share` of the way to whatever ends it.
double on_the_way(const StoreLaw& law, double v0, double share) {
    const auto rest = law.equilibrium_from(v0);
    if (rest && *rest < 1e3) {
        return v0 + share * (*rest - v0);
    }
    return law.power_at(v0) > 0.0 ? v0 * (1.0 + 3.0 * share) : v0 * (1.0 - share);
}

Case toward(Random& r, Terms q) {
    const double c = farads(r);
    const double v0 = volts(r);
    return {q, c, v0, on_the_way(StoreLaw(q, c), v0, r.uniform(0.02, 0.98))};
}

const std::vector<Family>& families() {
    static const std::vector<Family> all = {
        {"power and leak",
         [](Random& r) {
             return toward(r, {r.sign() * watts(r), 0.0, leak(r)});
         }},
        {"power alone",
         [](Random& r) {
             return toward(r, {r.sign() * watts(r), 0.0, 0.0});
         }},
        {"leak alone",
         [](Random& r) {
             return toward(r, {0.0, 0.0, leak(r)});
         }},
        {"current and leak",
         [](Random& r) {
             return toward(r, {0.0, r.sign() * amps(r), leak(r)});
         }},
        {"current alone",
         [](Random& r) {
             return toward(r, {0.0, r.sign() * amps(r), 0.0});
         }},
        {"power and current",
         [](Random& r) {
             return toward(r, {r.sign() * watts(r), r.sign() * amps(r), 0.0});
         }},
        {"all three",
         [](Random& r) {
             return toward(r, {r.sign() * watts(r), r.sign() * amps(r), leak(r)});
         }},
        {"all three, growing",
         [](Random& r) {
             return toward(r, {r.sign() * watts(r), r.sign() * amps(r), -leak(r)});
         }},
        {"complex roots",
         [](Random& r) {
             return toward(r, with_roots(leak(r), volts(r), -r.log_uniform(1e-3, 1e2)));
         }},
        {"real roots",
         [](Random& r) {
             return toward(r, with_roots(leak(r), volts(r), r.log_uniform(1e-3, 1e2)));
         }},
        {"exact double root, from above",
         [](Random& r) {
             const Terms q = with_roots(-std::ldexp(1.0, static_cast<int>(r.integer(-25, -10))),
                                        std::ldexp(static_cast<double>(r.integer(3, 31)), -3), 0.0);
             const double vm = -0.5 * q.b_a / q.c_s;
             const double v0 = vm * (1.0 + r.log_uniform(1e-3, 1.0));
             return Case{q, farads(r), v0, v0 + r.uniform(0.1, 0.9) * (vm - v0)};
         }},
        {"exact double root, from below",
         [](Random& r) {
             const Terms q = with_roots(-std::ldexp(1.0, static_cast<int>(r.integer(-25, -10))),
                                        std::ldexp(static_cast<double>(r.integer(3, 31)), -3), 0.0);
             const double vm = -0.5 * q.b_a / q.c_s;
             const double v0 = vm * (1.0 - r.log_uniform(1e-3, 0.5));
             return Case{q, farads(r), v0, v0 * r.uniform(0.05, 0.95)};
         }},
        {"near-double root, real",
         [](Random& r) {
             const double vm = volts(r);
             const double s = r.log_uniform(1e-6, 1e-2);
             const double v0 = vm * (1.0 + r.sign() * s * r.log_uniform(2.0, 1e4));
             const Terms q = with_roots(leak(r), vm, s * s);
             const double start = v0 > 0.0 ? v0 : vm * (1.0 + 3.0 * s);
             const double c = farads(r);
             return Case{q, c, start, on_the_way(StoreLaw(q, c), start, r.uniform(0.1, 0.999))};
         }},
        {"near-double root, complex, through it",
         [](Random& r) {
             const double vm = volts(r);
             const double s = r.log_uniform(1e-6, 1e-2);
             return Case{with_roots(leak(r), vm, -s * s), farads(r),
                         vm * (1.0 + s * r.log_uniform(1.0, 100.0)),
                         vm * (1.0 - s * r.log_uniform(1.0, 100.0))};
         }},
        {"near equilibrium",
         [](Random& r) {
             Case k = toward(r, {watts(r), r.sign() * amps(r), leak(r)});
             k.v1 =
                 on_the_way(StoreLaw(k.q, k.capacitance_f), k.v0, 1.0 - r.log_uniform(1e-9, 1e-2));
             return k;
         }},
        {"c towards 0",
         [](Random& r) {
             return toward(r,
                           {r.sign() * watts(r), r.sign() * amps(r), -r.log_uniform(1e-30, 1e-10)});
         }},
        {"b towards 0",
         [](Random& r) {
             return toward(r,
                           {r.sign() * watts(r), r.sign() * r.log_uniform(1e-25, 1e-9), leak(r)});
         }},
        {"tiny steps",
         [](Random& r) {
             Case k = toward(r, {r.sign() * watts(r), r.sign() * amps(r), leak(r)});
             k.v1 = on_the_way(StoreLaw(k.q, k.capacitance_f), k.v0, r.log_uniform(1e-9, 1e-3));
             return k;
         }},
        {"down to nearly 0",
         [](Random& r) {
             const Terms q{-watts(r), -amps(r), leak(r)};
             const double v0 = volts(r);
             return Case{q, farads(r), v0, r.unit() < 0.3 ? 0.0 : v0 * r.log_uniform(1e-9, 1e-2)};
         }},
        {"up from 0",
         [](Random& r) {
             Case k{{watts(r), r.sign() * amps(r), leak(r)}, farads(r), 0.0, 0.0};
             k.v1 = r.uniform(0.05, 0.95) * *StoreLaw(k.q, k.capacitance_f).equilibrium_from(0.0);
             return k;
         }},
    };
    return all;
}

template <class Check>
void over_all(std::uint64_t seed, int count, const Check& check) {
    for (const Family& family : families()) {
        Random random(seed);
        for (int i = 0; i < count; ++i) {
            const Case k = family.draw(random);
            Catch::StringMaker<double>::precision = 17;
            INFO("seed " << seed << ", family '" << family.name << "', case " << i);
            CAPTURE(k.q.a_w, k.q.b_a, k.q.c_s, k.capacitance_f, k.v0, k.v1);
            check(k);
        }
    }
}

}  // namespace

TEST_CASE("the time to a voltage is right to 1e-12 in every family of the law") {
    over_all(20260101, 150, [](const Case& k) {
        const StoreLaw law(k.q, k.capacitance_f);
        const auto want = BigLaw(k.q, k.capacitance_f).time_to(k.v0, k.v1);
        const auto got = law.time_to(k.v0, k.v1);
        REQUIRE(want.has_value());
        REQUIRE(got.has_value());
        const double condition = law.conditioning(k.v0, k.v1, *got);
        CAPTURE(*got, condition);
        REQUIRE(relative_error(*got, *want) <= kTolerance * condition);
    });
}

TEST_CASE("the voltage after a time is right to 1e-12 in every family of the law") {
    over_all(20260102, 150, [](const Case& k) {
        const StoreLaw law(k.q, k.capacitance_f);
        const auto duration = law.time_to(k.v0, k.v1);
        REQUIRE(duration.has_value());
        const double t = *duration * 0.999;
        const double got = law.advance(k.v0, t);
        CAPTURE(t, got);
        const Big want = BigLaw(k.q, k.capacitance_f).advance(k.v0, t, got);
        // Towards 0 V the square of V is what is smooth: relative to v0 there.
        const double scale = std::min(1.0, got / k.v0) > 0.0 ? got : k.v0;
        const double error = abs(Big(got) - want).convert_to<double>() / scale;
        const double steep = std::fabs(law.power_at(got)) * t / (k.capacitance_f * got * got);
        const double inherited =
            std::fabs(law.power_at(got) / law.power_at(k.v0)) * (k.v0 / got) * (k.v0 / got);
        REQUIRE(error <= kTolerance * (1.0 + steep + inherited));
    });
}

TEST_CASE("the ledger's integrals are right to 1e-12 in every family of the law") {
    over_all(20260103, 100, [](const Case& k) {
        const StoreLaw law(k.q, k.capacitance_f);
        const BigLaw big(k.q, k.capacitance_f);
        const auto duration = law.time_to(k.v0, k.v1);
        REQUIRE(duration.has_value());
        const double t = *duration * 0.999;
        const double v1 = law.advance(k.v0, t);
        const Big end = big.advance(k.v0, t, v1);
        const PathIntegrals got = law.integrals(k.v0, v1, t);
        CAPTURE(t, v1, got.v_dt, got.v2_dt);
        REQUIRE(relative_error(got.v_dt, big.integral(2, k.v0, end)) <= kTolerance);
        REQUIRE(relative_error(got.v2_dt, big.integral(3, k.v0, end)) <= kTolerance);
        if (law.affine_in_energy()) {
            REQUIRE(relative_error(law.v2_dt(k.v0, t), big.integral(3, k.v0, end)) <= kTolerance);
        }
    });
}

TEST_CASE("the flows of a path add up to the change of its stored energy") {
    over_all(20260104, 500, [](const Case& k) {
        const StoreLaw law(k.q, k.capacitance_f);
        const auto t = law.time_to(k.v0, k.v1);
        REQUIRE(t.has_value());
        const PathIntegrals i = law.integrals(k.v0, k.v1, *t);
        const double flows[] = {k.q.a_w * *t, k.q.b_a * i.v_dt, k.q.c_s * i.v2_dt,
                                0.5 * k.capacitance_f * k.v1 * k.v1,
                                0.5 * k.capacitance_f * k.v0 * k.v0};
        double largest = 0.0;
        for (const double f : flows) {
            largest = std::max(largest, std::fabs(f));
        }
        const double change = 0.5 * k.capacitance_f * (k.v1 - k.v0) * (k.v1 + k.v0);
        const double residual = flows[0] + flows[1] + flows[2] - change;
        REQUIRE(std::fabs(residual) <= 1e-12 * largest);
    });
}

TEST_CASE("a short step by series agrees with 40 digits in its increment and integrals") {
    int converged = 0;
    over_all(20260105, 60, [&](const Case& k) {
        const StoreLaw law(k.q, k.capacitance_f);
        const BigLaw big(k.q, k.capacitance_f);
        const auto duration = law.time_to(k.v0, k.v1);
        REQUIRE(duration.has_value());
        const double t = *duration * 0.01;
        SeriesStep step;
        if (!law.series(k.v0, t, step)) {
            return;
        }
        ++converged;
        const Big end = big.advance(k.v0, t, Big(k.v0) + Big(step.dv_v));
        const double q0 = std::fabs(law.power_at(k.v0));
        const double flow = std::max(
            {std::fabs(k.q.a_w), std::fabs(k.q.b_a * k.v0), std::fabs(k.q.c_s * k.v0 * k.v0)});
        // q itself is a sum of flows: where they cancel, so do the digits of the increment.
        const double cancelled = 3e-15 * (1.0 + flow / q0);
        const double through = 1e-14 + 2.0 * cancelled * std::fabs(step.dv_v) / k.v0;
        REQUIRE(relative_error(step.dv_v, end - Big(k.v0)) <= cancelled);
        REQUIRE(relative_error(step.integrals.v_dt, big.integral(2, k.v0, end)) <= through);
        REQUIRE(relative_error(step.integrals.v2_dt, big.integral(3, k.v0, end)) <= through);
    });
    REQUIRE(converged > 500);
}
