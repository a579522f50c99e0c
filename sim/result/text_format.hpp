// SPDX-License-Identifier: Apache-2.0
/// Numbers as people read them (terminal) and as programs read them (CSV). No locale, no state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ebb {

/// Three significant digits and an SI prefix: 0.0412, "J" -> "41.2 mJ". Not finite -> "n/a".
[[nodiscard]] std::string engineering(double value, std::string_view unit);

/// "142 ms", "12.4 s", "3 min 20 s", "2 h 13 min", "17.5 d".
[[nodiscard]] std::string duration_text(double seconds);

/// Thousands are separated: 12345 -> "12,345".
[[nodiscard]] std::string count_text(std::int64_t count);

/// A share as per cent: 0.4519 -> "45.2 %"; what is above zero and below 0.1 % stays visible.
[[nodiscard]] std::string percent_text(double share);

/// "4,900 times real time", "0.4 times real time".
[[nodiscard]] std::string speed_text(double simulated_s, double elapsed_s);

/// Shortest decimal that reads back as the same double.
[[nodiscard]] std::string shortest(double value);

/// At most nine significant digits, without trailing zeros: half the size, 5e-10 relative.
[[nodiscard]] std::string nine_digits(double value);

/// A CSV cell, quoted only where RFC 4180 asks for it.
[[nodiscard]] std::string csv_cell(std::string_view text);

/// Columns that a UTF-8 text takes in a terminal (one per code point).
[[nodiscard]] std::size_t width_of(std::string_view text);

/// A bar of `share` (0..1) of `columns`, in eighths of a character cell.
[[nodiscard]] std::string bar_text(double share, int columns);

}  // namespace ebb
