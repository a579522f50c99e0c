// SPDX-License-Identifier: Apache-2.0
#include "models/consistency/stored_errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {

StoredErrors::StoredErrors(const Program& program, const Memory& memory, MemoryOracle* oracle)
    : program_(program),
      memory_(memory),
      oracle_(oracle),
      records_(program.buffers.size()),
      snapshots_(program.buffers.size() + 1),
      in_buffer_(program.buffers.size() + 2) {
    if (oracle_ != nullptr) {
        accesses_ = std::make_unique<ProgramAccesses>(program);
    }
    if (memory_.ecc) {
        word_b_ = memory_.ecc->data_bytes();
        word_bits_ = memory_.ecc->word_bits();
    }
}

EccVerdict StoredErrors::verdict(const Damage& damage) const noexcept {
    const auto wrong = static_cast<std::int64_t>(damage.bits.size());
    if (!memory_.ecc) {
        return wrong > 0 ? EccVerdict::unnoticed : EccVerdict::right;
    }
    return judge(*memory_.ecc, wrong);
}

std::string StoredErrors::name_of(std::size_t buffer) const {
    if (buffer < program_.buffers.size()) {
        return program_.buffers[buffer].name;
    }
    return buffer == records_ ? "progress record" : "snapshot";
}

std::string StoredErrors::place_of_bit(const Word& word, std::int64_t bit) const {
    return memory_.ecc ? fmt::format("{}, word {}, bit {} of {}", name_of(word.first), word.second,
                                     bit, word_bits_)
                       : fmt::format("{}, byte {}, bit {}", name_of(word.first), word.second, bit);
}

bool StoredErrors::stored(std::size_t buffer) const {
    return buffer < program_.buffers.size() && program_.buffers[buffer].space == Space::nvm;
}

// ---- what happens
// ----------------------------------------------------------------------------------------

bool StoredErrors::touches(std::size_t buffer, std::int64_t lo, std::int64_t hi, bool reads) const {
    for (auto at = damaged_.lower_bound({buffer, lo / word_b_});
         at != damaged_.end() && at->first.first == buffer && at->first.second * word_b_ < hi;
         ++at) {
        if (!reads || !at->second.told) {
            return true;
        }
    }
    return false;
}

void StoredErrors::clear(std::size_t buffer, std::int64_t lo, std::int64_t hi) {
    if (in_buffer_[buffer] == 0) {
        return;
    }
    for (auto at = damaged_.lower_bound({buffer, lo / word_b_});
         at != damaged_.end() && at->first.first == buffer && at->first.second * word_b_ < hi;) {
        at = mend(at);
    }
}

StoredErrors::Words::iterator StoredErrors::read_word(Words::iterator at, std::size_t step,
                                                      std::int64_t unit, bool& told) {
    Damage& d = at->second;
    const auto [buffer, word] = at->first;
    const std::string place = fmt::format("{}, word {}", name_of(buffer), word);
    switch (verdict(d)) {
        case EccVerdict::right:
            break;
        case EccVerdict::corrected:
            if (!d.told) {
                d.told = true;
                ++counts_.corrected;
                news_.push_back({"bit_corrected", place});
            }
            break;
        case EccVerdict::detected:
            detected_ = true;
            ++counts_.detected;
            news_.push_back({"bit_detected", place});
            if (buffer < program_.buffers.size() &&
                program_.buffers[buffer].role == BufferRole::weight) {
                return mend(at);  // loaded again from where they came from
            }
            break;
        case EccVerdict::unnoticed:
            ++counts_.unnoticed;
            if (!told) {
                told = true;
                Violation v;
                v.kind = ViolationKind::corrupt;
                v.step = step;
                v.unit = unit;
                v.buffer = name_of(buffer);
                v.lo = word * word_b_;
                v.hi = v.lo + word_b_;
                v.wrote = d.from;
                oracle_->report(std::move(v));
            }
            break;
    }
    return std::next(at);
}

bool StoredErrors::read(std::size_t step, std::int64_t unit, std::size_t buffer, std::int64_t lo,
                        std::int64_t hi) {
    bool told = false;
    if (in_buffer_[buffer] == 0) {
        return told;
    }
    for (auto at = damaged_.lower_bound({buffer, lo / word_b_});
         at != damaged_.end() && at->first.first == buffer && at->first.second * word_b_ < hi;) {
        at = read_word(at, step, unit, told);
    }
    return told;
}

bool StoredErrors::reads_damage(std::size_t step, std::int64_t from, std::int64_t to) const {
    const NestIndex& index = accesses_->index(step);
    bool hit = false;
    for (std::size_t leaf = 0; !hit && leaf < index.leaves().size(); ++leaf) {
        const std::int64_t k0 = index.executed(leaf, from);
        const std::int64_t k1 = index.executed(leaf, to);
        for (const Access* access : accesses_->of(step, leaf)) {
            if (hit || access->write || in_buffer_[access->buffer] == 0 || k1 <= k0) {
                continue;
            }
            for_each_run(index, leaf, *access, accesses_->buffer(*access), k0, k1,
                         [&](std::int64_t lo, std::int64_t len) {
                             hit = hit || touches(access->buffer, lo, lo + len, true);
                         });
        }
    }
    return hit;
}

