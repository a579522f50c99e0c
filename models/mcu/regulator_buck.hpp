// SPDX-License-Identifier: Apache-2.0
/// A step-down converter between the store and the rail, with a fixed efficiency eta.
///
///   V >= output     rail = output;  P_rail = output i + g output^2 + P,  power at the store
///                   P_rail/eta, whatever V is                                               [W]
///   V < output      pass-through: rail = V (no drop);  power at the store
///                   (P + i V + g V^2)/eta                                                   [W]
///   quiescent       V Iq on top, in both regions; quiescent_off alone while unpowered       [W]
///
/// for loads of current i, current per volt g and constant power P. The rail's energy goes to each
/// load's sink, (1/eta - 1) P_rail to regulator_loss, V Iq to quiescent.
/// Power is continuous at the border, V = output, because eta stays a factor in pass-through; a
/// real converter that closes its switch there loses less. Loads of an unpowered device
/// (mcu.off_current) hang on the store before the regulator.
/// Not modelled: an efficiency that depends on load or voltage, a drop in pass-through (inductor
/// and switch resistance), ripple, the charging of the output capacitor, start-up and transients.
#pragma once

#include "models/mcu/regulator.hpp"

#include <vector>

namespace ebb {

struct BuckParams {
    double output_v = 0.0;
    double efficiency = 1.0;
    double quiescent_a = 0.0;
    double quiescent_off_a = 0.0;
};

class Buck : public Regulator {
public:
    explicit Buck(const BuckParams& params) : params_(params) {}
    void draw(const std::vector<RailLoad>& rail, bool powered, Draw& regulated,
              Draw& drop_out) const override;
    [[nodiscard]] double drop_out_below_v() const noexcept override { return params_.output_v; }

private:
    BuckParams params_;
};

}  // namespace ebb
