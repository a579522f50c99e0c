// SPDX-License-Identifier: Apache-2.0
/// Preferred numbers of resistors and capacitors, IEC 60063:2015: E3 to E24 in two digits, E48 to
/// E192 in three (rounded powers of 10^(1/N); E192 has 9.20 where rounding would give 9.19).
#pragma once

#include <vector>

namespace ebb {

/// 3, 6, 12, 24, 48, 96 or 192?
[[nodiscard]] bool is_e_series(int n) noexcept;

/// Values of one decade, as whole numbers: {10, 12, 15, ...} or {100, 105, ...}.
[[nodiscard]] std::vector<int> e_decade(int n);

/// All values of En within [low, high], ascending, each the double nearest to its decimal
/// ("47e-6"). Needs 0 < low <= high.
[[nodiscard]] std::vector<double> e_values(int n, double low, double high);

}  // namespace ebb
