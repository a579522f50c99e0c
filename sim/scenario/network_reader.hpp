// SPDX-License-Identifier: Apache-2.0
/// Reads a network table: CSV with one row per layer (columns: docs/networks.md), comment lines
/// with the source at the head. Every mistake of the file is reported in one pass with
/// file:line:column.
///
/// A byte order mark, CRLF line ends and trailing blank lines are accepted. Cells are not quoted.
/// An empty kernel or stride means 1. `from` is `input` or ids joined by ';'.
#pragma once

#include "models/core/error.hpp"
#include "models/workload/network.hpp"

#include "sim/scenario/named_file.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

inline constexpr NamedFileKind kNetworkFile{"network", ".csv"};

/// A shipped network by name ("mlperf_tiny_kws"), or a user's own table: a text that ends in .csv
/// or holds a '/' is a path, relative to `base_folder`. `where` is the place that named it. Throws
/// InputError with every mistake.
[[nodiscard]] std::shared_ptr<const Network> read_network(const std::string& name_or_path,
                                                          const std::string& base_folder,
                                                          const std::string& networks_folder,
                                                          const Place& where);

/// The table in a text; `file` is what mistakes point to, `name` what the network is called.
[[nodiscard]] Network parse_network(std::string_view text, const std::string& name,
                                    const std::string& file);

/// Names of the networks in a folder, in alphabetical order.
[[nodiscard]] std::vector<std::string> network_names(const std::string& networks_folder);

}  // namespace ebb
