// SPDX-License-Identifier: Apache-2.0
#include "models/converter/converter_module.hpp"

namespace ebb {

ConverterModule::ConverterModule(sc_core::sc_module_name name,
                                 std::shared_ptr<const Converter> converter)
    : sc_module(name), source("source"), converter_(std::move(converter)) {}

void ConverterModule::end_of_elaboration() {
    const Source& from = source->source();
    const SupplyShape shape = converter_->couple(from.model->shape());
    if (from.series) {
        supply_.emplace(shape, from.series, from.start_ns, from.scale, from.at_end);
    } else {
        supply_.emplace(Supply::constant(shape, from.model->constant().value() * from.scale));
    }
}

}  // namespace ebb
