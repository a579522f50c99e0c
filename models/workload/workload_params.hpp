// SPDX-License-Identifier: Apache-2.0
/// What the device works on: a list of tasks, or a network lowered for a platform.
#pragma once

#include "models/core/error.hpp"
#include "models/core/series.hpp"
#include "models/peripheral/peripheral_params.hpp"
#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

struct TaskParams {
    std::string name;
    std::optional<double> time_s;  ///< needed unless until_power_fails, a profile,
                                   ///< or a peripheral's own time
    std::optional<double>
        current_a;  ///< at the rail; else power, profile, or the MCU's active load
    std::optional<double> power_w;
    std::shared_ptr<const Series> profile;  ///< measured current [A] over one execution
    bool until_power_fails = false;
    bool once_per_boot = false;
    bool atomic = false;  ///< must restart if cut; a trigger waits for its end
    std::vector<PeripheralUse> uses;
    bool fixed_time = false;                     ///< its time does not go with the core's clock
    std::optional<std::string> mode, precharge;  ///< energy modes of the store, by name
    bool burst = false;
    bool skips = false;  ///< where a capacitor that it uses is not charged, it is left out
};

struct TasksParams {
    std::vector<TaskParams> tasks;
    bool repeat = false;  ///< start over when the list ends
};

/// When jobs are released.
struct ArrivalParams {
    bool back_to_back = true;           ///< the next as the last is done, the first at time 0
    double every_s = 0.0;               ///< else periodic: 0, every, 2 every, ...
    std::optional<double> deadline_s;   ///< after release; a job done later counts as late
    std::optional<std::int64_t> queue;  ///< at most this many wait; further ones are dropped
};

/// How tiles are chosen for a platform with operations; in place of those in the network's table.
struct TileParams {
    bool for_energy = false;  ///< the least energy; else the least latency
    bool every_size = false;  ///< all sizes, not only those that divide the layer's
    double energy_margin = 1.0;
    std::optional<double> source_v, source_ohm;  ///< the recharge that a latency counts
};

/// What becomes of the weights in an accelerator's volatile memory while the device sleeps: kept,
/// at what the state's retention costs, or lost and loaded again before the next work. A power
/// failure loses them always.
struct WeightsParams {
    std::string state;  ///< of the platform's weight memory
    bool retained = false;
};

struct NetworkParams {
    std::shared_ptr<const Network> network;
    std::shared_ptr<const Platform> platform;
    std::string variant;  ///< software variant of the platform; empty = its first
    ArrivalParams arrival;
    std::optional<TileParams> tiles;
    std::optional<WeightsParams> weights;
    std::optional<double> accuracy;  ///< of the network, 0 .. 1; else that of its table's last exit
};

/// Exactly one of the two is set.
struct WorkloadParams {
    std::optional<TasksParams> tasks;
    std::optional<NetworkParams> network;
    std::string sleep_in;  ///< sleep state in which the device waits for work; empty: mcu.sleep
    Place place;           ///< of the work in the scenario; heads what lowering refuses
};

}  // namespace ebb
