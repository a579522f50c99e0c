// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/sweep_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/core/random_stream.hpp"
#include "sim/sweep/e_series.hpp"
#include "sim/sweep/sweep_columns.hpp"

namespace ebb {

namespace {

constexpr double kMostPoints = 1e12;

double between(const Axis& axis, double share) {
    const double from = axis.from;
    const double to = axis.to;
    double x =
        axis.spec.log ? from * std::exp(share * std::log(to / from)) : from + share * (to - from);
    x = std::clamp(round_significant(x), std::min(from, to), std::max(from, to));
    return axis.integer ? std::round(x) : x;
}

/// Entry `i` of an axis that has entries.
AxisValue entry_of(const Axis& axis, std::uint64_t i) {
    if (axis.spec.kind != AxisSpec::Kind::range) {
        const auto index = static_cast<std::size_t>(i);
        return {axis.number ? axis.numbers[index] : 0.0, index};
    }
    const auto last = static_cast<std::uint64_t>(axis.spec.count) - 1;
    if (i == 0 || i == last) {
        return {i == 0 ? axis.from : axis.to, static_cast<std::size_t>(i)};
    }
    return {between(axis, static_cast<double>(i) / static_cast<double>(last)),
            static_cast<std::size_t>(i)};
}

}  // namespace

std::uint64_t Axis::size() const {
    switch (spec.kind) {
        case AxisSpec::Kind::values:
            return spec.values.size();
        case AxisSpec::Kind::series:
            return numbers.size();
        case AxisSpec::Kind::range:
            return static_cast<std::uint64_t>(spec.count);
    }
    return 0;
}

std::string unit_suffix(Dimension d) {
    switch (d) {
        case Dimension::number:
        case Dimension::ratio:
            return "";
        case Dimension::time:
            return "_s";
        case Dimension::voltage:
            return "_v";
        case Dimension::current:
            return "_a";
        case Dimension::power:
            return "_w";
        case Dimension::resistance:
            return "_ohm";
        case Dimension::capacitance:
            return "_f";
        case Dimension::charge:
            return "_c";
        case Dimension::energy:
            return "_j";
        case Dimension::conductance:
            return "_siemens";
        case Dimension::area:
            return "_m2";
        case Dimension::irradiance:
            return "_w_per_m2";
        case Dimension::bytes:
            return "_bytes";
        case Dimension::frequency:
            return "_hz";
        case Dimension::capacitance_per_volt:
            return "_f_per_v";
    }
    throw Defect("a dimension without a suffix");
}

SweepPlan::SweepPlan(SweepSpec spec, const Registry& registry, ReadOptions options,
                     MistakeList found)
    : spec_(std::move(spec)),
      registry_(registry),
      options_(std::move(options)),
      mistakes_(std::move(found)) {
    for (const Wheel& wheel : spec_.wheels) {
        first_axis_.push_back(axes_.size());
        for (const AxisSpec& axis : wheel.axes) {
            axes_.emplace_back();
            axes_.back().spec = axis;
            axes_.back().broken = !axis.sound;
        }
    }
    find_sample();
    if (sample_) {
        bind_axes();
        bind_repeats();
    }
    check_words();
    bind_conditions();
    check_lengths();
    SweepColumns::check_derived(*this, mistakes_);
    mistakes_.throw_if_any();
    count_points();
}

SweepPlan::~SweepPlan() = default;

void SweepPlan::count_points() {
    double points = 1.0;
    for (std::size_t w = 0; w < spec_.wheels.size(); ++w) {
        const Wheel& wheel = spec_.wheels[w];
        std::uint64_t size = wheel.count;
        const bool saltelli = wheel.kind == Wheel::Kind::saltelli;
        sobol_.push_back(wheel.kind == Wheel::Kind::sobol || saltelli
                             ? std::make_unique<Sobol>((saltelli ? 2 : 1) * wheel.axes.size())
                             : nullptr);
        if (saltelli) {
            size *= wheel.axes.size() + 2;
        }
        if (wheel.kind == Wheel::Kind::walk && !wheel.axes.empty()) {
            size = axes_[first_axis_[w]].size();
        }
        wheel_sizes_.push_back(size);
        points *= static_cast<double>(size);
        points_ *= size;
    }
    if (points * static_cast<double>(repeats()) > kMostPoints) {
        throw InputError(fmt::format("{}: the sweep has {:.3g} runs; {:.0e} are the limit",
                                     spec_.file, points * static_cast<double>(repeats()),
                                     kMostPoints));
    }
}

std::vector<std::string> SweepPlan::tasks() const {
    std::vector<std::string> names;
    if (sample_ && sample_->scenario().workload.tasks) {
        for (const TaskParams& task : sample_->scenario().workload.tasks->tasks) {
            names.push_back(task.name);
        }
    }
    return names;
}

AxisValue SweepPlan::drawn(const Wheel& wheel, std::size_t wheel_index, const Axis& axis,
                           std::uint64_t entry, std::size_t lane) const {
    // Two blocks of samples must not draw the same numbers.
    const auto stream = static_cast<std::uint32_t>(first_axis_[wheel_index] + lane);
    double share = 0.0;
    switch (wheel.kind) {
        case Wheel::Kind::sobol:
            share = sobol_[wheel_index]->at(entry, lane);
            break;
        case Wheel::Kind::saltelli: {
            // A block: A, then A with one axis of B after the other, then B.
            const std::uint64_t size = wheel.axes.size() + 2;
            const std::uint64_t place = entry % size;
            const bool of_b = place == lane + 1 || place + 1 == size;
            share = sobol_[wheel_index]->at(entry / size, lane + (of_b ? wheel.axes.size() : 0));
            break;
        }
        case Wheel::Kind::latin:
            share = latin(entry, wheel.count, spec_.seed, stream);
            break;
        default:
            share = draw(spec_.seed, DrawFor::sample, entry, stream);
    }
    if (axis.size() == 0) {
        return {between(axis, share), 0};
    }
    const auto last = axis.size() - 1;
    return entry_of(
        axis, std::min(last, static_cast<std::uint64_t>(share * static_cast<double>(axis.size()))));
}

void SweepPlan::values_of(std::uint64_t point, std::vector<AxisValue>& out) const {
    out.resize(axes_.size());
    for (std::size_t w = spec_.wheels.size(); w-- > 0;) {
        const std::uint64_t entry = point % wheel_sizes_[w];
        point /= wheel_sizes_[w];
        const Wheel& wheel = spec_.wheels[w];
        for (std::size_t lane = 0; lane < wheel.axes.size(); ++lane) {
            const std::size_t a = first_axis_[w] + lane;
            out[a] = wheel.kind == Wheel::Kind::walk ? entry_of(axes_[a], entry)
                                                     : drawn(wheel, w, axes_[a], entry, lane);
        }
    }
}

bool SweepPlan::wanted(std::uint64_t point) const {
    if (conditions_.empty()) {
        return true;
    }
    std::vector<AxisValue> values;
    values_of(point, values);
    std::vector<double> numbers;
    for (std::size_t a = 0; a < axes_.size(); ++a) {
        numbers.push_back(axes_[a].number ? values[a].number : codes_[a][values[a].index]);
    }
    return std::all_of(conditions_.begin(), conditions_.end(), [&](const ColumnFormula& condition) {
        return condition.value(numbers).value_or(0.0) != 0.0;
    });
}

std::uint64_t SweepPlan::count_wanted(std::uint64_t first, std::uint64_t step) const {
    if (first >= points_) {
        return 0;
    }
    if (conditions_.empty()) {
        return (points_ - first - 1) / step + 1;
    }
    std::uint64_t count = 0;
    for (std::uint64_t point = first; point < points_; point += step) {
        count += wanted(point) ? 1 : 0;
    }
    return count;
}

Setting SweepPlan::setting(std::size_t axis, const AxisValue& value) const {
    const Axis& a = axes_[axis];
    Setting setting{a.spec.path, a.spec.spot, {}};
    if (a.spec.kind == AxisSpec::Kind::values) {
        setting.value = a.spec.values[value.index];
        return setting;
    }
    setting.value.kind = DocNode::Kind::scalar;
    setting.value.spot = a.spec.from.spot;
    setting.value.text = a.integer ? fmt::format("{:.0f}", value.number)
                                   : format_quantity(value.number, a.dimension);
    return setting;
}

std::string SweepPlan::signature() const {
    std::string text = spec_.sweep_text + "\n";
    for (const std::string& set : options_.sets) {
        text += set + "\n";
    }
    for (const Axis& axis : axes_) {
        text += axis.column + "\n";
    }
    for (const Varied& varied : varied_) {
        text += varied.column + "\n";
    }
    return text;
}

}  // namespace ebb
