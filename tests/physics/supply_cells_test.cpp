// SPDX-License-Identifier: Apache-2.0
// Does a store walk right through a supply whose terms change with its voltage?
#include "models/converter/boost.hpp"
#include "models/core/error.hpp"
#include "tests/physics/reference.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using namespace ebb::test;

/// An input power times an efficiency that runs straight between nodes of the store voltage.
class Staircase final : public SupplyCells {
public:
    Staircase(std::vector<double> volts, std::vector<double> efficiency,
              std::vector<double> input_w)
        : volts_(std::move(volts)),
          efficiency_(std::move(efficiency)),
          input_w_(std::move(input_w)) {}

    [[nodiscard]] double efficiency(double v) const {
        const SupplyCell cell = at(0, v, true);
        return cell.into.power_at(v) / input_w_[0];
    }
    [[nodiscard]] SupplyCell at(std::size_t sample, double v, bool up) const noexcept override {
        const double w = input_w_[std::min(sample, input_w_.size() - 1)];
        std::size_t high = 0;
        while (high < volts_.size() && (up ? v >= volts_[high] : v > volts_[high])) {
            ++high;
        }
        SupplyCell cell;
        cell.offered.a_w = w;
        cell.low_v = high > 0 ? volts_[high - 1] : 0.0;
        cell.high_v = high < volts_.size() ? volts_[high] : kForever;
        const std::size_t low = high > 0 ? high - 1 : 0;
        const std::size_t top = std::min(high, volts_.size() - 1);
        const double slope =
            top > low ? (efficiency_[top] - efficiency_[low]) / (volts_[top] - volts_[low]) : 0.0;
        cell.into.a_w = (efficiency_[low] - slope * volts_[low]) * w;
        cell.into.b_a = slope * w;
        return cell;
    }

private:
    std::vector<double> volts_, efficiency_, input_w_;
};

Supply supply_of(const std::vector<double>& input_w, std::int64_t sample_ns,
                 const std::vector<double>& volts, const std::vector<double>& efficiency) {
    SupplyShape s = shape(SupplyTag::cells);
    s.cells = std::make_shared<Staircase>(volts, efficiency, input_w);
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::power_w;
    series->value = input_w;
    for (std::size_t i = 0; i <= input_w.size(); ++i) {
        series->bound_ns.push_back(static_cast<std::int64_t>(i) * sample_ns);
    }
    return {s, series, 0, 1.0, AtEnd::loop};
}

}  // namespace

TEST_CASE("charging through four cells takes the time of forty digits") {
    const std::vector<double> volts{1.0, 1.7, 2.4, 3.1, 3.8};
    const std::vector<double> efficiency{0.31, 0.62, 0.71, 0.68, 0.55};
    const double input_w = 1.7e-3;
    const Supply supply = supply_of({input_w}, 1'000'000'000'000, volts, efficiency);
    for (const StoreUnderTest& s : stores_under_test()) {
        INFO("store: " << s.name);
        CapacitorParams params = capacitor(330e-6, 0.6, 5.0);
        params.leakage.resistance_ohm = 47e3;
        auto store = s.make(params);
        store->reset(supply);
        const WalkResult r =
            store->walk(load({phase({0.0, 20e-6, 0.0})}), {kNoWatch, 4.2}, at(900.0));
        REQUIRE(r.stop == Stop::rising);
        Big want = 0;
        const std::vector<double> ends{0.6, 1.0, 1.7, 2.4, 3.1, 3.8, 4.2};
        for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
            const double middle = 0.5 * (ends[i] + ends[i + 1]);
            const Terms into = supply.shape().cells->at(0, middle, true).into;
            const Terms q{into.a_w, into.b_a - 20e-6, -1.0 / 47e3};
            want += BigLaw(q, 330e-6).integral(1, ends[i], ends[i + 1]);
        }
        const double seconds = static_cast<double>(want);
        INFO(r.at.seconds() << " s, " << seconds << " s wanted");
        CHECK(std::fabs(r.at.seconds() - seconds) <= (s.name == "exact" ? 1e-13 : 1e-11) * seconds);
        CHECK(std::fabs(store->ledger().offered() - input_w * seconds) <=
              1e-11 * input_w * seconds);
        CHECK(ledger_closes(*store, sum_of(r.tail)));
    }
}

