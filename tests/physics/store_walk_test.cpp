// SPDX-License-Identifier: Apache-2.0
// Where a walk stops and what it hands back: ties, repetitions, resuming, samples, straight lines.
#include "tests/physics/reference.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using namespace ebb::test;

template <class Check>
void each_store(const Check& check) {
    Catch::StringMaker<double>::precision = 17;
    for (const StoreUnderTest& candidate : stores_under_test()) {
        INFO("store: " << candidate.name);
        check(candidate);
    }
}

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

/// 1 F drained by 1 A: exactly 1 V per second, numbers without rounding.
struct Plain {
    std::unique_ptr<EnergyStore> store;
    Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
    explicit Plain(const StoreUnderTest& s, double v0) : store(s.make(capacitor(1.0, v0))) {
        store->reset(supply);
    }
};

Load unit_of_half_volt(std::int64_t count) {
    return load({phase({0.0, 1.0, 0.0}, 0.25), phase({0.0, 1.0, 0.0}, 0.25, Sink::peripherals)},
                count);
}

std::shared_ptr<const Series> steps(std::vector<double> values, std::int64_t each_ns,
                                    Interpolation how = Interpolation::hold) {
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::power_w;
    series->interpolation = how;
    const std::size_t pieces = values.size() - (how == Interpolation::linear ? 1 : 0);
    for (std::size_t i = 0; i <= pieces; ++i) {
        series->bound_ns.push_back(static_cast<std::int64_t>(i) * each_ns);
    }
    series->value = std::move(values);
    return series;
}

}  // namespace

TEST_CASE("a watch that is met when the walk begins stops it at once") {
    each_store([](const StoreUnderTest& s) {
        Plain p(s, 4.0);
        REQUIRE(p.store->walk(unit_of_half_volt(1), {4.0, kNoWatch}, at(1.0)).stop ==
                Stop::falling);
        REQUIRE(p.store->walk(unit_of_half_volt(1), {kNoWatch, 4.0}, at(1.0)).stop == Stop::rising);
        REQUIRE(p.store->now() == Time());
        REQUIRE(p.store->inner_v() == 4.0);
        REQUIRE(p.store->walk(unit_of_half_volt(1), {kNoWatch, kNoWatch}, Time()).stop ==
                Stop::until);
    });
}

TEST_CASE("a unit that ends exactly at the turn-off threshold counts as cut") {
    each_store([](const StoreUnderTest& s) {
        Plain p(s, 4.0);
        const WalkResult r = p.store->walk(unit_of_half_volt(4), {2.0, kNoWatch}, at(2.0));
        REQUIRE(r.stop == Stop::falling);
        REQUIRE(r.at == at(2.0));
        REQUIRE(r.position.unit == 3);
        REQUIRE(r.position.phase == 1);
        REQUIRE(r.position.elapsed_s == 0.25);
        REQUIRE(p.store->inner_v() == 2.0);
        REQUIRE(sum_of(r.done) == near(0.5 * (16.0 - 6.25)));
        REQUIRE(sum_of(r.tail) == near(0.5 * (6.25 - 4.0)));
    });
}

TEST_CASE("the end of a load comes before the end of the time") {
    each_store([](const StoreUnderTest& s) {
        Plain p(s, 4.0);
        const WalkResult r = p.store->walk(unit_of_half_volt(2), {2.0, kNoWatch}, at(1.0));
        REQUIRE(r.stop == Stop::load_done);
        REQUIRE(r.at == at(1.0));
        REQUIRE(r.position.unit == 2);
        REQUIRE(sum_of(r.done) == near(0.5 * (16.0 - 9.0)));
        REQUIRE(sum_of(r.tail) == 0.0);
        REQUIRE(r.done[Sink::compute] == near(0.25 * (3.875 + 3.375)));
        REQUIRE(r.done[Sink::peripherals] == near(0.25 * (3.625 + 3.125)));
    });
}

