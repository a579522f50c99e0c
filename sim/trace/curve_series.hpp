// SPDX-License-Identifier: Apache-2.0
/// Makes a Series of recorded curves. The rules of every format of curves live here:
///
///   - currents leave the source and are positive; voltages of a row increase strictly
///   - a row that ends above 0 A: what lies beyond is not known, and the current falls to 0 within
///     1 mV; with the number of such rows said
///   - hold: a row holds until the next, the last as long as the row before it, a single one 1 s
///   - linear: rows are mixed in kMixes equal held steps from one to the next, each with the
///   mixture
///     at its middle (at a fixed voltage the charge is that of the straight line); the series ends
///     at the last row
#pragma once

#include "models/core/curve_rows.hpp"
#include "models/core/series.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/trace_format.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ebb {

inline constexpr std::int64_t kMixes = 32;

class CurveSeries {
public:
    explicit CurveSeries(FileMistakes& mistakes) : mistakes_(mistakes) {}

    /// A row at a stamp; its points or its diode follow.
    void begin_row(std::int64_t stamp_ns, const LinePlace& at);
    /// False, and a mistake, if the voltage does not increase or the numbers are beyond reason.
    bool add_point(double v, double i, const LinePlace& at);
    void add_diode(const SingleDiode& diode) { rows_.diode.push_back(diode); }
    void end_row();

    [[nodiscard]] std::size_t rows() const noexcept { return stamps_.size(); }
    /// Throws the mistakes if there are any.
    [[nodiscard]] Series finish(Interpolation interpolation, std::vector<std::string>& notes);

private:
    FileMistakes& mistakes_;
    CurveRows rows_;
    std::vector<std::int64_t> stamps_;
    std::size_t open_ended_ = 0;
};

/// For who wants no curves but a number: each sample at its maximum-power point [W].
[[nodiscard]] Series at_max_power(const Series& curves);

}  // namespace ebb
