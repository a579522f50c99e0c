// SPDX-License-Identifier: Apache-2.0
// The index over long series: does a leap over its nodes give what the walk sample by sample gives?
#include "tests/physics/reference.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

namespace {

[[maybe_unused]] const bool kPrecise = [] {
    Catch::StringMaker<double>::precision = 17;
    return true;
}();

using namespace ebb;
using namespace ebb::test;

constexpr std::int64_t kStepNs = 10'000;

/// Bursts and pauses, with a ripple from sample to sample.
std::shared_ptr<Series> bursts(std::size_t count, double peak, std::uint64_t seed,
                               std::int64_t step_ns = kStepNs) {
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::power_w;
    series->bound_ns = Bounds::even(0, step_ns, count + 1);
    std::mt19937_64 random(seed);
    double level = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 3000 == 0) {
            level = random() % 3 == 0 ? 0.0 : peak * static_cast<double>(random() % 1000) * 1e-3;
        }
        series->value.push_back(level * (0.5 + static_cast<double>(random() % 1000) * 1e-3));
    }
    return series;
}

struct Ended {
    Stop stop = Stop::until;
    double at_s, v, harvested, offered, leaked, drawn, imbalance;
    std::uint64_t segments;
};

Ended walked(const std::shared_ptr<const Series>& series, const SupplyShape& shape,
             const CapacitorParams& params, const Terms& drawn, const Watches& watches,
             double until_s, double scale = 1.0, std::int64_t start_ns = 0) {
    const Supply supply(shape, series, start_ns, scale, AtEnd::loop);
    CapacitorStore store(params);
    store.reset(supply);
    const WalkResult r = store.walk(load({phase(drawn)}), watches, at(until_s));
    const double used = sum_of(r.done) + sum_of(r.tail);
    const Ledger& ledger = store.ledger();
    return {r.stop,
            r.at.seconds(),
            store.inner_v(),
            ledger.harvested(),
            ledger.offered(),
            ledger.sink(Sink::leakage),
            used,
            imbalance(store, used),
            store.segments()};
}

std::shared_ptr<Series> with_index(const Series& series, int exponent) {
    auto indexed = std::make_shared<Series>(series);
    indexed->index = index_of(indexed->value.data(), indexed->value.size(), exponent);
    return indexed;
}

CapacitorParams leaky(double capacitance_f, double initial_v, double leak_ohm) {
    CapacitorParams p = capacitor(capacitance_f, initial_v);
    p.leakage.resistance_ohm = leak_ohm;
    return p;
}

/// Energies are what is left of the stored energy's rounding: that is their scale.
void check_same(const Ended& a, const Ended& b, double stored_j) {
    const auto near = [=](double value) {
        return Approx(value).epsilon(1e-12).margin(1e-12 * stored_j);
    };
    CHECK(a.stop == b.stop);
    CHECK(a.at_s == near(b.at_s));
    CHECK(a.v == near(b.v));
    CHECK(a.harvested == near(b.harvested));
    CHECK(a.offered == near(b.offered));
    CHECK(a.leaked == near(b.leaked));
    CHECK(a.drawn == near(b.drawn));
    CHECK(a.segments == b.segments);
    CHECK(std::fabs(a.imbalance) <= 1e-12 * (a.harvested + stored_j));
}

}  // namespace

