// SPDX-License-Identifier: Apache-2.0
/// Model time: whole nanoseconds and a fraction of one.
///
///   t = ns * 1e-9 + fraction * 1e-9   [s],   0 <= fraction < 1
///
/// A double of absolute seconds has an ulp of 3.7 ns after one year, so absolute times never become
/// one double inside the model: a duration is computed as a duration [s] and added. The kernel is
/// called at the ceiling in nanoseconds; physics and ledger use the unrounded time.
#pragma once

#include <cstdint>
#include <string>

namespace ebb {

class Time {
public:
    constexpr Time() = default;
    constexpr explicit Time(std::int64_t ns, double fraction = 0.0)
        : ns_(ns), fraction_(fraction) {}

    /// A duration from time zero, rounded to double precision. Throws std::domain_error if it is
    /// not finite, negative, or beyond the horizon of 2^63 ns (292 years).
    static Time from_seconds(double seconds);

    [[nodiscard]] constexpr std::int64_t ns() const noexcept { return ns_; }
    [[nodiscard]] constexpr double fraction() const noexcept { return fraction_; }

    /// First whole nanosecond that is not before this time.
    [[nodiscard]] constexpr std::int64_t ceil_ns() const noexcept {
        return fraction_ > 0.0 ? ns_ + 1 : ns_;
    }

    /// This time moved by a duration in seconds (may be negative as long as the result is not).
    /// A result within 1 fs of a whole nanosecond is that nanosecond: durations that are whole
    /// nanoseconds in decimal stay so in sums, and exact ties stay ties.
    [[nodiscard]] Time plus(double duration_s) const noexcept {
        return moved(duration_s * 1e9 + fraction_);
    }
    /// The same for a duration with more digits than a double keeps (precise_time.hpp).
    [[nodiscard]] Time plus(long double duration_s) const noexcept {
        return moved(duration_s * 1e9L + static_cast<long double>(fraction_));
    }

    /// Duration in seconds since an earlier time: integers are subtracted first.
    [[nodiscard]] constexpr double since(Time earlier) const noexcept {
        return (static_cast<double>(ns_ - earlier.ns_) + (fraction_ - earlier.fraction_)) * 1e-9;
    }

    /// For reports only: one double of absolute seconds.
    [[nodiscard]] constexpr double seconds() const noexcept {
        return (static_cast<double>(ns_) + fraction_) / 1e9;
    }

    /// One decimal of seconds from both parts, without exponent and without trailing zeros:
    /// "31536000.000100001234".
    [[nodiscard]] std::string text() const;

    friend constexpr bool operator==(Time a, Time b) noexcept {
        return a.ns_ == b.ns_ && a.fraction_ == b.fraction_;
    }
    friend constexpr bool operator!=(Time a, Time b) noexcept { return !(a == b); }
    friend constexpr bool operator<(Time a, Time b) noexcept {
        return a.ns_ != b.ns_ ? a.ns_ < b.ns_ : a.fraction_ < b.fraction_;
    }
    friend constexpr bool operator>(Time a, Time b) noexcept { return b < a; }
    friend constexpr bool operator<=(Time a, Time b) noexcept { return !(b < a); }
    friend constexpr bool operator>=(Time a, Time b) noexcept { return !(a < b); }

    static constexpr Time never() noexcept { return Time(INT64_MAX, 0.0); }

private:
    template <class Real>
    [[nodiscard]] Time moved(Real x) const noexcept {
        constexpr double kSnap = 1e-6;
        auto whole = static_cast<std::int64_t>(x);
        auto rest = static_cast<double>(x - static_cast<Real>(whole));
        if (rest < 0.0) {
            rest += 1.0;
            --whole;
        }
        if (rest < kSnap) {
            rest = 0.0;
        } else if (rest > 1.0 - kSnap) {
            rest = 0.0;
            ++whole;
        }
        return Time(ns_ + whole, rest);
    }

    std::int64_t ns_ = 0;
    double fraction_ = 0.0;
};

}  // namespace ebb
