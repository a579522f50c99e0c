// SPDX-License-Identifier: Apache-2.0
/// Cells of a supply without those that only rounding has made.
///
/// Where borders of two curves or two sources mean the same voltage, their bits may differ: between
/// them lies a cell of a few ulps, whose slope is rounding over rounding, and narrower than the
/// distance at which a walker takes a terminal to be on a border. Such a cell belongs to the
/// neighbour that is asked for. A walker relies on it: inside a thin cell it would find itself on
/// both borders at once, and follow rounding instead of the supply.
#pragma once

#include "models/core/supply_cells.hpp"

namespace ebb {

/// Widths below this share of the voltage are rounding: ten times what a walker takes to be a
/// border.
inline constexpr double kThinCell = 1e-11;

/// `find(v, up)` gives the cell as SupplyCells::at does, thin ones among them.
template <class Find>
[[nodiscard]] SupplyCell whole_cell(const Find& find, double v, bool up) {
    constexpr int kMost = 1000;  // in a row
    SupplyCell cell = find(v, up);
    for (int n = 0; n < kMost && cell.high_v - cell.low_v <= kThinCell * cell.low_v; ++n) {
        SupplyCell next = find(up ? cell.high_v : cell.low_v, up);
        (up ? next.low_v : next.high_v) = up ? cell.low_v : cell.high_v;
        cell = next;
    }
    return cell;
}

}  // namespace ebb
