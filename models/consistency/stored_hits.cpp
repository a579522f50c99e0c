// SPDX-License-Identifier: Apache-2.0
// Where a bit that goes wrong lies.
#include <fmt/format.h>

#include <limits>

#include "models/consistency/stored_errors.hpp"

namespace ebb {

// ---- hits
// -------------------------------------------------------------------------------------------

void StoredErrors::tell_hit(const std::string& how, const std::string& place) {
    news_.push_back({"bit_error", fmt::format("{}: {}", how, place)});
}

void StoredErrors::hit_elsewhere(const char* what) {
    ++counts_.written;
    tell_hit("write", what);
}

void StoredErrors::damage(const Word& word, std::int64_t bit, const std::string& from,
                          std::int64_t n) {
    if (!accesses_) {
        return;
    }
    const auto [at, fresh] = damaged_.try_emplace(word);
    Damage& d = at->second;
    beyond_repair_ -= makes_wary(*at);
    if (!fresh && d.n != n) {  // the record before lies there no more
        d = Damage();
    }
    d.n = n;
    d.told = d.told && d.bits.count(bit) > 0;
    d.bits.insert(bit);
    d.from = from;
    beyond_repair_ += makes_wary(*at);
    in_buffer_[word.first] += fresh ? 1 : 0;
}

/// 1 for a word of the work that a read would find beyond repair.
std::int64_t StoredErrors::makes_wary(const Words::value_type& word) const noexcept {
    return word.first.first < records_ && verdict(word.second) == EccVerdict::detected ? 1 : 0;
}

StoredErrors::Words::iterator StoredErrors::mend(Words::iterator at) {
    beyond_repair_ -= makes_wary(*at);
    --in_buffer_[at->first.first];
    return damaged_.erase(at);
}

void StoredErrors::hit_write(const WorkPoint& at, double before_b, double all_b, std::int64_t bit) {
    ++counts_.written;
    const std::string& nest = program_.nests[at.step].name;
    std::optional<std::pair<std::size_t, std::int64_t>> place;
    if (accesses_ && all_b > 0.0) {
        // Bytes of the phases follow the order of the accesses; of a program that states other
        // sums, the same share of both.
        std::vector<std::pair<std::size_t, std::pair<std::int64_t, std::int64_t>>> ranges;
        std::int64_t sum = 0;
        accesses_->writes(at.step, at.unit, 0, std::numeric_limits<std::int64_t>::max(),
                          [&](const Access& access, std::int64_t lo, std::int64_t hi) {
                              if (stored(access.buffer)) {
                                  ranges.push_back({access.buffer, {lo, hi}});
                                  sum += hi - lo;
                              }
                          });
        const double payload = before_b + static_cast<double>(bit * word_b_ / word_bits_);
        auto left = static_cast<std::int64_t>(payload * (static_cast<double>(sum) / all_b));
        for (const auto& [buffer, range] : ranges) {
            if (left < range.second - range.first) {
                place = std::make_pair(buffer, range.first + left);
                break;
            }
            left -= range.second - range.first;
        }
    }
    if (!place) {
        tell_hit("write", fmt::format("execution {} of {}", at.unit, nest));
        return;
    }
    const Word word{place->first, place->second / word_b_};
    const std::int64_t of_word = bit % word_bits_;
    tell_hit("write", place_of_bit(word, of_word));
    pending_.push_back(
        {at.step, at.unit, word, of_word,
         fmt::format("execution {} of {}, a bit of which went wrong", at.unit, nest)});
}

void StoredErrors::hit_slot(std::size_t buffer, std::int64_t n, std::int64_t bit) {
    ++counts_.written;
    // Slots are found by their number: words of both lie in one row.
    const std::int64_t slot_b = buffer == records_ ? memory_.record_b : memory_.snapshot_b;
    const std::int64_t slot_words = (slot_b + word_b_ - 1) / word_b_;
    const Word word{buffer, n % 2 * slot_words + bit / word_bits_};
    tell_hit("write", place_of_bit(word, bit % word_bits_));
    damage(word, bit % word_bits_, "a write that got a bit wrong", n);
}

std::int64_t StoredErrors::stored_bits() const noexcept {
    const auto words = [this](std::int64_t bytes) { return (bytes + word_b_ - 1) / word_b_; };
    std::int64_t sum = 2 * (words(memory_.record_b) + words(memory_.snapshot_b));
    for (std::size_t i = 0; i < program_.buffers.size(); ++i) {
        sum += stored(i) ? words(program_.buffers[i].bytes * program_.buffers[i].slots) : 0;
    }
    return sum * word_bits_;
}

void StoredErrors::hit_stored(std::int64_t bit, std::int64_t record_writes,
                              std::int64_t snapshot_writes) {
    ++counts_.decayed;
    std::int64_t word = bit / word_bits_;
    const std::int64_t of_word = bit % word_bits_;
    const auto words = [this](std::int64_t bytes) { return (bytes + word_b_ - 1) / word_b_; };
    const std::string from = "a time without power, in which a bit was lost";
    for (std::size_t i = 0; i < program_.buffers.size(); ++i) {
        const std::int64_t here =
            stored(i) ? words(program_.buffers[i].bytes * program_.buffers[i].slots) : 0;
        if (word < here) {
            tell_hit("retention", place_of_bit({i, word}, of_word));
            damage({i, word}, of_word, from);
            return;
        }
        word -= here;
    }
    for (const std::size_t buffer : {records_, snapshots_}) {
        const bool record = buffer == records_;
        const std::int64_t slot = words(record ? memory_.record_b : memory_.snapshot_b);
        if (word < 2 * slot) {
            tell_hit("retention", place_of_bit({buffer, word}, of_word));
            const std::int64_t last = (record ? record_writes : snapshot_writes) - 1;
            const std::int64_t n = word / slot == last % 2 ? last : last - 1;
            if (n >= 0) {  // else nothing has been written there
                damage({buffer, word}, of_word, from, n);
            }
            return;
        }
        word -= 2 * slot;
    }
}

}  // namespace ebb
