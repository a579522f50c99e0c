// SPDX-License-Identifier: Apache-2.0
/// Rows of a recorded current-voltage surface: what the samples of a series of Quantity::iv_curve
/// stand for.
///
/// A sample is a position: 3 is row 3, 3.25 is three quarters of row 3 and one quarter of row 4
/// (of their currents at the same voltage). A row is given by points, straight between them, or by
/// a diode. All rows of one recording are of one kind; rows of diodes are not mixed.
#pragma once

#include "models/core/single_diode.hpp"

#include <cstddef>
#include <vector>

namespace ebb {

struct CurveRows {
    std::vector<std::size_t> first = {0};  ///< where a row's points begin; one entry more than rows
    std::vector<double> v, i;              ///< voltages increase within a row; out of the source
    std::vector<SingleDiode> diode;        ///< instead of points

    [[nodiscard]] std::size_t size() const noexcept {
        return diode.empty() ? first.size() - 1 : diode.size();
    }
    /// Closes a row of points that were appended to v and i.
    void end_row() { first.push_back(v.size()); }
};

}  // namespace ebb
