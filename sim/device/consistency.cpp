// SPDX-License-Identifier: Apache-2.0
#include "sim/device/consistency.hpp"

#include <fmt/format.h>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/consistency/stored_errors.hpp"
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
         fmt::format("{}: {}{}",
                     oracle->violations().front().kind == ViolationKind::corrupt
                         ? "the work computed on data that the memory had got wrong"
                         : "after a power failure the work computed on data that it would not have "
                           "had without",
                     oracle->violations().front().text(),
                     oracle->count() > 1 ? fmt::format(" ({} wrong reads in all)", oracle->count())
                                         : std::string()),
         {{"violations", static_cast<double>(oracle->count())}}});
}

std::unique_ptr<StoredErrors> make_stored_errors(const Scenario& scenario, const Program& program,
                                                 const PolicyFacts& facts,
                                                 const std::optional<NvmParams>& nvm,
                                                 MemoryOracle* oracle) {
    if (!scenario.failures || !scenario.failures->bit_errors || !nvm) {
        return nullptr;
    }
    const Protocol protocol = scenario.checkpoint->protocol(facts);
    return std::make_unique<StoredErrors>(
        program, StoredErrors::Memory{nvm->ecc, protocol.record_bytes, protocol.snapshot_bytes},
        oracle);
}

void note_bit_errors(const StoredErrors* errors, std::vector<std::string>& notes) {
    if (errors == nullptr) {
        return;
    }
    const StoredErrors::Counts& n = errors->counts();
    notes.push_back(fmt::format(
        "bit errors: {} in writes, {} by lost retention; {} words corrected, {} reads detected "
        "beyond repair, {} unnoticed",
        n.written, n.decayed, n.corrected, n.detected, n.unnoticed));
}

void find_uncorrectable(const StoredErrors* errors, Result& result) {
    if (errors == nullptr || errors->counts().detected == 0) {
        return;
    }
    const auto detected = static_cast<double>(errors->counts().detected);
    result.findings.push_back(
        {"uncorrectable",
         result.time.simulated_s,
         fmt::format("{} read{} met a word of the non-volatile memory that its code could not "
                     "correct; the job in hand started over each time",
                     detected, detected > 1.0 ? "s" : ""),
         {{"detected", detected}, {"corrected", static_cast<double>(errors->counts().corrected)}}});
}

}  // namespace ebb
