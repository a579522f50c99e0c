// SPDX-License-Identifier: Apache-2.0
// Samples of unequal length, samples by cells of voltage and samples under a full store, each run
// at once by the exact walker, against the slow witness.
#include "tests/physics/reference.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace ebb;
using namespace ebb::test;

/// Per sample a power below 2 V and a larger one above it, which rises with V; some give nothing.
class TwoCells final : public SupplyCells {
public:
    explicit TwoCells(const Series& series) : w_(series.value.begin(), series.value.end()) {}
    [[nodiscard]] SupplyCell at(std::size_t sample, double v, bool up) const noexcept override {
        const double w = w_[std::min(sample, w_.size() - 1)];
        const bool upper = v > 2.0 || (v == 2.0 && up);
        SupplyCell cell;
        cell.into = upper ? Terms{0.6 * w, 0.1 * w, 0.0} : Terms{0.5 * w, 0.0, 0.0};
        cell.offered = {w, 0.0, 0.0};
        (upper ? cell.low_v : cell.high_v) = 2.0;
        return cell;
    }

private:
    std::vector<double> w_;
};

enum Kind : int { kUneven, kCells, kEven };

std::shared_ptr<const Series> random_powers(Random& random, int kind) {
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::power_w;
    std::int64_t t = 0;
    for (int i = 0; i < 300; ++i) {
        series->bound_ns.push_back(t);
        series->value.push_back(random.unit() < 0.3 ? 0.0 : random.log_uniform(1e-6, 20e-3));
        t += kind == kEven ? 40'000'000 : random.integer(1'000'000, 200'000'000);
    }
    series->bound_ns.push_back(t);
    return series;
}

struct Legs {
    std::vector<double> v, at_s;
    double drawn_j = 0.0;
};

/// Charged to a rising watch and drained to a falling one, in turn, until the trace has ended.
Legs cycle(EnergyStore& store, const Supply& supply, const Load& off, const Load& on, double low_v,
           double high_v) {
    Legs legs;
    store.reset(supply);
    const Time end = at(25.0);
    bool charging = true;
    while (store.now() < end) {
        const WalkResult& r = charging ? store.walk(off, {kNoWatch, high_v}, end)
                                       : store.walk(on, {low_v, kNoWatch}, end);
        charging = r.stop == Stop::falling;
        legs.v.push_back(store.inner_v());
        legs.at_s.push_back(r.at.seconds());
        legs.drawn_j += sum_of(r.done) + sum_of(r.tail);
    }
    return legs;
}

}  // namespace

TEST_CASE("samples that run at once, unequal, by cells or full, are those of the slow witness") {
    Random random(20);
    int full = 0;
    for (int i = 0; i < 90; ++i) {
        const int kind = i % 3;
        const auto series = random_powers(random, kind);
        SupplyShape source = shape(kind == kCells ? SupplyTag::cells : SupplyTag::power);
        source.efficiency = 0.8;
        source.factor = 0.8;
        if (kind == kCells) {
            source.cells = std::make_shared<TwoCells>(*series);
        }
        const Supply supply(source, series, 0, 1.0, AtEnd::loop);
        CapacitorParams p = capacitor(random.log_uniform(3e-4, 3e-2), 1.2, 3.6);
        if (random.unit() < 0.5) {
            p.leakage.current_a = random.log_uniform(1e-7, 1e-5);
        }
        p.leakage.resistance_ohm = random.log_uniform(1e4, 1e7);
        const bool to_the_top = random.unit() < 0.4;  // nobody wakes: it fills up
        const double high_v = to_the_top ? kNoWatch : 3.0;
        const Load off = load({phase({0.0, random.unit() < 0.5 ? 1e-6 : 0.0, 0.0})});
        const Load on = load({phase({random.log_uniform(1e-3, 2e-2), 0.0, 1e-6})});
        CapacitorStore exact(p);
        ReferenceStore witness(p);
        const Legs fast = cycle(exact, supply, off, on, 1.8, high_v);
        const Legs slow = cycle(witness, supply, off, on, 1.8, high_v);
        INFO("case " << i);
        REQUIRE(fast.v.size() == slow.v.size());
        for (std::size_t k = 0; k < fast.v.size(); ++k) {
            CHECK(fast.v[k] == Approx(slow.v[k]).epsilon(1e-9).margin(0));
            CHECK(fast.at_s[k] == Approx(slow.at_s[k]).epsilon(1e-9).margin(0));
        }
        const auto same = [](double a, double b, double of) {
            CHECK(std::fabs(a - b) <= 1e-9 * of);
        };
        const Ledger& mine = exact.ledger();
        const Ledger& its = witness.ledger();
        same(mine.offered(), its.offered(), its.offered());
        same(mine.harvested(), its.harvested(), its.offered());
        same(mine.clipped(), its.clipped(), its.offered());
        same(mine.converter_loss(), its.converter_loss(), its.offered());
        same(mine.sink(Sink::leakage), its.sink(Sink::leakage), its.offered());
        same(fast.drawn_j, slow.drawn_j, its.offered());
        CHECK(ledger_closes(exact, fast.drawn_j));
        full += mine.clipped() > 0.0 ? 1 : 0;
    }
    CHECK(full > 15);
}

