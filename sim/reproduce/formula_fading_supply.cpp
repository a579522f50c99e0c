// SPDX-License-Identifier: Apache-2.0
#include "models/workload/fading_supply.hpp"
#include "sim/reproduce/formulas.hpp"

namespace ebb {

namespace {

IntermittentTimes predicted(const double* in) {
    const FadeCalibration calibration = calibrate_fades({in[2], in[3], in[4], in[5]});
    return predict_fine_grained(calibration, in[0], in[1]);
}

}  // namespace

void add_fading_supply_formulas(std::vector<Formula>& all) {
    const std::vector<std::string> inputs = {"supply_w",          "continuous_s",
                                             "measured_supply_w", "measured_continuous_s",
                                             "measured_active_s", "measured_latency_s"};
    all.push_back({"fade_active_s", inputs, "active time at a fine grain, from a measured run",
                   [](const double* in) { return predicted(in).active_s; }});
    all.push_back({"fade_latency_s", inputs, "latency at a fine grain, from a measured run",
                   [](const double* in) { return predicted(in).latency_s; }});
}

}  // namespace ebb
