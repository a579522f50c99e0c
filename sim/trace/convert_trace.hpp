// SPDX-License-Identifier: Apache-2.0
/// Writes any trace that can be read as preset csv: changes only, in SI, with its origin in the
/// first lines.
#pragma once

#include "sim/trace/catalog.hpp"
#include "sim/trace/trace.hpp"

#include <string>

namespace ebb {

struct ConvertedTrace {
    std::string csv;
    std::size_t rows = 0;         ///< of the series that was read
    std::size_t changes = 0;      ///< of the series that is written
    double integral = 0.0;        ///< value * time [SI]
    double relative_error = 0.0;  ///< of the integral, relative, against what was read
};

/// `row`: what the catalog says of it, or null. Throws Defect if the integral over time is not that
/// of the trace to 1e-12.
[[nodiscard]] ConvertedTrace convert_trace(const Trace& trace, const CatalogRow* row);

}  // namespace ebb
