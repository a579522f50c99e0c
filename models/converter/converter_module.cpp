// SPDX-License-Identifier: Apache-2.0
#include "models/converter/converter_module.hpp"

#include "models/core/error.hpp"
#include "models/core/merged_supply.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace ebb {

namespace {

/// The supply's value is the largest power of a sample's curve: a position among curves says
/// nothing of how much they give.
Supply compile_surface(const Source& from, const PathDiode& path,
                       const std::shared_ptr<const DirectCurve>& curve) {
    const Series& positions = *from.series;
    auto most = std::make_shared<Series>();
    most->quantity = Quantity::power_w;
    most->bound_ns = positions.bound_ns;
    std::vector<double> samples(positions.value.begin(), positions.value.end());
    most->value.reserve(samples.size());
    for (const double x : samples) {
        most->value.push_back(curve->most_w(x));
    }
    return {direct_supply(curve, path, std::move(samples)), most, from.start_ns, 1.0, from.at_end};
}

/// The supply's value is the light: it says which sample is the largest.
Supply compile_direct(const Source& from, const Converter& converter) {
    const std::optional<PathDiode> path = converter.path();
    if (!path) {
        throw Defect("a source wired to the store behind a converter that takes none");
    }
    std::vector<double> samples;
    if (const auto curve = from.series ? from.model->direct()->over(*from.series, from.scale)
                                       : std::shared_ptr<const DirectCurve>()) {
        return compile_surface(from, *path, curve);
    }
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
        return {shape, from.series, from.start_ns, from.scale, from.at_end};
    }
    return Supply::constant(shape, first);
}

/// How long the run sees each point [ns]; of a trace that is looped, each as long as a pass does.
std::vector<double> lengths_of(const OperatingSeries& points, const OperatingSpan& span) {
    if (points.follows_trace && span.series == nullptr) {
        return {1.0};
    }
    const std::int64_t start = points.follows_trace ? span.start_ns : 0;
    const bool whole = points.follows_trace && span.at_end == AtEnd::loop &&
                       start > points.bound_ns.back() - span.duration_ns;
    std::vector<double> lengths;
    lengths.reserve(points.voltage_v.size());
    for (std::size_t i = 0; i < points.voltage_v.size(); ++i) {
        const std::int64_t begin = points.bound_ns[i];
        const std::int64_t end = points.bound_ns[i + 1];
        const std::int64_t seen =
            whole ? end - begin : std::min(end, start + span.duration_ns) - std::max(begin, start);
        lengths.push_back(static_cast<double>(std::max<std::int64_t>(seen, 0)));
    }
    return lengths;
}

}  // namespace

ConverterModule::ConverterModule(sc_core::sc_module_name name,
                                 std::shared_ptr<const Converter> converter,
                                 std::int64_t duration_ns, std::vector<Feed> more)
    : sc_module(name),
      source("source"),
      converter_(std::move(converter)),
      duration_ns_(duration_ns),
      more_(std::move(more)) {}

void ConverterModule::end_of_elaboration() {
    supply_.emplace(compile(source->source(), *converter_));
    if (more_.empty()) {
        return;
    }
    std::vector<Supply> parts = {std::move(*supply_)};
    for (const Feed& feed : more_) {
        parts.push_back(compile(feed.source, *feed.converter));
    }
    supply_.emplace(merge_supplies(std::move(parts), duration_ns_));
}

Supply ConverterModule::compile(const Source& from, const Converter& converter) {
    if (from.model->direct() != nullptr) {
        return compile_direct(from, converter);
    }
    if (const auto made = from.series ? from.model->remade(*from.series) : nullptr) {
        const SupplyShape shape = converter.couple(from.model->shape());
        return {shape, made, from.start_ns, from.scale, from.at_end};
    }
    if (from.model->operated()) {
        return compile_operated(from, converter);
    }
    const SupplyShape shape = converter.couple(from.model->shape());
    if (from.series) {
        return {shape, from.series, from.start_ns, from.scale, from.at_end};
    }
    return Supply::constant(shape, from.model->constant().value() * from.scale);
}

Supply ConverterModule::compile_operated(const Source& from, const Converter& converter) {
    OperatingSpan span;
    span.series = from.series.get();
    span.constant = from.series ? 0.0 : from.model->constant().value();
    span.scale = from.scale;
    span.start_ns = from.start_ns;
    span.at_end = from.at_end;
    span.duration_ns = duration_ns_;
    span.power_only = converter.wants_power_only();
    OperatingSeries points = from.model->operate(span);
    const bool powers = !points.power_w.empty();
    const std::size_t count = powers ? points.power_w.size() : points.voltage_v.size();
    if (count == 0 || (!powers && points.current_a.size() != count) ||
        (points.follows_trace && !from.series ? count != 1 : points.bound_ns.size() != count + 1)) {
        throw Defect("operating points need one bound more than there are of them");
    }
    const SupplyShape shape = converter.couple_points(from.model->shape(), points);
    if (!shortfall_) {
        shortfall_ = converter.shortfall(points);
    }
    if (!outside_table_) {
        outside_table_ = converter.outside_table(points, lengths_of(points, span));
    }
    auto power = std::make_shared<Series>();
    power->quantity = Quantity::power_w;
    if (!powers) {
        points.power_w.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            points.power_w[i] = points.voltage_v[i] * points.current_a[i];
        }
    }
    power->value = std::move(points.power_w);
    if (points.follows_trace && !from.series) {
        return Supply::constant(shape, power->value[0]);
    }
    power->bound_ns = std::move(points.bound_ns);
    if (points.follows_trace) {
        return {shape, power, from.start_ns, 1.0, from.at_end};
    }
    // Laid out over the run, unless the trace ends it earlier.
    const bool stops = from.at_end == AtEnd::stop && power->duration_ns() < duration_ns_;
    return {shape, power, 0, 1.0, stops ? AtEnd::stop : AtEnd::hold};
}

}  // namespace ebb
