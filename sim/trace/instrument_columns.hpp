// SPDX-License-Identifier: Apache-2.0
/// Recordings of current meters, to be used as the load of a task (`profile`) or as a source: named
/// columns, of which the first is the time.
///
/// Readings from -10 uA to 0 are taken as the zero error of the meter and become 0, with the amount
/// said (the bound is our choice: the resolution of these meters is below 1 uA in their lowest
/// range); anything lower is an error.
#pragma once

#include "sim/trace/column_rows.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ebb {

inline constexpr double kMeterOffset_a = -10e-6;

struct MeterColumn {
    std::string name;
    std::size_t index = 0;
    Quantity quantity = Quantity::none;
    double factor = 1.0;
};

/// The column asked for, else the only one of the expected quantity; current if nothing is
/// expected. Throws InputError with the columns that there are.
[[nodiscard]] const MeterColumn& choose_meter_column(const ReadRequest& request,
                                                     const std::vector<MeterColumn>& columns);

/// Reads the rows after the present line.
[[nodiscard]] Reading read_meter_rows(const ReadRequest& request, TextLines& lines,
                                      const MeterColumn& column, std::size_t count,
                                      int time_exponent);

}  // namespace ebb
