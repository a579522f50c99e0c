// SPDX-License-Identifier: Apache-2.0
// Networks of RC branches against a matrix exponential in 50 digits, and their accounts.
#include "models/store/linear_network.hpp"
#include "models/store/supercapacitor_store.hpp"
#include "tests/physics/stores.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <random>

namespace {

using namespace ebb;
using namespace ebb::test;
using Big = boost::multiprecision::cpp_bin_float_50;

struct Random {
    std::mt19937_64 engine;
    double unit() { return static_cast<double>(engine() >> 11) * 0x1p-53; }
    double log_uniform(double lo, double hi) { return lo * std::exp(unit() * std::log(hi / lo)); }
};

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

/// 10 mF, scaled from a 470 F cell: resistances in inverse proportion.
SupercapacitorParams three_branches(double initial_v, double max_v = 10.0) {
    SupercapacitorParams p;
    p.immediate = {5.0, 5e-3, 0.0};
    p.branches = {{400.0, 2e-3, std::nullopt}, {5000.0, 3e-3, std::nullopt}};
    p.initial_v = initial_v;
    p.max_v = max_v;
    p.leakage.resistance_ohm = 4e6;
    return p;
}

std::unique_ptr<EnergyStore> make(const SupercapacitorParams& p, bool witness) {
    return std::make_unique<PiecewiseStore>(std::make_unique<NetworkBody>(p, witness));
}

/// Voltages of a network under b + c y at its node after t: exponential of the matrix with the
/// constant part as a last column, by Taylor's series and squaring in 50 digits.
std::vector<Big> exponential(const SupercapacitorParams& p, double b, double c, double t) {
    const std::size_t n = 1 + p.branches.size();
    using Square = std::vector<std::vector<Big>>;
    std::vector<Big> g(n), cap(n), v(n + 1, Big(1));
    g[0] = 1 / Big(p.immediate.resistance_ohm);
    cap[0] = p.immediate.capacitance_f;
    v[0] = p.initial_v;
    Big d = g[0] - Big(c);
    for (std::size_t k = 1; k < n; ++k) {
        g[k] = 1 / Big(p.branches[k - 1].resistance_ohm);
        cap[k] = p.branches[k - 1].capacitance_f;
        v[k] = p.branches[k - 1].initial_v.value_or(p.initial_v);
        d += g[k];
    }
    const auto product = [n](const Square& x, const Square& y) {
        Square z(n + 1, std::vector<Big>(n + 1, Big(0)));
        for (std::size_t i = 0; i <= n; ++i) {
            for (std::size_t k = 0; k <= n; ++k) {
                for (std::size_t j = 0; j <= n; ++j) {
                    z[i][j] += x[i][k] * y[k][j];
                }
            }
        }
        return z;
    };
    constexpr int kSquarings = 40;
    const Big h = Big(t) / pow(Big(2), kSquarings);
    Square m(n + 1, std::vector<Big>(n + 1, Big(0)));
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            m[i][j] = h * g[i] * g[j] / d / cap[i];
        }
        m[i][i] -= h * g[i] / cap[i];
        m[i][n] = h * g[i] * Big(b) / d / cap[i];
    }
    m[0][0] -= h / Big(*p.leakage.resistance_ohm) / cap[0];
    // e^m - 1, so that small steps keep their digits: (1 + x)^2 - 1 = 2 x + x^2.
    Square x = m;
    Square term = m;
    for (int order = 2; order < 24; ++order) {
        term = product(term, m);
        for (std::size_t i = 0; i <= n; ++i) {
            for (std::size_t j = 0; j <= n; ++j) {
                term[i][j] /= order;
                x[i][j] += term[i][j];
            }
        }
    }
    for (int s = 0; s < kSquarings; ++s) {
        Square square = product(x, x);
        for (std::size_t i = 0; i <= n; ++i) {
            for (std::size_t j = 0; j <= n; ++j) {
                square[i][j] += 2 * x[i][j];
            }
        }
        x = square;
    }
    std::vector<Big> out(n);
    for (std::size_t i = 0; i < n; ++i) {
        out[i] = v[i];
        for (std::size_t j = 0; j <= n; ++j) {
            out[i] += x[i][j] * v[j];
        }
    }
    return out;
}

}  // namespace

