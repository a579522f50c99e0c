// SPDX-License-Identifier: Apache-2.0
/// All generators by one call, for callers that hold parameters rather than a Generator.
#pragma once

#include "models/harvester/generate/kinetic.hpp"
#include "models/harvester/generate/packets.hpp"
#include "models/harvester/generate/rf.hpp"
#include "models/harvester/generate/solar.hpp"
#include "models/harvester/generate/thermal.hpp"

#include <variant>

namespace ebb {

using GenerateParams =
    std::variant<KineticParams, PacketsParams, RfParams, SolarParams, ThermalParams>;

[[nodiscard]] inline Series generate(const KineticParams& params) {
    return generate_kinetic(params);
}
[[nodiscard]] inline Series generate(const PacketsParams& params) {
    return generate_packets(params);
}
[[nodiscard]] inline Series generate(const ThermalParams& params) {
    return generate_thermal(params);
}
[[nodiscard]] inline Series generate(const RfParams& params) { return generate_rf(params); }
[[nodiscard]] inline Series generate(const SolarParams& params) { return generate_solar(params); }
[[nodiscard]] inline Series generate(const GenerateParams& params) {
    return std::visit([](const auto& p) { return generate(p); }, params);
}

}  // namespace ebb
