// SPDX-License-Identifier: Apache-2.0
// Where to save along the layers: against every choice of up to 14 cuts, and on named networks.
#include "models/workload/placement.hpp"
#include "models/core/error.hpp"
#include "sim/scenario/network_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace ebb;

namespace {

const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";
constexpr double kNever = std::numeric_limits<double>::infinity();

struct Instance {
    std::vector<double> energies_j;
    std::vector<std::int64_t> bytes;
    PlacementCosts costs;
};

/// The sums are whole numbers, so that equal ones are equal.
Instance random_instance(std::mt19937& dice, int most_steps) {
    const auto integer = [&](int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(dice);
    };
    Instance in;
    const int steps = integer(1, most_steps);
    for (int i = 0; i < steps; ++i) {
        in.energies_j.push_back(integer(0, 20));
    }
    for (int i = 0; i <= steps; ++i) {
        in.bytes.push_back(integer(0, 12));
    }
    in.costs.boot_j = integer(0, 5);
    in.costs.save_base_j = integer(0, 3);
    in.costs.save_j_per_b = integer(0, 3);
    in.costs.restore_base_j = integer(0, 3);
    in.costs.restore_j_per_b = integer(0, 2);
    in.costs.cycle_j = integer(20, 110);
    in.costs.restore_each = integer(0, 2) > 0;
    return in;
}

/// What a set of saves costs and its dearest stretch, straight from the definition.
struct Outcome {
    double energy_j = 0.0;
    double dearest_j = 0.0;
};

Outcome outcome_of(const Instance& in, const std::vector<std::size_t>& saves) {
    std::vector<std::size_t> ends = saves;
    ends.push_back(in.energies_j.size());
    Outcome out;
    std::size_t from = 0;
    for (const std::size_t to : ends) {
        const auto& c = in.costs;
        const double restore =
            c.restore_base_j + c.restore_j_per_b * static_cast<double>(in.bytes[from]);
        double own = c.save_base_j + c.save_j_per_b * static_cast<double>(in.bytes[to]);
        for (std::size_t k = from; k < to; ++k) {
            own += in.energies_j[k];
        }
        out.energy_j += own + (c.restore_each ? c.boot_j + restore : 0.0);
        out.dearest_j = std::max(out.dearest_j, own + c.boot_j + restore);
        from = to;
    }
    return out;
}

struct Best {
    double energy_j = kNever;
    std::size_t saves = 0;
    double enough_j = kNever;  ///< least dearest stretch of all choices
    std::size_t reached = 0;   ///< furthest position up to which some choice is feasible
};

Best try_everything(const Instance& in) {
    Best best;
    const std::size_t cuts = in.energies_j.size() - 1;
    for (std::size_t set = 0; set < (std::size_t{1} << cuts); ++set) {
        std::vector<std::size_t> saves;
        for (std::size_t k = 0; k < cuts; ++k) {
            if ((set >> k & 1U) != 0) {
                saves.push_back(k + 1);
            }
        }
        const Outcome out = outcome_of(in, saves);
        best.enough_j = std::min(best.enough_j, out.dearest_j);
        if (out.dearest_j <= in.costs.cycle_j &&
            (out.energy_j < best.energy_j ||
             (out.energy_j == best.energy_j && saves.size() < best.saves))) {
            best.energy_j = out.energy_j;
            best.saves = saves.size();
        }
    }
    for (std::size_t n = in.energies_j.size(); n > 0 && best.reached == 0; --n) {
        Instance part = in;
        part.energies_j.resize(n);
        part.bytes.resize(n + 1);
        for (std::size_t set = 0; set < (std::size_t{1} << (n - 1)); ++set) {
            std::vector<std::size_t> saves;
            for (std::size_t k = 0; k + 1 < n; ++k) {
                if ((set >> k & 1U) != 0) {
                    saves.push_back(k + 1);
                }
            }
            if (outcome_of(part, saves).dearest_j <= in.costs.cycle_j) {
                best.reached = n;
                break;
            }
        }
    }
    return best;
}

}  // namespace

