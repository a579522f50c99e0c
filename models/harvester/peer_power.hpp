// SPDX-License-Identifier: Apache-2.0
/// How other simulators read a recorded power, or counts per tick: for comparison, never a default.
///
///   P = max(0, gain P_trace - leak)     [W]
///
/// A file of counts is read with a unit that makes a count some power (unit: mW); `gain` then says
/// what the tool makes of it: joules per count and tick. `leak` is what the tool takes off at each
/// tick. Where that is more than comes in the tool drains its store; here nothing comes in.
/// Source: parts peer_nvpsim.yaml, peer_bonito.yaml name the tool that is repeated.
#pragma once

#include "models/harvester/source_model.hpp"

namespace ebb {

struct PeerPowerParams {
    double gain = 1.0;
    double leak_w = 0.0;
};

class PeerPower : public SourceModel {
public:
    explicit PeerPower(const PeerPowerParams& params) : params_(params) {}
    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::power_w; }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::power, params_.leak_w > 0.0 ? 1.0 : params_.gain, 1, 0.0};
    }
    [[nodiscard]] bool operated() const noexcept override { return params_.leak_w > 0.0; }
    [[nodiscard]] std::shared_ptr<const Series> remade(const Series& series) const override;

private:
    PeerPowerParams params_;
};

}  // namespace ebb
