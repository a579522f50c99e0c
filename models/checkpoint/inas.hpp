// SPDX-License-Identifier: Apache-2.0
/// Batches of tiles, one per power cycle: the device shuts itself down behind each and always
/// starts again from turn-on (iNAS, TiNAS).
///
///   power cycle   boot, fetch the index, fetch operands, compute a batch, back up its outputs and
///                 the index; then shut down, whatever charge is left
///   recovery      reads the index words; the work goes on behind the last batch backed up
///   power failure in a batch: the batch is repeated
///
/// Tile sizes and the batch are those of the network's table, or chosen (workload.tiles). Costs
/// come from the platform's operations. Class: replayed.
///
///   energy_margin   share of C (V_on^2 - V_off^2)/2 that a batch may use by plan      [1]
///   end_voltage     physical, or `inas`: each shut-down also takes (1 - energy_margin) of that
///                   energy from the store, as the published closed form does. Not physical; for
///                   comparison with published numbers only
///
/// Sources: EMCLab-Sinica/Intermittent-aware-NAS @18bb84e, EMCLab-Sinica/TiNAS @16e5c14, restated.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

struct InasParams {
    double energy_margin = 1.0;
    bool published_end_voltage = false;
};

class Inas final : public CheckpointPolicy {
public:
    explicit Inas(const InasParams& params) : params_(params) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return PolicyClass::replayed;
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return false; }
    [[nodiscard]] Program lower(const Lowering& lowering) const override;
    [[nodiscard]] bool lowers_networks_only() const noexcept override { return true; }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Journal> journal() const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;
    [[nodiscard]] double shut_down_toll_j(const PolicyFacts& facts) const override;

private:
    InasParams params_;
};

}  // namespace ebb
