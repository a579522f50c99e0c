// SPDX-License-Identifier: Apache-2.0
// Is a layer's cost the sum of what its tile loops do? Counted here by running the loops.
#include "models/workload/closed_form.hpp"
#include "sim/scenario/platform_reader.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <vector>

using namespace ebb;

namespace {

OperationTable table_of(const std::string& platform) {
    return *read_platform(platform, "", std::string(EBB_SOURCE_DIR) + "/models/workload/platforms",
                          {})
                ->operations;
}

constexpr std::size_t at(CostPart part) { return static_cast<std::size_t>(part); }

/// One tile of the loop nest.
struct Tile {
    std::int64_t r, c, m, n;
};

/// The tiles in the order in which the reused operand changes least.
std::vector<Tile> in_order(const Trips& t, Reuse reuse) {
    std::vector<Tile> tiles;
    const auto run = [&](std::array<std::int64_t, 4> trips, auto make) {
        for (std::int64_t i = 0; i < trips[0]; ++i) {
            for (std::int64_t j = 0; j < trips[1]; ++j) {
                for (std::int64_t k = 0; k < trips[2]; ++k) {
                    for (std::int64_t l = 0; l < trips[3]; ++l) {
                        tiles.push_back(make(i, j, k, l));
                    }
                }
            }
        }
    };
    using I = std::int64_t;
    switch (reuse) {
        case Reuse::input:
            run({t.r, t.c, t.n, t.m}, [](I r, I c, I n, I m) { return Tile{r, c, m, n}; });
            break;
        case Reuse::weight:
            run({t.m, t.n, t.r, t.c}, [](I m, I n, I r, I c) { return Tile{r, c, m, n}; });
            break;
        default:
            run({t.r, t.c, t.m, t.n}, [](I r, I c, I m, I n) { return Tile{r, c, m, n}; });
    }
    return tiles;
}

/// Element transfers and calls, counted.
struct Moved {
    std::int64_t rows_in = 0, rows_weight = 0, rows_out = 0, calls = 0, cycles = 0, first = 0;
};

/// Runs the loops of a convolution, `batch` tiles to a power cycle (0: never interrupted).
Moved run_loops(const LayerShape& s, const TilePlan& p, std::int64_t batch) {
    const Trips t = trips_of(s, p);
    const std::int64_t in_rows =
        (s.stride_h * (p.r - 1) + s.kernel_h) * (s.stride_w * (p.c - 1) + s.kernel_w);
    const std::int64_t weight_rows = s.kernel_h * s.kernel_w * p.m;
    const std::int64_t out_rows = p.r * p.c;
    Moved moved;
    const auto tiles = in_order(t, p.reuse);
    std::array<std::int64_t, 3> held = {-1, -1, -1};
    for (std::size_t i = 0; i < tiles.size(); ++i) {
        const Tile& tile = tiles[i];
        if (batch > 0 && static_cast<std::int64_t>(i) % batch == 0) {
            held = {-1, -1, -1};  // the memory is lost
            ++moved.cycles;
            moved.first += tile.n == 0 ? 1 : 0;
        }
        const std::array<std::int64_t, 3> ids = {(tile.r * t.c + tile.c) * t.n + tile.n,
                                                 tile.m * t.n + tile.n,
                                                 (tile.r * t.c + tile.c) * t.m + tile.m};
        const auto needs = [&](Reuse operand) {
            const auto o = static_cast<std::size_t>(operand);
            return p.reuse != operand || held[o] != ids[o];
        };
        moved.rows_in += needs(Reuse::input) ? in_rows : 0;
        moved.rows_weight += needs(Reuse::weight) ? weight_rows : 0;
        moved.rows_out += tile.n > 0 && needs(Reuse::output) ? out_rows : 0;
        moved.calls += s.kernel_h * s.kernel_w * p.r * p.c * p.m;
        held = ids;
    }
    return moved;
}

struct Case {
    LayerShape shape;
    TilePlan plan;
};

/// A convolution whose sizes the tile divides, with a batch that divides the inner loop.
Case any_conv(std::mt19937& random) {
    const auto at_most = [&](std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(1, most)(random);
    };
    Case x;
    TilePlan& p = x.plan;
    p = {at_most(3), at_most(3), at_most(4), at_most(4), static_cast<Reuse>(at_most(3) - 1), 1};
    LayerShape& s = x.shape;
    s.kernel_h = at_most(3);
    s.kernel_w = at_most(3);
    s.stride_h = at_most(2);
    s.stride_w = at_most(2);
    s.out = {p.r * at_most(4), p.c * at_most(3), p.m * at_most(4)};
    s.in = {s.stride_h * (s.out.h - 1) + s.kernel_h, s.stride_w * (s.out.w - 1) + s.kernel_w,
            p.n * at_most(4)};
    const std::int64_t limit = batch_limit(s, p);
    do {
        p.batch = at_most(limit);
    } while (limit % p.batch != 0);
    return x;
}

std::int64_t rows_of(const std::vector<CallGroup>& calls, TileOperand operand) {
    return std::accumulate(calls.begin(), calls.end(), std::int64_t{0},
                           [&](std::int64_t n, const CallGroup& g) {
                               return n + (g.operand == operand ? g.count : 0);
                           });
}

}  // namespace

