// SPDX-License-Identifier: Apache-2.0
#include "models/workload/fading_supply.hpp"
#include "sim/reproduce/formulas.hpp"

#include <string>
#include <vector>

namespace ebb {

namespace {

IntermittentTimes predicted(const double* in) {
    const FadeCalibration calibration = calibrate_fades({in[2], in[3], in[4], in[5]});
    return predict_fine_grained(calibration, in[0], in[1]);
}

/// Times of pieces: the whole time shared by their MACs.
std::vector<double> pieces(double whole_s, const double* macs, const double* end) {
    double sum = 0.0;
    for (const double* at = macs; at != end; ++at) {
        sum += *at;
    }
    std::vector<double> all;
    for (const double* at = macs; at != end; ++at) {
        all.push_back(*at * whole_s / sum);
    }
    return all;
}

IntermittentTimes predicted_coarse(const double* in, int count) {
    const FadeCalibration calibration = calibrate_fades({in[2], in[3], in[4], in[5]});
    return predict_coarse_grained(calibration, in[0], pieces(in[1], in + 7, in + count), in[6]);
}

}  // namespace

void add_fading_supply_formulas(std::vector<Formula>& all) {
    const std::vector<std::string> inputs = {"supply_w",          "continuous_s",
                                             "measured_supply_w", "measured_continuous_s",
                                             "measured_active_s", "measured_latency_s"};
    all.push_back({"fade_active_s", inputs, "active time at a fine grain, from a measured run",
                   [](const double* in, int) { return predicted(in).active_s; }});
    all.push_back({"fade_latency_s", inputs, "latency at a fine grain, from a measured run",
                   [](const double* in, int) { return predicted(in).latency_s; }});
    std::vector<std::string> coarse = inputs;
    coarse.insert(coarse.end(), {"fades_per_s", "macs"});
    all.push_back({"fade_coarse_active_s", coarse, "active time of pieces that run in one go",
                   [](const double* in, int n) { return predicted_coarse(in, n).active_s; }, true});
    all.push_back({"fade_coarse_latency_s", coarse, "latency of pieces that run in one go",
                   [](const double* in, int n) { return predicted_coarse(in, n).latency_s; },
                   true});
    all.push_back(
        {"fades_per_s",
         {"measured_supply_w", "measured_continuous_s", "measured_active_s", "measured_latency_s",
          "coarse_supply_w", "coarse_continuous_s", "coarse_active_s", "coarse_latency_s", "macs"},
         "how often the supply fades, from a run at a fine and one at a coarse grain",
         [](const double* in, int n) {
             return fit_fades_per_s(calibrate_fades({in[0], in[1], in[2], in[3]}),
                                    {in[4], in[5], in[6], in[7]}, pieces(in[5], in + 8, in + n));
         },
         true});
}

}  // namespace ebb