TEST_CASE("does a leap over nodes equal the walk sample by sample?") {
    const auto series = bursts(100'000, 2e-3, 1);
    const auto indexed = with_index(*series, 1);
    const SupplyShape plain = shape(SupplyTag::power);
    SupplyShape lossy = plain;
    lossy.factor = 0.8;
    lossy.efficiency = 0.8;
    const double stored_j = 0.5 * 4.7e-3 * 4.0;
    for (const double leak_ohm : {1e9, 5e6, 100e3, 20e3}) {
        for (const Terms& drawn : {Terms{}, Terms{1e-4, 0.0, 0.0}, Terms{1e-5, 0.0, 1e-6}}) {
            for (const std::int64_t start : {std::int64_t{0}, std::int64_t{1'234'567}}) {
                INFO("leak " << leak_ohm << " Ohm, power " << drawn.a_w << " W, start " << start);
                const CapacitorParams params = leaky(4.7e-3, 2.0, leak_ohm);
                const Watches none{kNoWatch, kNoWatch};
                check_same(walked(indexed, plain, params, drawn, none, 2.5, 1.0, start),
                           walked(series, plain, params, drawn, none, 2.5, 1.0, start), stored_j);
                check_same(walked(indexed, lossy, params, drawn, none, 2.5, 0.3, start),
                           walked(series, lossy, params, drawn, none, 2.5, 0.3, start), stored_j);
            }
        }
    }
}

TEST_CASE("is a crossing inside a node found where the walk finds it?") {
    const auto series = bursts(100'000, 2e-3, 2);
    const auto indexed = with_index(*series, 1);
    const SupplyShape plain = shape(SupplyTag::power);
    int crossed = 0;
    for (int i = 0; i < 40; ++i) {
        const double rising = 1.81 + 0.02 * i;
        INFO("rising at " << rising << " V");
        const CapacitorParams params = leaky(1e-4, 1.8, 5e6);
        const Ended a = walked(indexed, plain, params, {}, {kNoWatch, rising}, 1.0);
        check_same(a, walked(series, plain, params, {}, {kNoWatch, rising}, 1.0), 1.6e-4);
        crossed += a.stop == Stop::rising ? 1 : 0;
        // Down again under a load that is larger than what comes in.
        const double falling = 3.0 - 0.02 * i;
        const CapacitorParams full = leaky(1e-4, 3.1, 5e6);
        const Terms drawn{3e-3, 0.0, 0.0};
        const Ended b = walked(indexed, plain, full, drawn, {falling, kNoWatch}, 1.0);
        check_same(b, walked(series, plain, full, drawn, {falling, kNoWatch}, 1.0), 4.8e-4);
        crossed += b.stop == Stop::falling ? 1 : 0;
    }
    CHECK(crossed == 80);
}

TEST_CASE("does an index over squares serve a voltage across a resistor?") {
    auto series = bursts(50'000, 5.0, 3);
    for (std::size_t i = 0; i < series->value.size(); i += 7) {
        series->value.own()[i] *= -1.0;
    }
    const auto indexed = with_index(*series, 2);
    SupplyShape across = shape(SupplyTag::power);
    across.exponent = 2;
    across.factor = 1.0 / 30e3;
    const CapacitorParams params = leaky(1e-3, 2.0, 5e6);
    const Watches none{kNoWatch, kNoWatch};
    const Supply supply(across, indexed, 0, 1.0, AtEnd::loop);
    REQUIRE(supply.index() != nullptr);
    check_same(walked(indexed, across, params, {}, none, 1.2),
               walked(series, across, params, {}, none, 1.2), 2e-3);
}

TEST_CASE("is an index left alone that is not one of what the store gets?") {
    auto series = bursts(50'000, 5.0, 4);
    series->value.own()[100] = -1.0;
    const SupplyShape plain = shape(SupplyTag::power);
    // Of the wrong power, or of a sign that changes (then no bound by the sum holds).
    CHECK(Supply(plain, with_index(*series, 2), 0, 1.0, AtEnd::loop).index() == nullptr);
    CHECK(Supply(plain, with_index(*series, 1), 0, 1.0, AtEnd::loop).index() == nullptr);
}

TEST_CASE("are slow samples, whose nodes outlast the leak, still walked one by one?") {
    const auto series = bursts(20'000, 1e-6, 5, 1'000'000'000);
    const auto indexed = with_index(*series, 1);
    const SupplyShape plain = shape(SupplyTag::power);
    const CapacitorParams params = leaky(1e-4, 2.0, 5e6);  // lambda T = 1
    const Watches none{kNoWatch, kNoWatch};
    check_same(walked(indexed, plain, params, {}, none, 19'000.0),
               walked(series, plain, params, {}, none, 19'000.0), 2e-4);
}

TEST_CASE("do the moments of a node equal their integrals?") {
    const auto series = bursts(1000, 1.0, 6);
    const auto index = index_of(series->value.data(), series->value.size(), 1);
    REQUIRE(index->count == 3);
    for (std::size_t node = 0; node < index->count; ++node) {
        for (std::size_t j = 0; j < SeriesNode::kMoments; ++j) {
            long double sum = 0.0L;
            long double factorial = 1.0L;
            for (std::size_t i = 2; i <= j + 1; ++i) {
                factorial *= static_cast<long double>(i);
            }
            for (std::size_t k = 0; k < SeriesNode::kSamples; ++k) {
                const long double n = SeriesNode::kSamples;
                const auto at = static_cast<long double>(k);
                sum += static_cast<long double>(series->value[node * SeriesNode::kSamples + k]) *
                       (std::pow(1.0L - at / n, static_cast<long double>(j + 1)) -
                        std::pow(1.0L - (at + 1.0L) / n, static_cast<long double>(j + 1))) /
                       factorial;
            }
            INFO("node " << node << ", moment " << j);
            CHECK(index->nodes[node].moment[j] ==
                  Approx(static_cast<double>(sum)).epsilon(1e-14).margin(0));
        }
    }
}

TEST_CASE("does an index depend on how its samples arrive?") {
    const auto series = bursts(5000, 1.0, 7);
    const auto whole = index_of(series->value.data(), series->value.size(), 1);
    SeriesIndexBuilder builder(1);
    std::vector<SeriesNode> nodes;
    std::mt19937_64 random(8);
    for (std::size_t at = 0; at < series->value.size();) {
        const std::size_t n = std::min<std::size_t>(random() % 700, series->value.size() - at);
        builder.add(series->value.data() + at, n, nodes);
        at += n;
    }
    REQUIRE(nodes.size() == whole->count);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        CHECK(nodes[i].moment == whole->nodes[i].moment);
    }
    CHECK(builder.range().largest == whole->range.largest);
    CHECK(builder.range().largest_at == whole->range.largest_at);
}
