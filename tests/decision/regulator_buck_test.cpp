// SPDX-License-Identifier: Apache-2.0
/// What a load behind a step-down converter costs at the store, and into which sink each part goes.
#include "models/mcu/regulator_buck.hpp"
#include "models/core/component.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace ebb;

namespace {

const BuckParams kBuck{1.8, 0.9, 2e-6, 50e-9};

double into(const Draw& draw, Sink sink, double v) {
    double w = 0.0;
    for (int i = 0; i < draw.count; ++i) {
        const Share& s = draw.shares[static_cast<std::size_t>(i)];
        w += s.sink == sink ? s.drawn.power_at(v) : 0.0;
    }
    return w;
}

double all_shares(const Draw& draw, double v) {
    double w = 0.0;
    for (int i = 0; i < draw.count; ++i) {
        w += draw.shares[static_cast<std::size_t>(i)].drawn.power_at(v);
    }
    return w;
}

/// Said once more in another way: volts and amperes at the rail, not terms.
double rail_power(const RailLoad& load, double rail_v) {
    const double amperes =
        load.current_a + load.current_per_volt_s * rail_v + load.power_w / rail_v;
    return rail_v * amperes;
}

}  // namespace

TEST_CASE("in regulation a buck draws the rail's power over its efficiency at any store voltage") {
    const RailLoad load{Sink::compute, 1e-3, 2e-3, 5e-3};
    const double at_rail = 1.8 * 1e-3 + 2e-3 * 1.8 * 1.8 + 5e-3;
    Draw up, down;
    Buck(kBuck).draw({load}, true, up, down);
    for (const double v : {1.8, 2.5, 3.3, 5.0}) {
        CHECK(into(up, Sink::compute, v) == Approx(at_rail).epsilon(1e-14));
        CHECK(into(up, Sink::regulator_loss, v) == Approx(at_rail / 0.9 - at_rail).epsilon(1e-13));
        CHECK(into(up, Sink::quiescent, v) == Approx(v * 2e-6).epsilon(1e-14));
        CHECK(up.total.power_at(v) == Approx(at_rail / 0.9 + v * 2e-6).epsilon(1e-14));
    }
    CHECK(up.total.b_a == kBuck.quiescent_a);
    CHECK(up.total.c_s == 0.0);
}

TEST_CASE("below its output a buck passes the store's voltage through at the same efficiency") {
    const RailLoad load{Sink::compute, 1e-3, 2e-3, 5e-3};
    Draw up, down;
    Buck(kBuck).draw({load}, true, up, down);
    for (const double v : {0.5, 1.0, 1.7}) {
        const double at_rail = rail_power(load, v);
        CHECK(into(down, Sink::compute, v) == Approx(at_rail).epsilon(1e-13));
        CHECK(into(down, Sink::regulator_loss, v) ==
              Approx(at_rail * (1 / 0.9 - 1)).epsilon(1e-13));
        CHECK(into(down, Sink::quiescent, v) == Approx(v * 2e-6).epsilon(1e-14));
        CHECK(down.total.power_at(v) == Approx(at_rail / 0.9 + v * 2e-6).epsilon(1e-13));
    }
}

TEST_CASE("a buck's power is continuous at the border and its shares add up, for every load") {
    const unsigned seed = 23;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> amount(0.0, 1e-2);
    std::uniform_real_distribution<double> part(0.05, 1.0);
    for (int i = 0; i < 500; ++i) {
        const BuckParams p{5.0 * part(random), part(random), amount(random), amount(random)};
        const Buck buck(p);
        const std::vector<RailLoad> rail = {
            {Sink::compute, amount(random), amount(random), amount(random)},
            {Sink::peripherals, amount(random), 0.0, amount(random)}};
        Draw up, down;
        buck.draw(rail, true, up, down);
        const double border = buck.drop_out_below_v();
        REQUIRE(border == p.output_v);
        CHECK(up.total.power_at(border) == Approx(down.total.power_at(border)).epsilon(1e-13));
        for (const double v : {0.3 * border, border, 3.0 * border}) {
            CHECK(all_shares(up, v) == Approx(up.total.power_at(v)).epsilon(1e-13));
            CHECK(all_shares(down, v) == Approx(down.total.power_at(v)).epsilon(1e-13));
        }
        const double at_rail = rail_power(rail[0], border) + rail_power(rail[1], border);
        CHECK(all_shares(up, border) ==
              Approx(at_rail / *p.efficiency + border * p.quiescent_a).epsilon(1e-13));
    }
}

TEST_CASE("a buck without loss books none") {
    BuckParams p = kBuck;
    p.efficiency = 1.0;
    Draw up, down;
    Buck(p).draw({{Sink::compute, 1e-3, 2e-3, 5e-3}}, true, up, down);
    CHECK(into(up, Sink::regulator_loss, 3.0) == 0.0);
    CHECK(into(down, Sink::regulator_loss, 1.0) == 0.0);
}

TEST_CASE("unpowered, a buck draws its off-state current alone") {
    Draw up, down;
    Buck(kBuck).draw({}, false, up, down);
    CHECK(up.total.power_at(3.0) == Approx(3.0 * 50e-9).epsilon(1e-14));
    CHECK(into(up, Sink::quiescent, 3.0) == up.total.power_at(3.0));
    CHECK(down.total.power_at(3.0) == up.total.power_at(3.0));
}

TEST_CASE("a load before an unpowered buck draws from the store what it says") {
    Draw up, down;
    Buck(kBuck).draw({{Sink::idle, 1e-6, 0.0, 0.0}}, false, up, down);
    CHECK(up.total.power_at(3.0) == Approx(3.0 * (1e-6 + 50e-9)).epsilon(1e-14));
    CHECK(into(up, Sink::regulator_loss, 3.0) == 0.0);
}

TEST_CASE("a scenario finds the buck by its name") {
    Registry registry;
    register_all(registry);
    const Component* const buck = registry.find("regulator", "buck");
    REQUIRE(buck != nullptr);
    CHECK(buck->table->rows.size() == 7);
}

TEST_CASE("a table over the output current gives each phase the efficiency of its current") {
    BuckParams p{2.0, std::nullopt, 0.0, 0.0, {{1e-6, 0.5}, {1e-4, 0.9}}};
    const Buck buck(p);
    CHECK(buck.efficiency(1e-5) == Approx(0.7).epsilon(1e-14));  // half-way in ln(current)
    CHECK(buck.efficiency(1e-9) == 0.5);
    CHECK(buck.efficiency(1.0) == 0.9);
    CHECK(buck.efficiency(0.0) == 0.5);
    // 5 uA and 10 uW at 2 V are 10 uA: half-way.
    Draw regulated;
    Draw below;
    buck.draw({{Sink::compute, 5e-6, 0.0, 0.0}, {Sink::nvm_write, 0.0, 0.0, 10e-6}}, true,
              regulated, below);
    CHECK(regulated.total.a_w == Approx(20e-6 / 0.7).epsilon(1e-14));
    CHECK(regulated.total.b_a == 0.0);
    // At the border the same power, whichever side.
    CHECK(below.total.power_at(2.0) == Approx(regulated.total.a_w).epsilon(1e-14));
}
