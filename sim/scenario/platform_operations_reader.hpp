// SPDX-License-Identifier: Apache-2.0
/// The block `operations` of a platform file: what single operations cost. Latencies are times or
/// counts of clock cycles ("64 cycles"); figures keep every digit of the file.
#pragma once

#include "models/core/param_table.hpp"
#include "models/workload/platform.hpp"
#include "sim/scenario/facts.hpp"
#include "sim/scenario/mistake_list.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

struct AffineEnergyForm {
    double base_j = 0.0, per_element_j = 0.0;
};
/// Texts: a time, or cycles of the block's clock.
struct AffineLatencyForm {
    std::string base, per_element;
};
struct EvidenceForm {
    std::optional<Evidence> energy, latency;
};
struct OperationForm {
    std::optional<double> energy_j;
    std::optional<AffineEnergyForm> energy;
    std::string latency_text;
    std::optional<AffineLatencyForm> latency;
    std::optional<Evidence> evidence;
    std::optional<EvidenceForm> evidence_apart;
    std::optional<CallPreempt> preempt;
};
struct OperationCostsForm {
    std::array<std::optional<OperationForm>, kOperations> ops;
};
struct OverheadForm {
    std::int64_t add = 0, mul = 0;
    std::optional<std::int64_t> latency_add, latency_mul;
};
struct OverheadsForm {
    std::array<std::optional<OverheadForm>, kOverheads> counts;
};
struct RebootForm {
    double energy_j = 0.0, latency_s = 0.0;
    std::optional<Evidence> evidence;
    std::optional<EvidenceForm> evidence_apart;
};
struct MemoryForm {
    double vm_b = 0.0;
    std::optional<double> sram_b, lea_b, nvm_b, nvm_features_b, nvm_weights_b, nvm_link_map_b;
};
struct SupplyPointForm {
    double capacitance_f = 0.0, resistance_ohm = 0.0;
};
struct SupplyForm {
    std::vector<SupplyPointForm> points;
    double v_on_v = 0.0, v_off_v = 0.0, v_supply_v = 0.0;
    double energy_margin = 1.0;
    bool margin_inside_voltage = false;
};
struct OperationsForm {
    double clock_hz = 0.0;
    std::optional<std::string> accelerator, nvm;
    OperationCostsForm costs;
    OverheadsForm overheads;
    std::optional<RebootForm> reboot;
    std::int64_t index_elements = 0;
    std::optional<TileModelKind> tile_model;
    CompatibilitySwitches compatibility;
    MemoryForm memory;
    std::optional<SupplyForm> supply;
    std::optional<Sensitivity> sensitivity;
    std::optional<CommitCounts> commits;
};

[[nodiscard]] const ParamTable<OperationsForm>& operations_table();

/// Checks the rules between values (those that were read right), and sets the platform's operation
/// table. `path` is the block's, "platform.operations".
void add_operations(const OperationsForm& form, const std::string& path, const Facts& facts,
                    MistakeList& mistakes, Platform& platform);

}  // namespace ebb
