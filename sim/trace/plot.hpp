// SPDX-License-Identifier: Apache-2.0
/// A small picture of a held trace in characters: bars of Unicode blocks over time, with the
/// values at the left and the time below. No colours, no control characters.
///
///    930 uW ┤      ▂█▅
///           ┤ ▁▃▆▇████▃
///         0 ┤▃██████████
///            0        39.2 s
///            bars: means over 3.57 s
#pragma once

#include "models/core/series.hpp"

#include <cstddef>
#include <string>

namespace ebb {

/// `width`: characters of a line, labels included. Empty if that is too narrow for a picture.
/// A bar is the mean over its stretch of time; anything above 0 shows. Where means fall below 0
/// there are dots instead, between the lowest and the highest.
[[nodiscard]] std::string plot_text(const Series& series, std::size_t width);

}  // namespace ebb