TEST_CASE("the power cycles of a convolution fetch what its tile loops fetch, in every order") {
    const TileModel model(table_of("msp430fr5994_extfram_tinas"));
    std::mt19937 random(994);
    for (int i = 0; i < 300; ++i) {
        const Case x = any_conv(random);
        const TiledCost cost = model.cost(x.shape, x.plan);
        const Moved moved = run_loops(x.shape, x.plan, x.plan.batch);
        INFO("case " << i << ", reuse " << static_cast<int>(x.plan.reuse) << ", batch "
                     << x.plan.batch);
        CHECK(cost.cycles == moved.cycles);
        CHECK(cost.first_cycles == moved.first);
        const auto over_cycles = [&](TileOperand operand, CostPart part) {
            return cost.first_cycles * rows_of(model.calls(x.shape, x.plan, part, true), operand) +
                   (cost.cycles - cost.first_cycles) *
                       rows_of(model.calls(x.shape, x.plan, part, false), operand);
        };
        CHECK(over_cycles(TileOperand::input, CostPart::fetch) == moved.rows_in);
        CHECK(over_cycles(TileOperand::weight, CostPart::fetch) == moved.rows_weight);
        CHECK(over_cycles(TileOperand::output, CostPart::fetch) == moved.rows_out);
        CHECK(cost.cycles * model.calls(x.shape, x.plan, CostPart::compute, true)[0].count ==
              moved.calls);
    }
}

TEST_CASE("without interruption a convolution costs what its tile loops fetch, in every order") {
    const OperationTable table = table_of("msp430fr5994_extfram_tinas");
    const TileModel model(table);
    const auto fetched = [&](std::int64_t rows, std::int64_t length, Overhead overhead) {
        return static_cast<double>(rows) *
               (table.energy_j(Operation::dma_nvm_to_vm, length) + table.energy_j(overhead));
    };
    constexpr std::array kOutput = {Overhead::fetch_output_reuse_i, Overhead::fetch_output_reuse_w,
                                    Overhead::fetch_output_reuse_o};
    std::mt19937 random(430);
    for (int i = 0; i < 300; ++i) {
        Case x = any_conv(random);
        const Moved moved = run_loops(x.shape, x.plan, 0);
        const double expected =
            fetched(moved.rows_in, x.plan.n, Overhead::fetch_input) +
            fetched(moved.rows_weight, x.plan.n, Overhead::fetch_weights) +
            fetched(moved.rows_out, x.plan.m, kOutput[static_cast<std::size_t>(x.plan.reuse)]);
        const TiledCost cost = model.cost(x.shape, x.plan);
        CHECK(cost.continuous[at(CostPart::fetch)].energy_j == Approx(expected).epsilon(1e-12));
        CHECK(cost.continuous[at(CostPart::reboot)].energy_j == 0);
        CHECK(cost.continuous[at(CostPart::index_fetch)].latency_s == 0);
    }
}

