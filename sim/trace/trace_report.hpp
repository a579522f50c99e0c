// SPDX-License-Identifier: Apache-2.0
/// What `ebb trace list` and `ebb trace info` say, as text and as JSON.
#pragma once

#include "sim/trace/catalog.hpp"
#include "sim/trace/environment.hpp"
#include "sim/trace/trace.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// Rows of a kind (all if empty). Throws InputError for a kind that no row has.
[[nodiscard]] std::vector<const CatalogRow*> rows_of_kind(const Catalog& catalog,
                                                          const std::string& kind);

[[nodiscard]] std::string list_text(const std::vector<const CatalogRow*>& rows,
                                    const TraceEnvironment& environment);
[[nodiscard]] std::string list_json(const std::vector<const CatalogRow*>& rows,
                                    const TraceEnvironment& environment);

/// What is known of one trace: its catalog row, what is in it, or why it could not be read.
struct TraceInfo {
    std::optional<CatalogRow> row;
    std::optional<Trace> trace;
    std::string why_not;                   ///< set if a catalog trace could not be read
    std::optional<double> resistance_ohm;  ///< voltage traces: energy across this
};

/// `plot_width`: characters of a line for the picture of the trace; 0 = no picture.
[[nodiscard]] std::string info_text(const TraceInfo& info, std::size_t plot_width);
[[nodiscard]] std::string info_json(const TraceInfo& info);

}  // namespace ebb
