// SPDX-License-Identifier: Apache-2.0
// Accesses and cycles of an array, against a walk over every PE and step; tilings against all.
#include "models/workload/systolic_array.hpp"
#include "models/core/error.hpp"
#include "tests/physics/array_walk.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <random>
#include <string>

using namespace ebb;
using ebb::test::ArrayWalk;

namespace {

constexpr Dataflow kFlows[] = {Dataflow::output_stationary, Dataflow::weight_stationary,
                               Dataflow::row_stationary};

Approx near(double value) { return Approx(value).epsilon(1e-12).margin(0); }

void check_equal(const ArrayCounts& counted, const ArrayCounts& walked) {
    const auto pair = [](const char* what, const OperandAccesses& a, const OperandAccesses& b) {
        INFO(what);
        CHECK(a.memory.reads == b.memory.reads);
        CHECK(a.memory.writes == b.memory.writes);
        CHECK(a.buffer.reads == b.buffer.reads);
        CHECK(a.buffer.writes == b.buffer.writes);
        CHECK(a.scratchpad.reads == b.scratchpad.reads);
        CHECK(a.scratchpad.writes == b.scratchpad.writes);
    };
    pair("input", counted.input, walked.input);
    pair("weight", counted.weight, walked.weight);
    pair("partial", counted.partial, walked.partial);
    CHECK(counted.macs == walked.macs);
    CHECK(counted.folds == walked.folds);
    CHECK(counted.step_cycles == walked.step_cycles);
    CHECK(counted.fill_cycles == walked.fill_cycles);
}

SystolicArrayParams array_of(std::int64_t rows, std::int64_t columns, Dataflow flow) {
    SystolicArrayParams a;
    a.rows = rows;
    a.columns = columns;
    a.dataflow = flow;
    a.clock_hz = 100e6;
    a.buffer_b = std::numeric_limits<double>::infinity();
    a.weight_words = 192;
    a.partial_words = 16;
    return a;
}

ConvShape convolution(std::int64_t m, std::int64_t c, std::int64_t kernel, std::int64_t stride,
                      std::int64_t in, std::int64_t out) {
    Layer layer;
    layer.op = LayerOp::conv;
    layer.in = {in, in, c};
    layer.out = {out, out, m};
    layer.kernel_h = layer.kernel_w = kernel;
    layer.stride_h = layer.stride_w = stride;
    layer.macs = out * out * m * kernel * kernel * c;
    return *conv_shape(layer);
}

struct RandomCase {
    ConvShape shape;
    ArrayTiling tiling;
    SystolicArrayParams array;
};

RandomCase random_case(std::mt19937_64& random, Dataflow flow) {
    const auto draw = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    RandomCase c;
    ConvShape& s = c.shape;
    s.groups = draw(0, 3) == 0 ? draw(2, 5) : 1;
    s.filters = draw(1, 12);
    s.channels = draw(1, 6);
    s.kernel_h = draw(1, 5);
    s.kernel_w = draw(1, 5);
    s.stride_h = draw(1, 4);
    s.stride_w = draw(1, 4);
    s.out_h = draw(1, 9);
    s.out_w = draw(1, 9);
    // Padding on both sides, or a map that is larger than what is looked at.
    s.pad_top = draw(0, s.kernel_h - 1);
    s.pad_left = draw(0, s.kernel_w - 1);
    s.in_h = std::max<std::int64_t>(
        1, (s.out_h - 1) * s.stride_h + s.kernel_h - s.pad_top - draw(-2, s.kernel_h - 1));
    s.in_w = std::max<std::int64_t>(
        1, (s.out_w - 1) * s.stride_w + s.kernel_w - s.pad_left - draw(-2, s.kernel_w - 1));
    c.tiling = {draw(1, s.filters), draw(1, s.out_h), draw(0, 1) == 1};
    c.array = array_of(draw(1, 9), draw(1, 9), flow);
    c.array.weights_bypass_buffer = draw(0, 1) == 1;
    c.array.weight_words = s.kernel_w * draw(1, 4) + draw(0, s.kernel_w - 1);
    c.array.partial_words = draw(1, 6);
    return c;
}

}  // namespace

TEST_CASE("accesses and cycles equal a walk over every element, for random convolutions") {
    constexpr int kCases = 120;
    for (const Dataflow flow : kFlows) {
        std::mt19937_64 random(20240315);
        for (int i = 0; i < kCases; ++i) {
            const RandomCase c = random_case(random, flow);
            const ConvShape& s = c.shape;
            INFO(name_of(flow) << " case " << i << ": G " << s.groups << " M " << s.filters << " C "
                               << s.channels << " R " << s.kernel_h << " S " << s.kernel_w << " P "
                               << s.out_h << " Q " << s.out_w << " on " << c.array.rows << " x "
                               << c.array.columns);
            check_equal(count_accesses(s, c.tiling, c.array),
                        ArrayWalk(s, c.tiling, c.array).run());
        }
    }
}

