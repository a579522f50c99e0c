// SPDX-License-Identifier: Apache-2.0
#include "models/converter/none.hpp"

#include <memory>

#include "models/core/component.hpp"
#include "models/core/error.hpp"

namespace ebb {

SupplyShape NoConverter::couple(const SourceShape& source) const {
    if (source.held_input) {
        throw InputError(
            "converter none cannot hold a source at an operating point: the store's voltage would "
            "be the source's; expected a converter that holds its input, such as efficiency, or "
            "operate: direct");
    }
    SupplyShape shape;
    shape.factor = source.factor;
    shape.exponent = source.exponent;
    shape.resistance_ohm = source.resistance_ohm;
    switch (source.kind) {
        case SourceKind::power:
            shape.tag = SupplyTag::power;
            break;
        case SourceKind::current:
            shape.tag = SupplyTag::current;
            break;
        case SourceKind::thevenin:
            shape.tag = SupplyTag::thevenin;
            shape.drop_v = source.drop_v;
            shape.diode = source.rectified;
            break;
        case SourceKind::curve:
            shape.tag = SupplyTag::cells;  // they follow with the samples
            break;
    }
    return shape;
}

void register_converter_none(Registry& registry) {
    registry.add<Converter>({"converter", "none", "the source is wired straight to the store",
                             "a thevenin source takes energy back when the store is above it"},
                            ParamTable<NoParams>{},
                            [](const NoParams&) { return std::make_shared<NoConverter>(); });
}

}  // namespace ebb