TEST_CASE("branches follow a matrix exponential in 50 digits") {
    Random dice{std::mt19937_64(20260402)};
    double worst = 0.0;
    for (int i = 0; i < 60; ++i) {
        SupercapacitorParams p;
        p.immediate = {dice.log_uniform(0.01, 30.0), dice.log_uniform(1e-4, 1e-1), 0.0};
        p.initial_v = 1.0 + 3.0 * dice.unit();
        p.max_v = 100.0;
        p.leakage.resistance_ohm = dice.log_uniform(1e4, 1e8);
        for (std::size_t k = 0; k < static_cast<std::size_t>(i % 4); ++k) {
            p.branches.push_back(
                {dice.log_uniform(10.0, 1e4), dice.log_uniform(1e-4, 1e-1), 4.0 * dice.unit()});
        }
        const double ohm = dice.log_uniform(100.0, 1e5);
        const double b = i % 3 == 0 ? 0.0 : 4.0 / ohm;
        const double c = i % 3 == 1 ? 0.0 : -1.0 / ohm;
        const double t = dice.log_uniform(1e-3, 3.0);
        auto store = make(p, false);
        SupplyShape source = shape(b == 0.0 ? SupplyTag::power : SupplyTag::current);
        const Supply supply = Supply::constant(source, b);
        store->reset(supply);
        const WalkResult r =
            store->walk(load({phase({0.0, 0.0, -c})}), {kNoWatch, kNoWatch}, at(t));
        const std::vector<Big> want = exponential(p, b, c, r.at.seconds());
        Big joules = 0;
        Big seen = 0;
        Big total = 1 / Big(p.immediate.resistance_ohm);
        joules = Big(p.immediate.capacitance_f) * want[0] * want[0] / 2;
        seen = want[0] * total;
        for (std::size_t k = 1; k < want.size(); ++k) {
            joules += Big(p.branches[k - 1].capacitance_f) * want[k] * want[k] / 2;
            seen += want[k] / Big(p.branches[k - 1].resistance_ohm);
            total += 1 / Big(p.branches[k - 1].resistance_ohm);
        }
        const double error =
            std::max(std::fabs(store->stored_j() / static_cast<double>(joules) - 1.0),
                     std::fabs(store->inner_v() / static_cast<double>(seen / total) - 1.0));
        INFO("case " << i << ", error " << error);
        worst = std::max(worst, error);
        CHECK(error <= 1e-12);
        CHECK(ledger_closes(*store, sum_of(r.tail)));
    }
    std::cout << "  networks against 50 digits: worst relative error " << worst << "\n";
}

TEST_CASE("no zero of a sum of exponentials is missed") {
    Random dice{std::mt19937_64(20260403)};
    int with_two = 0;
    for (int i = 0; i < 3000; ++i) {
        const std::size_t n = 2 + static_cast<std::size_t>(i % 3);
        std::vector<double> d(n), lambda(n);
        for (std::size_t j = 0; j < n; ++j) {
            d[j] = 2.0 * dice.unit() - 1.0;
            lambda[j] = -dice.log_uniform(1e-2, 30.0);
        }
        const double horizon = 5.0;
        const std::vector<double> zeros = zeros_of_exponentials(d, lambda, horizon);
        const auto value = [&](double t) {
            double sum = 0.0;
            for (std::size_t j = 0; j < n; ++j) {
                sum += d[j] * std::exp(lambda[j] * t);
            }
            return sum;
        };
        // A fine scan finds a sign change for each pair of neighbouring zeros that it can resolve.
        int changes = 0;
        double before = value(0.0);
        for (int k = 1; k <= 4000; ++k) {
            const double now = value(horizon * k / 4000);
            changes += before * now < 0.0 ? 1 : 0;
            before = now;
        }
        INFO("case " << i << ": " << zeros.size() << " zeros, " << changes << " seen");
        CHECK(static_cast<int>(zeros.size()) >= changes);
        CHECK((static_cast<int>(zeros.size()) - changes) % 2 == 0);
        for (const double t : zeros) {
            double size = 0.0;
            for (std::size_t j = 0; j < n; ++j) {
                size += std::fabs(d[j] * std::exp(lambda[j] * t));
            }
            CHECK(std::fabs(value(t)) <= 1e-13 * size);
        }
        with_two += zeros.size() >= 2 ? 1 : 0;
    }
    CHECK(with_two >= 30);
}

