// SPDX-License-Identifier: Apache-2.0
/// Options of a command that shows a network's closed form on a platform, and the page it prints.
#pragma once

#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"
#include "sim/scenario/page.hpp"

#include <string>

namespace CLI {
class App;
}

namespace ebb {

struct FormulaOptions {
    bool formula = false, continuous = false, choose = false, every_tile = false;
    std::string capacitance, resistance, margin;
    std::string objective = "latency";
};

/// --formula and what goes with it.
void add_formula_options(CLI::App& command, FormulaOptions& options);

/// Throws InputError with every option that is no quantity, then as formula_page().
[[nodiscard]] Page formula_page_of(const FormulaOptions& options, const Network& network,
                                   const Platform& platform);

}  // namespace ebb
