// SPDX-License-Identifier: Apache-2.0
/// Finds a trace (catalog id, file, or generator) and reads it into a Series.
#pragma once

#include "models/core/error.hpp"
#include "models/core/series.hpp"
#include "sim/trace/environment.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// What a scenario (or the command line) says about a trace.
struct TraceRequest {
    std::string ref;                     ///< catalog id "rf/mementos-2", or a file's path
    std::string base_folder;             ///< relative paths start here (the scenario's folder)
    std::string format;                  ///< preset; empty = from the catalog, else by content
    std::string column;                  ///< which column; empty = the only suitable one
    std::string time;                    ///< mementos: packed_mmssms (default) | index | ms
    std::string unit;                    ///< of values in a file that does not say it: "mW"
    std::optional<double> dt_s;          ///< time between rows, or
    std::optional<double> rate_hz;       ///< rows per second, of a file without times
    std::optional<double> length_s;      ///< of a list of changes that does not say its end
    Quantity expected = Quantity::none;  ///< what the source model reads; none = whatever is there
    Interpolation interpolation = Interpolation::hold;
    bool interpolation_stated = false;  ///< else a format may have its own
};

struct Trace {
    std::shared_ptr<const Series> series;
    std::string id;    ///< catalog id, or the file's name
    std::string path;  ///< file that was read
    std::string sha256;
    std::string format;              ///< preset that was used
    std::string licence;             ///< from the catalog; empty for a user's file
    std::vector<std::string> notes;  ///< stated rules that were applied, with amounts
};

/// Throws InputError with every mistake of the file (place: file:line:column) or of the request.
/// `where` is the place in the scenario that named the trace; it heads errors about the request.
[[nodiscard]] Trace load_trace(const TraceRequest& request, const TraceEnvironment& environment,
                               const Place& where);

}  // namespace ebb