TEST_CASE("a terminal that recovers and sags again meets both watches on its way") {
    for (const bool witness : {false, true}) {
        INFO("witness " << witness);
        // The immediate branch is full, the delayed one empty: the terminal falls by itself.
        SupercapacitorParams p = three_branches(3.0);
        p.branches[0].initial_v = 4.0;  // pushes up first
        p.branches[1].initial_v = 0.0;  // pulls down for longer
        auto store = make(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(supply);
        const double v0 = store->terminal_v({});
        const WalkResult up = store->walk(nothing(), {kNoWatch, v0 + 0.02}, at(100.0));
        REQUIRE(up.stop == Stop::rising);
        const WalkResult down = store->walk(nothing(), {v0, kNoWatch}, at(1000.0));
        REQUIRE(down.stop == Stop::falling);
        CHECK(down.at > up.at);
        CHECK(ledger_closes(*store, 0.0));
    }
}

TEST_CASE("charge is conserved when branches share it, and the heat is what is missing") {
    for (const bool witness : {false, true}) {
        SupercapacitorParams p;
        p.immediate = {2.0, 1e-3, 0.0};
        p.branches = {{50.0, 3e-3, 1.0}};
        p.initial_v = 4.0;
        p.max_v = 5.0;
        auto store = make(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(supply);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(30.0));
        CHECK(store->inner_v() == near((4.0 + 3.0) / 4.0));
        const double want = 0.5 * 1e-3 * 3e-3 / 4e-3 * 9.0;  // C1 C2/(C1 + C2)/2 dV^2
        CHECK(store->ledger().sink(Sink::esr_loss) == near(want, 1e-11));
        CHECK(ledger_closes(*store, 0.0));
    }
}

TEST_CASE("a network under powers and a voltage-dependent branch closes its account") {
    for (const bool witness : {false, true}) {
        for (const double per_volt : {0.0, 2e-3}) {
            INFO("witness " << witness << ", per volt " << per_volt);
            SupercapacitorParams p = three_branches(0.5, 3.3);
            p.immediate.per_volt_f = per_volt;
            auto store = make(p, witness);
            SupplyShape source = shape(SupplyTag::power);
            source.efficiency = 0.8;
            const Supply supply = Supply::constant(source, 20e-3);
            store->reset(supply);
            double drawn = 0.0;
            for (int i = 0; i < 3; ++i) {
                const WalkResult up = store->walk(nothing(), {kNoWatch, 3.2}, at(300.0));
                REQUIRE(up.stop == Stop::rising);
                const WalkResult on = store->walk(
                    load({phase({30e-3, 1e-3, 0.0}, 0.05), phase({0.0, 20e-3, 0.0}, 0.02)}, 10000),
                    {2.0, kNoWatch}, at(300.0));
                REQUIRE(on.stop == Stop::falling);
                drawn += sum_of(on.done) + sum_of(on.tail);
            }
            const WalkResult full = store->walk(nothing(), {1.0, kNoWatch}, at(400.0));
            CHECK(full.stop == Stop::until);
            CHECK(store->ledger().clipped() > 0.0);
            CHECK(store->terminal_v({}) == near(3.3));
            CHECK(ledger_closes(*store, drawn));
        }
    }
}

TEST_CASE("a terminal held at 0 V shorts its branches, and leaves for what comes in") {
    for (const bool witness : {false, true}) {
        SupercapacitorParams p = three_branches(0.01);
        auto store = make(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::current), 0.0);
        store->reset(supply);
        const WalkResult r =
            store->walk(load({phase({0.0, 5e-3, 0.0})}), {kNoWatch, kNoWatch}, at(5.0));
        CHECK(store->inner_v() < 1e-3);
        CHECK(sum_of(r.tail) >= 0.0);
        CHECK(ledger_closes(*store, sum_of(r.tail)));
    }
}
