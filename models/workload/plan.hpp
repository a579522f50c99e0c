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
///   commit, upkeep, snapshot   NVM part and MCU -> checkpoint;   recovery -> restore
/// NVM standby current -> idle. Peripherals, standing by or in use -> peripherals, in every phase.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/core/load.hpp"
#include "models/mcu/mcu_params.hpp"
#include "models/mcu/regulator.hpp"
#include "models/nvm/nvm_params.hpp"
#include "models/workload/nest_index.hpp"
#include "models/workload/program.hpp"

namespace ebb {

/// What one phase moves to and from NVM.
struct PhaseTraffic {
    double read_b = 0.0;
    double write_b = 0.0;
};

/// A unit, ready to run. Phases of one overlap group have become stretches that follow each other.
struct UnitPlan {
    std::string name;
    UnitRole role = UnitRole::work;
    bool durable = false, boundary = false;
    std::size_t undone = 0, sealed = 0;  ///< as in Unit: phases are those of the program
    std::vector<LoadPhase> fresh;
    std::vector<LoadPhase> repeated;            ///< the same, booked as repeated work
    std::vector<PhaseTraffic> traffic;          ///< per phase
    PhaseTraffic whole;                         ///< of all phases
    std::vector<PhaseKind> kinds;               ///< per phase; of several at once, the first one's
    std::array<double, kPhaseKinds> seconds{};  ///< of all phases, by kind
    std::vector<std::size_t> rails;             ///< terminals beside the node that it needs
};

/// One trip of a loop as a load, however deep the loops inside are; made when first needed.
struct TripLoad {
    Load fresh;
    Load repeated;                         ///< made when first asked for
    std::vector<std::size_t> first_phase;  ///< per execution of a leaf in one trip; and the end
    /// Behind which execution of the trip the last durable one among the first j lies; 0: none.
    std::vector<std::int64_t> durable_before;
    std::vector<PhaseTraffic> traffic;  ///< per phase; made when first asked for
};

/// A nest, ready to run.
struct Step {
    explicit Step(const Nest& nest) : name(nest.name), layer(nest.layer), index(nest) {}

    std::string name;
    int layer = 0;
    bool endless = false, once_per_boot = false, atomic = false, skips = false;
    NestIndex index;
    std::vector<UnitPlan> units;
    double drop_out_below_v = 0.0;
    std::uint32_t first_id = 0;  ///< of the loads made from the nodes, two for each

    /// What stretches may be made of a node of the index.
    struct Stretchable {
        std::size_t phases = 0;  ///< of one trip; 0: too many for one load
        bool boundary = false;   ///< a trip ends with the only unit that asks the trigger
        bool broken = false;     ///< such a unit is inside of a trip
    };
    std::vector<Stretchable> nodes;
    std::vector<std::unique_ptr<TripLoad>> pieces;  ///< per node

    [[nodiscard]] const UnitPlan& unit(std::size_t leaf) const {
        return units[index.leaves()[leaf].block->unit];
    }
    /// The load of one trip of a node; `nodes[node].phases` is not 0.
    [[nodiscard]] TripLoad& piece(std::size_t node);
    /// The same, booked as repeated work.
    [[nodiscard]] Load& repeated(std::size_t node);
    /// What the phases of that load move.
    [[nodiscard]] const std::vector<PhaseTraffic>& traffic_of(std::size_t node);

private:
    [[nodiscard]] std::int64_t first_execution(std::size_t node) const;
    void fill(Load& load, std::size_t node, std::vector<LoadPhase> UnitPlan::*phases) const;
};

/// Ordered NVM operations, ready to run: one phase each.
struct Operations {
    Load load;
    std::vector<PhaseTraffic> traffic;
    std::vector<Growth> growth;
    [[nodiscard]] bool empty() const noexcept { return load.phases.empty(); }
};

struct Plan {
    std::vector<Step> steps;
    std::vector<Buffer> buffers;  ///< of the program
    Operations commit, snapshot;
    Operations recover;          ///< when something durable is found
    Operations recover_nothing;  ///< when the reads find nothing
    bool repeat = false;
    bool durable = false;          ///< progress outlives a power failure
    std::int64_t arena_bytes = 0;  ///< non-volatile buffers of the program
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
    /// A conversion of the store's voltage, at active load.
    [[nodiscard]] LoadPhase converting(const AdcParams& adc) const;
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
    [[nodiscard]] std::vector<RailDraw> beside(bool powered,
                                               const std::vector<PeripheralDraw>& in_use) const;

    const McuParams& mcu_;
    const std::optional<NvmParams>& nvm_;
    const ClockPoint* point_ = nullptr;
};

/// The program must outlive the plan and stay where it is.
[[nodiscard]] Plan make_plan(const Program& program, const Protocol& protocol, const McuParams& mcu,
                             const std::optional<NvmParams>& nvm, std::size_t point = 0);
/// How many operating points the device changes between; 1 without any.
[[nodiscard]] std::size_t operating_points(const McuParams& mcu);

}  // namespace ebb
