// SPDX-License-Identifier: Apache-2.0
#include "models/converter/diode.hpp"

#include <memory>

#include "models/core/component.hpp"
#include "models/core/error.hpp"

namespace ebb {

SupplyShape Diode::couple(const SourceShape& source) const {
    if (source.held_input) {
        throw InputError(
            "converter diode cannot hold a source at an operating point: the store's voltage would "
            "be the source's; expected a converter that holds its input, such as efficiency");
    }
    SupplyShape shape;
    shape.factor = source.factor;
    shape.exponent = source.exponent;
    shape.resistance_ohm = source.resistance_ohm;
    shape.drop_v = params_.drop_v;
    switch (source.kind) {
        case SourceKind::power:
            // Without a drop it is the plain constant power, which has closed forms.
            shape.tag = params_.drop_v > 0.0 ? SupplyTag::diode_power : SupplyTag::power;
            break;
        case SourceKind::current:
            shape.tag = SupplyTag::current;
            break;
        case SourceKind::thevenin:
            shape.tag = SupplyTag::thevenin;
            shape.drop_v += source.drop_v;
            shape.diode = true;
            break;
    }
    return shape;
}

void register_converter_diode(Registry& registry) {
    const ParamTable<DiodeParams> table = {
        param("drop", &DiodeParams::drop_v, unit::volt, required, range(0, 10),
              "forward voltage; of a bridge, both diodes together"),
    };
    registry.add<Converter>({"converter", "diode", "a diode or bridge with a constant drop",
                             "no reverse current; the drop times the current is converter loss"},
                            table, [](const DiodeParams& p) { return std::make_shared<Diode>(p); });
}

}  // namespace ebb
