// SPDX-License-Identifier: Apache-2.0
/// What non-volatile processors share: flip-flops beside memory cells, which keep all that the
/// processor holds, at a price of time and energy for each backup and each restore.
///
///   an instruction lasts `cycles`/`clock`; a backup `backup_cycles`/`clock` and takes
///   `backup_energy` in all; a restore likewise                                        [s], [J]
///
/// All of it belongs to the processor, and is given; what an instruction draws is the work's own
/// load (a task's, or the platform's). The cells are not the NVM part: no `nvm` is needed.
/// Source of the scheme and its published figures: HPCA 2015 (Ma et al.), as restated in
/// charleyXuTO/thumbulator, data_sheet.hpp: 8 kHz, 31.25 pJ an instruction.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/core/component.hpp"

namespace ebb {

struct NvpParams {
    double clock_hz = 0.0;
    double cycles = 1.0;
    double backup_j = 0.0, backup_cycles = 0.0;
    double restore_j = 0.0, restore_cycles = 0.0;

    [[nodiscard]] double instruction_s() const noexcept { return cycles / clock_hz; }
    [[nodiscard]] double backup_s() const noexcept { return backup_cycles / clock_hz; }
    [[nodiscard]] NvOp backup() const;
    [[nodiscard]] NvOp restore() const;
};

// ---- rows of the parameter tables; P has the members of NvpParams
template <class P>
RowOf<P> clock_row() {
    return param<P, double>("clock", &P::clock_hz, unit::hertz, required, above_up_to(0, 1e12),
                            "cycles per second");
}
template <class P>
RowOf<P> cycles_row() {
    return param<P, double>("cycles", &P::cycles, unit::number, 1.0, above_up_to(0, 1e6),
                            "cycles of an instruction");
}
template <class P>
RowOf<P> backup_energy_row(const char* text) {
    return param<P, double>("backup_energy", &P::backup_j, unit::joule, required, range(0, 1),
                            text);
}
template <class P>
RowOf<P> backup_cycles_row() {
    return param<P, double>("backup_cycles", &P::backup_cycles, unit::number, required,
                            above_up_to(0, 1e9), "cycles that a backup lasts");
}
template <class P>
RowOf<P> restore_energy_row() {
    return param<P, double>("restore_energy", &P::restore_j, unit::joule, required, range(0, 1),
                            "of the restore at each boot, all that is drawn meanwhile");
}
template <class P>
RowOf<P> restore_cycles_row() {
    return param<P, double>("restore_cycles", &P::restore_cycles, unit::number, required,
                            above_up_to(0, 1e9), "cycles that a restore lasts");
}

}  // namespace ebb
