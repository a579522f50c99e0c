// SPDX-License-Identifier: Apache-2.0
/// A stream of random draws that is a function of (seed, stream): Philox 4x32-10, counter-based.
///
/// The integer draws are the same on every machine. Exponential and normal draws go through log,
/// sin and cos, whose last bits differ between C libraries; users of the stream round what they
/// make of them (round_significant, whole microseconds) before it is used. Source: J. K. Salmon et
/// al., SC 2011; implementation: Random123.
#pragma once

#include <cstdint>

namespace ebb {

class RandomStream {
public:
    RandomStream(std::uint64_t seed, std::uint32_t stream) noexcept
        : seed_(seed), stream_(stream) {}

    /// Uniform in (0, 1].
    double uniform() noexcept;
    /// Exponential with this mean.
    double exponential(double mean) noexcept;
    /// Standard normal.
    double normal() noexcept;

private:
    struct Pair {
        std::uint64_t first, second;
    };
    Pair next() noexcept;

    std::uint64_t seed_;
    std::uint32_t stream_;
    std::uint64_t counter_ = 0;
};

/// The nearest double to `x` rounded to 9 significant decimal digits.
[[nodiscard]] double round_significant(double x);

/// A stretch of time in whole microseconds, at least one.
[[nodiscard]] std::int64_t whole_microseconds(double seconds) noexcept;

}  // namespace ebb
