// SPDX-License-Identifier: Apache-2.0
/// Numbers in data files: decimal point, no locale, no hexadecimal; the whole field is the number.
#pragma once

#include <cstdint>
#include <string_view>

namespace ebb {

enum class NumberFault { none, empty, not_a_number, not_finite, too_large };

struct NumberText {
    double value = 0.0;
    NumberFault fault = NumberFault::none;
};

/// "1.5e-3" -> 0.0015. An underflow is 0; NaN and infinities are faults.
[[nodiscard]] NumberText parse_number(std::string_view text) noexcept;

struct StampText {
    std::int64_t ns = 0;
    NumberFault fault = NumberFault::none;
};

/// A time stamp in whole nanoseconds, rounded half up: exact for plain decimals of any size, where
/// a double of seconds would lose the nanosecond after 104 days. `unit_exponent`: 9 = seconds, 6 =
/// milliseconds, 3 = microseconds, 0 = nanoseconds.
[[nodiscard]] StampText parse_stamp(std::string_view text, int unit_exponent) noexcept;

/// `text` without blanks at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

}  // namespace ebb