TEST_CASE("a load that is cut by the end of the time resumes where it stopped") {
    each_store([](const StoreUnderTest& s) {
        Plain p(s, 4.0);
        const WalkResult first = p.store->walk(unit_of_half_volt(3), {1.0, kNoWatch}, at(0.875));
        REQUIRE(first.stop == Stop::until);
        REQUIRE(first.position.unit == 1);
        REQUIRE(first.position.phase == 1);
        REQUIRE(first.position.elapsed_s == near(0.125));
        Load rest = unit_of_half_volt(2);
        rest.first_phase = first.position.phase;
        rest.first_elapsed_s = first.position.elapsed_s;
        const WalkResult second = p.store->walk(rest, {1.0, kNoWatch}, at(10.0));
        REQUIRE(second.stop == Stop::load_done);
        REQUIRE(second.at.seconds() == near(1.5));
        REQUIRE(second.position.unit == 2);
        REQUIRE(p.store->inner_v() == near(2.5));
        REQUIRE(sum_of(first.done) + sum_of(first.tail) + sum_of(second.done) ==
                near(0.5 * (16.0 - 6.25)));
    });
}

TEST_CASE("energy of a trace is the sum over its samples, pass after pass") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(1e-3, 1.0));
        const auto series = steps({1e-3, 0.0, 5e-3, 2e-3}, 10'000'000);
        const Supply supply(shape(SupplyTag::power), series, 5'000'000, 2.0, AtEnd::loop);
        store->reset(supply);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(1.0));  // 25 passes of 40 ms
        REQUIRE(store->ledger().harvested() == near(25.0 * 2.0 * 8e-3 * 10e-3));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}

TEST_CASE("the last sample is held where the trace ends and the run goes on") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(1e-3, 1.0));
        const Supply supply(shape(SupplyTag::power), steps({1e-3, 3e-3}, 1'000'000'000), 0, 1.0,
                            AtEnd::hold);
        store->reset(supply);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(5.0));
        REQUIRE(store->ledger().harvested() == near(1e-3 + 4.0 * 3e-3));
    });
}

TEST_CASE("a straight line between samples is integrated as one") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(1e-3, 1.0));
        const auto series = steps({0.0, 2e-3, 1e-3}, 1'000'000'000, Interpolation::linear);
        const Supply supply(shape(SupplyTag::power), series, 0, 1.0, AtEnd::stop);
        store->reset(supply);
        const WalkResult half = store->walk(nothing(), {kNoWatch, kNoWatch}, at(0.5));
        REQUIRE(half.stop == Stop::until);
        REQUIRE(store->ledger().harvested() == near(0.25e-3));
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(2.0));
        REQUIRE(store->ledger().harvested() == near(2.5e-3));
        REQUIRE(store->inner_v() == near(std::sqrt(1.0 + 2.0 * 2.5)));
        // A squared sample: the voltage runs straight, its power does not.
        SupplyShape squared = shape(SupplyTag::power);
        squared.exponent = 2;
        squared.factor = 1e3;
        const Supply power(squared, series, 0, 1.0, AtEnd::stop);
        store->reset(power);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(1.0));
        REQUIRE(store->ledger().harvested() == near(1e3 * 4e-6 / 3.0));
    });
}

TEST_CASE("a straight line that crosses a threshold twice stops at the first crossing") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(1.0, 2.0));
        const auto series = steps({0.0, 4.0}, 2'000'000'000, Interpolation::linear);
        const Supply supply(shape(SupplyTag::power), series, 0, 1.0, AtEnd::stop);
        store->reset(supply);
        // Net power -2 + 2 t: E = 2 - 2 t + t^2, at 1.5 J after 1 - sqrt(0.5) s.
        const WalkResult r =
            store->walk(load({phase({2.0, 0.0, 0.0})}), {std::sqrt(3.0), kNoWatch}, at(2.0));
        REQUIRE(r.stop == Stop::falling);
        REQUIRE(r.at.seconds() == near(1.0 - std::sqrt(0.5)));
        const WalkResult on =
            store->walk(load({phase({2.0, 0.0, 0.0})}), {kNoWatch, std::sqrt(3.2)}, at(2.0));
        REQUIRE(on.stop == Stop::rising);
        REQUIRE(on.at.seconds() == near(1.0 + std::sqrt(0.6)));
        REQUIRE(ledger_closes(*store, sum_of(r.tail) + sum_of(on.tail)));
    });
}

