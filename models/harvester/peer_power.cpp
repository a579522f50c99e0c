// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/peer_power.hpp"

#include <algorithm>
#include <memory>

#include "models/core/component.hpp"

namespace ebb {

std::shared_ptr<const Series> PeerPower::remade(const Series& series) const {
    if (!(params_.leak_w > 0.0)) {
        return nullptr;
    }
    auto made = std::make_shared<Series>();
    made->quantity = Quantity::power_w;
    made->bound_ns = series.bound_ns;
    made->value.reserve(series.value.size());
    for (const double value : series.value) {
        made->value.push_back(std::max(0.0, params_.gain * value - params_.leak_w));
    }
    return made;
}

void register_harvester_peer_power(Registry& registry) {
    const ParamTable<PeerPowerParams> table = {
        param("gain", &PeerPowerParams::gain, unit::number, 1.0, above_up_to(0, 1e12),
              "what the tool makes of the recorded power, as a factor"),
        param("leak", &PeerPowerParams::leak_w, unit::watt, 0.0, range(0, 1e6),
              "what the tool takes off all the time"),
    };
    registry.add<SourceModel>(
        {"harvester", "peer_power", "what another simulator makes of a recorded power",
         "for comparison, never a default: power is the honest reading; reads a trace of power_w. "
         "The parts peer_* name the tools"},
        table, [](const PeerPowerParams& p) { return std::make_shared<PeerPower>(p); },
        [](const PeerPowerParams& p, CheckContext& context) {
            const std::optional<double> scale = context.number("source.scale");
            if (p.leak_w > 0.0 && scale && *scale != 1.0) {
                context.mistake("leak",
                                "source.scale would scale the leak of source.model, too: the "
                                "factor belongs into source.model.gain",
                                "leave source.scale out");
            }
        });
}

}  // namespace ebb
