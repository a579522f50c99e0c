// SPDX-License-Identifier: Apache-2.0
#include "models/mcu/regulator_buck.hpp"

#include "models/core/component.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

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

Buck::Buck(const BuckParams& params) : params_(params) {
    std::vector<double> current;
    std::vector<double> eta;
    for (const BuckPoint& point : params.over_current) {
        current.push_back(point.output_a);
        eta.push_back(point.efficiency);
    }
    if (!current.empty()) {
        table_ = LogTable(current, std::move(eta));
    }
}

double Buck::efficiency(double output_a) const noexcept {
    return table_.empty() ? params_.efficiency.value_or(1.0) : table_.at(output_a);
}

OutputCapacitor Buck::output_capacitor() const noexcept {
    const double most_a = params_.over_current.empty() ? 0.0 : params_.over_current.back().output_a;
    return {params_.output_f, params_.output_v, efficiency(most_a), false, params_.discharge_s};
}

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
        const double eta = efficiency(held.a_w / params_.output_v);
        const double lost = (1.0 - eta) / eta;
        regulated.add({Sink::regulator_loss, lost * held, {}});
        drop_out.add({Sink::regulator_loss, lost * passed, {}});
    }
    regulated.add(quiescent);
    drop_out.add(quiescent);
}

namespace {

void check_efficiency(const BuckParams& p, CheckContext& context) {
    const bool table = !p.over_current.empty();
    if (p.efficiency.has_value() == table) {
        context.mistake(table ? "efficiency" : "type",
                        table ? "the regulator has efficiency and efficiency_over_current"
                              : "regulator buck needs efficiency, or efficiency_over_current",
                        table ? "give one of the two" : "for example efficiency: 85 %");
    }
    for (std::size_t i = 1; i < p.over_current.size(); ++i) {
        if (!(p.over_current[i].output_a > p.over_current[i - 1].output_a)) {
            context.mistake("efficiency_over_current",
                            fmt::format("the current {} does not lie above the one before",
                                        format_quantity(p.over_current[i].output_a, unit::ampere)),
                            "expected increasing currents");
        }
    }
}

void check(const BuckParams& p, CheckContext& context) {
    check_efficiency(p, context);
    check_output_capacitor(p.output_f, p.output_v, context);
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
    const ParamTable<BuckPoint> point = {
        param("current", &BuckPoint::output_a, unit::ampere, required, above_up_to(0, 100),
              "output current"),
        param("value", &BuckPoint::efficiency, unit::ratio, required, above_up_to(0, 1),
              "power at the rail over power from the store"),
    };
    const ParamTable<BuckParams> table = {
        param("output", &BuckParams::output_v, unit::volt, required, above_up_to(0, 100),
              "voltage of the rail in regulation"),
        param("efficiency", &BuckParams::efficiency, unit::ratio, optional, above_up_to(0, 1),
              "power at the rail over power from the store, without the quiescent current"),
        list("efficiency_over_current", &BuckParams::over_current, point, optional, 1, 1000,
             "efficiency over the output current, instead; straight in ln(current) between the "
             "points"),
        param("quiescent", &BuckParams::quiescent_a, unit::ampere, required, range(0, 1),
              "the regulator's own current from the store while the device is powered"),
        param("quiescent_off", &BuckParams::quiescent_off_a, unit::ampere, required, range(0, 1),
              "its current while the device is unpowered"),
        param("output_capacitor", &BuckParams::output_f, unit::farad, 0.0, range(0, 1),
              "capacitor at the rail, charged from the store at each boot"),
        param("output_discharge", &BuckParams::discharge_s, unit::second, 0.0, range(0, 3600),
              "time constant with which it empties while the device is unpowered; 0 s: at once"),
    };
    registry.add<Regulator>(
        {"regulator", "buck",
         "a step-down converter: constant rail, power in times efficiency is power out",
         "below output the rail follows the store, at the same efficiency"},
        table, [](const BuckParams& p) { return std::make_shared<Buck>(p); }, check);
}

}  // namespace ebb
