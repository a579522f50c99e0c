// SPDX-License-Identifier: Apache-2.0
#include "models/core/time.hpp"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace ebb {

Time Time::from_seconds(double seconds) {
    // 2^63 ns; the comparison is written so that NaN fails it.
    constexpr double kHorizonS = 9223372036.854775807;
    if (!(seconds >= 0.0) || !(seconds < kHorizonS)) {
        throw std::domain_error(fmt::format("{} s is not a time between 0 and 292 years", seconds));
    }
    const double whole_s = std::floor(seconds);
    return Time(static_cast<std::int64_t>(whole_s) * 1'000'000'000).plus(seconds - whole_s);
}

std::string Time::text() const {
    std::string text = fmt::format("{}.{:09d}", ns_ / 1'000'000'000, ns_ % 1'000'000'000);
    if (fraction_ > 0.0) {
        // Six digits of a nanosecond: femtoseconds, beyond any physics here.
        const auto femto = static_cast<int>(std::lround(fraction_ * 1e6));
        if (femto > 0 && femto < 1'000'000) {
            text += fmt::format("{:06d}", femto);
        } else if (femto == 1'000'000) {
            return Time(ns_ + 1).text();
        }
    }
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text;
}

}  // namespace ebb
