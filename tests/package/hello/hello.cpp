// SPDX-License-Identifier: Apache-2.0
/// Uses ebb as a library: reads a scenario, runs it with three capacitors, prints what came of it.
///   hello SCENARIO.yaml
#include <models/core/component.hpp>
#include <models/core/error.hpp>
#include <sim/device/run.hpp>
#include <sim/scenario/read_scenario.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace {

ebb::ReadOptions options_with(const std::string& capacitance) {
    const std::string data = EBB_DATA_DIR;  // where find_package(ebb) found parts and traces
    ebb::ReadOptions options;
    options.sets = {"store.capacitance=" + capacitance};
    options.parts_folder = data + "/models";
    options.networks_folder = data + "/models/workload/networks";
    options.platforms_folder = data + "/models/workload/platforms";
    options.traces.catalog = data + "/traces/catalog.csv";
    options.traces.shipped = {data + "/traces"};
    options.traces.offline = true;
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: hello SCENARIO.yaml\n";
        return 2;
    }
    try {
        ebb::Registry registry;
        ebb::register_all(registry);
        for (const char* capacitance : {"22 uF", "47 uF", "100 uF"}) {
            const ebb::Scenario scenario =
                ebb::read_scenario(argv[1], registry, options_with(capacitance));
            const ebb::Result result = ebb::run(scenario, {}, nullptr);
            std::cout << capacitance << ": " << result.work.jobs_done << " jobs, "
                      << result.power.brown_outs << " brown-outs\n";
        }
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
