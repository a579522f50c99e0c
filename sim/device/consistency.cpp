// SPDX-License-Identifier: Apache-2.0
#include "sim/device/consistency.hpp"

#include <fmt/format.h>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/workload/workload_module.hpp"

namespace ebb {

std::vector<std::string> not_modelled(const Scenario& scenario) {
    std::vector<std::string> all;
    if (scenario.workload.tasks) {
        all.emplace_back("tasks, which do not say what they read and write");
    }
    if (scenario.checkpoint->policy_class() == PolicyClass::parametric) {
        all.emplace_back("a checkpoint policy given by rates, without addresses");
    }
    return all;
}

std::unique_ptr<MemoryOracle> make_oracle(const Scenario& scenario, const Program& program,
                                          const std::optional<NvmParams>& nvm) {
    if (!not_modelled(scenario).empty()) {
        return nullptr;
    }
    MemoryOracle::Memory memory;
    if (nvm) {
        memory.atomic_b = static_cast<std::int64_t>(nvm->atomic_b);
        memory.cut = nvm->cut;
    }
    return std::make_unique<MemoryOracle>(program, memory);
}

void add_consistency(const Scenario& scenario, const MemoryOracle* oracle,
                     const WorkloadModule& workload, Result& result) {
    result.consistency.not_modelled = not_modelled(scenario);
    result.consistency.checked = oracle != nullptr;
    if (oracle == nullptr || oracle->count() == 0) {
        return;
    }
    result.consistency.violations = oracle->count();
    result.findings.push_back(
        {"inconsistent",
         workload.first_violation().value_or(Time()).seconds(),
         fmt::format("after a power failure the work computed on data that it would not have had "
                     "without: {}{}",
                     oracle->violations().front().text(),
                     oracle->count() > 1 ? fmt::format(" ({} wrong reads in all)", oracle->count())
                                         : std::string()),
         {{"violations", static_cast<double>(oracle->count())}}});
}

}  // namespace ebb
