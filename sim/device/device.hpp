// SPDX-License-Identifier: Apache-2.0
/// One device, built from a scenario: its modules, their bindings, its agenda. Lives for one run.
#pragma once

#include <memory>

#include "models/consistency/oracle.hpp"
#include "models/converter/converter_module.hpp"
#include "models/core/agenda.hpp"
#include "models/harvester/harvester_module.hpp"
#include "models/mcu/mcu_module.hpp"
#include "models/nvm/nvm_module.hpp"
#include "models/store/store_module.hpp"
#include "models/workload/workload_module.hpp"
#include "sim/device/kernel.hpp"
#include "sim/device/lower_work.hpp"
#include "sim/device/run.hpp"

namespace ebb {

class StoredErrors;

class Device {
public:
    Device(const Scenario& scenario, const RunOptions& options, Recorder* recorder);
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    void run();
    [[nodiscard]] Result collect() const;

    [[nodiscard]] const McuModule& mcu() const noexcept { return mcu_; }
    [[nodiscard]] const WorkloadModule& workload() const noexcept { return workload_; }
    [[nodiscard]] const StoreModule& store() const noexcept { return store_; }
    [[nodiscard]] const Supply& supply() const noexcept { return converter_.supply(); }
    [[nodiscard]] const std::optional<Shortfall>& shortfall() const noexcept {
        return converter_.shortfall();
    }
    [[nodiscard]] const std::optional<OutsideTable>& outside_table() const noexcept {
        return converter_.outside_table();
    }
    /// What the policy was told, the voltages derived from the plan included.
    [[nodiscard]] const PolicyFacts& facts() const noexcept { return facts_; }
    /// What lowering chose, and why.
    [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return work_.notes; }
    [[nodiscard]] const MemoryOracle* oracle() const noexcept { return oracle_.get(); }
    [[nodiscard]] const StoredErrors* errors() const noexcept { return errors_.get(); }
    [[nodiscard]] const Program& program() const noexcept { return program_; }
    [[nodiscard]] Time end() const noexcept { return end_; }

private:
    [[nodiscard]] WorkloadModule::Config workload_config() const;
    [[nodiscard]] McuModule::Config mcu_config();
    void complete_facts();
    void check_memory() const;
    void add_efficiency(Result& r) const;
    void end_with(const SourceParams& source);

    const Scenario& scenario_;
    Recorder* recorder_;
    const LoweredWork work_;
    const std::optional<NvmParams>& nvm_params_;  ///< of the scenario, or the platform's own
    const Program& program_;
    PolicyFacts facts_;
    std::unique_ptr<MemoryOracle> oracle_;  ///< null: the memory cannot be followed
    std::unique_ptr<StoredErrors> errors_;  ///< null: no bits go wrong
    Agenda agenda_;
    HarvesterModule harvester_;
    ConverterModule converter_;
    StoreModule store_;
    NvmModule nvm_;
    WorkloadModule workload_;
    McuModule mcu_;
    Agenda::SlotId end_slot_;
    Time end_;
    End why_ = End::duration;
    AgendaDriver driver_;  // last: its process starts when everything else stands
};

}  // namespace ebb
