// SPDX-License-Identifier: Apache-2.0
/// A network (or a list of tasks) lowered for a platform, a memory and a runtime: loop nests of
/// units over buffers. Plain data, made and checked once before the run.
///
///   Program = nests { n_0 .. n_d, unit }         depth <= 5, innermost last
///   Unit    = phases in order + accesses          an access touches [lo(k), lo(k) + len) of a
///   buffer lo(k)   = a0 + sum a_d k_d                    affine in the loop counters
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/core/load.hpp"
#include "models/peripheral/peripheral_params.hpp"

namespace ebb {

inline constexpr std::size_t kNestDepth = 5;

enum class Space : unsigned char { registers, sram, accelerator, nvm };
enum class BufferRole : unsigned char { weight, activation, partial, index, log, flag, input };

struct Buffer {
    std::string name;
    std::int64_t bytes = 0;
    int element_bytes = 1;
    Space space = Space::nvm;
    int slots = 1;
    BufferRole role = BufferRole::activation;
};

struct Affine {
    std::int64_t a0 = 0;
    std::array<std::int64_t, kNestDepth> a{};
};

struct Access {
    std::size_t buffer = 0;
    int slot = 0;
    Affine lo;             ///< first byte
    std::int64_t len = 0;  ///< bytes
    bool write = false;
    std::size_t phase = 0;  ///< of the unit
};

enum class PhaseKind : unsigned char { fetch, compute, write, index, poll };
enum class Io : unsigned char { none, repeatable, once };

/// A phase's own load comes on top of what the MCU draws in it: a platform's compute power replaces
/// the MCU's active load (`replaces_active`), an NVM access comes on top of it.
struct Phase {
    PhaseKind kind = PhaseKind::compute;
    double time_s = 0.0;
    double bytes = 0.0;      ///< fetch, write: payload moved per unit, on average over the nest
                             ///< (what overlaps with the unit before stays in a line buffer)
    double current_a = 0.0;  ///< at the rail
    double power_w = 0.0;
    bool replaces_active = false;
    bool clocked = false;                ///< computing: its time goes with the core's clock
    std::vector<PeripheralDraw> in_use;  ///< peripherals that do not stand by
    int overlap_group = 0;               ///< 0 = on its own
    Preempt preempt = Preempt::any;
    Io io = Io::none;
};

struct Unit {
    std::string name;
    std::vector<Phase> phases;
    std::vector<Access> accesses;
};

struct Nest {
    int layer = 0;  ///< id in the network, or index of the task
    std::string name;
    std::vector<std::int64_t> n;  ///< trip counts, outermost first
    Unit unit;
    std::int64_t tile_units = 1;  ///< units of one tile (the innermost trip count)
    bool endless = false;         ///< until power fails
    bool once_per_boot = false;
    bool atomic = false;

    [[nodiscard]] std::int64_t units() const noexcept {
        std::int64_t product = 1;
        for (const std::int64_t trips : n) {
            product *= trips;
        }
        return product;
    }
};

/// Where the output of a layer lives.
struct TensorPlace {
    int layer = 0;
    std::size_t buffer = 0;
    int slot = 0;
    std::int64_t lo = 0;
    std::int64_t bytes = 0;
};

struct Program {
    std::vector<Buffer> buffers;
    std::vector<Nest> nests;
    std::vector<TensorPlace> tensors;
    std::int64_t volatile_bytes = 0;  ///< largest volatile working set of a unit (line buffers)
    std::int64_t refetch_bytes = 0;   ///< largest input window to fetch again after a recovery
    bool repeat = false;              ///< start over when the last nest is done
};

/// Bytes of the non-volatile buffers, all slots.
[[nodiscard]] std::int64_t nvm_bytes(const Program& program);

/// Checks a program once, without failures and without protocol: every access lies inside its
/// buffer slot, every layer's output is written exactly once and wholly, every read of an
/// activation finds the producer's output not yet overwritten. Throws Defect naming the layer.
void check_program(const Program& program);

}  // namespace ebb