TEST_CASE("a supply that rises at a border is left on the side to which the store moves") {
    // 0.2 mW below 2 V, 1 mW above; the load takes 0.5 mW: up above, down below, from 2 V up.
    class Step final : public SupplyCells {
    public:
        [[nodiscard]] SupplyCell at(std::size_t, double v, bool up) const noexcept override {
            const bool below = up ? v < 2.0 : v <= 2.0;
            SupplyCell cell;
            cell.into.a_w = below ? 0.2e-3 : 1e-3;
            cell.offered.a_w = 1e-3;
            (below ? cell.high_v : cell.low_v) = 2.0;
            return cell;
        }
    };
    SupplyShape s = shape(SupplyTag::cells);
    s.cells = std::make_shared<Step>();
    const Supply supply = Supply::constant(s, 1e-3);
    for (const StoreUnderTest& kind : stores_under_test()) {
        INFO("store: " << kind.name);
        for (const double v0 : {1.9, 2.0, 2.1}) {
            auto store = kind.make(capacitor(100e-6, v0, 5.0));
            store->reset(supply);
            const WalkResult r =
                store->walk(load({phase({0.5e-3, 0.0, 0.0})}), {1.0, 3.0}, at(100.0));
            CHECK(r.stop == (v0 < 2.0 ? Stop::falling : Stop::rising));
        }
        auto store = kind.make(capacitor(100e-6, 2.5, 5.0));
        store->reset(supply);
        const WalkResult r = store->walk(load({phase({1.4e-3, 0.0, 0.0})}), {1.0, 3.0}, at(100.0));
        REQUIRE(r.stop == Stop::falling);
        const double t = 0.5 * 100e-6 * ((2.5 * 2.5 - 4.0) / 0.4e-3 + (4.0 - 1.0) / 1.2e-3);
        CHECK(r.at.seconds() == Approx(t).epsilon(1e-11));
    }
}

