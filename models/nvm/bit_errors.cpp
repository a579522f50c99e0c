// SPDX-License-Identifier: Apache-2.0
#include "models/nvm/bit_errors.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {
constexpr std::uint32_t kWriteStream = 0xb17e0001;
constexpr std::uint32_t kDecayStream = 0xb17e0002;
constexpr std::uint32_t kPlaceStream = 0xb17e0003;
}  // namespace

BitErrorDraws::BitErrorDraws(const BitErrorParams& params, std::uint64_t seed)
    : params_(params),
      write_(seed, kWriteStream),
      decay_(seed, kDecayStream),
      place_(seed, kPlaceStream) {
    until_decay_ = round_significant(decay_.exponential(1.0));
}

std::int64_t BitErrorDraws::bits_to_next_write_error() {
    const double p = params_.write.value_or(0.0);
    if (!(p > 0.0)) {
        return kNever;
    }
    if (p >= 1.0) {
        return 1;
    }
    // The least n with 1 - (1 - p)^n >= 1 - u, u uniform.
    const double n = std::ceil(round_significant(std::log(write_.uniform()) / std::log1p(-p)));
    return n < static_cast<double>(kNever) ? std::max<std::int64_t>(1, std::llround(n)) : kNever;
}

std::int64_t BitErrorDraws::retention_hits(double bits, double seconds) {
    if (!params_.retention_s) {
        return 0;
    }
    double exposed = bits * seconds / *params_.retention_s;
    std::int64_t hits = 0;
    while (exposed >= until_decay_) {
        exposed -= until_decay_;
        until_decay_ = round_significant(decay_.exponential(1.0));
        ++hits;
    }
    until_decay_ -= exposed;
    return hits;
}

std::int64_t BitErrorDraws::place(std::int64_t bits) {
    const double at = std::floor(place_.uniform() * static_cast<double>(bits));
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(at), 0, bits - 1);
}

}  // namespace ebb