TEST_CASE("saves are placed at the least energy of all choices, and fail where every choice does") {
    std::mt19937 dice(20240602);
    int placed = 0;
    int failed = 0;
    int with_saves = 0;
    for (int round = 0; round < 400; ++round) {
        INFO("round " << round);
        // 14 cuts at most; the largest only now and then, as there are 16,384 choices of them.
        const Instance in = random_instance(dice, round % 20 == 0 ? 15 : 9);
        const Best best = try_everything(in);
        const Placement found = place_saves(in.energies_j, in.bytes, in.costs);
        if (best.energy_j < kNever) {
            ++placed;
            REQUIRE_FALSE(found.failure);
            CHECK(found.energy_j == best.energy_j);
            CHECK(found.saves.size() == best.saves);
            const Outcome out = outcome_of(in, found.saves);
            CHECK(out.energy_j == best.energy_j);
            CHECK(out.dearest_j <= in.costs.cycle_j);
            REQUIRE(found.stretches.size() == found.saves.size() + 1);
            double dearest_j = 0.0;
            for (const Stretch& s : found.stretches) {
                dearest_j = std::max(dearest_j, s.energy_j());
            }
            CHECK(dearest_j == out.dearest_j);
            with_saves += found.saves.empty() ? 0 : 1;
            continue;
        }
        ++failed;
        REQUIRE(found.failure);
        CHECK(found.saves.empty());
        CHECK(found.failure->step == best.reached);
        CHECK(found.failure->enough_j == best.enough_j);
        CHECK(found.failure->cheapest.from <= best.reached);
        CHECK(found.failure->cheapest.to > best.reached);
        // With what the message names, the step can be passed; with enough, all can.
        Instance more = in;
        more.costs.cycle_j = found.failure->cheapest.energy_j();
        CHECK(try_everything(more).reached > best.reached);
        more.costs.cycle_j = found.failure->enough_j;
        CHECK_FALSE(place_saves(more.energies_j, more.bytes, more.costs).failure);
    }
    CHECK(placed > 100);
    CHECK(failed > 50);
    CHECK(with_saves > 50);
}

TEST_CASE("a place where little is alive is preferred to the middle") {
    PlacementCosts costs;
    costs.save_j_per_b = 1.0;
    costs.cycle_j = 75.0;
    const auto found = place_saves({20, 20, 20, 20}, {0, 40, 30, 2, 1}, costs);
    CHECK(found.saves == std::vector<std::size_t>{3});
    CHECK(found.energy_j == 83.0);
}

TEST_CASE("one power cycle that is large enough needs no save, an empty chain nothing at all") {
    PlacementCosts costs;
    costs.boot_j = 1.0;
    costs.cycle_j = 41.0;
    CHECK(place_saves({10, 30}, {5, 5, 5}, costs).saves.empty());
    CHECK(place_saves({10, 30.5}, {5, 5, 5}, costs).saves == std::vector<std::size_t>{1});
    CHECK(place_saves({}, {5}, costs).stretches.empty());
}

TEST_CASE("a step that is too dear is named, with what it needs and what a power cycle gives") {
    PlacementCosts costs;
    costs.boot_j = 1e-6;
    costs.save_j_per_b = 1e-9;
    costs.restore_j_per_b = 1e-9;
    costs.cycle_j = 1e-3;
    const auto found = place_saves({4e-4, 2e-3, 1e-4}, {100, 1000, 2000, 10}, costs);
    REQUIRE(found.failure);
    CHECK(failure_text(*found.failure, {"conv_0", "conv_1", "fc_2"}) ==
          "layer 'conv_1' cannot be passed: the cheapest stretch needs 2.004 mJ (boot 1 uJ, "
          "restore 1 uJ, work 2 mJ, save 2 uJ), a power cycle gives 1 mJ; 2.004 mJ per power cycle "
          "would do for all layers");
    // A save after conv_1 alone costs more than to go on to where little is alive.
    costs.save_j_per_b = 1e-6;
    costs.cycle_j = 9.5e-4;
    const auto through = place_saves({4e-4, 9e-4, 5e-5}, {0, 0, 2000, 10}, costs);
    REQUIRE(through.failure);
    CHECK(failure_text(*through.failure, {"conv_0", "conv_1", "fc_2"}) ==
          "layer 'conv_1' cannot be passed: the cheapest stretch, from 'conv_1' through 'fc_2', "
          "needs 961 uJ (boot 1 uJ, restore 0 J, work 950 uJ, save 10 uJ), a power cycle gives 950 "
          "uJ; 961 uJ per power cycle would do for all layers");
}

TEST_CASE("along a network the bytes at a position are what the layers behind it still read") {
    const auto network = read_network("mlperf_tiny_ic", "", kNetworks, {});
    const LayerGraph graph(*network);
    const auto bytes = bytes_at_positions(graph);
    REQUIRE(bytes.size() == 17);
    CHECK(bytes[0] == 3072);
    CHECK(bytes[1] == 16'384);
    CHECK(bytes[2] == 32'768);  // a skip connection hangs over
    CHECK(bytes[4] == 16'384);
    CHECK(bytes[16] == 10);
    // Ten layers of equal work, a save each time twice that much is done: not inside a block if its
    // bytes cost anything.
    PlacementCosts costs;
    costs.save_j_per_b = 1e-9;
    costs.restore_j_per_b = 1e-9;
    costs.cycle_j = 5e-3;
    const auto found = place_saves(std::vector<double>(16, 1e-3), bytes, costs);
    REQUIRE_FALSE(found.failure);
    for (const std::size_t at : found.saves) {
        CHECK(bytes[at] <= 16'384);
    }
}

TEST_CASE("sizes that do not fit and numbers below zero are defects of the caller") {
    const PlacementCosts costs;
    CHECK_THROWS_AS(place_saves({1.0}, {1}, costs), Defect);
    CHECK_THROWS_AS(place_saves({-1.0}, {1, 1}, costs), Defect);
    CHECK_THROWS_AS(place_saves({1.0}, {1, -1}, costs), Defect);
}
