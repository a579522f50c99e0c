// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/age_of_information.hpp"
#include "sim/reproduce/formulas.hpp"

namespace ebb {

namespace {

AgeModel model(const double* in) { return {in[0], in[1], in[2], in[3], in[4], in[5]}; }

}  // namespace

void add_age_of_information_formulas(std::vector<Formula>& all) {
    const std::vector<std::string> model_inputs = {"processing", "idle",       "recharge",
                                                   "restore",    "checkpoint", "failures"};
    std::vector<std::string> with_count = model_inputs;
    with_count.emplace_back("checkpoints");
    all.push_back({"age_peak_mixed", with_count, "mean peak age with checkpoints",
                   [](const double* in, int) { return peak_age_mixed(model(in), in[6]); }});
    all.push_back({"age_peak_non_volatile", model_inputs, "mean peak age, nothing lost or saved",
                   [](const double* in, int) { return peak_age_non_volatile(model(in)); }});
    all.push_back({"age_peak_volatile", model_inputs, "mean peak age, all lost",
                   [](const double* in, int) { return peak_age_volatile(model(in)); }});
    all.push_back({"age_best_checkpoints", model_inputs, "the best whole number of checkpoints",
                   [](const double* in, int) { return best_whole_checkpoints(model(in)); }});
}

}  // namespace ebb
