// SPDX-License-Identifier: Apache-2.0
/// Where traces are looked for. Filled once by `main` from options and environment variables; the
/// library itself reads no environment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ebb {

struct TraceEnvironment {
    std::string catalog;               ///< path of catalog.csv
    std::vector<std::string> shipped;  ///< folders of traces that come with the project
    std::string mirror;  ///< folder or https URL; empty = none (option, EBB_TRACE_MIRROR)
    std::string cache;   ///< folder of fetched traces, and of converted ones in `series`
    bool offline = false;
    /// Sources of so many bytes and more are converted once; smaller ones are read as fast.
    std::uintmax_t convert_from_bytes = 4U << 20U;
    /// Of these, so many bytes of text and of each column are in memory at a time.
    std::size_t window_bytes = 4U << 20U;
};

}  // namespace ebb
