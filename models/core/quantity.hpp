// SPDX-License-Identifier: Apache-2.0
/// Physical values as text with a unit: "47 uF", "47uF", "4.7e-5 F", "30 kOhm", "10 min", "15 %".
///
///   number  [+-]digits[.digits][e[+-]digits]   decimal only: no hex, no leading zero, no inf or
///   nan unit    a symbol of the dimension, with an SI prefix where one is usual; case matters
///
/// A prefix shifts the decimal exponent before the one rounding to double, so "47 uF" is exactly
/// the double 47e-6; min, h, d, mAh, Wh multiply and round twice at most. "µ" counts as "u", "Ω" as
/// "Ohm", "cm^2" and "cm²" as "cm2". Formatting gives the shortest text that reads back to the same
/// double.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

enum class Dimension : unsigned char {
    number,  ///< no unit
    ratio,   ///< no unit, or %
    time,
    voltage,
    current,
    power,
    resistance,
    capacitance,
    charge,
    energy,
    conductance,  ///< S or A/V
    area,
    irradiance,
    bytes,
    frequency,
    capacitance_per_volt
};

/// Names of the SI units, for parameter tables: unit::farad reads better than a dimension.
namespace unit {
inline constexpr Dimension number = Dimension::number;
inline constexpr Dimension ratio = Dimension::ratio;
inline constexpr Dimension second = Dimension::time;
inline constexpr Dimension volt = Dimension::voltage;
inline constexpr Dimension ampere = Dimension::current;
inline constexpr Dimension watt = Dimension::power;
inline constexpr Dimension ohm = Dimension::resistance;
inline constexpr Dimension farad = Dimension::capacitance;
inline constexpr Dimension coulomb = Dimension::charge;
inline constexpr Dimension joule = Dimension::energy;
inline constexpr Dimension siemens = Dimension::conductance;
inline constexpr Dimension square_metre = Dimension::area;
inline constexpr Dimension watt_per_square_metre = Dimension::irradiance;
inline constexpr Dimension byte = Dimension::bytes;
inline constexpr Dimension hertz = Dimension::frequency;
inline constexpr Dimension farad_per_volt = Dimension::capacitance_per_volt;
}  // namespace unit

/// "capacitance", "current", ... ; "number" for plain numbers.
[[nodiscard]] const char* name_of(Dimension d) noexcept;
/// SI unit as text: "F", "A/V" -> "S", "Ohm"; empty for number and ratio.
[[nodiscard]] const char* si_unit(Dimension d) noexcept;
/// A text that would be accepted, for messages: "47 uF".
[[nodiscard]] const char* example_of(Dimension d) noexcept;
/// Every unit text that is accepted (canonical spelling), e.g. for a JSON Schema pattern: "pF",
/// ..., "F".
[[nodiscard]] std::vector<std::string> unit_texts(Dimension d);

/// Either `value` is set (SI), or `message` says what is wrong ("needs a unit ...") and `hint` what
/// would be right; message has no subject, so that the caller can put the key before it.
struct ParsedQuantity {
    std::optional<double> value;
    std::string message;
    std::string hint;
};

/// `allow_dbm`: a power may also be given in dBm (10^(x/10) mW).
[[nodiscard]] ParsedQuantity parse_quantity(std::string_view text, Dimension d,
                                            bool allow_dbm = false);

/// Shortest text with a sensible prefix that parse_quantity() turns into the same double; infinity
/// is "unlimited", which only rows that allow it accept.
[[nodiscard]] std::string format_quantity(double value, Dimension d);

/// A decimal integer, also "1e6" or "20.0" if whole; same rules for the number text.
struct ParsedInteger {
    std::optional<long long> value;
    std::string message;
};
[[nodiscard]] ParsedInteger parse_integer(std::string_view text);

}  // namespace ebb
