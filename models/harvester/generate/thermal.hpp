// SPDX-License-Identifier: Apache-2.0
/// Temperature difference across a thermoelectric generator that wanders about a mean: an
/// Ornstein-Uhlenbeck process, drawn exactly at each sample.
///
///   dT(t + dt) = mean + r (dT(t) - mean) + spread sqrt(1 - r^2) n,   r = exp(-dt/time)
///
/// It starts in its stationary law; dt is the step in whole microseconds. Values have 9 digits
/// before they are used. Unconfirmed: no public recording was fitted, every default is our choice.
/// A process of this kind has no dwells; each step is one change, so that the step is to be chosen
/// as long as the module's own time constant allows.
#pragma once

#include "models/harvester/generate/generator.hpp"

#include <cstdint>

namespace ebb {

struct ThermalParams {
    std::int64_t seed = 1;
    double duration_s = 3600.0;
    double mean_k = 5.0;
    double spread_k = 1.5;
    double time_s = 600.0;
    double step_s = 10.0;
};

[[nodiscard]] Series generate_thermal(const ThermalParams& params);

class ThermalGenerator : public Generator {
public:
    explicit ThermalGenerator(const ThermalParams& params) : params_(params) {}
    [[nodiscard]] Series generate() const override { return generate_thermal(params_); }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> stated() const override;

private:
    ThermalParams params_;
};

}  // namespace ebb