TEST_CASE("a published power cycle comes out part by part, and so does its recharge") {
    // First layer of a TiNAS network for HAR: 64 x 1 x 9 -> 64 x 1 x 10, kernel 3 x 1, tile
    // 64 x 1 x 10 x 1, outputs stay.
    const OperationTable table = table_of("msp430fr5994_extfram_tinas");
    const TileModel model(table);
    const LayerShape shape{TileKind::conv, {64, 1, 9}, {64, 1, 10}, 3, 1, 1, 1};
    const TiledCost cost = model.cost(shape, {64, 1, 10, 1, Reuse::output, 1});
    const auto part = [&](CostPart p, double energy_j, double latency_s) {
        INFO(name_of(p));
        CHECK(cost.later[at(p)].energy_j == Approx(energy_j).epsilon(1e-9));
        CHECK(cost.later[at(p)].latency_s == Approx(latency_s).epsilon(1e-12));
    };
    part(CostPart::reboot, 7.788e-05, 0.055);
    part(CostPart::fetch, 6.810027785e-05, 0.010448375);
    part(CostPart::index_fetch, 3.131750132e-07, 4.6875e-05);
    part(CostPart::compute, 8.104311230e-04, 0.1421540625);
    part(CostPart::backup, 3.584566347e-05, 0.005528);
    part(CostPart::index_backup, 3.181386566e-07, 4.63125e-05);
    CHECK(cost.later_total.energy_j == Approx(9.928883780e-04).epsilon(1e-9));
    CHECK(cost.later_total.latency_s == Approx(0.213223625).epsilon(1e-12));
    CHECK(cost.cycles == 9);
    CHECK(cost.first_cycles == 1);
    const FormulaOnStore store = on_store(cost, formula_supply(*table.supply));
    CHECK(store.recharge_later_s.value() == Approx(0.4467510397).epsilon(1e-9));
    CHECK(store.recharge_first_s.value() == Approx(0.4314410329).epsilon(1e-9));
    CHECK(store.recharge_s.value() == Approx(4.005449351).epsilon(1e-9));
}

TEST_CASE("a part is a list of transfers and calls with their lengths and CPU operations") {
    const TileModel model(table_of("msp430fr5994_extfram_inas"));
    const LayerShape shape{TileKind::conv, {9, 9, 6}, {7, 7, 4}, 3, 3, 1, 1};
    const TilePlan plan{1, 7, 2, 3, Reuse::weight, 7};
    const auto fetch = model.calls(shape, plan, CostPart::fetch, false);
    REQUIRE(fetch.size() == 3);
    CHECK(fetch[0].operand == TileOperand::input);
    CHECK(fetch[0].op == Operation::dma_nvm_to_vm);
    CHECK(fetch[0].count == 7 * 3 * 9);
    CHECK(fetch[0].elements == 3);
    CHECK(fetch[1].count == 9 * 2);
    CHECK(fetch[1].cpu.mul == 9);
    CHECK(fetch[1].cpu_latency.mul == 10);
    CHECK(fetch[2].count == 7 * 7);
    CHECK(fetch[2].elements == 2);
    CHECK(model.calls(shape, plan, CostPart::fetch, true).size() == 2);
    const auto compute = model.calls(shape, plan, CostPart::compute, false);
    REQUIRE(compute.size() == 1);
    CHECK(compute[0].op == Operation::lea_vector_mac);
    CHECK(compute[0].count == 7 * 9 * 7 * 2);
    CHECK(compute[0].elements == 3);
    CHECK(compute[0].cpu.add == 1 + 7 + 3);
    CHECK(model.calls(shape, plan, CostPart::reboot, false).empty());
    const auto index = model.calls(shape, plan, CostPart::index_backup, false);
    REQUIRE(index.size() == 1);
    CHECK(index[0].elements == 4);
}

TEST_CASE("the released latency defect is a switch that leaves energies alone") {
    OperationTable table = table_of("msp430fr5994_extfram_inas");
    const LayerShape shape{TileKind::conv, {9, 9, 6}, {7, 7, 4}, 3, 3, 1, 1};
    const TilePlan plan{7, 1, 4, 3, Reuse::output, 1};
    const TiledCost released = TileModel(table).cost(shape, plan);
    table.compatibility.output_overhead_latency_from_energy = false;
    const TiledCost right = TileModel(table).cost(shape, plan);
    CHECK(right.later_total.energy_j == released.later_total.energy_j);
    // 7 rows fetched (7 ADD, 4 MUL) and 7 backed up (7 ADD, 5 MUL) at 12 and 44 cycles of 16 MHz.
    const double cpu_s = 7 * (14 * 12 + 9 * 44) / 16e6;
    const double energy_as_s = 7 * (14 * 3.935538461538471e-9 + 9 * 19.253346153846146e-9);
    CHECK(right.later_total.latency_s - released.later_total.latency_s ==
          Approx(cpu_s - energy_as_s).epsilon(1e-9));
}

