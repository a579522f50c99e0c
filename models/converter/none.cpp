// SPDX-License-Identifier: Apache-2.0
#include "models/converter/none.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

SupplyShape NoConverter::couple(const SourceShape& source) const {
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
