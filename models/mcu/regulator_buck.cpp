// SPDX-License-Identifier: Apache-2.0
#include "models/mcu/regulator_buck.hpp"

#include "models/core/component.hpp"

#include <fmt/format.h>

#include <memory>

namespace ebb {

namespace {

Terms from_store(const RailLoad& load) {
    return {load.power_w, load.current_a, load.current_per_volt_s};
}

/// The load at a rail that is held: a constant power.
Terms from_held_rail(const RailLoad& load, double rail_v) {
    return {from_store(load).power_at(rail_v), 0.0, 0.0};
}

}  // namespace

void Buck::draw(const std::vector<RailLoad>& rail, bool powered, Draw& regulated,
                Draw& drop_out) const {
    const Share quiescent{
        Sink::quiescent, {0.0, powered ? params_.quiescent_a : params_.quiescent_off_a, 0.0}, {}};
    Terms held;
    Terms passed;
    for (const RailLoad& load : rail) {
        const Terms through = from_store(load);
        const Terms at_rail = powered ? from_held_rail(load, params_.output_v) : through;
        regulated.add({load.sink, at_rail, {}});
        drop_out.add({load.sink, through, {}});
        held = held + at_rail;
        passed = passed + through;
    }
    if (powered) {
        const double lost = (1.0 - params_.efficiency) / params_.efficiency;
        regulated.add({Sink::regulator_loss, lost * held, {}});
        drop_out.add({Sink::regulator_loss, lost * passed, {}});
    }
    regulated.add(quiescent);
    drop_out.add(quiescent);
}

namespace {

void check(const BuckParams& p, CheckContext& context) {
    const auto turn_off_v = context.number("mcu.turn_off");
    if (turn_off_v && p.output_v > *turn_off_v) {
        context.note(fmt::format(
            "the rail of {} sags before the device loses power: mcu.turn_off is {}, "
            "and below its output the regulator passes the store's voltage through",
            format_quantity(p.output_v, unit::volt), format_quantity(*turn_off_v, unit::volt)));
    }
}

}  // namespace

void register_mcu_regulator_buck(Registry& registry) {
    const ParamTable<BuckParams> table = {
        param("output", &BuckParams::output_v, unit::volt, required, above_up_to(0, 100),
              "voltage of the rail in regulation"),
        param("efficiency", &BuckParams::efficiency, unit::ratio, required, above_up_to(0, 1),
              "power at the rail over power from the store, without the quiescent current"),
        param("quiescent", &BuckParams::quiescent_a, unit::ampere, required, range(0, 1),
              "the regulator's own current from the store while the device is powered"),
        param("quiescent_off", &BuckParams::quiescent_off_a, unit::ampere, required, range(0, 1),
              "its current while the device is unpowered"),
    };
    registry.add<Regulator>(
        {"regulator", "buck",
         "a step-down converter: constant rail, power in times efficiency is power out",
         "below output the rail follows the store, at the same efficiency"},
        table, [](const BuckParams& p) { return std::make_shared<Buck>(p); }, check);
}

}  // namespace ebb
