// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/device/finding_parts.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

/// Share of what was harvested above which losses in the store's switches are worth a word.
constexpr double kMuchSwitched = 0.2;

}  // namespace

void find_much_switched(Result& result) {
    const double lost = result.energy_j.sinks[Sink::switch_loss];
    const double in = result.energy_j.harvested;
    if (!(lost > kMuchSwitched * in) || in <= 0.0) {
        return;
    }
    result.findings.push_back(
        {"much_switched",
         result.time.simulated_s,
         fmt::format("{} of the harvested energy ({} of {}) was lost where capacitors are switched "
                     "together at different voltages, or in the store's diodes",
                     percent_text(lost / in), engineering(lost, "J"), engineering(in, "J")),
         {{"switch_loss_j", lost}, {"harvested_j", in}, {"share", lost / in}}});
}

}  // namespace ebb