TEST_CASE("accesses and cycles equal the walk for convolutions of AlexNet and of MLPerf Tiny") {
    struct Named {
        const char* name;
        ConvShape shape;
        ArrayTiling tiling;
    };
    const Named cases[] = {
        // Conv3 of AlexNet: 384 filters of 3 x 3 x 256 over 13 x 13; a sixth of the filters is
        // walked, which is what one block of the buffer holds.
        {"AlexNet conv3", convolution(64, 256, 3, 1, 13, 13), {16, 5, true}},
        {"image classification conv_4", convolution(32, 16, 3, 2, 32, 16), {8, 3, false}},
        {"keyword spotting conv_2 (1 x 1)", convolution(64, 64, 1, 1, 25, 25), {64, 25, true}},
    };
    for (const Dataflow flow : kFlows) {
        for (const Named& c : cases) {
            INFO(name_of(flow) << ", " << c.name);
            const auto array = array_of(12, 14, flow);
            check_equal(count_accesses(c.shape, c.tiling, array),
                        ArrayWalk(c.shape, c.tiling, array).run());
        }
    }
}

TEST_CASE("a depthwise layer runs group by group, a fully connected one as a single position") {
    Layer depthwise;
    depthwise.op = LayerOp::dwconv;
    depthwise.in = depthwise.out = {25, 5, 64};
    depthwise.kernel_h = depthwise.kernel_w = 3;
    depthwise.macs = 72000;
    const auto s = conv_shape(depthwise);
    REQUIRE(s);
    CHECK(s->groups == 64);
    CHECK(s->filters == 1);
    CHECK(s->channels == 1);
    CHECK(s->pad_top == 1);
    CHECK(s->macs() == 72000);
    Layer dense;
    dense.op = LayerOp::fc;
    dense.in = {2, 3, 4};
    dense.out = {1, 1, 10};
    dense.macs = 240;
    const auto f = conv_shape(dense);
    REQUIRE(f);
    CHECK(f->depth() == 24);
    CHECK(f->macs() == 240);
    Layer pool;
    pool.op = LayerOp::maxpool;
    CHECK_FALSE(conv_shape(pool));
    for (const Dataflow flow : kFlows) {
        const auto array = array_of(4, 4, flow);
        INFO(name_of(flow));
        check_equal(count_accesses(*s, {1, 25, true}, array),
                    ArrayWalk(*s, {1, 25, true}, array).run());
        check_equal(count_accesses(*f, {3, 1, true}, array),
                    ArrayWalk(*f, {3, 1, true}, array).run());
    }
}

TEST_CASE("an even window is padded by one more below than above") {
    // 5 wide, window 2, stride 1, 5 outputs: one column is missing, and it lies to the right.
    const auto s = convolution(1, 1, 2, 1, 5, 5);
    CHECK(s.pad_top == 0);
    CHECK(s.pad_left == 0);
    // The keyword network's first layer: 49 x 10, window 10 x 4, stride 2, 25 x 5 outputs.
    Layer first;
    first.op = LayerOp::conv;
    first.in = {49, 10, 1};
    first.out = {25, 5, 64};
    first.kernel_h = 10;
    first.kernel_w = 4;
    first.stride_h = first.stride_w = 2;
    first.macs = 320000;
    const auto padded = conv_shape(first);
    REQUIRE(padded);
    CHECK(padded->pad_top == 4);
    CHECK(padded->pad_left == 1);
}

TEST_CASE("the chosen tiling is the best of all that fit the buffer, for every goal") {
    std::mt19937_64 random(7);
    const auto draw = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    const auto value = [](const ArrayCounts& n, const SystolicArrayParams& a) {
        const double energy = a.mac_j > 0.0 ? array_energy(n, a).total_j() : memory_bytes(n, a);
        const auto cycles = static_cast<double>(n.cycles());
        switch (a.goal) {
            case TilingGoal::energy_delay:
                return energy * cycles;
            case TilingGoal::energy:
                return energy;
            case TilingGoal::latency:
                return cycles;
            case TilingGoal::traffic:
                break;
        }
        return memory_bytes(n, a);
    };
    for (int i = 0; i < 80; ++i) {
        for (const Dataflow flow : kFlows) {
            RandomCase c = random_case(random, flow);
            c.shape.filters = draw(1, 24);
            c.array.goal = static_cast<TilingGoal>(i % 4);
            c.array.input_b = static_cast<double>(draw(1, 2));
            c.array.weight_b = static_cast<double>(draw(1, 2));
            if (draw(0, 1) == 1) {
                c.array.mac_j = 1.0;
                c.array.input = {{100, 100}, {5, 4}, {1, 1}};
                c.array.weight = {{90, 90}, {5, 4}, {1, 1}};
                c.array.partial = {{80, 80}, {6, 5}, {2, 2}};
            }
            const double least = block_bytes(c.shape, {1, 1, true}, c.array);
            const double most =
                block_bytes(c.shape, {c.shape.filters, c.shape.out_h, true}, c.array);
            c.array.buffer_b = least + (most - least) * static_cast<double>(draw(0, 10)) / 10.0;
            const ArrayTiling chosen = choose_tiling(c.shape, c.array);
            CHECK(block_bytes(c.shape, chosen, c.array) <= c.array.buffer_b);
            double best = std::numeric_limits<double>::infinity();
            for (std::int64_t m = 1; m <= c.shape.filters; ++m) {
                for (std::int64_t p = 1; p <= c.shape.out_h; ++p) {
                    for (const bool outermost : {true, false}) {
                        const ArrayTiling t{m, p, outermost};
                        if (block_bytes(c.shape, t, c.array) <= c.array.buffer_b) {
                            best =
                                std::min(best, value(count_accesses(c.shape, t, c.array), c.array));
                        }
                    }
                }
            }
            INFO(name_of(flow) << " case " << i);
            CHECK(value(count_accesses(c.shape, chosen, c.array), c.array) == best);
        }
    }
}

