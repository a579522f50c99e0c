// SPDX-License-Identifier: Apache-2.0
/// Reads a platform file: what networks cost on a processor (keys: docs/scenario.md, "Platform
/// files"). Every mistake of the file is reported in one pass with file:line:column.
#pragma once

#include "models/core/error.hpp"
#include "models/core/param_table.hpp"
#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"

#include "sim/scenario/named_file.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

inline constexpr NamedFileKind kPlatformFile{"platform", ".yaml"};

/// A shipped platform by name ("cortex_m33_stm32u385"), or a user's own file: a text that ends in
/// .yaml or holds a '/' is a path, relative to `base_folder`. `where` is the place that named it.
/// Throws InputError with every mistake.
[[nodiscard]] std::shared_ptr<const Platform> read_platform(const std::string& name_or_path,
                                                            const std::string& base_folder,
                                                            const std::string& platforms_folder,
                                                            const Place& where);

/// The platform in a text; `file` is what mistakes point to.
[[nodiscard]] Platform parse_platform(std::string_view text, const std::string& name,
                                      const std::string& file);

/// Names of the platforms in a folder, in alphabetical order.
[[nodiscard]] std::vector<std::string> platform_names(const std::string& platforms_folder);

/// The variant with this label, or the first if `label` is empty. Throws InputError at `where` with
/// the nearest label and the list.
[[nodiscard]] const PlatformVariant& find_variant(const Platform& platform,
                                                  const std::string& label, const Place& where);

/// Throws InputError at `where` if the variant holds no energy for the network, naming the
/// platforms of the folder that do.
void require_energy(const Network& network, const Platform& platform,
                    const PlatformVariant& variant, const std::string& platforms_folder,
                    const Place& where);

/// Keys of a platform file, for the docs.
[[nodiscard]] std::shared_ptr<const Table> platform_file_table();

}  // namespace ebb
