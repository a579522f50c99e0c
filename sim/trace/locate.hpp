// SPDX-License-Identifier: Apache-2.0
/// Where the file of a catalog row is on this machine: with the project, in a mirror folder, in the
/// cache of fetched traces. A file counts only if its SHA-256 is the catalog's.
#pragma once

#include "sim/trace/catalog.hpp"
#include "sim/trace/environment.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ebb {

struct LocatedFile {
    std::string path;
    std::string identity;  ///< of the file whose content was verified (open_file.hpp)
};

/// The first place that holds the right bytes, in the order shipped folders, cache (by checksum),
/// mirror folder (by mirror_name, then by checksum); the order decides the path, never the content.
/// `rejected` gets a sentence for each file that has the name but not the checksum.
[[nodiscard]] std::optional<LocatedFile> locate(const CatalogRow& row,
                                                const TraceEnvironment& environment,
                                                std::vector<std::string>& rejected);

/// Only in a mirror folder.
[[nodiscard]] std::optional<LocatedFile> locate_in_mirror(const CatalogRow& row,
                                                          const std::string& folder,
                                                          std::vector<std::string>& rejected);

/// Where a fetched file is kept: <cache>/<sha256>.
[[nodiscard]] std::string cache_path(const CatalogRow& row, const TraceEnvironment& environment);

/// Does the mirror stand for an address rather than a folder?
[[nodiscard]] bool is_url(const std::string& mirror);

}  // namespace ebb
