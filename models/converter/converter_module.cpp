// SPDX-License-Identifier: Apache-2.0
#include "models/converter/converter_module.hpp"

#include "models/core/error.hpp"

#include <utility>
#include <vector>

namespace ebb {

ConverterModule::ConverterModule(sc_core::sc_module_name name,
                                 std::shared_ptr<const Converter> converter,
                                 std::int64_t duration_ns)
    : sc_module(name),
      source("source"),
      converter_(std::move(converter)),
      duration_ns_(duration_ns) {}

void ConverterModule::end_of_elaboration() {
    const Source& from = source->source();
    if (from.model->direct() != nullptr) {
        compile_direct(from);
        return;
    }
    if (from.model->operated()) {
        compile_operated(from);
        return;
    }
    const SupplyShape shape = converter_->couple(from.model->shape());
    if (from.series) {
        supply_.emplace(shape, from.series, from.start_ns, from.scale, from.at_end);
    } else {
        supply_.emplace(Supply::constant(shape, from.model->constant().value() * from.scale));
    }
}

/// The supply's value is the light: it says which sample is the largest.
void ConverterModule::compile_direct(const Source& from) {
    const std::optional<PathDiode> path = converter_->path();
    if (!path) {
        throw Defect("a source wired to the store behind a converter that takes none");
    }
    std::vector<double> samples;
    if (from.series) {
        samples.reserve(from.series->value.size());
        for (const double value : from.series->value) {
            samples.push_back(from.scale * value);
        }
    } else {
        samples.push_back(from.model->constant().value() * from.scale);
    }
    const double first = samples.front();
    const std::shared_ptr<const DirectCurve> curve(from.model, from.model->direct());
    const SupplyShape shape = direct_supply(curve, *path, std::move(samples));
    if (from.series) {
        supply_.emplace(shape, from.series, from.start_ns, from.scale, from.at_end);
    } else {
        supply_.emplace(Supply::constant(shape, first));
    }
}

void ConverterModule::compile_operated(const Source& from) {
    OperatingSpan span;
    span.series = from.series.get();
    span.constant = from.series ? 0.0 : from.model->constant().value();
    span.scale = from.scale;
    span.start_ns = from.start_ns;
    span.at_end = from.at_end;
    span.duration_ns = duration_ns_;
    OperatingSeries points = from.model->operate(span);
    const std::size_t count = points.voltage_v.size();
    if (count == 0 || points.current_a.size() != count ||
        (points.follows_trace && !from.series ? count != 1 : points.bound_ns.size() != count + 1)) {
        throw Defect("operating points need one bound more than there are of them");
    }
    const SupplyShape shape = converter_->couple_points(from.model->shape(), points);
    shortfall_ = converter_->shortfall(points);
    auto power = std::make_shared<Series>();
    power->quantity = Quantity::power_w;
    power->value.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        power->value.push_back(points.voltage_v[i] * points.current_a[i]);
    }
    if (points.follows_trace && !from.series) {
        supply_.emplace(Supply::constant(shape, power->value[0]));
        return;
    }
    power->bound_ns = std::move(points.bound_ns);
    if (points.follows_trace) {
        supply_.emplace(shape, power, from.start_ns, 1.0, from.at_end);
        return;
    }
    // Laid out over the run, unless the trace ends it earlier.
    const bool stops = from.at_end == AtEnd::stop && power->duration_ns() < duration_ns_;
    supply_.emplace(shape, power, 0, 1.0, stops ? AtEnd::stop : AtEnd::hold);
}

}  // namespace ebb
