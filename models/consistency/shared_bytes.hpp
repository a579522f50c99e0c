// SPDX-License-Identifier: Apache-2.0
/// The bytes of one buffer as the twin holds them: a copy shares them until one of the two writes,
/// and what lies in a range is told apart by a hash in logarithmic time, however long the range.
///
///   hash(lo, hi) = sum of mix(256 i + byte i), lo <= i < hi, modulo 2^64
///
/// A sum, so that a write changes it by a difference; blocks of bytes add up in a Fenwick tree. Two
/// ranges at the same place with different bytes have the same hash with a chance of about 2^-64.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace ebb {

/// SplitMix64's finaliser: every bit of the input reaches every bit of the result.
[[nodiscard]] inline std::uint64_t mix(std::uint64_t x) noexcept {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
}

class SharedBytes {
public:
    SharedBytes() = default;
    explicit SharedBytes(std::vector<std::uint8_t> bytes);

    [[nodiscard]] std::int64_t size() const noexcept {
        return held_ ? static_cast<std::int64_t>(held_->bytes.size()) : 0;
    }
    [[nodiscard]] const std::uint8_t* at(std::int64_t i) const noexcept {
        return held_->bytes.data() + i;
    }
    [[nodiscard]] std::uint64_t hash(std::int64_t lo, std::int64_t hi) const noexcept;
    /// `n` bytes to place `lo`.
    void put(std::int64_t lo, const std::uint8_t* from, std::int64_t n);

    friend bool operator==(const SharedBytes& a, const SharedBytes& b) noexcept {
        return a.held_ == b.held_ || (a.held_ && b.held_ && a.held_->bytes == b.held_->bytes);
    }

private:
    struct Held {
        std::vector<std::uint8_t> bytes;
        std::vector<std::uint64_t> sums;  ///< of blocks, as a Fenwick tree from 1
    };
    /// Of all blocks before that one.
    [[nodiscard]] std::uint64_t before(std::size_t block) const noexcept;

    std::shared_ptr<Held> held_;
};

}  // namespace ebb
