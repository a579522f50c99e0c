// SPDX-License-Identifier: Apache-2.0
/// A network (or a list of tasks) lowered for a platform, a memory and a runtime: loop nests of
/// units over buffers. Plain data, made and checked once before the run.
///
///   Program = nests in order, one per layer or task
///   Nest    = a tree of loops; a leaf runs one unit n times
///   Unit    = phases in order: what it costs, how it may be interrupted, what role it has
///   Access  = [lo(k), lo(k) + len) of a buffer, lo(k) = a0 + sum a_d k_d, affine in the counters
///   of
///             the loops around the leaf, outermost first (the leaf's own counter is the last); a
///             box of a map is rows of such ranges, each a stride behind the one before
///
/// What a runtime does between the pieces of work (a commit record behind a tile, the words that a
/// loop logs when it ends) is a unit like any other, with another role; nothing is implied.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/core/load.hpp"
#include "models/peripheral/peripheral_params.hpp"

namespace ebb {

inline constexpr std::size_t kNestDepth = 6;

enum class Space : unsigned char { registers, sram, accelerator, nvm };
enum class BufferRole : unsigned char { weight, activation, partial, index, log, flag, input };

struct Buffer {
    std::string name;
    std::int64_t bytes = 0;  ///< of one slot
    int element_bytes = 1;
    Space space = Space::nvm;
    int slots = 1;
    BufferRole role = BufferRole::activation;
};

struct Affine {
    std::int64_t a0 = 0;
    std::array<std::int64_t, kNestDepth> a{};
};

/// n ranges, each `stride` bytes behind the one before.
struct Rows {
    std::int64_t n = 1, stride = 0;
};

struct Access {
    std::size_t buffer = 0;
    int slot = 0;  ///< of the first iteration
    /// How many slots further each loop's counter moves, cyclically.
    std::array<int, kNestDepth> slot_step{};
    Affine lo;             ///< first byte
    std::int64_t len = 0;  ///< bytes of one range
    Rows inner, outer;     ///< ranges of one execution: `outer.n` groups of `inner.n` ranges
    bool write = false;
    std::size_t phase = 0;  ///< of the unit
    [[nodiscard]] std::int64_t bytes() const noexcept { return len * inner.n * outer.n; }
};

enum class PhaseKind : unsigned char { fetch, compute, write, index, poll };
inline constexpr std::size_t kPhaseKinds = 5;
enum class Io : unsigned char { none, repeatable, once };

/// A phase's own load comes on top of what the MCU draws in it: a platform's compute power replaces
/// the MCU's active load (`replaces_active`), an NVM access comes on top of it.
struct Phase {
    PhaseKind kind = PhaseKind::compute;
    double time_s = 0.0;
    double bytes = 0.0;      ///< fetch: read; write, index: written. Payload moved per unit, on
                             ///< average over the nest (what overlaps with the unit before stays in
                             ///< a line buffer)
    double current_a = 0.0;  ///< at the rail
    double power_w = 0.0;
    bool replaces_active = false;
    bool upkeep = false;                 ///< what it draws is the checkpoint policy's doing
    bool clocked = false;                ///< computing: its time goes with the core's clock
    std::vector<PeripheralDraw> in_use;  ///< peripherals that do not stand by
    int overlap_group = 0;               ///< 0 = on its own
    Preempt preempt = Preempt::any;
    Io io = Io::none;
};

/// What a unit is for. `commit` runs the protocol's commit list; its phases come from there.
enum class UnitRole : unsigned char { work, commit, upkeep };

struct Unit {
    std::string name;
    UnitRole role = UnitRole::work;
    bool durable = false;   ///< behind it the work goes on after a power failure
    bool boundary = false;  ///< behind it the trigger is asked
    /// Of a unit with an undo log: the phase from which it is complete, so that a recovery takes
    /// back what a cut execution has written. 0: there is none.
    std::size_t undone = 0;
    /// Of a unit with a redo log: from this phase on a recovery goes on within it. 0: there is
    /// none.
    std::size_t sealed = 0;
    std::vector<Phase> phases;
};

/// A loop over blocks, or, without blocks, over one unit.
struct Block {
    std::int64_t n = 1;  ///< trips
    bool tile = false;   ///< all trips together make a tile
    std::vector<Block> body;
    std::size_t unit = 0;          ///< of a leaf: index into Nest::units
    std::vector<Access> accesses;  ///< of a leaf
    [[nodiscard]] bool leaf() const noexcept { return body.empty(); }
};

struct Nest {
    int layer = 0;  ///< id in the network, or index of the task
    std::string name;
    std::vector<Unit> units;
    Block root;
    bool endless = false;  ///< until power fails
    bool once_per_boot = false;
    bool atomic = false;
    bool skips = false;  ///< left out where a terminal that it needs is not charged

    /// Executions of units of work.
    [[nodiscard]] std::int64_t work_units() const noexcept;
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

/// A loop of `n` around `body`.
[[nodiscard]] Block loop(std::int64_t n, std::vector<Block> body);
/// `n` times unit number `unit`.
[[nodiscard]] Block repeat(std::int64_t n, std::size_t unit, std::vector<Access> accesses = {});

/// A block that has `depth` loops around it, with a loop of `n` between them and it: its accesses
/// count one loop more there.
[[nodiscard]] Block inside(std::int64_t n, Block block, std::size_t depth = 0);

/// Checks a program once, without failures and without protocol: loops run at least once and are
/// no deeper than kNestDepth, every leaf names a unit, every access lies inside its buffer slot and
/// names a phase, every layer's output is written wholly, and whatever a layer reads of activations
/// has been written by the layer that it comes from and not been overwritten since (judged by the
/// ranges that each nest touches as a whole). Throws Defect naming the layer.
void check_program(const Program& program);

}  // namespace ebb
