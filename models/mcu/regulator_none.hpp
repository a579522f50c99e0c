// SPDX-License-Identifier: Apache-2.0
/// No regulator: a switch lets the device onto the store's terminal, which is the rail.
///
///   p(V) = P + I V + G V^2     [W]   for a load of power P, current I and current per volt G
///
/// Both regions are the same; there is no border between them.
///
/// With output_capacitor = C_out behind the switch, each boot shares the charge at the terminal, C
/// being the capacitance there:
///
///   V1 = V C/(C + C_out)                                                                    [V]
///   switch_loss = 1/2 C C_out/(C + C_out) V^2, whatever the switch's resistance              [J]
///
/// While the device is powered C + C_out is what it runs on. When power fails at V2 the switch
/// opens; 1/2 C_out V2^2 is lost and goes to boot, which it served: the next one finds C_out empty.
/// Not modelled: the switch's resistance while it conducts, how long the sharing takes, a store
/// whose terminal lies behind a resistance (refused: the terminal would start at 0 V), what
/// charging leaves in ceramics with a bias (refused).
#pragma once

#include <vector>

#include "models/mcu/regulator.hpp"

namespace ebb {

struct NoRegulatorParams {
    double output_f = 0.0;
};

class NoRegulator : public Regulator {
public:
    explicit NoRegulator(const NoRegulatorParams& params = {}) : params_(params) {}
    void draw(const std::vector<RailLoad>& rail, bool powered, Draw& regulated,
              Draw& drop_out) const override;
    [[nodiscard]] double drop_out_below_v() const noexcept override { return 0.0; }
    [[nodiscard]] OutputCapacitor output_capacitor() const noexcept override {
        return {params_.output_f, 0.0, 0.0, true};
    }

private:
    NoRegulatorParams params_;
};

}  // namespace ebb
