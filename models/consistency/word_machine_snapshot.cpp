// SPDX-License-Identifier: Apache-2.0
// What a power failure leaves of a machine, and how it goes on: snapshots, their loss, recovery.
#include <algorithm>
#include <utility>
#include <vector>

#include "models/consistency/word_machine.hpp"

namespace ebb {

namespace {

/// The first bytes are of one snapshot now; what comes behind them stays as it was.
void mark_first(std::vector<MachineState::Slot::Run>& runs, std::int64_t end, std::int64_t of) {
    std::vector<MachineState::Slot::Run> marked = {{end, of}};
    for (const auto& run : runs) {
        if (run.end > end) {
            marked.push_back(run);
        }
    }
    runs = std::move(marked);
}

}  // namespace

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
    if (slot.buffers.empty()) {
        std::int64_t all = 0;
        for (std::size_t i = 0; i < s_.memory.data.size(); ++i) {
            const bool holds = is_volatile(accesses_->program().buffers[i]);
            slot.buffers.push_back(lost_[i].size() > 0 ? lost_[i]
                                   : holds             ? s_.memory.data[i]
                                                       : SharedBytes());
            all += slot.buffers.back().size();
        }
        slot.runs = {{all, 0}};
    }
    store_word([] {},
               [&] {
                   slot.registers = s_.now;
                   slot.registers_of = number;
               });
    const std::int64_t all = slot.runs.back().end;
    const std::int64_t kept =
        bytes == 0 ? all : std::clamp<std::int64_t>(bytes - options_.register_b, 0, all);
    if (kept == all && (left_ < 0 || bytes == 0)) {  // at once: nothing cuts it
        for (std::size_t i = 0; i < slot.buffers.size(); ++i) {
            if (slot.buffers[i].size() > 0) {
                slot.buffers[i] = s_.memory.data[i];
                stored_ += bytes == 0 ? 0
                                      : (slot.buffers[i].size() + options_.atomic_b - 1) /
                                            options_.atomic_b;
            }
        }
        slot.runs = {{all, number}};
        return;
    }
    store_prefix(slot, number, kept);
}

void WordMachine::store_prefix(MachineState::Slot& slot, std::int64_t number, std::int64_t bytes) {
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < slot.buffers.size(); ++i) {
        const std::int64_t size = std::min(slot.buffers[i].size(), bytes - offset);
        for (std::int64_t at = 0; at < size; at += options_.atomic_b) {
            const std::int64_t n = std::min(options_.atomic_b, size - at);
            const std::int64_t end = offset + at + n;
            store_word(
                [&] {
                    std::vector<std::uint8_t> garbage(s_.memory.data[i].at(at),
                                                      s_.memory.data[i].at(at) + n);
                    for (std::uint8_t& byte : garbage) {
                        byte ^= 0xffU;
                    }
                    slot.buffers[i].put(at, garbage.data(), n);
                    mark_first(slot.runs, end, -1);
                    if (end > n) {
                        mark_first(slot.runs, end - n, number);
                    }
                },
                [&] {
                    slot.buffers[i].put(at, s_.memory.data[i].at(at), n);
                    mark_first(slot.runs, end, number);
                });
        }
        offset += slot.buffers[i].size();
    }
}

void WordMachine::lose_volatile() {
    for (std::size_t i = 0; i < lost_.size(); ++i) {
        if (lost_[i].size() > 0) {
            s_.memory.data[i] = lost_[i];
        }
    }
}

/// What of a restored slot is not of the moment to which its registers belong.
void WordMachine::tell_of_slot(const MachineState::Slot& slot) {
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < slot.buffers.size(); ++i) {
        const bool weights = accesses_->program().buffers[i].role == BufferRole::weight;
        const std::int64_t size = slot.buffers[i].size();
        std::int64_t from = 0;
        for (const auto& run : slot.runs) {
            const std::int64_t lo = std::max<std::int64_t>(from - offset, 0);
            const std::int64_t hi = std::min(run.end - offset, size);
            from = run.end;
            if (lo >= hi || run.of == slot.registers_of || (weights && run.of == 0)) {
                continue;
            }
            const MachineState::Volatile* const moment =
                run.of > 0 ? &s_.saved_at[static_cast<std::size_t>(run.of - 1)] : nullptr;
            if (moment != nullptr && moment->at.job == s_.now.at.job) {
                oracle_->restored_from(i, lo, hi, point(*moment));
            } else {
                oracle_->put(i, lo, hi, point(),
                             run.of == 0 ? ViolationKind::lost : ViolationKind::torn);
            }
        }
        offset += size;
    }
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
        s_.now = slot.registers;
        for (std::size_t i = 0; i < slot.buffers.size(); ++i) {
            if (slot.buffers[i].size() > 0) {
                s_.memory.data[i] = slot.buffers[i];
            }
        }
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
    } else if (at.job > jobs_done()) {
        s_.now.at =
            at = {jobs_done(), accesses_->steps(), 0, 0};  // done, its results not taken yet
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
