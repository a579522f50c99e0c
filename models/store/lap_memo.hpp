// SPDX-License-Identifier: Apache-2.0
/// Whole walks that a constant supply repeats.
///
/// Under a supply that never changes a device runs laps: off from one threshold to the other, on
/// back again, each lap equal to the last to the bit. A walk that began at the same voltage under
/// the same load and watches, and went from threshold to threshold in one crossing, need not be
/// reckoned again: its length, its bookings and its result are kept here, by value, for a few
/// loads.
///
/// Only loads that name themselves (Load::id) and stand at their beginning can be found again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/store/energy_store.hpp"

namespace ebb {

/// What a store books over some stretch, apart from the load's sinks [J].
struct StoreFlow {
    double offered = 0.0, harvested = 0.0, converter_loss = 0.0, clipped = 0.0, leakage = 0.0,
           esr_loss = 0.0;
    void add(const StoreFlow& other, double times = 1.0) noexcept {
        offered += times * other.offered;
        harvested += times * other.harvested;
        converter_loss += times * other.converter_loss;
        clipped += times * other.clipped;
        leakage += times * other.leakage;
        esr_loss += times * other.esr_loss;
    }
    void book_in(Ledger& ledger) const noexcept {
        ledger.add_offered(offered);
        ledger.add_harvested(harvested);
        if (converter_loss != 0.0) {
            ledger.add_converter_loss(converter_loss);
        }
        if (clipped != 0.0) {
            ledger.add_clipped(clipped);
        }
        if (leakage != 0.0) {
            ledger.add(Sink::leakage, leakage);
        }
        if (esr_loss != 0.0) {
            ledger.add(Sink::esr_loss, esr_loss);
        }
    }
};

class LapMemo {
public:
    struct Lap {
        std::uint32_t load = 0;  ///< 0: empty
        Watches watches{};
        double v0 = 0.0, v1 = 0.0;
        long double t_s = 0.0L;
        std::uint64_t segments = 0;
        StoreFlow flow;
        WalkResult result;
    };

    void clear() noexcept { laps_.fill({}); }

    [[nodiscard]] static bool names_itself(const Load& load) noexcept {
        return load.id != 0 && load.first_phase == 0 && load.first_elapsed_s == 0.0;
    }
    /// Of a load that names itself.
    [[nodiscard]] Lap* find(const Load& load, const Watches& watches, double v0) noexcept {
        for (Lap& lap : laps_) {
            if (lap.load == load.id && lap.v0 == v0 &&
                same(lap.watches.falling_v, watches.falling_v) &&
                same(lap.watches.rising_v, watches.rising_v)) {
                return &lap;
            }
        }
        return nullptr;
    }

    /// A walk begins; `watched`: it may turn out to be a lap.
    void begin(bool watched, double v0) noexcept {
        open_ = watched;
        draft_.v0 = v0;
        draft_.segments = 0;
    }
    /// A crossing whose length is known beyond a double.
    void crossing(long double t_s, const StoreFlow& flow) noexcept {
        draft_.t_s = t_s;
        draft_.flow = flow;
        ++draft_.segments;
    }
    /// Anything else happened: this walk is no lap.
    void spoil() noexcept { open_ = false; }
    void end(const Load& load, const Watches& watches, double v1, const WalkResult& result) {
        // One crossing only: sums of several would round otherwise than the walk does.
        if (!open_ || draft_.segments != 1 ||
            (result.stop != Stop::falling && result.stop != Stop::rising)) {
            return;
        }
        draft_.load = load.id;
        draft_.watches = watches;
        draft_.v1 = v1;
        draft_.result = result;
        laps_[next_++ % laps_.size()] = draft_;
    }

private:
    /// Equal, or both not armed.
    [[nodiscard]] static bool same(double a, double b) noexcept {
        return a == b || (a != a && b != b);
    }

    std::array<Lap, 4> laps_;
    std::size_t next_ = 0;
    Lap draft_;
    bool open_ = false;
};

}  // namespace ebb
