// SPDX-License-Identifier: Apache-2.0
#include "sim/result/finding_advice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ebb {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kAdvice = {{
    {"no_energy", "Check source.trace, source.start and source.scale, and the unit of the trace."},
    {"never_turns_on",
     "Lower mcu.turn_on, find a stronger source, or cut leakage and mcu.off_current."},
    {"never_turned_on", "Run for longer, use a smaller store.capacitance, or lower mcu.turn_on."},
    {"never_wakes",
     "Lower checkpoint.restore_at, find a stronger source, or cut mcu.sleep.current and leakage."},
    {"slept_to_the_end",
     "Run for longer, lower checkpoint.restore_at, or use a smaller store.capacitance."},
    {"never_charged",
     "Lower store.threshold or that of the capacitors before it, use smaller capacitors, let the "
     "MCU draw less, or leave the task out meanwhile (uncharged: skip)."},
    {"no_forward_progress",
     "Save more often (checkpoint), use smaller units, or a larger store.capacitance."},
    {"unit_never_fits",
     "Use a larger store.capacitance, more room between turn_on and turn_off, or smaller units."},
    {"threshold_at_equilibrium",
     "Move mcu.turn_on away from where the store settles, or expect the count of boots to be "
     "fragile."},
    {"much_clipped",
     "A larger store, or more work while the store is full, would use that energy."},
    {"much_switched",
     "Join parts at voltages that are nearer to each other (smaller steps, thresholds further "
     "apart), or use diodes with a smaller drop or a smaller output_capacitor."},
    {"snapshot_never_fits",
     "Raise checkpoint.save_at, save less state, or use a larger store.capacitance."},
    {"load_step_too_large",
     "Lower store.esr or the load: the voltage step alone reaches mcu.turn_off."},
    {"inconsistent",
     "Results of this run are not to be trusted on hardware: commit more often, keep partial "
     "results "
     "in two buffers, or save before the voltage is too low to finish; against bits that go wrong, "
     "a code (nvm.ecc)."},
    {"uncorrectable",
     "A code that corrects more, or a memory that errs less; failures.bit_errors states how "
     "often."},
    {"worn_out", "Save less often (checkpoint), or use an NVM part that endures more writes."},
    {"converter_never_runs",
     "Take more cells in series, a stronger source, or a converter that begins with less."},
    {"outside_table",
     "Give the table points around these inputs, or expect an error where the nearest one is far."},
    {"inrush_too_large",
     "Use a larger store.capacitance, a smaller output_capacitor, or a higher mcu.turn_on."},
    {"events_truncated", "Run again with --record all if you need every row."},
}};

}  // namespace

std::string_view finding_advice(std::string_view code) noexcept {
    const auto* const at = std::find_if(kAdvice.begin(), kAdvice.end(),
                                        [&](const auto& entry) { return entry.first == code; });
    return at == kAdvice.end() ? std::string_view() : at->second;
}

std::vector<std::string_view> advised_codes() {
    std::vector<std::string_view> codes;
    for (const auto& [code, advice] : kAdvice) {
        codes.push_back(code);
    }
    return codes;
}

}  // namespace ebb
