// SPDX-License-Identifier: Apache-2.0
/// Closed forms of the models' library that expressions of an experiment may call by name. Each
/// model's formulas stand in a file of their own, sim/reproduce/formula_<model>.cpp, which ends in
/// the function that lists them.
#pragma once

#include <string>
#include <vector>

namespace ebb {

struct Formula {
    std::string name;                 ///< as called: "eh_progress"
    std::vector<std::string> inputs;  ///< names, in the order of the call
    std::string text;                 ///< one line
    double (*value)(const double* inputs, int count);
    bool many = false;  ///< as many of the last input as there are
};

/// All of them, in alphabetical order.
[[nodiscard]] const std::vector<Formula>& formulas();

void add_age_of_information_formulas(std::vector<Formula>& all);
void add_eh_model_formulas(std::vector<Formula>& all);
void add_fading_supply_formulas(std::vector<Formula>& all);

}  // namespace ebb
