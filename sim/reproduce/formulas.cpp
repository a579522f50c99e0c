// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/formulas.hpp"

#include <algorithm>

namespace ebb {

const std::vector<Formula>& formulas() {
    static const std::vector<Formula> kAll = [] {
        std::vector<Formula> all;
        add_age_of_information_formulas(all);
        add_eh_model_formulas(all);
        add_fading_supply_formulas(all);
        std::sort(all.begin(), all.end(),
                  [](const Formula& a, const Formula& b) { return a.name < b.name; });
        return all;
    }();
    return kAll;
}

}  // namespace ebb
