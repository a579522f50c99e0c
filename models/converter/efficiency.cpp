// SPDX-License-Identifier: Apache-2.0
#include "models/converter/efficiency.hpp"

#include <memory>

#include "models/core/component.hpp"
#include "models/core/error.hpp"

namespace ebb {

SupplyShape Efficiency::couple(const SourceShape& source) const {
    refuse_at_store(source, "efficiency");
    SupplyShape shape;
    shape.tag = SupplyTag::power;
    shape.efficiency = params_.value;
    switch (source.kind) {
        case SourceKind::power:
            shape.factor = source.factor * params_.value;
            shape.exponent = source.exponent;
            break;
        case SourceKind::thevenin:
            if (source.exponent != 1) {
                throw Defect("converter efficiency: a thevenin source squares its sample already");
            }
            if (source.drop_v > 0.0) {
                throw InputError(
                    "converter efficiency cannot follow a source with a rectifier of its own: half "
                    "the open-circuit voltage is not its maximum-power point; expected converter "
                    "none or diode");
            }
            // eta (f s)^2/(4 R): maximum power transfer, at half the open-circuit voltage.
            shape.factor =
                params_.value * source.factor * source.factor / (4.0 * source.resistance_ohm);
            shape.exponent = 2;
            break;
        case SourceKind::curve:
            throw InputError(
                "converter efficiency holds the source at an operating point, and operate: direct "
                "leaves it to the store; expected operate: mpp (or another rule), or converter "
                "none or "
                "diode");
        case SourceKind::current:
            throw InputError(
                "converter efficiency cannot follow a current source: the power of a current "
                "depends "
                "on an input voltage, and none is stated; with a current source converter none or "
                "diode is possible, and with efficiency a source of power, voltage_across, "
                "irradiance_efficiency, constant_power or thevenin");
    }
    return shape;
}

void register_converter_efficiency(Registry& registry) {
    const ParamTable<EfficiencyParams> table = {
        param("value", &EfficiencyParams::value, unit::ratio, required, above_up_to(0, 1),
              "power into the store over power from the source"),
    };
    registry.add<Converter>(
        {"converter", "efficiency", "a fixed share of the source's power reaches the store",
         "a = value P; a thevenin source is held at its maximum-power point"},
        table, [](const EfficiencyParams& p) { return std::make_shared<Efficiency>(p); });
}

}  // namespace ebb