TEST_CASE("a day of samples under a full store is a handful of steps, each joule clipped") {
    // 20 000 samples of 1 mW to 2 mW; 0.3 mW and a leak of 9 uW at 3 V are taken.
    Series series;
    series.quantity = Quantity::power_w;
    double sum_w = 0.0;
    for (int i = 0; i < 20'000; ++i) {
        series.bound_ns.push_back(std::int64_t{1'000'000'000} * i);
        series.value.push_back(1e-3 * (1.0 + (i % 97) / 97.0));
        sum_w += series.value.back();
    }
    series.bound_ns.push_back(std::int64_t{1'000'000'000} * 20'000);
    const Supply supply(shape(SupplyTag::power), std::make_shared<const Series>(series), 0, 1.0,
                        AtEnd::loop);
    CapacitorParams p = capacitor(1e-3, 3.0, 3.0);
    p.leakage.resistance_ohm = 1e6;
    struct Count final : PathObserver {
        std::size_t points = 0;
        double last_v = 0.0;
        void point(Time, double v, double, double) override {
            ++points;
            last_v = v;
        }
    } seen;
    CapacitorStore store(p);
    store.reset(supply);
    store.observe(&seen);
    const WalkResult& r = store.walk(load({phase({0.3e-3, 0.0, 0.0})}), {1.0, kNoWatch}, at(20e3));
    CHECK(r.stop == Stop::until);
    CHECK(store.inner_v() == 3.0);
    CHECK(store.ledger().clipped() ==
          Approx(sum_w - (0.3e-3 + 9e-6) * 20e3).epsilon(1e-12).margin(0));
    CHECK(store.ledger().sink(Sink::leakage) == Approx(9e-6 * 20e3).epsilon(1e-12).margin(0));
    CHECK(ledger_closes(store, sum_of(r.tail)));
    CHECK(store.segments() >= 20'000);
    CHECK(seen.points >= 20'000);
    CHECK(seen.last_v == 3.0);
}

TEST_CASE("the largest and smallest sample of a supply are found wherever they stand") {
    for (const std::size_t place : {0U, 1U, 4095U, 4096U, 8191U, 9998U, 9999U}) {
        for (const bool negative : {false, true}) {
            Series series;
            for (std::int64_t i = 0; i < 10'000; ++i) {
                series.bound_ns.push_back(i);
                series.value.push_back(1.0 + 1e-6 * static_cast<double>((i * 7919) % 10'007));
            }
            series.bound_ns.push_back(10'000);
            series.value.own()[place] = negative ? -3.0 : 3.0;
            SupplyShape squared = shape(SupplyTag::power);
            squared.exponent = 2;
            const Supply supply(squared, std::make_shared<const Series>(series), 0, 1.0,
                                AtEnd::loop);
            CHECK(supply.largest_x() == 9.0);
            CHECK(supply.x()[place] == 9.0);
        }
    }
}
