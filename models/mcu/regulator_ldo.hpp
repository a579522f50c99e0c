// SPDX-License-Identifier: Apache-2.0
/// A linear regulator between the store and the rail.
///
///   V >= output + drop_out   rail = output; every ampere of the rail is an ampere from the store:
///                            I = i + g output + P/output, power at the store V I
///   below (drop-out)         rail = V - drop_out;  I = i + g (V - drop_out) + P/(V - drop_out)
///   quiescent                V Iq on top, in both regions; quiescent_off alone while unpowered
///
/// With output_capacitor = C_out, each boot takes the charge C_out output from the store at once
/// (OutputCapacitor): 1/2 C_out output^2 of it to boot, the rest to regulator_loss       [J]. With
/// output_discharge it takes what faded away while there was no power.
///
/// The rail's energy goes to each load's sink, (V - rail) I to regulator_loss, V Iq to quiescent.
/// The border between the regions is continuous in power. Loads of an unpowered device
/// (mcu.off_current) hang on the store before the regulator.
/// Not modelled: a rail that sags with its capacitor (refused), transient response, quiescent
/// current that grows in drop-out or with the load, and terminal voltages below drop_out, where the
/// rail would be below 0 V.
#pragma once

#include <vector>

#include "models/mcu/regulator.hpp"

namespace ebb {

struct LdoParams {
    double output_v = 0.0;
    double quiescent_a = 0.0;
    double quiescent_off_a = 0.0;
    double drop_out_v = 0.0;
    double output_f = 0.0;
    double discharge_s = 0.0;
};

class Ldo : public Regulator {
public:
    explicit Ldo(const LdoParams& params) : params_(params) {}
    void draw(const std::vector<RailLoad>& rail, bool powered, Draw& regulated,
              Draw& drop_out) const override;
    [[nodiscard]] double drop_out_below_v() const noexcept override {
        return params_.output_v + params_.drop_out_v;
    }
    [[nodiscard]] OutputCapacitor output_capacitor() const noexcept override {
        return {params_.output_f, params_.output_v, 0.0, false, params_.discharge_s};
    }

private:
    void draw_off(const std::vector<RailLoad>& rail, Draw& out) const;
    void draw_regulated(const std::vector<RailLoad>& rail, Draw& out) const;
    void draw_drop_out(const std::vector<RailLoad>& rail, Draw& out) const;
    LdoParams params_;
};

}  // namespace ebb