/// Executions [from, to) of a step with what is damaged now.
void StoredErrors::run(std::size_t step, std::int64_t from, std::int64_t to) {
    if (damaged_.empty() || to <= from) {
        return;
    }
    const NestIndex& index = accesses_->index(step);
    if (!reads_damage(step, from, to)) {  // whatever the order
        for (std::size_t leaf = 0; leaf < index.leaves().size(); ++leaf) {
            const std::int64_t k0 = index.executed(leaf, from);
            const std::int64_t k1 = index.executed(leaf, to);
            for (const Access* access : accesses_->of(step, leaf)) {
                if (access->write && in_buffer_[access->buffer] > 0 && k1 > k0) {
                    for_each_run(index, leaf, *access, accesses_->buffer(*access), k0, k1,
                                 [&](std::int64_t lo, std::int64_t len) {
                                     clear(access->buffer, lo, lo + len);
                                 });
                }
            }
        }
        return;
    }
    for (std::int64_t unit = from; unit < to && !damaged_.empty(); ++unit) {
        const NestIndex::Spot spot = index.locate(unit);
        for (const Access* access : accesses_->of(step, spot.leaf)) {
            bool told = false;
            for_each_range(*access, place_of(*access, accesses_->buffer(*access), spot.counter),
                           [&](std::int64_t lo, std::int64_t len) {
                               if (access->write) {
                                   clear(access->buffer, lo, lo + len);
                               } else if (!told) {
                                   told = read(step, unit, access->buffer, lo, lo + len);
                               }
                           });
        }
    }
}

void StoredErrors::settle_pending() {
    for (const Pending& hit : pending_) {
        damage(hit.word, hit.bit, hit.from);
    }
    pending_.clear();
}

void StoredErrors::follow(std::size_t step, std::int64_t from, std::int64_t to) {
    if (!accesses_ || step >= accesses_->steps()) {
        return;
    }
    std::size_t n = 0;
    for (; n < pending_.size() && pending_[n].step == step && pending_[n].unit < to; ++n) {
        run(step, from, pending_[n].unit + 1);
        from = std::max(from, pending_[n].unit + 1);
        damage(pending_[n].word, pending_[n].bit, pending_[n].from);
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(n));
    run(step, from, to);
}

void StoredErrors::failed(const std::optional<WorkPoint>& at, std::int64_t records,
                          std::int64_t snapshots) {
    if (!accesses_) {
        return;
    }
    if (at && accesses_->inside(*at) && !damaged_.empty()) {
        accesses_->writes(at->step, at->unit, 0, at->written,
                          [&](const Access& access, std::int64_t lo, std::int64_t hi) {
                              clear(access.buffer, lo, hi);
                          });
    }
    settle_pending();
    // What was cut is written again, under the same number; what is older has been overwritten.
    for (auto it = damaged_.lower_bound({records_, 0}); it != damaged_.end();) {
        const std::int64_t whole = it->first.first == records_ ? records : snapshots;
        const bool there = it->second.n < whole && it->second.n >= whole - 2;
        it = there ? std::next(it) : mend(it);
    }
}

void StoredErrors::recovered(std::int64_t record, std::int64_t snapshot, const WorkPoint& at) {
    if (damaged_.empty()) {
        return;
    }
    for (std::size_t i = 0; i < program_.buffers.size(); ++i) {
        const BufferRole role = program_.buffers[i].role;
        if (role == BufferRole::index || role == BufferRole::log || role == BufferRole::flag) {
            read(at.step, at.unit, i, 0, program_.buffers[i].bytes * program_.buffers[i].slots);
        }
    }
    bool told = false;
    for (auto it = damaged_.lower_bound({records_, 0}); it != damaged_.end();) {
        const bool is_record = it->first.first == records_;
        it = it->second.n == (is_record ? record : snapshot) ? read_word(it, at.step, at.unit, told)
                                                             : std::next(it);
    }
}

void StoredErrors::input_taken() {
    for (const TensorPlace& tensor : program_.tensors) {
        if (tensor.layer < 0) {
            const std::int64_t lo = tensor.lo + tensor.slot * program_.buffers[tensor.buffer].bytes;
            clear(tensor.buffer, lo, lo + tensor.bytes);
        }
    }
}

void StoredErrors::results_read() {
    if (damaged_.empty() || program_.nests.empty()) {
        return;
    }
    for (const TensorPlace& tensor : program_.tensors) {
        if (tensor.layer == program_.nests.back().layer) {
            const std::int64_t lo = tensor.lo + tensor.slot * program_.buffers[tensor.buffer].bytes;
            read(program_.nests.size(), 0, tensor.buffer, lo, lo + tensor.bytes);
        }
    }
}

}  // namespace ebb