TEST_CASE("a larger buffer never makes a layer slower where tilings are chosen for latency") {
    for (const Dataflow flow : kFlows) {
        auto array = array_of(12, 14, flow);
        array.goal = TilingGoal::latency;
        const auto shape = convolution(64, 32, 3, 1, 20, 20);
        std::int64_t before = std::numeric_limits<std::int64_t>::max();
        for (double kib = 4; kib <= 256; kib *= 1.5) {
            array.buffer_b = 1024 * kib;
            const auto cycles = count_accesses(shape, choose_tiling(shape, array), array).cycles();
            INFO(name_of(flow) << ", " << kib << " KiB");
            CHECK(cycles <= before);
            before = cycles;
        }
    }
}

TEST_CASE("a layer that no tiling fits is refused with the bytes that are missing") {
    auto array = array_of(4, 4, Dataflow::weight_stationary);
    array.buffer_b = 100;
    // One filter of 5 x 5 x 8 and five input rows of 12 x 8: 200 + 480, and 12 sums of 4 B.
    CHECK_THROWS_WITH(choose_tiling(convolution(4, 8, 5, 1, 12, 12), array),
                      "the array's buffer holds 100 B, and one filter over one output row takes "
                      "728 B");
    auto rows = array_of(4, 4, Dataflow::row_stationary);
    rows.weight_words = 4;
    CHECK_THROWS_AS(choose_tiling(convolution(4, 8, 5, 1, 12, 12), rows), InputError);
    CHECK_THROWS_AS(count_accesses(convolution(4, 8, 5, 1, 12, 12), {1, 1, true}, rows),
                    InputError);
}

TEST_CASE("energy is each access at its own price, and its parts add up") {
    auto array = array_of(3, 2, Dataflow::output_stationary);
    const auto shape = convolution(4, 2, 3, 1, 6, 6);
    array.mac_j = 1e-12;
    array.input = {{2e-12, 3e-12}, {5e-12, 7e-12}, {11e-12, 13e-12}};
    array.weight = {{17e-12, 19e-12}, {23e-12, 29e-12}, {31e-12, 37e-12}};
    array.partial = {{41e-12, 43e-12}, {47e-12, 53e-12}, {59e-12, 61e-12}};
    array.static_w = 1e-3;
    const auto n = count_accesses(shape, {4, 6, true}, array);
    const auto e = array_energy(n, array);
    const auto j = [](const Accesses& a, double read, double write) {
        return (static_cast<double>(a.reads) * read + static_cast<double>(a.writes) * write) *
               1e-12;
    };
    CHECK(e.mac_j == near(static_cast<double>(n.macs) * 1e-12));
    CHECK(e.memory_j ==
          near(j(n.input.memory, 2, 3) + j(n.weight.memory, 17, 19) + j(n.partial.memory, 41, 43)));
    CHECK(e.buffer_j ==
          near(j(n.input.buffer, 5, 7) + j(n.weight.buffer, 23, 29) + j(n.partial.buffer, 47, 53)));
    CHECK(e.scratchpad_j == near(j(n.input.scratchpad, 11, 13) + j(n.weight.scratchpad, 31, 37) +
                                 j(n.partial.scratchpad, 59, 61)));
    CHECK(e.static_j == near(1e-3 * static_cast<double>(n.cycles()) / 100e6));
    CHECK(e.total_j() == near(e.mac_j + e.memory_j + e.buffer_j + e.scratchpad_j + e.static_j));
    CHECK(utilisation(n, array) ==
          near(static_cast<double>(n.macs) / (static_cast<double>(n.cycles()) * 6)));
}

TEST_CASE("what a power failure asks for goes with the dataflow") {
    const auto shape = convolution(8, 4, 3, 1, 10, 10);
    auto array = array_of(16, 8, Dataflow::output_stationary);
    array.partial_b = 4;
    array.weight_b = 1;
    CHECK(state_at_failure(shape, array).save_b == 16 * 8 * 4);
    CHECK(state_at_failure(shape, array).reload_b == 0);
    array.dataflow = Dataflow::weight_stationary;
    CHECK(state_at_failure(shape, array).save_b == 16 * 4);
    CHECK(state_at_failure(shape, array).reload_b == 16 * 8);
    array.dataflow = Dataflow::row_stationary;
    CHECK(state_at_failure(shape, array).save_b == 16 * 8 * 10 * 4);
    CHECK(state_at_failure(shape, array).reload_b == 16 * 8 * 3);
}
