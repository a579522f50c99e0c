// SPDX-License-Identifier: Apache-2.0
/// Brings the file of a catalog row into the cache: from a mirror (folder or https address), else
/// from its origin. What arrives is taken only with the catalog's size and SHA-256, and appears in
/// the cache whole or not at all.
#pragma once

#include "models/core/error.hpp"
#include "sim/trace/catalog.hpp"
#include "sim/trace/environment.hpp"

#include <string>
#include <vector>

namespace ebb {

struct Fetched {
    std::string path;                ///< where the file is now
    std::string from;                ///< folder, address, or "already there"
    std::vector<std::string> notes;  ///< what failed on the way
};

/// Throws InputError at `where` if the trace cannot be had: no checksum or address is recorded,
/// `offline` forbids the download, the download fails or gives something else.
[[nodiscard]] Fetched fetch_trace(const CatalogRow& row, const TraceEnvironment& environment,
                                  const Place& where);

}  // namespace ebb
