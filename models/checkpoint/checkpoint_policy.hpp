// SPDX-License-Identifier: Apache-2.0
/// A checkpoint policy as a scenario names it: a runtime (which border of the work is made durable,
/// by which ordered non-volatile writes) and a trigger (when to snapshot) that fit together.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/runtime/protocol.hpp"
#include "models/store/energy_modes.hpp"
#include "models/trigger/adc.hpp"
#include "models/trigger/trigger.hpp"
#include "models/workload/program.hpp"

namespace ebb {

/// Where the runtime commits. A task counts as one unit, one tile and one layer at once.
enum class Granularity : unsigned char { never, unit, tile, layer };

/// How far the consistency of a policy can be judged.
enum class PolicyClass : unsigned char { replayed, jit, parametric };

struct BackupRates;
class Journal;
struct Lowering;
struct OperationTable;

/// What a policy may know about the device and the program before the run.
struct PolicyFacts {
    std::int64_t volatile_bytes = 0;  ///< largest volatile working set of the program
    std::int64_t register_bytes = 0;
    std::int64_t refetch_bytes = 0;  ///< input window to fetch again after a recovery
    std::int64_t dirty_bytes = 0;    ///< written between two backups, of policies given by rates
    double turn_on_v = 0.0;
    double turn_off_v = 0.0;
    double capacitance_f = 0.0;  ///< of the store, as StoreModel states it
    /// Per step: the voltage from which its heaviest region is done before turn-off
    /// (start_voltage.hpp); for triggers.
    std::vector<double> start_v;
    /// From which a snapshot is done before turn-off, behind the longest phase that must end first.
    double snapshot_v = 0.0;
    std::optional<std::int64_t> ram_bytes;       ///< of the MCU, if it is known
    const OperationTable* operations = nullptr;  ///< of the platform; null if it has none
    /// Words that a trigger keeps in non-volatile memory from one boot to the next; of one run.
    std::shared_ptr<std::vector<double>> kept;
    EnergyModes* banks = nullptr;    ///< of the store, if it has energy modes
    std::vector<TaskEnergy> energy;  ///< per step, if it has
};

/// What a device has to keep so that a policy's snapshots end before power fails; judged before the
/// run (PolicyFacts::snapshot_v, sim/device/snapshot_check.hpp).
struct SaveRules {
    bool sleeps_behind = true;  ///< a snapshot is followed by a sleep until the voltage is back
    /// A save voltage below what a snapshot needs is refused; false: it is the scenario's affair.
    bool holds_to_need = false;
    /// The voltage is looked at only at boundaries (Unit::boundary), at the first one behind so
    /// much time since the last look; empty: it is watched.
    std::optional<double> looks_every_s;
    double most_bytes = 0.0;     ///< that a snapshot may have; 0: always those of the protocol
    double saves_every_s = 0.0;  ///< pause between snapshots; 0: none
};

class CheckpointPolicy {
public:
    virtual ~CheckpointPolicy();
    [[nodiscard]] virtual PolicyClass policy_class() const noexcept = 0;
    [[nodiscard]] virtual bool needs_nvm() const noexcept = 0;
    [[nodiscard]] virtual Granularity commits() const noexcept { return Granularity::never; }
    [[nodiscard]] virtual bool snapshots() const noexcept { return false; }
    /// The network as this policy's runtime runs it. Left as it is: the plain runtime, unit by unit
    /// or tile by tile as the platform prices them, without any commit.
    [[nodiscard]] virtual Program lower(const Lowering& lowering) const;
    /// Its trigger is asked before each region, the work up to the next durable border.
    [[nodiscard]] virtual bool guards() const noexcept { return false; }
    /// It connects the banks that tasks name, and lets them charge.
    [[nodiscard]] virtual bool switches_banks() const noexcept { return false; }
    /// Changes a lowered program, of tasks or of a network: what the policy has it ask or do more.
    virtual void rework(Program&) const {}
    /// Refuses (InputError) a device or a program that it cannot work with.
    virtual void check(const PolicyFacts&) const {}
    [[nodiscard]] virtual SaveRules save_rules(const PolicyFacts&) const { return {}; }
    /// The converter that its trigger polls; null if it polls none.
    [[nodiscard]] virtual const AdcParams* adc() const noexcept { return nullptr; }
    [[nodiscard]] virtual bool sets_timer() const noexcept { return false; }
    /// Not 0: what has been done when the power fails is kept, in whole multiples of this time.
    [[nodiscard]] virtual double keeps_every_s() const noexcept { return 0.0; }
    /// It replaces the runtime of networks and means nothing for task lists.
    [[nodiscard]] virtual bool lowers_networks_only() const noexcept { return false; }
    [[nodiscard]] virtual Protocol protocol(const PolicyFacts& facts) const = 0;
    /// The words beside the data by which a recovery finds where the work stands, for a device that
    /// is followed word by word (models/consistency); null: rates say nothing of words. Left as it
    /// is: two records in turn where the policy commits, and nothing otherwise. A snapshot is not
    /// in it: its words are those of the protocol.
    [[nodiscard]] virtual std::unique_ptr<Journal> journal() const;
    /// A new trigger, as after each boot.
    [[nodiscard]] virtual std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const = 0;
    /// The sleep state in which it waits; empty: mcu.sleep.
    [[nodiscard]] virtual std::string sleep_in() const { return {}; }
    /// What a shut-down takes from the store beside what was drawn [J]: not 0 only where a
    /// published model is followed that is not physical.
    [[nodiscard]] virtual double shut_down_toll_j(const PolicyFacts&) const { return 0.0; }
    /// It decides by what no device can know: a reference, kept out of rankings.
    [[nodiscard]] virtual bool clairvoyant() const noexcept { return false; }
    /// Of a policy reduced to rates (backup_rates.hpp): its backups are put into the work before
    /// the run. Null: it is none.
    [[nodiscard]] virtual const BackupRates* rates() const noexcept { return nullptr; }
    /// Thresholds for checks and plots; empty if the policy has none.
    [[nodiscard]] virtual std::optional<double> save_at_v(const PolicyFacts&) const {
        return std::nullopt;
    }
    [[nodiscard]] virtual std::optional<double> restore_at_v() const noexcept {
        return std::nullopt;
    }
};

}  // namespace ebb
