// SPDX-License-Identifier: Apache-2.0
// What a power failure leaves of a machine, and how it goes on: snapshots, their loss, recovery.
#include <algorithm>
#include <limits>

#include "models/consistency/word_machine.hpp"

namespace ebb {

/// Calls f(bytes, offset) for each volatile buffer; the offset counts through all of them.
template <class F>
void WordMachine::for_each_volatile(F&& f) {
    std::size_t offset = 0;
    for (std::size_t i = 0; i < s_.memory.data.size(); ++i) {
        if (is_volatile(accesses_->program().buffers[i])) {
            f(i, s_.memory.data[i], offset);
            offset += s_.memory.data[i].size();
        }
    }
}

std::size_t WordMachine::newest_slot() const noexcept {
    return s_.slots[1].sequence > s_.slots[0].sequence ? 1 : 0;
}

bool WordMachine::take_snapshot(std::int64_t words) {
    left_ = words;
    try {
        save();
    } catch (const PowerFailed&) {
        return false;
    }
    return true;
}

void WordMachine::save() {
    const std::size_t newest = newest_slot();
    const std::int64_t number = s_.slots[newest].sequence + 1;
    s_.saved_at.resize(static_cast<std::size_t>(number));
    s_.saved_at.back() = s_.now;
    bool headed = false;
    for (const NvOp& op : options_.snapshot) {
        headed = headed || op.header;
    }
    for (const NvOp& op : options_.snapshot) {
        std::size_t at = 1 - newest;
        if (op.slot == kNewestSlot) {
            at = newest;
        } else if (op.slot >= 0) {
            at = static_cast<std::size_t>(op.slot);
        }
        MachineState::Slot& slot = s_.slots.at(at);
        if (op.header) {
            // Sequence and check: as long as a part of it is old, it is nobody's.
            for (std::int64_t left = op.len; left > 0; left -= options_.atomic_b) {
                const std::int64_t says = left > options_.atomic_b ? 0 : number;
                store_word([&] { slot.sequence = 0; }, [&] { slot.sequence = says; });
            }
            continue;
        }
        save_state(slot, number, op.len);
        if (!headed) {
            slot.sequence = number;
        }
    }
}

void WordMachine::save_state(MachineState::Slot& slot, std::int64_t number, std::int64_t bytes) {
    const auto put_registers = [&] {
        slot.registers = s_.now;
        slot.registers_of = number;
    };
    std::size_t all = 0;
    for_each_volatile([&](std::size_t, const auto& from, std::size_t) { all += from.size(); });
    slot.bytes.resize(all);
    slot.of.resize(all);
    const bool at_once = bytes == 0;
    auto left = at_once ? std::numeric_limits<std::int64_t>::max()
                        : std::max<std::int64_t>(0, bytes - options_.register_b);
    store_word([] {}, put_registers);
    for_each_volatile([&](std::size_t, const auto& from, std::size_t offset) {
        for (std::size_t i = 0; i < from.size() && left > 0;) {
            const auto n = std::min({static_cast<std::size_t>(options_.atomic_b), from.size() - i,
                                     static_cast<std::size_t>(left)});
            const auto put = [&](std::uint8_t flip) {
                for (std::size_t k = i; k < i + n; ++k) {
                    slot.bytes[offset + k] = from[k] ^ flip;
                    slot.of[offset + k] = flip == 0 ? number : -1;
                }
            };
            if (at_once) {
                put(0);
            } else {
                store_word([&] { put(0xff); }, [&] { put(0); });
            }
            i += n;
            left -= static_cast<std::int64_t>(n);
        }
    });
}

void WordMachine::lose_volatile() {
    for (std::size_t i = 0; i < s_.memory.data.size(); ++i) {
        const Buffer& buffer = accesses_->program().buffers[i];
        if (is_volatile(buffer) && buffer.role != BufferRole::weight) {
            std::fill(s_.memory.data[i].begin(), s_.memory.data[i].end(), std::uint8_t{0xa5});
        }
    }
}

void WordMachine::restore_slot(const MachineState::Slot& slot) {
    s_.now = slot.registers;
    for_each_volatile([&](std::size_t, auto& to, std::size_t offset) {
        for (std::size_t i = 0; i < to.size() && offset + i < slot.bytes.size(); ++i) {
            if (slot.of[offset + i] != 0) {
                to[i] = slot.bytes[offset + i];
            }
        }
    });
}

/// What of a restored slot is not of the moment to which its registers belong.
void WordMachine::tell_of_slot(const MachineState::Slot& slot) {
    for_each_volatile([&](std::size_t buffer, const auto& bytes, std::size_t offset) {
        const bool weights = accesses_->program().buffers[buffer].role == BufferRole::weight;
        for (std::size_t i = 0; i < bytes.size();) {
            const auto whose = [&](std::size_t k) {
                return offset + k < slot.of.size() ? slot.of[offset + k] : 0;
            };
            const std::int64_t of = whose(i);
            std::size_t end = i + 1;
            while (end < bytes.size() && whose(end) == of) {
                ++end;
            }
            const auto lo = static_cast<std::int64_t>(i);
            const auto hi = static_cast<std::int64_t>(end);
            if (of > 0 && of != slot.registers_of) {
                const auto& moment = s_.saved_at[static_cast<std::size_t>(of - 1)];
                if (moment.at.job == s_.now.at.job) {
                    oracle_->restored_from(buffer, lo, hi, point(moment));
                } else {
                    oracle_->put(buffer, lo, hi, point(), ViolationKind::torn);
                }
            } else if (of < 0 || (of == 0 && !weights)) {
                oracle_->put(buffer, lo, hi, point(),
                             of < 0 ? ViolationKind::torn : ViolationKind::lost);
            }
            i = end;
        }
    });
}

bool WordMachine::boot(std::int64_t words) {
    left_ = words;
    in_hand_ = false;
    puts_.clear();
    lose_volatile();
    const std::int64_t job = job_in_hand();
    s_.now = {};
    const MachineState::Slot& slot = s_.slots[newest_slot()];
    const bool snapshot = slot.sequence > 0;
    MachinePosition at;
    if (snapshot) {
        restore_slot(slot);
        at = s_.now.at;
    } else {
        try {
            at = journal_->recover(*this);
        } catch (const PowerFailed&) {
            return false;
        }
        s_.now.at = at;
    }
    if (!s_.in_job) {
        return true;  // the next job starts anew
    }
    if (at.job < jobs_done() && at.step >= accesses_->steps()) {
        s_.now = {};
        s_.now.at = at = {jobs_done(), 0, 0, 0};  // that job is over: this one begins
    }
    s_.again = snapshot && at.job < jobs_done();
    const std::int64_t jobs_back = job - at.job;
    if (oracle_ != nullptr && oracle_->waits()) {
        // A journal knows no job but the one in hand: whatever it takes is another's.
        oracle_->resumed(point(), snapshot, snapshot || jobs_back <= 0 ? jobs_back : 2);
        if (snapshot) {
            tell_of_slot(slot);
        }
        for (const Put& put : puts_) {
            oracle_->put(put.buffer, put.lo, put.hi, point(),
                         put.right ? std::nullopt : std::optional(ViolationKind::stale));
        }
    }
    puts_.clear();
    if (at.step == 0 && at.unit == 0 && at.op == 0 && s_.now.of_op == 0) {
        if (oracle_ != nullptr) {
            oracle_->start_job(job_in_hand());
        }
        take_input();
    }
    return true;
}

}  // namespace ebb