TEST_CASE("points that an observer sees are in order and lie on the path") {
    struct Points : PathObserver {
        std::vector<double> times, volts;
        void point(Time t, double v, double, double) override {
            times.push_back(t.seconds());
            volts.push_back(v);
        }
    };
    each_store([](const StoreUnderTest& s) {
        Plain p(s, 4.0);
        Points points;
        p.store->observe(&points);
        p.store->walk(unit_of_half_volt(4), {1.0, kNoWatch}, at(1.9));
        REQUIRE_FALSE(points.times.empty());
        REQUIRE(std::is_sorted(points.times.begin(), points.times.end()));
        for (std::size_t i = 0; i < points.times.size(); ++i) {
            REQUIRE(points.volts[i] == near(4.0 - points.times[i]));
        }
    });
}

TEST_CASE("any store under any load closes its ledger, and resetting starts it anew") {
    constexpr std::uint64_t kSeed = 20260140;
    each_store([&](const StoreUnderTest& s) {
        Random random(kSeed);
        for (int i = 0; i < 60; ++i) {
            INFO("seed " << kSeed << ", case " << i);
            CapacitorParams params =
                capacitor(random.log_uniform(1e-5, 1e-3), random.uniform(1.5, 3.0), 3.3);
            params.esr_ohm = random.unit() < 0.5 ? 0.0 : random.log_uniform(0.1, 10.0);
            params.leakage.resistance_ohm = random.log_uniform(1e4, 1e7);
            if (random.unit() < 0.5) {
                params.leakage.current_a = random.log_uniform(1e-8, 1e-5);
            }
            SupplyShape source = shape(static_cast<SupplyTag>(random.integer(0, 2)));
            source.resistance_ohm = random.log_uniform(100.0, 1e4);
            source.drop_v = source.tag == SupplyTag::power ? 0.0 : random.uniform(0.0, 0.4);
            source.diode = random.unit() < 0.5;
            source.factor = source.tag == SupplyTag::power     ? 5e-3
                            : source.tag == SupplyTag::current ? 3e-3
                                                               : 4.0;
            std::vector<double> values;
            for (int j = 0; j < 12; ++j) {
                values.push_back(random.unit());
            }
            const Supply supply(source, steps(values, random.integer(1'000'000, 20'000'000)), 0,
                                1.0, AtEnd::loop);
            auto store = s.make(params);
            Load l = load({phase({0.0, random.uniform(0.0, 4e-3), 0.0}, 2e-3),
                           phase({random.uniform(0.0, 8e-3), 1e-5, 0.0}, 3e-3, Sink::peripherals)},
                          100);
            l.drop_out_below_v = random.unit() < 0.5 ? 2.2 : 0.0;
            double end = -1.0;
            for (int repeat = 0; repeat < 2; ++repeat) {
                store->reset(supply);
                double drawn = 0.0;
                for (int k = 0; k < 6 && store->now() < at(0.3); ++k) {
                    const WalkResult on = store->walk(l, {1.2, kNoWatch}, at(0.3));
                    const WalkResult off = store->walk(nothing(), {kNoWatch, 2.4}, at(0.3));
                    drawn += sum_of(on.done) + sum_of(on.tail) + sum_of(off.tail);
                    REQUIRE(store->inner_v() <= 3.3);
                }
                CAPTURE(imbalance(*store, drawn), store->ledger().harvested());
                REQUIRE(ledger_closes(*store, drawn));
                REQUIRE((repeat == 0 || store->inner_v() == end));
                end = store->inner_v();
            }
        }
    });
}

