// SPDX-License-Identifier: Apache-2.0
// Cells rearranged by switches: is charge conserved on every plate, and every joule booked, through
// any sequence of configurations?
#include "models/store/array_store.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <random>

namespace {

using namespace ebb;
using namespace ebb::test;

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

/// Two cells, in series or side by side, beside a small capacitor.
ArrayParams two(double node_v, double a_v, double b_v) {
    ArrayParams p;
    p.capacitance_f = 50e-6;
    p.initial_v = node_v;
    p.max_v = 5.0;
    p.cells = {{"a", 400e-6, a_v}, {"b", 100e-6, b_v}};
    p.configurations = {
        {"alone", {}, 4.0, {}}, {"series", "a + b", 3.5, 1.0}, {"side by side", "a, b", {}, 1.5}};
    return p;
}

template <class Check>
void each(const Check& check) {
    for (const bool witness : {false, true}) {
        INFO("witness: " << witness);
        check(witness);
    }
}

}  // namespace

TEST_CASE(
    "does a string take the same charge on every plate, and lose half C1 C2/(C1 + C2) dV^2?") {
    each([](bool witness) {
        ArrayStore store(two(4.0, 0.5, 1.0), witness);
        const Supply none = Supply::constant(shape(SupplyTag::power), 0.0);
        store.reset(none);
        CHECK(store.inner_v() == 4.0);
        store.enter(1);
        const double series = 80e-6;  // 400 uF and 100 uF
        const double v = (50e-6 * 4.0 + series * 1.5) / (50e-6 + series);
        CHECK(store.inner_v() == near(v));
        CHECK(store.cell_v(0) == near(0.5 + (v - 1.5) * series / 400e-6));
        CHECK(store.cell_v(1) == near(1.0 + (v - 1.5) * series / 100e-6));
        const double lost = 0.5 * 50e-6 * series / (50e-6 + series) * 2.5 * 2.5;
        CHECK(store.ledger().sink(Sink::switch_loss) == near(lost));
        CHECK(ledger_closes(store, 0.0));
    });
}

TEST_CASE("does a ladder climb with the terminal, wait for its hold, and step back to lift it?") {
    each([](bool witness) {
        ArrayParams p = two(3.0, 0.0, 0.0);
        ArrayStore store(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 10e-3);
        store.reset(supply);
        // 50 uF alone from 3 V to 4 V.
        const double climbs = 50e-6 * (16.0 - 9.0) / 20e-3;
        store.walk(nothing(), {kNoWatch, kNoWatch}, at(climbs + 1e-6));
        CHECK(store.configuration() == 1);
        CHECK(store.inner_v() < 2.0);  // 50 uF at 4 V shared with 80 uF at 0 V
        store.walk(nothing(), {kNoWatch, 4.5}, at(10.0));
        CHECK(store.configuration() == 2);
        CHECK(ledger_closes(store, 0.0));
        // Down: at 1.5 V the cells are stacked again and the terminal rises by itself.
        const WalkResult r =
            store.walk(load({phase({20e-3, 0.0, 0.0})}), {1.45, kNoWatch}, at(20.0));
        CHECK(r.stop == Stop::falling);
        CHECK(store.configuration() == 1);
        CHECK(ledger_closes(store, sum_of(r.tail)));
    });
}

TEST_CASE("is what lies above max lost in the switch, and nothing else?") {
    each([](bool witness) {
        ArrayStore store(two(4.9, 4.0, 4.0), witness);
        const Supply none = Supply::constant(shape(SupplyTag::power), 0.0);
        store.reset(none);
        store.enter(1);  // 8 V of cells onto 4.9 V
        CHECK(store.inner_v() == 5.0);
        CHECK(ledger_closes(store, 0.0));
    });
}

