// SPDX-License-Identifier: Apache-2.0
#include "models/workload/tile_rules.hpp"

#include <array>

namespace ebb {

namespace {

std::int64_t up(std::int64_t a, std::int64_t b) noexcept { return (a + b - 1) / b; }

std::int64_t kernel(const LayerShape& s) noexcept { return s.kernel_h * s.kernel_w; }

/// Inputs that r x c neighbouring outputs need.
std::int64_t input_positions(const LayerShape& s, const TilePlan& p) noexcept {
    return (s.stride_h * p.r + s.kernel_h - s.stride_h) *
           (s.stride_w * p.c + s.kernel_w - s.stride_w);
}

/// Outputs of a batch wait in volatile memory, unless all of its tiles add to the same ones.
std::int64_t waiting(const TilePlan& p) noexcept { return p.reuse == Reuse::output ? 1 : p.batch; }

// ---- convolution and fully connected ------------------------------------------------------------
TileBlocks conv_blocks(const LayerShape& s, const TilePlan& p) {
    return {{input_positions(s, p), p.n}, {kernel(s) * p.m, p.n}, {p.r * p.c, p.m}};
}
TileLoads conv_per_cycle(const TilePlan& p, bool first) {
    TileLoads loads{p.batch, p.batch, p.batch};
    (p.reuse == Reuse::input    ? loads.input
     : p.reuse == Reuse::weight ? loads.weight
                                : loads.output) = 1;
    if (first) {
        loads.output = 0;
    }
    return loads;
}
TileLoads conv_continuous(const Trips& t, const TilePlan& p) {
    switch (p.reuse) {
        case Reuse::input:
            return {t.r * t.c * t.n, t.tiles, t.tiles - t.first};
        case Reuse::weight:
            return {t.tiles, t.m * t.n, t.tiles - t.first};
        default:
            return {t.tiles, t.tiles, 0};
    }
}
/// Neighbouring channels of a batch are written as one row.
TileBlock conv_backup(const TilePlan& p) {
    switch (p.reuse) {
        case Reuse::input:
            return {p.r * p.c, p.batch * p.m};
        case Reuse::weight:
            return {p.batch * p.r * p.c, p.m};
        default:
            return {p.r * p.c, p.m};
    }
}
std::int64_t conv_steps(const LayerShape& s, const TilePlan& p) {
    return kernel(s) * p.r * p.c * p.m;
}
std::int64_t conv_vm(const LayerShape& s, const TilePlan& p) {
    return input_positions(s, p) * p.n + kernel(s) * p.m * p.n + p.r * p.c * p.m * waiting(p);
}
std::int64_t conv_first_cycles(const Trips& t, const TilePlan& p) {
    return p.reuse == Reuse::output ? t.first : up(t.first, p.batch);
}
std::int64_t conv_batch_limit(const Trips& t, const TilePlan& p) {
    switch (p.reuse) {
        case Reuse::input:
            return t.m;
        case Reuse::weight:
            return t.r * t.c;
        default:
            return t.n;
    }
}

// ---- depthwise convolution: each channel alone, weights fetched one by one ----------------------
TileBlocks depthwise_blocks(const LayerShape& s, const TilePlan& p) {
    return {{input_positions(s, p), p.m}, {kernel(s) * p.m, 1}, {}};
}
TileLoads depthwise_per_cycle(const TilePlan& p, bool /*first*/) {
    return {p.batch, p.reuse == Reuse::input ? p.batch : 1, 0};
}
TileLoads depthwise_continuous(const Trips& t, const TilePlan& p) {
    switch (p.reuse) {
        case Reuse::input:
            return {t.r * t.c * t.n, t.tiles, 0};
        case Reuse::weight:
            return {t.tiles, t.m, 0};
        default:
            return {t.tiles, t.tiles, 0};
    }
}
std::int64_t depthwise_vm(const LayerShape& s, const TilePlan& p) {
    return input_positions(s, p) * p.m + kernel(s) * p.m + p.r * p.c * p.m * waiting(p);
}
/// Its cycles all cost the same; the published count takes those of the first channel tile.
std::int64_t depthwise_first_cycles(const Trips& t, const TilePlan& p) {
    return p.reuse == Reuse::output ? t.r * t.c : up(t.r * t.c, p.batch);
}
std::int64_t depthwise_batch_limit(const Trips& t, const TilePlan& p) {
    return p.reuse == Reuse::input ? t.m : p.reuse == Reuse::weight ? t.r * t.c : 1;
}

// ---- passes over the input ----------------------------------------------------------------------
std::int64_t elements(const TilePlan& p) { return p.r * p.c * p.m; }

/// Mean, deviation, scale and offset of each channel.
constexpr std::int64_t kNormRows = 4;

TileBlocks norm_blocks(const LayerShape& /*s*/, const TilePlan& p) {
    return {{p.r * p.c, p.m}, {kNormRows, p.m}, {}};
}
TileBlocks pass_blocks(const LayerShape& /*s*/, const TilePlan& p) {
    return {{p.r * p.c, p.m}, {}, {}};
}
TileBlocks pool_blocks(const LayerShape& /*s*/, const TilePlan& p) {
    return {{p.r * p.c, p.m}, {}, {1, p.m}};
}
TileLoads norm_per_cycle(const TilePlan& p, bool /*first*/) { return {p.batch, 1, 0}; }
TileLoads norm_continuous(const Trips& t, const TilePlan& /*p*/) { return {t.tiles, t.m, 0}; }
TileLoads relu_per_cycle(const TilePlan& p, bool /*first*/) { return {p.batch, 0, 0}; }
TileLoads relu_continuous(const Trips& t, const TilePlan& /*p*/) { return {t.tiles, 0, 0}; }
TileLoads add_per_cycle(const TilePlan& p, bool /*first*/) { return {2 * p.batch, 0, 0}; }
TileLoads add_continuous(const Trips& t, const TilePlan& /*p*/) { return {2 * t.tiles, 0, 0}; }
TileLoads pool_per_cycle(const TilePlan& p, bool /*first*/) { return {p.batch, 0, 1}; }
TileLoads pool_continuous(const Trips& t, const TilePlan& /*p*/) { return {t.tiles, 0, t.tiles}; }
TileBlock pass_backup(const TilePlan& p) { return {p.r * p.c, p.m}; }
TileBlock pool_backup(const TilePlan& p) { return {1, p.m}; }
std::int64_t pass_steps(const LayerShape& /*s*/, const TilePlan& p) { return elements(p); }
std::int64_t norm_vm(const LayerShape& /*s*/, const TilePlan& p) {
    return p.batch * elements(p) + kNormRows * p.m;
}
std::int64_t relu_vm(const LayerShape& /*s*/, const TilePlan& p) { return p.batch * elements(p); }
std::int64_t add_vm(const LayerShape& /*s*/, const TilePlan& p) {
    return (2 + p.batch) * elements(p);
}
std::int64_t pool_vm(const LayerShape& /*s*/, const TilePlan& p) {
    return elements(p) + p.m * p.batch;
}
std::int64_t all_cycles(const Trips& t, const TilePlan& p) { return up(t.tiles, p.batch); }
/// The formulas back up one tile per cycle, however many it computed.
std::int64_t no_batch(const Trips& /*t*/, const TilePlan& /*p*/) { return 1; }
std::int64_t pool_batch_limit(const Trips& t, const TilePlan& /*p*/) { return t.r * t.c; }

using AllRules = std::array<TileRules, kTileKinds>;

const AllRules& all_rules() {
    static const std::vector<Reuse> kAny = {Reuse::input, Reuse::weight, Reuse::output};
    static const AllRules kRules = {
        TileRules{false, true, kAny, conv_blocks, conv_per_cycle, conv_continuous, conv_backup,
                  conv_steps, conv_vm, conv_first_cycles, conv_batch_limit},
        TileRules{false, false, kAny, depthwise_blocks, depthwise_per_cycle, depthwise_continuous,
                  conv_backup, conv_steps, depthwise_vm, depthwise_first_cycles,
                  depthwise_batch_limit},
        TileRules{true,
                  false,
                  {Reuse::weight},
                  norm_blocks,
                  norm_per_cycle,
                  norm_continuous,
                  pass_backup,
                  pass_steps,
                  norm_vm,
                  all_cycles,
                  no_batch},
        TileRules{true,
                  false,
                  {Reuse::output},
                  pass_blocks,
                  relu_per_cycle,
                  relu_continuous,
                  pass_backup,
                  pass_steps,
                  relu_vm,
                  all_cycles,
                  no_batch},
        TileRules{true,
                  false,
                  {Reuse::output},
                  pass_blocks,
                  add_per_cycle,
                  add_continuous,
                  pass_backup,
                  pass_steps,
                  add_vm,
                  all_cycles,
                  no_batch},
        TileRules{true,
                  false,
                  {Reuse::output},
                  pool_blocks,
                  pool_per_cycle,
                  pool_continuous,
                  pool_backup,
                  pass_steps,
                  pool_vm,
                  all_cycles,
                  pool_batch_limit}};
    return kRules;
}

}  // namespace

const TileRules& tile_rules(TileKind kind) { return all_rules()[static_cast<std::size_t>(kind)]; }

TilePlan in_own_order(TileKind kind, const TilePlan& plan) {
    const auto& reuses = tile_rules(kind).reuses;
    TilePlan out = plan;
    if (reuses.size() == 1) {
        out.reuse = reuses.front();
    }
    return out;
}

Trips trips_of(const LayerShape& shape, const TilePlan& plan) {
    const TileRules& rules = tile_rules(shape.kind);
    const MapShape& map = rules.over_input ? shape.in : shape.out;
    Trips t;
    t.r = up(map.h, plan.r);
    t.c = up(map.w, plan.c);
    t.m = up(shape.out.c, plan.m);
    t.n = up(shape.in.c, plan.n);
    t.first = t.r * t.c * t.m;
    t.tiles = rules.sums_channels ? t.first * t.n : t.first;
    return t;
}

std::int64_t batch_limit(const LayerShape& shape, const TilePlan& plan) {
    const TilePlan own = in_own_order(shape.kind, plan);
    return tile_rules(shape.kind).batch_limit(trips_of(shape, own), own);
}

const std::vector<Reuse>& reuses_of(TileKind kind) { return tile_rules(kind).reuses; }

}  // namespace ebb
