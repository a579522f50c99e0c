// SPDX-License-Identifier: Apache-2.0
/// Whole devices that run the small networks, and fail by words of memory traffic.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/consistency/small_networks.hpp"
#include "tests/support/scenarios.hpp"

namespace ebb::test {

/// A network as a file, for as long as this lives.
class NetworkFile {
public:
    explicit NetworkFile(const SmallNetwork& network) {
        std::string pattern = (std::filesystem::temp_directory_path() / "ebb_XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
        std::ofstream(path()) << kSmallHead << network.rows;
    }
    ~NetworkFile() { std::filesystem::remove_all(folder_); }
    NetworkFile(const NetworkFile&) = delete;
    NetworkFile& operator=(const NetworkFile&) = delete;
    [[nodiscard]] std::string path() const { return folder_ + "/small.csv"; }

private:
    std::string folder_;
};

/// A store that never empties: whatever fails is asked for.
inline std::string strong_device(const NetworkFile& network, const std::string& platform,
                                 const std::string& policy) {
    return "name: strong supply\nduration: 20 s\nuntil: {jobs: 20}\n"
           "source: {model: {type: constant_power, power: 100 mW}}\n"
           "store: {type: capacitor, capacitance: 1 mF, initial: 3.2 V, max: 3.3 V}\n"
           "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 100 us, "
           "charge: 0.02 uC},\n"
           "  active: {current: 1 mA}, off_current: 0 A}\n"
           "nvm: {capacity: 256 kB, atomic: 2 B, cut: garbage, read_time: 200 ns, write_time: 300 "
           "ns, read_energy: 1.5 nJ,\n"
           "  write_energy: 2.5 nJ, standby: 0 A, sleep: 0 A, endurance: unlimited}\n"
           "workload: {network: " +
           network.path() + ", platform: " + platform + "}\ncheckpoint: " + policy + "\n";
}

inline const std::string kWords = "msp430fr5994_lea_intfram_estimate";
inline const std::string kTiles = "msp430fr5994_extfram_tinas";

struct DeviceCase {
    std::string platform, policy;
    bool sparse = false, branches = false;  ///< it can run such networks
};

/// Policies whose protocol is right.
inline const std::vector<DeviceCase>& sound_policies() {
    static const std::vector<DeviceCase> kAll = {
        {kWords, "{policy: sonic}", true, false},
        {kWords, "{policy: tails}", false, false},
        {kWords, "{policy: alpaca, task: 3}", false, false},
        {kWords, "{policy: hawaii}", false, true},
        {kTiles, "{policy: japari}", false, true},
        {kTiles, "{policy: commit, granularity: unit}", false, true},
        {kTiles, "{policy: commit, granularity: tile}", false, true},
        {kTiles, "{policy: commit, granularity: layer}", false, true},
    };
    return kAll;
}

inline bool fits(const DeviceCase& device, const SmallNetwork& network) {
    return (!network.sparse || device.sparse) && (!network.branches || device.branches);
}

}  // namespace ebb::test
