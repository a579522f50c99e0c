// SPDX-License-Identifier: Apache-2.0
/// Power from a radio field that comes in bursts: a reader or a transmitter seen by a moving node.
///
///   state    on / off with exponential dwells of means T_on, T_off (Gilbert-Elliott)
///   off      P = P_off
///   on       P = min(P_max, P_on exp(s x - s^2/2)), a new x every `step` from the burst's start
///            x = sqrt(1 - w) z + sqrt(w) n,  s = sigma_dB ln(10)/10
///            z: AR(1), correlation exp(-dt/tau), also through the gaps;  n: white
///   mean     (T_on P_on + T_off P_off)/(T_on + T_off), less what P_max takes
///
/// Dwells are whole microseconds and powers have 9 digits before they are used.
/// Defaults: dwells fitted to REACT's `mobile` recording above 0.3 mW, tau and w to its log-power
/// (FoRTE-Research/REACT-Artifact @4f7bb54); the 3 dB of shadowing within a burst and the powers
/// are our choice. Not modelled: fast fading below `step`, the rectifier. `gives` says on which
/// side of it the power is: `dc`, at its output (power_w), or `received`, at the antenna
/// (rf_power_w), which a model of a rectifier reads.
#pragma once

#include "models/harvester/generate/generator.hpp"

#include <cstdint>

namespace ebb {

struct RfParams {
    std::int64_t seed = 1;
    double duration_s = 60.0;
    double mean_on_s = 0.213;
    double mean_off_s = 0.386;
    double on_power_w = 0.8e-3;  ///< mean while on
    double off_power_w = 5e-6;
    double max_power_w = 4e-3;   ///< the front end clips here
    double shadow_db = 3.0;      ///< standard deviation of the log-power while on
    double shadow_time_s = 2.2;  ///< tau
    double white_share = 0.18;   ///< w, of the variance
    double step_s = 0.02;
    bool received = false;  ///< power at the antenna
};

[[nodiscard]] Series generate_rf(const RfParams& params);

class RfGenerator : public Generator {
public:
    explicit RfGenerator(const RfParams& params) : params_(params) {}
    [[nodiscard]] Series generate() const override { return generate_rf(params_); }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> stated() const override;

private:
    RfParams params_;
};

}  // namespace ebb
