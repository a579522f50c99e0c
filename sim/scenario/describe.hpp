// SPDX-License-Identifier: Apache-2.0
/// What `ebb describe` says, as pages: the scenario's keys, the components with their parameters,
/// and the shipped parts, networks and platforms with the origin of their numbers.
#pragma once

#include "sim/scenario/page.hpp"
#include "sim/scenario/reference.hpp"

#include <string>

namespace ebb {

/// The page of `what`: "" (an overview), "scenario", a kind ("store", "mcu", "network"), a thing of
/// a kind ("store.capacitor", "mcu.stm32u385"), or a path of the scenario ("workload.arrival").
/// Throws InputError with the nearest name if there is no such thing.
[[nodiscard]] Page describe(const Reference& reference, const std::string& what);

/// The whole reference of scenario keys as one Markdown document.
[[nodiscard]] std::string describe_all_as_markdown(const Reference& reference);

/// Keys of a platform file.
[[nodiscard]] PageTable platform_keys(const Reference& reference);

// Pages of shipped data (describe_data.cpp).
[[nodiscard]] Page describe_part(const Reference& reference, const Row& block,
                                 const std::string& name);
[[nodiscard]] PageTable part_list(const Reference& reference, const Row& block);
[[nodiscard]] Page describe_networks(const Reference& reference);
[[nodiscard]] Page describe_network(const Reference& reference, const std::string& name);
[[nodiscard]] Page describe_platforms(const Reference& reference);
[[nodiscard]] Page describe_platform(const Reference& reference, const std::string& name);

}  // namespace ebb
