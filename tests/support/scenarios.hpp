// SPDX-License-Identifier: Apache-2.0
/// Scenarios and runs for tests: the shipped components, data sheets and traces of the source tree;
/// shared recordings from the folder $EBB_TEST_DATA, where it is set.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "sim/device/run.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace ebb::test {

inline const Registry& all_components() {
    static const Registry kRegistry = [] {
        Registry all;
        register_all(all);
        return all;
    }();
    return kRegistry;
}

/// Folder of shared recordings and published tables, if there is one.
inline std::optional<std::string> shared_data() {
    const char* folder = std::getenv("EBB_TEST_DATA");
    if (folder == nullptr || *folder == '\0') {
        return std::nullopt;
    }
    return std::string(folder);
}

inline ReadOptions source_tree(std::vector<std::string> sets = {}) {
    const std::string source = EBB_SOURCE_DIR;
    ReadOptions o;
    o.sets = std::move(sets);
    o.parts_folder = source + "/models";
    o.networks_folder = source + "/models/workload/networks";
    o.platforms_folder = source + "/models/workload/platforms";
    o.traces.catalog = source + "/traces/catalog.csv";
    o.traces.shipped = {source + "/traces"};
    if (const auto folder = shared_data()) {
        o.traces.mirror = *folder + "/traces";
    }
    o.traces.offline = true;
    return o;
}

inline Scenario scenario_of(const std::string& text, std::vector<std::string> sets = {}) {
    return read_scenario_text(text, "test.yaml", all_components(), source_tree(std::move(sets)));
}

inline Scenario scenario_file(const std::string& name, std::vector<std::string> sets = {}) {
    return read_scenario(std::string(EBB_SOURCE_DIR) + "/scenarios/" + name, all_components(),
                         source_tree(std::move(sets)));
}

inline Result result_of(const std::string& text, std::vector<std::string> sets = {},
                        bool reference = false) {
    return run(scenario_of(text, std::move(sets)), RunOptions{reference}, nullptr);
}

/// Keeps every decision of a run.
class EventList final : public Recorder {
public:
    struct Entry {
        Time at;
        std::string event;
        std::string detail;
        double v = 0.0;
    };
    void event(Time t, std::string_view event, std::string_view detail, double v) override {
        entries_.push_back({t, std::string(event), std::string(detail), v});
    }
    void state(Time, DeviceState) override {}
    void point(Time, double, double, double) override {}
    void progress(Time) override {}
    [[nodiscard]] bool wants_points() const noexcept override { return false; }

    [[nodiscard]] const std::vector<Entry>& all() const noexcept { return entries_; }
    [[nodiscard]] std::vector<Time> times_of(std::string_view event) const {
        std::vector<Time> times;
        for (const Entry& e : entries_) {
            if (e.event == event) {
                times.push_back(e.at);
            }
        }
        return times;
    }

private:
    std::vector<Entry> entries_;
};

}  // namespace ebb::test
