// SPDX-License-Identifier: Apache-2.0
/// What one layer costs, cut into tiles, by the two published operation-level models.
///
/// A layer of R x C x M outputs from H x W x N inputs under a kernel Kh x Kw runs as tiles of
/// r x c x m outputs from n input channels. One power cycle runs `batch` of them:
///
///   reboot | fetch operands | fetch index | compute | back up outputs | back up index
///
/// Each part is a list of calls: `count` transfers or vector calls of `elements` each, every one
/// with its CPU operations (address arithmetic):
///
///   energy(part)  = sum over calls of count * (base + per_element * elements + CPU operations) [J]
///   latency(part) = the same with times                                                        [s]
///
/// The reused operand is moved once per cycle, the others once per tile. A cycle with n = 0 starts
/// its outputs from nothing; with n > 0 it fetches partial sums first. Transfers move one row at a
/// time: there are no strided ones.
///
/// Two models, told apart by data (their steps per kind of layer) and by the constants of their
/// platform file: iNAS (CONV, FC, global pooling) and TiNAS (also depthwise, batch normalisation,
/// ReLU and addition as passes of their own). What they leave out: edge tiles count in full, the
/// index is a fixed number of words, the CPU waits while a unit works, transfers do not overlap.
/// A HEAD counts as the fully connected layer that its row describes; its pooling is not in the
/// row. Sources: EMCLab-Sinica/Intermittent-aware-NAS @18bb84e, EMCLab-Sinica/TiNAS @16e5c14,
/// restated.
#pragma once

#include "models/workload/network.hpp"
#include "models/workload/operation_table.hpp"
#include "models/workload/tile_plan.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// How a layer is tiled and priced.
enum class TileKind : unsigned char { conv, depthwise, batch_norm, relu, add, global_pool };
inline constexpr std::size_t kTileKinds = 6;

/// "conv", "depthwise", ... for messages.
[[nodiscard]] const char* name_of(TileKind kind) noexcept;

struct LayerShape {
    TileKind kind = TileKind::conv;
    MapShape in, out;
    std::int64_t kernel_h = 1, kernel_w = 1, stride_h = 1, stride_w = 1;
};

/// The layer as the models see it; nothing for kinds that no model prices (pooling by windows,
/// reshape, softmax, sparse layers, ...).
[[nodiscard]] std::optional<LayerShape> layer_shape(const Layer& layer);

struct Cost {
    double energy_j = 0.0;
    double latency_s = 0.0;
    Cost& operator+=(const Cost& other) noexcept {
        energy_j += other.energy_j;
        latency_s += other.latency_s;
        return *this;
    }
};
[[nodiscard]] inline Cost operator*(double times, const Cost& cost) noexcept {
    return {times * cost.energy_j, times * cost.latency_s};
}

enum class CostPart : unsigned char { reboot, fetch, index_fetch, compute, backup, index_backup };
inline constexpr std::size_t kCostParts = 6;
[[nodiscard]] const char* name_of(CostPart part) noexcept;

using PartCosts = std::array<Cost, kCostParts>;
[[nodiscard]] Cost sum(const PartCosts& parts) noexcept;

/// How often the tile loops run: over rows, columns, output channels and input channels.
struct Trips {
    std::int64_t r = 1, c = 1, m = 1, n = 1;
    std::int64_t tiles = 1;  ///< all of the layer
    std::int64_t first = 1;  ///< of which those with n = 0
};

/// CPU operations beside one call.
struct CpuUse {
    std::int64_t add = 0, mul = 0, div = 0, max = 0;
};

enum class TileOperand : unsigned char { none, input, weight, output, index };

/// One line of a part: the same call `count` times.
struct CallGroup {
    TileOperand operand = TileOperand::none;
    std::optional<Operation> op;  ///< DMA or vector call; empty: CPU operations alone
    std::int64_t count = 0;
    std::int64_t elements = 0;  ///< of each call
    CpuUse cpu;                 ///< beside each call, as the energy counts them
    CpuUse cpu_latency;         ///< as the latency counts them
    Cost cost;                  ///< of all `count` together
};

