// SPDX-License-Identifier: Apache-2.0
/// The order of everything that happens to one device.
///
/// Entries are worked off by (exact time, rank, slot). Ranks at one exact time:
///   supply < brown_out < checkpoint < work_end < timer < release < run_end
/// Slots are fixed when the device is built; a slot holds at most one entry. Handlers may set and
/// clear entries; an entry before the one in hand is a defect and throws. After each handler the
/// planner is asked to forecast (the store's next entry), so that a forecast is never stale.
///
/// More than 10,000 entries at one exact instant are chatter (a mode change that undoes itself in
/// no time): InputError that names the last slot. Plain C++: the kernel is told by whoever calls
/// run_until().
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/core/time.hpp"

namespace ebb {

enum class Rank : unsigned char {
    supply,
    brown_out,
    checkpoint,
    work_end,
    timer,
    release,
    run_end
};

class Agenda {
public:
    using Handler = std::function<void()>;
    using SlotId = std::size_t;

    SlotId add_slot(std::string name, Rank rank, Handler handler);
    void set_planner(Handler planner) { planner_ = std::move(planner); }

    void set(SlotId slot, Time at);
    void set(SlotId slot, Time at, Rank rank);
    void clear(SlotId slot) noexcept { due_[slot].at = Time::never(); }

    /// Exact time of the entry in hand.
    [[nodiscard]] Time now() const noexcept { return now_; }
    /// Earliest entry of all slots but one.
    [[nodiscard]] Time earliest_but(SlotId slot) const noexcept;
    [[nodiscard]] Time earliest() const noexcept;

    /// Forecasts for the first time (at time zero, before any entry is worked off).
    void start() { planner_(); }
    /// Works off every entry whose ceiling is not after `ns`. Returns when the next one is due.
    Time run_until(std::int64_t ns);
    /// No further entry is worked off.
    void finish() noexcept { finished_ = true; }
    [[nodiscard]] bool finished() const noexcept { return finished_; }

    [[nodiscard]] std::uint64_t decisions() const noexcept { return decisions_; }

private:
    struct Slot {
        std::string name;
        Rank rank;
        Handler handler;
    };
    struct Due {  ///< apart from the rest of a slot: looking for the first touches only these
        Time at = Time::never();
        Rank rank;
    };
    [[nodiscard]] SlotId first() const noexcept;
    void count_instant(SlotId slot);

    std::vector<Slot> slots_;
    std::vector<Due> due_;
    Handler planner_;
    Time now_;
    std::uint64_t decisions_ = 0;
    std::uint64_t at_this_instant_ = 0;
    bool finished_ = false;
};

}  // namespace ebb
