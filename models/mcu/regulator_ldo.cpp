// SPDX-License-Identifier: Apache-2.0
#include "models/mcu/regulator_ldo.hpp"

#include <fmt/format.h>

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

void Ldo::draw_off(const std::vector<RailLoad>& rail, Draw& out) const {
    for (const RailLoad& load : rail) {
        out.add({load.sink, {load.power_w, load.current_a, load.current_per_volt_s}, {}});
    }
    out.add({Sink::quiescent, {0.0, params_.quiescent_off_a, 0.0}, {}});
}

void Ldo::draw_regulated(const std::vector<RailLoad>& rail, Draw& out) const {
    const double v = params_.output_v;
    const Terms before = out.total;
    double total_a = 0.0;
    for (const RailLoad& load : rail) {
        const double i = load.current_a + load.current_per_volt_s * v + load.power_w / v;
        out.add({load.sink, {v * i, 0.0, 0.0}, {}});
        total_a += i;
    }
    out.add({Sink::regulator_loss, {-v * total_a, total_a, 0.0}, {}});
    out.add({Sink::quiescent, {0.0, params_.quiescent_a, 0.0}, {}});
    // The shares' constant powers cancel. Left to rounding they would leave an ulp that takes the
    // store out of its cheap law, so the total is stated.
    out.total = before + Terms{0.0, total_a + params_.quiescent_a, 0.0};
}

void Ldo::draw_drop_out(const std::vector<RailLoad>& rail, Draw& out) const {
    const double d = params_.drop_out_v;
    const Terms before = out.total;
    double current_a = 0.0;
    double per_volt_s = 0.0;
    double power_w = 0.0;
    for (const RailLoad& load : rail) {
        const double i = load.current_a;
        const double g = load.current_per_volt_s;
        // (V - d)(i + g (V - d)) + P
        out.add({load.sink, {load.power_w - d * i + d * d * g, i - 2.0 * d * g, g}, {}});
        current_a += i;
        per_volt_s += g;
        power_w += load.power_w;
    }
    // d I with I = i + g (V - d) + P/(V - d); the last part is P V/(V - d) - P.
    const bool rational = d > 0.0 && power_w > 0.0;
    const Terms lost{d * current_a - d * d * per_volt_s - (rational ? power_w : 0.0),
                     d * per_volt_s, 0.0};
    out.add({Sink::regulator_loss, lost, rational ? RationalTerm{power_w, -d} : RationalTerm{}});
    out.add({Sink::quiescent, {0.0, params_.quiescent_a, 0.0}, {}});
    out.total = before + Terms{rational ? 0.0 : power_w,
                               current_a - d * per_volt_s + params_.quiescent_a, per_volt_s};
}

void Ldo::draw(const std::vector<RailLoad>& rail, bool powered, Draw& regulated,
               Draw& drop_out) const {
    if (!powered) {
        draw_off(rail, regulated);
        draw_off(rail, drop_out);
        return;
    }
    draw_regulated(rail, regulated);
    draw_drop_out(rail, drop_out);
}

namespace {

void check(const LdoParams& p, CheckContext& context) {
    const auto turn_off_v = context.number("mcu.turn_off");
    if (!turn_off_v) {
        return;
    }
    const std::string at = format_quantity(*turn_off_v, unit::volt);
    check_output_capacitor(p.output_f, p.output_v + p.drop_out_v, context);
    if (p.drop_out_v >= *turn_off_v) {
        context.mistake("drop_out", fmt::format("mcu.regulator.drop_out is {}, not below "
                                                "mcu.turn_off ({}): the rail would be at 0 V",
                                                format_quantity(p.drop_out_v, unit::volt), at));
    } else if (p.output_v + p.drop_out_v > *turn_off_v) {
        context.note(fmt::format(
            "the rail of {} sags before the device loses power: mcu.turn_off is {}, and the "
            "regulator needs {}",
            format_quantity(p.output_v, unit::volt), at,
            format_quantity(p.output_v + p.drop_out_v, unit::volt)));
    }
}

}  // namespace

void register_mcu_regulator_ldo(Registry& registry) {
    const ParamTable<LdoParams> table = {
        param("output", &LdoParams::output_v, unit::volt, required, above_up_to(0, 100),
              "voltage of the rail in regulation"),
        param("quiescent", &LdoParams::quiescent_a, unit::ampere, required, range(0, 1),
              "the regulator's own current while the device is powered"),
        param("quiescent_off", &LdoParams::quiescent_off_a, unit::ampere, required, range(0, 1),
              "its current while the device is unpowered"),
        param("drop_out", &LdoParams::drop_out_v, unit::volt, 0.0, range(0, 10),
              "the rail is at most the store's voltage less this"),
        param("output_capacitor", &LdoParams::output_f, unit::farad, 0.0, range(0, 1),
              "capacitor at the rail, charged from the store at each boot"),
        param("output_discharge", &LdoParams::discharge_s, unit::second, 0.0, range(0, 3600),
              "time constant with which it empties while the device is unpowered; 0 s: at once"),
    };
    registry.add<Regulator>(
        {"regulator", "ldo", "a linear regulator: constant rail, current in equals current out",
         "below output + drop_out the rail follows the store"},
        table, [](const LdoParams& p) { return std::make_shared<Ldo>(p); }, check);
}

}  // namespace ebb
