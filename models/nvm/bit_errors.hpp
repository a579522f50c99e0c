// SPDX-License-Identifier: Apache-2.0
/// Bits of a non-volatile memory that go wrong, as its cells do: a write that does not take, and a
/// state that decays.
///
///   write      each bit that is written comes out wrong with this probability (write error rate),
///              independent of all others. The number of bits up to and with the next wrong one is
///              geometric:  P(n) = (1 - p)^(n-1) p
///   retention  while the device is unpowered, each stored bit is lost with the constant rate 1/tau
///              P(lost after t) = 1 - exp(-t/tau). Over B bits the first loss comes after an
///              exponential time of mean tau/B, and each bit is equally likely.
///
/// Draws are waiting times, one per error, never one per bit; a bit that is hit reads inverted
/// until it is written again, and a second hit changes nothing. Left out: temperature (give tau at
/// the temperature of interest), errors that depend on age or on neighbouring cells, read disturb,
/// and decay while powered.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "models/core/random_stream.hpp"

namespace ebb {

struct BitErrorParams {
    std::optional<double> write;        ///< probability per bit written, above 0
    std::optional<double> retention_s;  ///< tau
};

class BitErrorDraws {
public:
    BitErrorDraws(const BitErrorParams& params, std::uint64_t seed);

    /// Which bit, counted from the last one that was drawn, is written wrong next (from 1 on).
    [[nodiscard]] std::int64_t bits_to_next_write_error();
    /// So many bits have been unpowered for so long: how many hits that makes.
    [[nodiscard]] std::int64_t retention_hits(double bits, double seconds);
    /// Which of so many bits a hit of retention meets.
    [[nodiscard]] std::int64_t place(std::int64_t bits);

    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max() / 4;

private:
    BitErrorParams params_;
    RandomStream write_, decay_, place_;
    double until_decay_ = 0.0;  ///< bit times over tau
};

}  // namespace ebb