TEST_CASE("every store decides like the reference and keeps the same account to 1e-9") {
    constexpr std::uint64_t kSeed = 20260141;
    each_store([&](const StoreUnderTest& s) {
        if (s.name == "reference") {
            return;  // it would be compared with itself
        }
        Random random(kSeed);
        for (int i = 0; i < 30; ++i) {
            INFO("seed " << kSeed << ", case " << i);
            CapacitorParams params =
                capacitor(random.log_uniform(1e-5, 3e-4), random.uniform(2.0, 3.0), 3.3);
            params.esr_ohm = random.unit() < 0.5 ? 0.0 : random.log_uniform(0.1, 10.0);
            params.leakage.resistance_ohm = random.log_uniform(1e4, 1e7);
            SupplyShape source = shape(static_cast<SupplyTag>(random.integer(0, 3)));
            source.resistance_ohm = random.log_uniform(100.0, 1e4);
            source.drop_v = source.tag == SupplyTag::power ? 0.0 : random.uniform(0.1, 0.4);
            source.diode = random.unit() < 0.5;
            source.factor = source.tag == SupplyTag::current ? 3e-3 : 5e-3;
            source.factor = source.tag == SupplyTag::thevenin ? 4.0 : source.factor;
            std::vector<double> values;
            for (int j = 0; j < 20; ++j) {
                values.push_back(random.unit());
            }
            const Supply supply(source, steps(values, random.integer(1'000'000, 10'000'000)), 0,
                                1.0, AtEnd::loop);
            const double power = random.unit() < 0.5 ? 0.0 : random.uniform(1e-3, 8e-3);
            Load work = load({phase({0.0, random.uniform(0.0, 4e-3), 0.0}, 20e-6),
                              phase({power, 2e-3, 1e-5}, 70e-6, Sink::peripherals)},
                             100'000);
            work.drop_out_below_v = random.unit() < 0.5 ? 2.2 : 0.0;
            auto store = s.make(params);
            ReferenceStore witness(params);
            store->reset(supply);
            witness.reset(supply);
            for (int k = 0; k < 3; ++k) {
                for (const bool on : {true, false}) {
                    const Load& l = on ? work : nothing();
                    const Watches w = on ? Watches{1.8, kNoWatch} : Watches{kNoWatch, 2.4};
                    const WalkResult got = store->walk(l, w, at(0.08));
                    const WalkResult want = witness.walk(l, w, at(0.08));
                    CAPTURE(k, on, got.at.seconds(), want.at.seconds());
                    REQUIRE(got.stop == want.stop);
                    REQUIRE(std::fabs(got.at.since(want.at)) <= 1e-9 * want.at.seconds() + 1e-15);
                    REQUIRE(got.position.unit == want.position.unit);
                    REQUIRE(got.position.phase == want.position.phase);
                    REQUIRE(store->inner_v() == near(witness.inner_v(), 1e-9));
                    const double scale = witness.initially_stored_j() + witness.ledger().offered();
                    const double slack = 1e-9 * scale;
                    REQUIRE(std::fabs(sum_of(got.done) - sum_of(want.done)) <= slack);
                    REQUIRE(std::fabs(got.tail[Sink::compute] - want.tail[Sink::compute]) <= slack);
                }
            }
            const Ledger& a = store->ledger();
            const Ledger& b = witness.ledger();
            const double slack = 1e-9 * (witness.initially_stored_j() + b.offered());
            REQUIRE(std::fabs(a.harvested() - b.harvested()) <= slack);
            REQUIRE(std::fabs(a.converter_loss() - b.converter_loss()) <= slack);
            REQUIRE(std::fabs(a.clipped() - b.clipped()) <= slack);
            REQUIRE(std::fabs(a.sink(Sink::leakage) - b.sink(Sink::leakage)) <= slack);
            REQUIRE(std::fabs(a.sink(Sink::esr_loss) - b.sink(Sink::esr_loss)) <= slack);
        }
    });
}
