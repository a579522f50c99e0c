// SPDX-License-Identifier: Apache-2.0
/// Scenarios of the source tree for benchmarks, with overrides.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/core/component.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace ebb::bench {

inline const Registry& all_components() {
    static const Registry kRegistry = [] {
        Registry all;
        register_all(all);
        return all;
    }();
    return kRegistry;
}

inline ReadOptions options(std::vector<std::string> sets = {}) {
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
    return o;
}

/// `name`: below scenarios/.
inline Scenario read(const std::string& name, std::vector<std::string> sets,
                     const std::shared_ptr<LoadedFiles>& loaded = nullptr) {
    ReadOptions o = options(std::move(sets));
    o.loaded = loaded;
    return read_scenario(std::string(EBB_SOURCE_DIR) + "/scenarios/" + name, all_components(), o);
}

}  // namespace ebb::bench
