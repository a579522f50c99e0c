// SPDX-License-Identifier: Apache-2.0
#include "models/core/random_stream.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <Random123/philox.h>
#include <Random123/boxmuller.hpp>
#include <Random123/uniform.hpp>

namespace ebb {

RandomStream::Pair RandomStream::next() noexcept {
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x & 0xffffffffU); };
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); };
    r123::Philox4x32::ctr_type counter = {{low(counter_), high(counter_), stream_, 0}};
    r123::Philox4x32::key_type key = {{low(seed_), high(seed_)}};
    ++counter_;
    const auto out = r123::Philox4x32()(counter, key);
    const auto joined = [](std::uint32_t a, std::uint32_t b) {
        return static_cast<std::uint64_t>(a) << 32U | b;
    };
    return {joined(out[0], out[1]), joined(out[2], out[3])};
}

double RandomStream::uniform() noexcept { return r123::u01<double>(next().first); }

double RandomStream::exponential(double mean) noexcept { return -mean * std::log(uniform()); }

double RandomStream::normal() noexcept {
    // Box-Muller gives two; the second is dropped so that a draw is a function of its number alone.
    const Pair pair = next();
    return r123::boxmuller(pair.first, pair.second).x;
}

double round_significant(double x) {
    constexpr int kDigits = 9;
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), x,
                                   std::chars_format::scientific, kDigits - 1);
    double rounded = x;
    std::from_chars(text.data(), end.ptr, rounded);
    return rounded;
}

std::int64_t whole_microseconds(double seconds) noexcept {
    return std::max<std::int64_t>(1, std::llround(seconds * 1e6));
}

}  // namespace ebb
