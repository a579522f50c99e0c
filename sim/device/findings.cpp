// SPDX-License-Identifier: Apache-2.0
#include "sim/device/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "models/core/error.hpp"
#include "sim/device/finding_parts.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

/// Share of the offered energy above which clipping is worth a word.
constexpr double kMuchClipped = 0.05;

}  // namespace

const std::vector<std::string>& finding_codes() {
    static const std::vector<std::string> kCodes = {
        "no_energy",           "never_turns_on",       "never_wakes",
        "slept_to_the_end",    "never_turned_on",      "threshold_at_equilibrium",
        "unit_never_fits",     "snapshot_never_fits",  "load_step_too_large",
        "no_forward_progress", "much_clipped",         "worn_out",
        "input_note",          "converter_never_runs", "much_switched",
        "inrush_too_large",    "outside_table",        "inconsistent",
        "uncorrectable",       "never_charged",        "events_truncated"};  // by the recorder
    return kCodes;
}

void add_findings(const Scenario& scenario, const Device& device, Result& result) {
    find_hopeless_supply(scenario, device, result);
    find_idle_converter(scenario, device, result);
    find_outside_table(scenario, device, result);
    if (!find_inrush(scenario, device, result) &&
        !find_guard_out_of_reach(scenario, device, result) &&
        !find_endless_sleep(scenario, device, result)) {
        find_no_progress(scenario, device, result);
    }
    find_never_charged(scenario, device, result);
    find_near_equilibrium(scenario, device, result);
    if (result.energy_j.clipped > kMuchClipped * result.energy_j.offered) {
        result.findings.push_back(
            {"much_clipped",
             result.time.simulated_s,
             fmt::format("{} of the offered energy came while the store was full and was clipped",
                         percent_text(result.energy_j.clipped / result.energy_j.offered)),
             {{"clipped_j", result.energy_j.clipped}, {"offered_j", result.energy_j.offered}}});
    }
    find_much_switched(result);
    if (scenario.nvm && result.nvm.endurance_used && *result.nvm.endurance_used > 1.0) {
        result.findings.push_back(
            {"worn_out",
             result.time.simulated_s,
             fmt::format(
                 "the busiest cell was written {} times, the NVM part endures {:.3g} writes: what "
                 "was saved there later may be lost, which is not modelled",
                 count_text(static_cast<std::int64_t>(result.nvm.max_writes_per_cell)),
                 scenario.nvm->endurance_cycles),
             {{"max_writes_per_cell", result.nvm.max_writes_per_cell},
              {"endurance_cycles", scenario.nvm->endurance_cycles}}});
    }
    for (const std::string& note : scenario.notes) {
        result.findings.push_back({"input_note", 0.0, note, {}});
    }
    const std::vector<std::string>& codes = finding_codes();
    for (const Finding& finding : result.findings) {
        if (std::find(codes.begin(), codes.end(), finding.code) == codes.end()) {
            throw Defect("finding_codes() does not know " + finding.code);
        }
    }
}

}  // namespace ebb