TEST_CASE("do random sequences of configurations keep charge and energy, to 1e-12?") {
    std::mt19937_64 engine(20260617);
    const auto unit = [&engine] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
    double worst = 0.0;
    int switched = 0;
    for (int run = 0; run < 60; ++run) {
        ArrayParams p;
        p.capacitance_f = 20e-6 + 100e-6 * unit();
        p.initial_v = 3.0 * unit();
        p.max_v = 5.0;
        if (run % 3 != 0) {
            p.leak_time_s = 0.5 + 20.0 * unit();
        }
        const std::size_t count = 2 + static_cast<std::size_t>(run % 4);
        for (std::size_t k = 0; k < count; ++k) {
            p.cells.push_back({std::string(1, static_cast<char>('a' + k)),
                               1e-4 * (0.2 + 3.0 * unit()), 2.0 * unit()});
        }
        for (int c = 0; c < 5;
             ++c) {  // cells in random order, joined by ' + ', ' | ' or ', ', or off
            std::vector<std::size_t> order(count);
            for (std::size_t k = 0; k < count; ++k) {
                order[k] = k;
            }
            std::shuffle(order.begin(), order.end(), engine);
            std::string text;
            for (std::size_t i = 0; i < count; ++i) {
                if (text.empty() || unit() < 0.8) {
                    const double how = unit();
                    text += text.empty() ? "" : how < 0.4 ? " + " : how < 0.6 ? " | " : ", ";
                    text += p.cells[order[i]].name;
                }
            }
            p.configurations.push_back({"random", text, {}, {}});
        }
        ArrayStore store(p, run % 2 == 1);
        SupplyShape source = shape(run % 5 == 0 ? SupplyTag::current : SupplyTag::power);
        const Supply supply = Supply::constant(source, 3e-3 * unit());
        store.reset(supply);
        double drawn = 0.0;
        double now = 0.0;
        for (int step = 0; step < 40; ++step) {
            std::vector<double> before(count);
            for (std::size_t k = 0; k < count; ++k) {
                before[k] = store.cell_v(k);
            }
            const double node_before = store.inner_v();
            const auto to = static_cast<std::size_t>(unit() * 5.0);
            const std::size_t from = store.configuration();
            store.enter(to);
            if (to != from && store.inner_v() < p.max_v && store.inner_v() > 0.0) {
                ++switched;
                std::string unknown;
                double moved = p.capacitance_f * (store.inner_v() - node_before);
                double through = std::fabs(moved) + p.capacitance_f * node_before;
                for (const auto& string : strings_of(p, p.configurations[to], unknown)) {
                    const auto gained = [&](std::size_t k) {
                        return p.cells[k].capacitance_f * (store.cell_v(k) - before[k]);
                    };
                    const auto all = [&gained](const ArrayGroup& group) {
                        double sum = 0.0;
                        for (const std::size_t k : group) {
                            sum += gained(k);
                        }
                        return sum;
                    };
                    double volts = 0.0;
                    for (const ArrayGroup& group : string) {
                        const std::size_t k = group[0];
                        double group_f = 0.0;
                        for (const std::size_t of : group) {
                            group_f += p.cells[of].capacitance_f;
                            CHECK(store.cell_v(of) == Approx(store.cell_v(k)).epsilon(1e-12));
                        }
                        CHECK(std::fabs(all(group) - all(string[0])) <= 1e-12 * group_f * 5.0);
                        volts += store.cell_v(k);
                    }
                    CHECK(volts == Approx(store.inner_v()).epsilon(1e-12));
                    moved += all(string[0]);
                    through += std::fabs(all(string[0]));
                }
                CHECK(std::fabs(moved) <= 1e-12 * through);
            }
            now += 0.2 * unit();
            const WalkResult r =
                store.walk(unit() < 0.5 ? nothing() : load({phase({0.0, 2e-3 * unit(), 1e-5})}),
                           {0.05, kNoWatch}, at(now));
            drawn += sum_of(r.done) + sum_of(r.tail);
            now = store.now().seconds();
        }
        const double through = std::max(store.ledger().harvested(), store.initially_stored_j());
        worst = std::max(worst, std::fabs(imbalance(store, drawn)) / through);
        INFO("run " << run);
        CHECK(ledger_closes(store, drawn));
    }
    CHECK(switched > 1000);
    std::cout << "  " << switched << " switchings of random arrays: worst imbalance " << worst
              << "\n";
}
