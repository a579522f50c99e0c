// SPDX-License-Identifier: Apache-2.0
/// The words (or bits) that a load moves to and from non-volatile memory, counted and placed in
/// time: how many have been moved up to a position, and when the n-th one is in hand.
///
///   a phase of duration T that moves b bytes moves ceil(b/g) items of g bytes, one behind the
///   other; the j-th of them (from 0) takes the share [j g, min((j + 1) g, b)) / b of T
///
/// What is looked for is the middle of an item's time: half of it is in hand, the ones before are
/// moved. Items of a phase that takes no time are counted and cannot be met: the next one that
/// takes time is met in their place. Counts are whole numbers over any number of repetitions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/store/energy_store.hpp"
#include "models/workload/plan.hpp"

namespace ebb {

class LoadItems {
public:
    struct Counts {
        bool reads = false, writes = false;
    };
    /// `item_b`: bytes of an item.
    LoadItems(double item_b, Counts what) noexcept : item_b_(item_b), what_(what) {}

    /// The load that is walked next, from where it stands; its traffic phase by phase.
    void begin(const Load& load, const std::vector<PhaseTraffic>& traffic);
    /// A load that moves nothing.
    void begin_nothing() noexcept { count_ = 0; }
    /// Whole items from the beginning up to where a walk of the load has come.
    [[nodiscard]] std::int64_t moved(const LoadPosition& until) const;
    /// Seconds from the beginning to the middle of the n-th item from there; empty: not in this
    /// load.
    [[nodiscard]] std::optional<double> seconds_to(std::int64_t n) const;

private:
    struct PhaseItems {
        double bytes = 0.0, seconds = 0.0;
        std::int64_t items = 0;
        std::int64_t before = 0;  ///< items of the phases in front
        double before_s = 0.0;
    };
    [[nodiscard]] std::int64_t in_phase(std::size_t phase, double elapsed_s) const;
    [[nodiscard]] std::int64_t at(std::size_t phase, double elapsed_s) const;

    double item_b_;
    Counts what_;
    std::vector<PhaseItems> phases_;
    std::int64_t per_trip_ = 0;
    double trip_s_ = 0.0;
    bool timed_ = false;  ///< some item takes time
    std::int64_t count_ = 0;
    std::int64_t begun_ = 0;  ///< items of the first trip that were moved before
    double begun_s_ = 0.0;
};

}  // namespace ebb
