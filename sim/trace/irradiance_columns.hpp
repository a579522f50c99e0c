// SPDX-License-Identifier: Apache-2.0
/// Which column of a solar station's table is read. Irradiance columns have the unit [W/m^2]; sums
/// over the day ([kWhr/m^2], "Accumulated") are energies and are refused, as are temperatures.
#pragma once

#include "sim/trace/trace_format.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ebb {

/// The column asked for (with or without its unit), else the only irradiance among `names` from
/// `first` on. Throws InputError with the columns that there are.
[[nodiscard]] std::size_t choose_irradiance_column(const ReadRequest& request,
                                                   const std::vector<std::string>& names,
                                                   std::size_t first);

}  // namespace ebb
