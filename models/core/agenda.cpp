// SPDX-License-Identifier: Apache-2.0
#include "models/core/agenda.hpp"

#include <fmt/format.h>

#include "models/core/error.hpp"

namespace ebb {

namespace {
constexpr std::uint64_t kMostAtOneInstant = 10'000;
}

Agenda::SlotId Agenda::add_slot(std::string name, Rank rank, Handler handler) {
    slots_.push_back({std::move(name), rank, std::move(handler)});
    due_.push_back({Time::never(), rank});
    return slots_.size() - 1;
}

void Agenda::set(SlotId slot, Time at) { set(slot, at, slots_[slot].rank); }

void Agenda::set(SlotId slot, Time at, Rank rank) {
    if (at < now_) {
        throw Defect(fmt::format("{} is to happen at {} s, before the present {} s",
                                 slots_[slot].name, at.text(), now_.text()));
    }
    due_[slot] = {at, rank};
}

Agenda::SlotId Agenda::first() const noexcept {
    const Due* const due = due_.data();
    SlotId best = 0;
    for (SlotId i = 1; i < due_.size(); ++i) {
        if (due[i].at < due[best].at ||
            (due[i].at == due[best].at && due[i].rank < due[best].rank)) {
            best = i;
        }
    }
    return best;
}

Time Agenda::earliest() const noexcept { return due_[first()].at; }

Time Agenda::earliest_but(SlotId slot) const noexcept {
    Time least = Time::never();
    for (SlotId i = 0; i < due_.size(); ++i) {
        if (i != slot && due_[i].at < least) {
            least = due_[i].at;
        }
    }
    return least;
}

void Agenda::count_instant(SlotId slot) {
    if (++at_this_instant_ > kMostAtOneInstant) {
        throw InputError(
            fmt::format("more than {} decisions without time passing (last: {}); a state change "
                        "undoes itself at once: look at thresholds that a load's voltage step "
                        "jumps across, and at tasks that take no time",
                        kMostAtOneInstant, slots_[slot].name));
    }
}

Time Agenda::run_until(std::int64_t ns) {
    while (!finished_) {
        const SlotId slot = first();
        const Time at = due_[slot].at;
        if (at == Time::never() || at.ceil_ns() > ns) {
            return at;
        }
        if (at != now_) {
            now_ = at;
            at_this_instant_ = 0;
        }
        count_instant(slot);
        ++decisions_;
        due_[slot].at = Time::never();
        slots_[slot].handler();
        if (!finished_) {
            planner_();
        }
    }
    return Time::never();
}

}  // namespace ebb
