// SPDX-License-Identifier: Apache-2.0
/// What a load at the rail costs at the store, and into which sink each part goes.
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "models/mcu/regulator_ldo.hpp"
#include "models/mcu/regulator_none.hpp"
#include "models/schedule/fifo.hpp"

using namespace ebb;

namespace {

double into(const Draw& draw, Sink sink, double v) {
    double w = 0.0;
    for (int i = 0; i < draw.count; ++i) {
        const Share& s = draw.shares[static_cast<std::size_t>(i)];
        if (s.sink == sink) {
            w += s.drawn.power_at(v) + s.rational.power_at(v);
        }
    }
    return w;
}

double total(const Draw& draw, double v) {
    return draw.total.power_at(v) + draw.rational.power_at(v);
}

double all_shares(const Draw& draw, double v) {
    double w = 0.0;
    for (int i = 0; i < draw.count; ++i) {
        const Share& s = draw.shares[static_cast<std::size_t>(i)];
        w += s.drawn.power_at(v) + s.rational.power_at(v);
    }
    return w;
}

const LdoParams kLdo{2.2, 4.5e-6, 3e-6, 0.15};

}  // namespace

TEST_CASE("without a regulator a load draws from the store what it says") {
    Draw up, down;
    NoRegulator().draw({{Sink::compute, 1e-3, 2e-3, 5e-3}}, true, up, down);
    for (const double v : {0.5, 1.8, 3.3}) {
        CHECK(into(up, Sink::compute, v) == Approx(5e-3 + 1e-3 * v + 2e-3 * v * v).epsilon(1e-14));
        CHECK(total(down, v) == total(up, v));
    }
    CHECK(NoRegulator().drop_out_below_v() == 0.0);
}

TEST_CASE("in regulation every ampere of the rail is one from the store") {
    Draw up, down;
    Ldo(kLdo).draw({{Sink::compute, 1e-3, 0.0, 0.0}}, true, up, down);
    const double v = 3.1;
    CHECK(total(up, v) == Approx(v * (1e-3 + 4.5e-6)).epsilon(1e-14));
    CHECK(into(up, Sink::compute, v) == Approx(2.2e-3).epsilon(1e-14));
    CHECK(into(up, Sink::regulator_loss, v) == Approx((3.1 - 2.2) * 1e-3).epsilon(1e-12));
    CHECK(into(up, Sink::quiescent, v) == Approx(3.1 * 4.5e-6).epsilon(1e-14));
    CHECK(up.total.a_w == 0.0);
    CHECK(up.total.c_s == 0.0);
}

TEST_CASE("in regulation the constant powers of the shares cancel to nothing, not to an ulp") {
    std::mt19937 random(4);
    std::uniform_real_distribution<double> amount(0.0, 1e-2);
    for (int i = 0; i < 1000; ++i) {
        Draw up, down;
        Ldo(kLdo).draw({{Sink::compute, amount(random), amount(random), amount(random)},
                        {Sink::idle, amount(random), 0.0, 0.0},
                        {Sink::peripherals, 0.0, amount(random), 0.0}},
                       true, up, down);
        CHECK(up.total.a_w == 0.0);
        CHECK(up.total.c_s == 0.0);
    }
}

TEST_CASE("shares add up to what is drawn, in both regions and for every form of load") {
    const unsigned seed = 11;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> amount(0.0, 1e-2);
    for (int i = 0; i < 500; ++i) {
        Draw up, down;
        Ldo(kLdo).draw({{Sink::compute, amount(random), amount(random), amount(random)},
                        {Sink::peripherals, amount(random), 0.0, amount(random)}},
                       true, up, down);
        for (const double v : {2.36, 3.0, 5.0}) {
            CHECK(all_shares(up, v) == Approx(total(up, v)).epsilon(1e-12));
        }
        for (const double v : {0.5, 1.8, 2.3}) {
            CHECK(all_shares(down, v) == Approx(total(down, v)).epsilon(1e-11));
        }
    }
}

TEST_CASE("below drop-out the rail follows the store") {
    const double d = kLdo.drop_out_v;
    const RailLoad load{Sink::compute, 1e-3, 2e-3, 5e-3};
    Draw up, down;
    Ldo(kLdo).draw({load}, true, up, down);
    for (const double v : {1.0, 1.8, 2.3}) {
        const double rail = v - d;
        const double i = load.current_a + load.current_per_volt_s * rail + load.power_w / rail;
        CHECK(total(down, v) == Approx(v * (i + kLdo.quiescent_a)).epsilon(1e-13));
        CHECK(into(down, Sink::compute, v) == Approx(rail * i).epsilon(1e-13));
        CHECK(into(down, Sink::regulator_loss, v) == Approx(d * i).epsilon(1e-11));
        CHECK(into(down, Sink::quiescent, v) == Approx(v * kLdo.quiescent_a).epsilon(1e-13));
    }
}

TEST_CASE("power is continuous at the border of drop-out") {
    for (const double d : {0.0, 0.15}) {
        LdoParams p = kLdo;
        p.drop_out_v = d;
        const Ldo ldo(p);
        Draw up, down;
        ldo.draw({{Sink::compute, 1e-3, 2e-3, 5e-3}}, true, up, down);
        const double v = ldo.drop_out_below_v();
        CHECK(v == p.output_v + d);
        CHECK(total(up, v) == Approx(total(down, v)).epsilon(1e-13));
    }
}

TEST_CASE("without a drop a constant power in drop-out stays in the quadratic law") {
    LdoParams p = kLdo;
    p.drop_out_v = 0.0;
    Draw up, down;
    Ldo(p).draw({{Sink::compute, 0.0, 0.0, 5e-3}}, true, up, down);
    CHECK(down.rational.power_w == 0.0);
    CHECK(down.total.a_w == 5e-3);
    CHECK(into(down, Sink::regulator_loss, 1.5) == 0.0);
}

TEST_CASE("unpowered, only the off-state currents are drawn") {
    Draw up, down;
    Ldo(kLdo).draw({{Sink::idle, 1e-6, 0.0, 0.0}}, false, up, down);
    CHECK(total(up, 2.0) == Approx(2.0 * (1e-6 + 3e-6)).epsilon(1e-14));
    CHECK(into(up, Sink::quiescent, 2.0) == Approx(2.0 * 3e-6).epsilon(1e-14));
    CHECK(total(down, 2.0) == total(up, 2.0));
}

TEST_CASE("first in is first out, deadlines or not") {
    CHECK(Fifo().next({{3, Time(10), Time(99)}, {4, Time(20), Time(30)}}) == 0U);
}
