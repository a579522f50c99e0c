// SPDX-License-Identifier: Apache-2.0
/// What the device draws from the store node, and for what.
///
/// A Load is a unit of work that repeats: its phases follow each other, `count` times. A state that
/// simply lasts (off, sleep, an endless task) is one phase of infinite duration.
///
/// Below the regulator's drop-out voltage a phase draws other terms than above it; a phase
/// therefore carries both, and the border is a threshold of the walk (never a kernel event).
#pragma once

#include "models/core/ledger.hpp"
#include "models/core/terms.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace ebb {

/// p(V) = power_w * V / (V + shift_v): a constant power that sees the store through a series drop
/// (a diode towards the store: shift > 0; a regulator in drop-out towards the load: shift < 0).
/// Outside the quadratic law; zero when power_w is 0.
struct RationalTerm {
    double power_w = 0.0;
    double shift_v = 0.0;
    [[nodiscard]] double power_at(double v) const noexcept {
        return power_w == 0.0 ? 0.0 : power_w * v / (v + shift_v);
    }
    friend RationalTerm operator*(double k, RationalTerm x) noexcept {
        return {k * x.power_w, x.shift_v};
    }
};

/// One entry of the account: what is *drawn* (positive), into which sink.
struct Share {
    Sink sink = Sink::idle;
    Terms drawn;
    RationalTerm rational;
};

/// What one phase draws in one regulator region. `total` is the sum of the shares' `drawn`.
struct Draw {
    static constexpr int kMost = 6;
    Terms total;
    RationalTerm rational;
    std::array<Share, kMost> shares{};
    int count = 0;

    /// Adds a share and keeps the totals; drops empty shares, joins those of one sink. At most one
    /// rational share.
    void add(const Share& share);
};

/// How a phase may be interrupted by a checkpoint trigger (a brown-out cuts any phase).
enum class Preempt : unsigned char { any, finish, abort };

/// What a peripheral draws from a terminal of its own, beside the store node (store.federated).
struct RailDraw {
    std::size_t rail = 0;    ///< which terminal, by its place in the store's list
    double current_a = 0.0;  ///< while there is anything on it
    bool in_use = false;     ///< the task needs it: the walk ends as the terminal runs empty
};

struct LoadPhase {
    double duration_s = std::numeric_limits<double>::infinity();
    Draw regulated;
    Draw drop_out;  ///< used below Load::drop_out_below_v
    std::vector<RailDraw> rails;
    Preempt preempt = Preempt::any;
    bool keep = false;  ///< what was done up to its end outlives a power failure
};

struct Load {
    std::vector<LoadPhase> phases;
    std::int64_t count = 1;         ///< how often the phases follow each other
    double drop_out_below_v = 0.0;  ///< terminal voltage below which `drop_out` applies; 0 = never
    /// Not 0: the phases are the same in every walk of a run that names this number, so that a
    /// store may keep what it derived from them.
    std::uint32_t id = 0;
    /// Smaller ids name the MCU's own states, those from here on the plan's loads.
    static constexpr std::uint32_t kFirstOfPlan = 8;
    /// Where to begin: resumed work starts inside a unit.
    std::size_t first_phase = 0;
    double first_elapsed_s = 0.0;
};

}  // namespace ebb
