// SPDX-License-Identifier: Apache-2.0
/// All generators by one call, for callers that hold parameters rather than a Generator.
#pragma once

#include "models/harvester/generate/rf.hpp"
#include "models/harvester/generate/solar.hpp"

#include <variant>

namespace ebb {

using GenerateParams = std::variant<RfParams, SolarParams>;

[[nodiscard]] inline Series generate(const RfParams& params) { return generate_rf(params); }
[[nodiscard]] inline Series generate(const SolarParams& params) { return generate_solar(params); }
[[nodiscard]] inline Series generate(const GenerateParams& params) {
    return std::visit([](const auto& p) { return generate(p); }, params);
}

}  // namespace ebb