struct TiledCost {
    Trips trips;
    std::int64_t cycles = 0;        ///< power cycles, one batch each
    std::int64_t first_cycles = 0;  ///< of which those with n = 0
    PartCosts first, later;         ///< one power cycle with n = 0, and with n > 0
    Cost first_total, later_total;
    PartCosts continuous;  ///< the whole layer without interruption: no reboot, no index
    Cost continuous_total;
    std::int64_t vm_bytes = 0;  ///< volatile memory for the buffers of a batch
    /// The dearest cycle that occurs.
    [[nodiscard]] const Cost& worst() const noexcept {
        return cycles > first_cycles ? later_total : first_total;
    }
};

/// What a call costs without its elements and with them; made once per platform.
struct CallPrice {
    std::optional<Operation> op;
    AffineFigure energy_j, latency_s;
    CpuUse cpu, cpu_latency;
    Cost cpu_cost;
    [[nodiscard]] Cost each(std::int64_t elements) const noexcept {
        const auto v = static_cast<double>(elements);
        return {energy_j.at(v) + cpu_cost.energy_j, latency_s.at(v) + cpu_cost.latency_s};
    }
};

/// A published model with the constants of one platform.
class TileModel {
public:
    /// Throws InputError if the table lacks what every layer needs (DMA both ways, reboot, index,
    /// overheads of the transfers).
    TileModel(const OperationTable& table, TileModelKind kind);
    /// The model that the table names. Throws InputError if it names none.
    explicit TileModel(const OperationTable& table);

    /// Why layers of this kind cannot be priced: no rule, or a cost that the table does not give;
    /// empty if they can.
    [[nodiscard]] const std::string& refusal(TileKind kind) const noexcept {
        return refusals_[static_cast<std::size_t>(kind)];
    }

    /// Throws InputError if the kind is refused or a size of the plan is below 1.
    [[nodiscard]] TiledCost cost(const LayerShape& shape, const TilePlan& plan) const;

    /// The calls of one part of a power cycle (`first`: with n = 0). Reboot has none.
    [[nodiscard]] std::vector<CallGroup> calls(const LayerShape& shape, const TilePlan& plan,
                                               CostPart part, bool first) const;

    /// Volatile memory of a batch [B]; as in cost(), without the rest of it.
    [[nodiscard]] std::int64_t vm_bytes(const LayerShape& shape, const TilePlan& plan) const;

private:
    friend class TilePricing;
    struct ReusePrices {
        CallPrice fetch_output, backup_output;
        /// Per kind: one step of a power cycle, one step under continuous power, one tile.
        std::array<CallPrice, kTileKinds> step, step_continuous, tile;
    };
    CallPrice fetch_input_, fetch_weights_, index_fetch_, index_backup_;
    std::array<ReusePrices, 3> by_reuse_;
    std::array<std::string, kTileKinds> refusals_;
    Cost reboot_;
    std::int64_t index_elements_ = 0;
    std::int64_t element_bytes_ = 2;
};

/// Keys of a platform file that a model needs and the table does not have: "costs.cpu_div.latency",
/// "overheads.fetch_input", "reboot"; empty if every kind of layer that the model knows is priced.
[[nodiscard]] std::vector<std::string> missing_costs(const OperationTable& table,
                                                     TileModelKind kind);

/// The tile loops of a layer under a plan.
[[nodiscard]] Trips trips_of(const LayerShape& shape, const TilePlan& plan);

/// How many tiles a batch may hold at most: the trips of the innermost loop of the plan's order.
/// 1 where the published formulas do not carry a batch to the back-up.
[[nodiscard]] std::int64_t batch_limit(const LayerShape& shape, const TilePlan& plan);

/// Loop orders of a kind; those with one order have it whatever a plan says.
[[nodiscard]] const std::vector<Reuse>& reuses_of(TileKind kind);

}  // namespace ebb
