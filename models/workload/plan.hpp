// SPDX-License-Identifier: Apache-2.0
/// A Program made ready to run on one device: each unit, commit, snapshot and recovery as phases of
/// constant draw at the store. Made once per run from Program, Protocol, MCU, regulator and NVM
/// part.
///
/// What is booked where, for each phase of a unit:
///   compute                 the platform's or task's own load -> compute
///   fetch, write            the NVM part's energy -> nvm_read, nvm_write; what the MCU draws
///                           meanwhile (its active load) -> compute
///   a unit done before      all of it -> repeated_work (regulator shares stay where they are)
///   commit, snapshot        NVM part and MCU -> checkpoint;   recovery -> restore
/// NVM standby current -> idle. Peripherals, standing by or in use -> peripherals, in every phase.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/core/load.hpp"
#include "models/mcu/mcu_params.hpp"
#include "models/mcu/regulator.hpp"
#include "models/nvm/nvm_params.hpp"
#include "models/workload/program.hpp"

namespace ebb {

/// What one phase moves to and from NVM.
struct PhaseTraffic {
    double read_b = 0.0;
    double write_b = 0.0;
};

/// A nest, ready to run.
struct Step {
    std::string name;
    int layer = 0;
    std::int64_t units = 1;
    std::int64_t commit_every = 0;  ///< units between commits; 0 = never inside or behind the nest
    bool endless = false, once_per_boot = false, atomic = false;
    Load fresh;                         ///< one unit
    Load repeated;                      ///< the same unit, booked as repeated work
    Load tile;                          ///< commit_every units and the commit behind them
    std::vector<PhaseTraffic> traffic;  ///< per phase of the unit
    std::int64_t write_len = 0;         ///< bytes of output per unit (0: none, or not contiguous)
    std::int64_t write_lo = 0;          ///< first byte of the nest's output
};

/// Ordered NVM operations, ready to run: one phase each.
struct Operations {
    Load load;
    std::vector<PhaseTraffic> traffic;
    [[nodiscard]] bool empty() const noexcept { return load.phases.empty(); }
};

struct Plan {
    std::vector<Step> steps;
    Operations commit, snapshot;
    Operations recover;          ///< when something durable is found
    Operations recover_nothing;  ///< when the reads find nothing
    bool repeat = false;
    bool durable = false;  ///< progress outlives a power failure
    std::int64_t arena_bytes = 0;
    std::int64_t record_bytes = 0, snapshot_bytes = 0;
};

/// What the MCU draws from the rail in its states, as the plan and the MCU module use it.
class RailLoads {
public:
    /// At an operating point of mcu.clocking, if there is one: by its place in the list.
    RailLoads(const McuParams& mcu, const std::optional<NvmParams>& nvm, std::size_t point = 0);
    /// The MCU's active load, booked as `sink`; throws InputError if the scenario gives none.
    [[nodiscard]] std::vector<RailLoad> active(Sink sink) const;
    [[nodiscard]] std::vector<RailLoad> sleep(const SleepParams& state) const;
    /// From a sleep state: at active load, or with the state's own charge.
    [[nodiscard]] LoadPhase waking(const SleepParams& state) const;
    [[nodiscard]] std::vector<LoadPhase> boot_phases() const;
    [[nodiscard]] std::vector<RailLoad> standby() const;
    /// `rail` and the peripherals: those in use with what they draw, the others standing by.
    [[nodiscard]] LoadPhase phase(const std::vector<RailLoad>& rail, bool powered,
                                  double duration_s,
                                  const std::vector<PeripheralDraw>& in_use = {}) const;
    [[nodiscard]] double drop_out_below_v() const noexcept;
    /// The sleep state of that name; empty names the default one. Null if there is none.
    [[nodiscard]] const SleepParams* sleep_state(const std::string& name) const noexcept;
    [[nodiscard]] bool has_active() const noexcept { return mcu_.active.has_value(); }
    /// What the point makes of the time of computing, and of a load stated for mcu.active.
    [[nodiscard]] double slowdown() const noexcept;
    [[nodiscard]] double load_factor() const noexcept;

private:
    [[nodiscard]] RailLoad peripherals(bool powered,
                                       const std::vector<PeripheralDraw>& in_use) const;

    const McuParams& mcu_;
    const std::optional<NvmParams>& nvm_;
    const ClockPoint* point_ = nullptr;
};

[[nodiscard]] Plan make_plan(const Program& program, const Protocol& protocol,
                             Granularity granularity, const McuParams& mcu,
                             const std::optional<NvmParams>& nvm, std::size_t point = 0);
/// How many operating points the device changes between; 1 without any.
[[nodiscard]] std::size_t operating_points(const McuParams& mcu);

}  // namespace ebb
