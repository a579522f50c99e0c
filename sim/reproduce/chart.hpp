// SPDX-License-Identifier: Apache-2.0
/// A chart of points and lines as SVG: axes with round ticks, linear or logarithmic, a legend at
/// the right. Made for figures of a dozen curves; no dependency, no fonts of its own.
#pragma once

#include <string>
#include <vector>

namespace ebb {

struct ChartPoint {
    double x = 0.0, y = 0.0;
};

struct ChartCurve {
    std::string name;
    std::vector<ChartPoint> line;   ///< joined, with dots
    std::vector<ChartPoint> rings;  ///< not joined
};

struct Chart {
    std::string title, x_label, y_label, note;
    bool log_x = false, log_y = false;
    bool diagonal = false;  ///< the line y = x
    std::vector<ChartCurve> curves;
};

/// What cannot be drawn (not finite, not above zero on a logarithmic axis) is left out.
[[nodiscard]] std::string chart_svg(const Chart& chart);

}  // namespace ebb
