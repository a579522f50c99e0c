// SPDX-License-Identifier: Apache-2.0
// Does a store that remembers whole laps give the bits of one that reckons each of them anew?
#include "models/store/lap_memo.hpp"
#include "tests/physics/reference.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace ebb;
using namespace ebb::test;

/// Whoever watches the path sees every segment: nothing is taken from memory.
struct Watching final : PathObserver {
    void point(Time, double, double, double) override {}
    [[nodiscard]] bool wants_curve(double) const noexcept override { return false; }
};

struct Device {
    CapacitorParams params;
    SupplyShape shape;
    double value = 0.0;
    Load off, on;
    double turn_on_v = 0.0, turn_off_v = 0.0;
};

Load endless(std::uint32_t id, const Terms& drawn, const RationalTerm& below, double border_v) {
    Load load;
    load.phases.resize(1);
    load.phases[0].regulated.add({Sink::compute, drawn, {}});
    load.phases[0].drop_out.add({Sink::compute, {0.0, drawn.b_a, drawn.c_s}, below});
    load.drop_out_below_v = border_v;
    load.id = id;
    return load;
}

Device draw(Random& random) {
    Device d;
    d.params.capacitance_f = random.log_uniform(1e-6, 1e-3);
    d.params.initial_v = random.uniform(1.0, 1.7);
    d.turn_off_v = random.uniform(1.5, 1.9);
    d.turn_on_v = random.uniform(2.4, 3.2);
    d.params.max_v = random.unit() < 0.3 ? d.turn_on_v : 5.0;
    d.params.esr_ohm = random.unit() < 0.5 ? 0.0 : random.uniform(0.1, 4.0);
    if (random.unit() < 0.5) {
        d.params.leakage.resistance_ohm = random.log_uniform(1e5, 1e8);
    }
    if (random.unit() < 0.5) {
        d.shape.tag = SupplyTag::power;
        d.value = random.log_uniform(1e-3, 3e-3);
    } else {
        d.shape.tag = SupplyTag::thevenin;
        d.shape.resistance_ohm = random.uniform(600.0, 900.0);
        d.value = random.uniform(4.0, 5.5);
    }
    const double border = random.unit() < 0.5 ? 0.0 : random.uniform(1.6, 2.3);
    const RationalTerm below = random.unit() < 0.5 ? RationalTerm{} : RationalTerm{1e-3, -0.2};
    d.off = endless(1, {0.0, random.log_uniform(1e-7, 1e-5), 0.0}, {}, 0.0);
    d.on = endless(8, {random.unit() < 0.5 ? 0.0 : 6e-3, 8e-3, 1e-5}, below, border);
    return d;
}

struct Lived {
    Time now;
    double inner_v = 0.0, compute_j = 0.0;
    Ledger ledger;
    std::uint64_t segments = 0;
};

Lived live(const Device& d, int laps, PathObserver* observer) {
    CapacitorStore store(d.params);
    const Supply supply = Supply::constant(d.shape, d.value);
    store.reset(supply);
    store.observe(observer);
    const Time end = Time::from_seconds(1e6);
    Sum compute;
    Lived lived;
    for (int i = 0; i < laps; ++i) {
        const bool on = i % 2 == 1;
        const Watches watches{on ? d.turn_off_v : kNoWatch, on ? kNoWatch : d.turn_on_v};
        const WalkResult& r = store.walk(on ? d.on : d.off, watches, end);
        compute.add(r.tail[Sink::compute]);
        CHECK(r.at == store.now());
        CHECK(r.stop == (on ? Stop::falling : Stop::rising));
    }
    return {store.now(), store.inner_v(), compute.value(), store.ledger(), store.segments()};
}

}  // namespace

TEST_CASE("a store that remembers laps gives the bits of one that reckons each of them") {
    Random random(4417);
    for (int i = 0; i < 200; ++i) {
        const Device d = draw(random);
        INFO("case " << i);
        Watching observer;
        const Lived remembered = live(d, 21, nullptr);
        const Lived reckoned = live(d, 21, &observer);
        CHECK(remembered.now == reckoned.now);
        CHECK(remembered.inner_v == reckoned.inner_v);
        CHECK(remembered.compute_j == reckoned.compute_j);
        CHECK(remembered.segments == reckoned.segments);
        CHECK(remembered.ledger.offered() == reckoned.ledger.offered());
        CHECK(remembered.ledger.harvested() == reckoned.ledger.harvested());
        CHECK(remembered.ledger.clipped() == reckoned.ledger.clipped());
        CHECK(remembered.ledger.converter_loss() == reckoned.ledger.converter_loss());
        CHECK(remembered.ledger.sink(Sink::leakage) == reckoned.ledger.sink(Sink::leakage));
        CHECK(remembered.ledger.sink(Sink::esr_loss) == reckoned.ledger.sink(Sink::esr_loss));
    }
}

TEST_CASE("a lap is not taken where the time ends before it") {
    Random random(91);
    Device d = draw(random);
    d.params.esr_ohm = 0.0;
    d.params.max_v = 6.0;
    CapacitorStore store(d.params);
    const Supply supply = Supply::constant(d.shape, d.value);
    store.reset(supply);
    const Time end = Time::from_seconds(1e6);
    Time began;
    for (int i = 0; i < 9; ++i) {
        const bool on = i % 2 == 1;
        began = store.now();
        store.walk(on ? d.on : d.off, {on ? d.turn_off_v : kNoWatch, on ? kNoWatch : d.turn_on_v},
                   end);
    }
    store.walk(d.on, {d.turn_off_v, kNoWatch}, end);
    const Time soon = store.now().plus(1e-6);
    const WalkResult& r = store.walk(d.off, {kNoWatch, d.turn_on_v}, soon);
    CHECK(r.stop == Stop::until);
    CHECK(r.at == soon);
    CHECK(store.inner_v() < d.turn_on_v);
}