TEST_CASE("the exact store and the witness agree on supplies by cells") {
    constexpr std::uint64_t kSeed = 20261122;
    Random random(kSeed);
    for (int i = 0; i < 60; ++i) {
        INFO("seed " << kSeed << ", case " << i);
        std::vector<double> volts{random.uniform(0.5, 1.5)};
        std::vector<double> efficiency{random.uniform(0.1, 0.9)};
        for (int k = 0; k < 4; ++k) {
            volts.push_back(volts.back() + random.uniform(0.1, 0.9));
            efficiency.push_back(random.uniform(0.1, 0.9));
        }
        std::vector<double> input_w;
        for (int k = 0; k < 12; ++k) {
            input_w.push_back(random.unit() < 0.2 ? 0.0 : random.uniform(0.0, 8e-3));
        }
        const Supply supply =
            supply_of(input_w, random.integer(1'000'000, 20'000'000), volts, efficiency);
        CapacitorParams params = capacitor(random.log_uniform(1e-5, 3e-4), random.uniform(0.0, 3.0),
                                           random.uniform(3.0, 3.6));
        params.esr_ohm = random.unit() < 0.5 ? 0.0 : random.log_uniform(0.1, 10.0);
        params.leakage.resistance_ohm = random.log_uniform(1e4, 1e7);
        const double power = random.unit() < 0.5 ? 0.0 : random.uniform(1e-4, 6e-3);
        Load work = load({phase({0.0, random.uniform(0.0, 4e-3), 0.0}, 150e-6),
                          phase({power, 1e-4, 1e-5}, 370e-6, Sink::peripherals)},
                         100'000);
        work.drop_out_below_v = random.unit() < 0.5 ? 2.2 : 0.0;
        CapacitorStore exact(params);
        ReferenceStore witness(params);
        exact.reset(supply);
        witness.reset(supply);
        double drawn = 0.0;
        for (int k = 0; k < 4; ++k) {
            for (const bool on : {false, true}) {
                const Load& l = on ? work : nothing();
                const Watches w = on ? Watches{1.8, kNoWatch} : Watches{kNoWatch, 2.6};
                const WalkResult got = exact.walk(l, w, at(0.5));
                const WalkResult want = witness.walk(l, w, at(0.5));
                CAPTURE(k, on, got.at.seconds(), want.at.seconds(), params.esr_ohm);
                REQUIRE(got.stop == want.stop);
                REQUIRE(std::fabs(got.at.since(want.at)) <= 1e-9 * want.at.seconds() + 1e-13);
                REQUIRE(got.position.unit == want.position.unit);
                REQUIRE(exact.inner_v() == Approx(witness.inner_v()).epsilon(1e-9));
                drawn += sum_of(got.done) + sum_of(got.tail);
            }
        }
        CHECK(ledger_closes(exact, drawn));
        const double scale = exact.ledger().offered() + exact.initially_stored_j();
        CHECK(std::fabs(exact.ledger().offered() - witness.ledger().offered()) <= 1e-9 * scale);
        CHECK(std::fabs(exact.ledger().harvested() - witness.ledger().harvested()) <= 1e-9 * scale);
        CHECK(std::fabs(exact.ledger().clipped() - witness.ledger().clipped()) <= 1e-9 * scale);
    }
}

TEST_CASE("a boost converter interpolates its table between nodes and begins cold") {
    BoostParams p;
    for (const double store_v : {2.0, 4.0}) {
        for (const double input_v : {0.5, 1.0}) {
            for (const double input_a : {1e-4, 1e-3}) {
                const double base = store_v == 2.0 ? 0.4 : 0.6;
                p.efficiency.push_back(
                    {store_v, input_v, input_a,
                     base + 0.2 * (input_v - 0.5) + (input_a > 5e-4 ? 0.1 : 0.0)});
            }
        }
    }
    p.min_voltage_v = 0.1;
    p.max_current_a = 2e-3;
    p.cold_start = ColdStart{1.7, 0.33, 5e-6, 0.05};
    const Boost boost(p);
    OperatingSeries points;
    points.voltage_v = {0.75, 0.05, 0.2, 0.75, 0.0};
    points.current_a = {std::sqrt(1e-7), 1e-3, 1e-3, 5e-3, 0.0};
    points.bound_ns = {0, 1, 2, 3, 4, 5};
    const SupplyShape s = boost.couple_points({}, points);
    const double w = 0.75 * std::sqrt(1e-7);
    // Half-way in V_store (0.5), V_in (0.05) and log I (0.05).
    CHECK(s.cells->at(0, 3.0, true).into.power_at(3.0) == Approx(0.6 * w).epsilon(1e-12));
    CHECK(s.cells->at(0, 3.0, true).offered.power_at(3.0) == Approx(w).epsilon(1e-15));
    CHECK(s.cells->at(0, 4.5, true).into.power_at(4.5) ==
          Approx(0.7 * w).epsilon(1e-12));  // clamped
    CHECK(s.cells->at(0, 1.0, true).into.power_at(1.0) == Approx(0.05 * w).epsilon(1e-12));
    CHECK(s.cells->at(0, 1.7, true).low_v == 1.7);
    CHECK(s.cells->at(0, 1.7, false).high_v == 1.7);
    CHECK(s.cells->at(1, 3.0, true).into.zero());  // 50 mV: it does not run, and takes nothing
    CHECK(s.cells->at(1, 3.0, true).offered.zero());
    CHECK(s.cells->at(2, 1.0, true).into.zero());  // 200 mV run it, but do not start it
    CHECK_FALSE(s.cells->at(2, 3.0, true).into.zero());
    CHECK(s.cells->at(3, 3.0, true).offered.power_at(3.0) == Approx(0.75 * 2e-3));  // limited
    CHECK(s.cells->at(4, 3.0, true).into.zero());

    const auto lacks = boost.shortfall({true, {0, 1}, {0.2}, {1e-3}});
    REQUIRE(lacks);
    CHECK(lacks->cold_needed_v == 0.33);
    CHECK(lacks->largest_v == 0.2);
    CHECK_FALSE(boost.shortfall(points));
    CHECK_THROWS_AS(boost.couple({}), InputError);
    p.efficiency.push_back(p.efficiency.front());
    CHECK_THROWS_AS(Boost(p), InputError);
}
