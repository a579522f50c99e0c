// SPDX-License-Identifier: Apache-2.0
/// What becomes of a random scenario after it has been drawn.
#include <algorithm>
#include <memory>

#include "models/store/capacitor.hpp"
#include "tests/agreement/random_scenarios.hpp"

namespace ebb::test {

Scenario RandomScenario::perturbed(double capacitance, double initial) const {
    Scenario s = scenario;
    CapacitorParams p = store;
    p.capacitance_f *= 1.0 + capacitance;
    p.initial_v = std::min(p.initial_v * (1.0 + initial), p.max_v);
    s.store = std::make_shared<Capacitor>(p);
    return s;
}

void RandomScenario::end_on_a_release() {
    const auto& network = scenario.workload.network;
    if (!network || network->arrival.back_to_back) {
        return;
    }
    // Both are whole quarters of a millisecond, so that the two ends are the same number.
    const double every = std::round(network->arrival.every_s * 4e3);
    const double releases = std::max(1.0, std::round(scenario.duration_s * 4e3 / every));
    scenario.duration_s = releases * every / 4e3;
    text += "ends on a release; ";
}

}  // namespace ebb::test
