// SPDX-License-Identifier: Apache-2.0
/// Recordings that several readings of a scenario have in common, each read once: for a command
/// that reads the same scenario again and again with other keys. Files are taken not to change
/// meanwhile. A recording with mistakes is read, and told, each time. One thread at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "sim/trace/trace.hpp"

namespace ebb {

class LoadedTraces {
public:
    /// As load_trace(), of the first environment that it was asked with.
    [[nodiscard]] const Trace& load(const TraceRequest& request,
                                    const TraceEnvironment& environment, const Place& where);

private:
    using Key = std::tuple<std::string, std::string, std::string, std::string, std::string,
                           std::string, std::optional<double>, std::optional<double>,
                           std::optional<double>, Quantity, Interpolation, bool>;
    std::map<Key, Trace> read_;
};

}  // namespace ebb