TEST_CASE("what a model or a platform cannot price is refused by name") {
    const OperationTable tinas = table_of("msp430fr5994_extfram_tinas");
    const LayerShape norm{TileKind::batch_norm, {4, 4, 2}, {4, 4, 2}, 1, 1, 1, 1};
    const TileModel inas(table_of("msp430fr5994_extfram_inas"));
    CHECK_THROWS_WITH(inas.cost(norm, {}), "the inas model has no rule for batch normalisation");
    OperationTable poor = tinas;
    poor.overheads[static_cast<std::size_t>(Overhead::batch_norm)].reset();
    poor.ops[static_cast<std::size_t>(Operation::cpu_div)]->latency_s.reset();
    const TileModel model(poor);
    CHECK(model.refusal(TileKind::batch_norm) ==
          "the platform gives no counts for the overhead batch_norm, which batch normalisation "
          "needs");
    CHECK(model.refusal(TileKind::global_pool) ==
          "the platform gives no latency for the operation cpu_div, which global average pooling "
          "needs");
    CHECK(model.refusal(TileKind::conv).empty());
    CHECK_THROWS_WITH(TileModel(tinas).cost(norm, {1, 1, 0, 1, Reuse::weight, 1}),
                      Catch::Contains("sizes and batch are at least 1"));
    CHECK_THROWS_WITH(TileModel(table_of("msp430fr5994_cpu")),
                      Catch::Contains("names no tile model"));
    OperationTable no_reboot = tinas;
    no_reboot.reboot.reset();
    CHECK_THROWS_AS(TileModel(no_reboot), InputError);
    Layer sparse;
    sparse.op_text = "SPFC";
    CHECK_FALSE(layer_shape(sparse));
}

TEST_CASE("a cycle that the store does not hold has no end voltage, no recharge and no latency") {
    FormulaSupply s{100e-6, 1000, 2.99, 2.8, 3.0, 1.0, false, {}};
    CHECK(available_energy_j(s) == Approx(55.005e-6));
    CHECK_FALSE(is_safe(s, 77.88e-6));  // a reboot alone
    CHECK(end_voltage_v(s, 77.88e-6).value() < s.v_off_v);
    CHECK_FALSE(end_voltage_v(s, 1e-3));
    CHECK_FALSE(recharge_s(s, 1e-3));
    s.capacitance_f = safe_capacitance_f(s, 77.88e-6);
    CHECK(available_energy_j(s) == Approx(77.88e-6));
    // 5 mF, 1 kOhm: 10.25, 13.44 and 14.89 s after 1, 2 and 2.7 mJ.
    s.capacitance_f = 5e-3;
    CHECK(recharge_s(s, 1e-3).value() == Approx(10.25).margin(5e-3));
    CHECK(recharge_s(s, 2e-3).value() == Approx(13.44).margin(5e-3));
    CHECK(recharge_s(s, 2.7e-3).value() == Approx(14.89).margin(5e-3));
}

TEST_CASE(
    "behind a source of constant power a recharge takes the energy of the cycle over the power") {
    FormulaSupply s{5e-3, 0, 2.99, 2.8, 3.0, 1.0, false, 2e-3};
    CHECK(recharge_s(s, 1e-3).value() == Approx(0.5).epsilon(1e-12));
    s.energy_margin = 0.55;
    CHECK(recharge_s(s, 1e-3).value() == Approx(0.5).epsilon(1e-12));
    s.margin_inside_voltage = true;  // the published convention recharges the rest as well
    CHECK(recharge_s(s, 1e-3).value() ==
          Approx((1e-3 + 0.45 * available_energy_j(s)) / 2e-3).epsilon(1e-12));
}

TEST_CASE("a formula tells every layer that it cannot price, and folds those without MACs") {
    const TileModel model(table_of("msp430fr5994_extfram_inas"));
    Network network;
    network.file = "n.csv";
    Layer conv;
    conv.name = "c";
    conv.op_text = "CONV";
    conv.macs = 64;
    conv.in = conv.out = {8, 8, 1};
    Layer relu = conv;
    relu.name = "r";
    relu.op_text = "RELU";
    relu.macs = 0;
    Layer rnn = conv;
    rnn.name = "u";
    rnn.op_text = "UGRNN";
    network.layers = {conv, relu};
    const std::optional<TilePlan> plan = TilePlan{};
    const FormulaTable table = closed_form(network, {plan, {}}, model, {});
    CHECK(table.folded == std::vector<std::string>{"r"});
    CHECK(table.continuous.energy_j > 0);
    CHECK_FALSE(table.latency_s);
    network.layers = {conv, rnn};
    try {
        (void)closed_form(network, {{}, plan}, model, {});
        FAIL("was accepted");
    } catch (const InputError& error) {
        REQUIRE(error.mistakes().size() == 2);
        CHECK(error.mistakes()[0].message.find("layer 0 (c): has no tile plan") == 0);
        CHECK(error.mistakes()[1].message == "layer 0 (u): no tile model has a rule for UGRNN");
    }
}
