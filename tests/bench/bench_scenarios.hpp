// SPDX-License-Identifier: Apache-2.0
/// Scenarios of the source tree for benchmarks, with overrides.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace ebb::bench {

inline Scenario read(const std::string& name, std::vector<std::string> sets) {
    Registry registry;
    register_all(registry);
    const std::string source = EBB_SOURCE_DIR;
    ReadOptions o;
    o.sets = std::move(sets);
    o.parts_folder = source + "/models";
    o.networks_folder = source + "/models/workload/networks";
    o.platforms_folder = source + "/models/workload/platforms";
    o.traces.catalog = source + "/traces/catalog.csv";
    o.traces.shipped = {source + "/traces"};
    if (const char* data = std::getenv("EBB_TEST_DATA")) {
        o.traces.mirror = std::string(data) + "/traces";
    }
    o.traces.offline = true;
    return read_scenario(source + "/scenarios/" + name, registry, o);
}

}  // namespace ebb::bench
