// SPDX-License-Identifier: Apache-2.0
#include "models/consistency/shared_bytes.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ebb {

namespace {

constexpr std::int64_t kBlock = 32;

std::uint64_t part(std::int64_t i, std::uint8_t byte) noexcept {
    return mix(static_cast<std::uint64_t>(i) << 8U | byte);
}

std::uint64_t sum(const std::vector<std::uint8_t>& bytes, std::int64_t lo,
                  std::int64_t hi) noexcept {
    std::uint64_t all = 0;
    for (std::int64_t i = lo; i < hi; ++i) {
        all += part(i, bytes[static_cast<std::size_t>(i)]);
    }
    return all;
}

constexpr std::size_t lowest_bit(std::size_t i) noexcept { return i & (~i + 1); }

}  // namespace

SharedBytes::SharedBytes(std::vector<std::uint8_t> bytes) : held_(std::make_shared<Held>()) {
    held_->bytes = std::move(bytes);
    std::vector<std::uint64_t>& sums = held_->sums;
    const std::int64_t n = size();
    sums.assign(static_cast<std::size_t>((n + kBlock - 1) / kBlock) + 1, 0);
    for (std::size_t i = 1; i < sums.size(); ++i) {
        const auto lo = static_cast<std::int64_t>(i - 1) * kBlock;
        sums[i] += sum(held_->bytes, lo, std::min(n, lo + kBlock));
        if (const std::size_t above = i + lowest_bit(i); above < sums.size()) {
            sums[above] += sums[i];
        }
    }
}

std::uint64_t SharedBytes::before(std::size_t block) const noexcept {
    std::uint64_t all = 0;
    for (std::size_t i = block; i > 0; i -= lowest_bit(i)) {
        all += held_->sums[i];
    }
    return all;
}

std::uint64_t SharedBytes::hash(std::int64_t lo, std::int64_t hi) const noexcept {
    const std::int64_t first = (lo + kBlock - 1) / kBlock;  // whole blocks
    const std::int64_t last = hi / kBlock;
    if (last <= first) {
        return sum(held_->bytes, lo, hi);
    }
    return sum(held_->bytes, lo, first * kBlock) + before(static_cast<std::size_t>(last)) -
           before(static_cast<std::size_t>(first)) + sum(held_->bytes, last * kBlock, hi);
}

void SharedBytes::put(std::int64_t lo, const std::uint8_t* from, std::int64_t n) {
    if (n <= 0 || std::memcmp(at(lo), from, static_cast<std::size_t>(n)) == 0) {
        return;  // nothing changes, nothing is copied
    }
    if (held_.use_count() > 1) {
        held_ = std::make_shared<Held>(*held_);
    }
    std::vector<std::uint64_t>& sums = held_->sums;
    for (std::int64_t i = lo; i < lo + n;) {
        const std::int64_t end = std::min(lo + n, i - i % kBlock + kBlock);
        const std::uint64_t old = sum(held_->bytes, i, end);
        std::memcpy(&held_->bytes[static_cast<std::size_t>(i)], from + (i - lo),
                    static_cast<std::size_t>(end - i));
        const std::uint64_t change = sum(held_->bytes, i, end) - old;
        for (auto k = static_cast<std::size_t>(i / kBlock) + 1; k < sums.size();
             k += lowest_bit(k)) {
            sums[k] += change;
        }
        i = end;
    }
}

}  // namespace ebb
