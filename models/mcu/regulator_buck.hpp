// SPDX-License-Identifier: Apache-2.0
/// A step-down converter between the store and the rail, with an efficiency eta: one number, or a
/// table over the output current.
///
///   V >= output     rail = output;  P_rail = output i + g output^2 + P,  power at the store
///                   P_rail/eta, whatever V is                                               [W]
///   V < output      pass-through: rail = V (no drop);  power at the store
///                   (P + i V + g V^2)/eta                                                   [W]
///   quiescent       V Iq on top, in both regions; quiescent_off alone while unpowered       [W]
///
/// A table gives each phase the eta of its output current, I_out = i + g output + P/output,
/// straight in ln I_out between its points and the nearest outside; in pass-through that eta stays.
///
/// With output_capacitor = C_out, each boot takes 1/2 C_out output^2/eta [J] from the store at once
/// (OutputCapacitor), so that a capacitor falls to V1 = sqrt(V^2 - (C_out/C) output^2/eta); eta of
/// the largest current in a table, since a start runs at the converter's limit. 1/2 C_out output^2
/// of it goes to boot, the rest to regulator_loss. With output_discharge it takes what faded away
/// while there was no power.
///
/// for loads of current i, current per volt g and constant power P. The rail's energy goes to each
/// load's sink, (1/eta - 1) P_rail to regulator_loss, V Iq to quiescent.
/// Power is continuous at the border, V = output, because eta stays a factor in pass-through; a
/// real converter that closes its switch there loses less. Loads of an unpowered device
/// (mcu.off_current) hang on the store before the regulator.
/// Not modelled: an efficiency that depends on the store's voltage, a drop in pass-through
/// (inductor and switch resistance), a rail that sags with its capacitor (refused), ripple, the
/// time of a start, transients.
#pragma once

#include "models/core/log_table.hpp"
#include "models/mcu/regulator.hpp"

#include <optional>
#include <vector>

namespace ebb {

struct BuckPoint {
    double output_a = 0.0;
    double efficiency = 0.0;
};

struct BuckParams {
    double output_v = 0.0;
    std::optional<double> efficiency;
    double quiescent_a = 0.0;
    double quiescent_off_a = 0.0;
    std::vector<BuckPoint> over_current = {};
    double output_f = 0.0;
    double discharge_s = 0.0;
};

class Buck : public Regulator {
public:
    explicit Buck(const BuckParams& params);
    void draw(const std::vector<RailLoad>& rail, bool powered, Draw& regulated,
              Draw& drop_out) const override;
    [[nodiscard]] double drop_out_below_v() const noexcept override { return params_.output_v; }

    [[nodiscard]] OutputCapacitor output_capacitor() const noexcept override;

    [[nodiscard]] double efficiency(double output_a) const noexcept;

private:
    BuckParams params_;
    LogTable table_;
};

}  // namespace ebb
