// SPDX-License-Identifier: Apache-2.0
/// The part of a plan that looks its axes, repeats and conditions up in the sample.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "sim/formula/names.hpp"
#include "sim/scenario/scalar_reader.hpp"
#include "sim/sweep/e_series.hpp"
#include "sim/sweep/sweep_plan.hpp"

namespace ebb {

void SweepPlan::bind_axes() {
    std::set<std::string> seen;
    for (Axis& axis : axes_) {
        const std::string& path = axis.spec.path;
        if (!seen.insert(path).second) {
            continue;  // an axis twice, which was told
        }
        const Row* row = sample_->row(path);
        axis.column = path;
        if (row == nullptr && axis.broken) {
            axis.column.clear();  // a mistake that was told; nothing more is known
            doubtful_.push_back(path);
            continue;
        }
        axis.number =
            row != nullptr && (row->kind == RowKind::quantity || row->kind == RowKind::integer);
        if (axis.number) {
            axis.integer = row->kind == RowKind::integer;
            axis.dimension = axis.integer ? Dimension::number : row->dimension;
            axis.unit = si_unit(axis.dimension);
            axis.column += unit_suffix(axis.dimension);
            axis.plain = sample_->plain(path);
            if (axis.spec.sound) {
                bind_numbers(axis, *row);
            }
        } else if (axis.spec.kind != AxisSpec::Kind::values) {
            mistakes_.add(axis.spec.spot.place(),
                          fmt::format("'{}' takes no numbers, so it has no {}", path,
                                      axis.spec.kind == AxisSpec::Kind::range ? "range" : "series"),
                          "give its values as a list");
        } else {
            for (const DocNode& value : axis.spec.values) {
                axis.texts.push_back(flow_text(value));
            }
        }
    }
}

void SweepPlan::bind_numbers(Axis& axis, const Row& row) {
    const auto number = [&](const DocNode& node) -> std::optional<double> {
        if (node.kind != DocNode::Kind::scalar) {
            mistakes_.add(node.spot.place(), fmt::format("{} must be a single value, not {}",
                                                         axis.spec.path, node.kind_text()));
            return std::nullopt;
        }
        const ScalarResult read = read_scalar_text(row, node.text);
        if (!read.value) {
            mistakes_.add(node.spot.place(), fmt::format("{} {}", axis.spec.path, read.message),
                          read.hint, read.note);
            return std::nullopt;
        }
        const auto* whole = std::get_if<std::int64_t>(&*read.value);
        return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(*read.value);
    };
    if (axis.spec.kind == AxisSpec::Kind::values) {
        for (const DocNode& node : axis.spec.values) {
            axis.numbers.push_back(number(node).value_or(0.0));
        }
        return;
    }
    const auto from = number(axis.spec.from);
    const auto to = number(axis.spec.to);
    if (!from || !to) {
        return;
    }
    axis.from = *from;
    axis.to = *to;
    const bool positive = *from > 0.0 && *to > 0.0;
    if ((axis.spec.log || axis.spec.kind == AxisSpec::Kind::series) && !positive) {
        mistakes_.add((*from > 0.0 ? axis.spec.to : axis.spec.from).spot.place(),
                      fmt::format("{}: both ends of {} must be above zero", axis.spec.path,
                                  axis.spec.log ? "a logarithmic range" : "a series"));
        return;
    }
    if (axis.spec.kind == AxisSpec::Kind::series) {
        axis.numbers = e_values(axis.spec.series, std::min(*from, *to), std::max(*from, *to));
        if (axis.numbers.empty()) {
            mistakes_.add(axis.spec.from.spot.place(),
                          fmt::format("{}: no value of E{} lies between {} and {}", axis.spec.path,
                                      axis.spec.series, axis.spec.from.text, axis.spec.to.text));
        }
    } else if (axis.spec.count == 1 && *from != *to) {
        mistakes_.add(axis.spec.spot.place(),
                      fmt::format("{}: a range of one value has equal ends", axis.spec.path));
    }
}

/// Axes that walk together have values alike in number. What a broken one has is not known.
void SweepPlan::check_lengths() {
    for (std::size_t w = 0; w < spec_.wheels.size(); ++w) {
        const Wheel& wheel = spec_.wheels[w];
        if (wheel.kind != Wheel::Kind::walk || wheel.uneven) {
            continue;
        }
        const Axis* first = nullptr;
        for (std::size_t i = 0; i < wheel.axes.size(); ++i) {
            const Axis& axis = axes_[first_axis_[w] + i];
            const bool listed = axis.spec.kind == AxisSpec::Kind::values;
            if (!axis.spec.sound || (!listed && axis.size() == 0) ||
                (axis.broken && axis.spec.kind == AxisSpec::Kind::series)) {
                continue;
            }
            if (first != nullptr && axis.size() != first->size()) {
                mistakes_.add(
                    axis.spec.spot.place(),
                    fmt::format("the axes of a zip walk together, but '{}' has {} values "
                                "and '{}' has {}",
                                axis.spec.path, axis.size(), first->spec.path, first->size()));
            }
            first = &axis;
        }
    }
}

void SweepPlan::bind_repeats() {
    const RepeatSpec& repeats = spec_.repeats;
    const auto add = [this](Varied::Kind kind, const std::string& path, const Spot& spot,
                            std::uint32_t lane) -> Varied* {
        const Row* row = sample_->row(path);
        if (row == nullptr && may_mean(path, doubtful_)) {
            // The axis that would bring it is wrong, which was told; its path may be, too.
            check_path(path, spot);
            doubtful_.push_back("repeat." + path);
            return nullptr;
        }
        if (row == nullptr || (row->kind != RowKind::quantity && row->kind != RowKind::integer)) {
            mistakes_.add(spot.place(),
                          fmt::format("'{}' is no number of this scenario, so repeats cannot vary "
                                      "it",
                                      path),
                          "for example store.capacitance");
            doubtful_.push_back("repeat." + path);
            return nullptr;
        }
        Varied varied;
        varied.kind = kind;
        varied.path = path;
        const Dimension d = row->kind == RowKind::integer ? Dimension::number : row->dimension;
        varied.column = "repeat." + path + unit_suffix(d);
        varied.unit = si_unit(d);
        varied.lane = lane;
        for (std::size_t a = 0; a < axes_.size(); ++a) {
            if (axes_[a].spec.path == path) {
                varied.axis = a;
            }
        }
        varied_.push_back(std::move(varied));
        return &varied_.back();
    };
    if (repeats.starts != RepeatStarts::as_is) {
        const bool unsure = std::any_of(axes_.begin(), axes_.end(), [](const Axis& axis) {
            return axis.broken && axis.spec.path.rfind("source", 0) == 0;
        });
        if (!sample_->scenario().source.series && unsure) {
            doubtful_.push_back("repeat.source.start");
        } else if (!sample_->scenario().source.series) {
            mistakes_.add(repeats.spot.place(),
                          "repeats from other places of the trace need a trace: the source has "
                          "none");
        } else {
            add(Varied::Kind::start, "source.start", repeats.spot, 0);
        }
    }
    if (repeats.seeds) {
        add(Varied::Kind::seed, "seed", repeats.spot, 0);
        const std::string generated = "source.trace.generate.seed";
        if (sample_->row(generated) != nullptr) {
            add(Varied::Kind::seed, generated, repeats.spot, 0);
        }
    }
    std::uint32_t lane = 0;
    for (const PartTolerance& tolerance : repeats.tolerances) {
        if (Varied* varied = add(Varied::Kind::tolerance, tolerance.path, tolerance.spot, lane++)) {
            varied->tolerance = tolerance;
        }
    }
}

void SweepPlan::bind_conditions() {
    Vocabulary vocabulary;
    vocabulary.doubtful = doubtful_;
    vocabulary.any_name = !sample_;
    for (const Axis& axis : axes_) {
        vocabulary.names.push_back(axis.column);
        vocabulary.text.push_back(!axis.number);
        add_words(axis.texts, vocabulary.words);
    }
    for (const Axis& axis : axes_) {
        codes_.emplace_back();
        for (const std::string& text : axis.texts) {
            codes_.back().push_back(code_of(text, vocabulary.words));
        }
    }
    for (const ExpressionSpec& where : spec_.where) {
        try {
            conditions_.emplace_back(where, vocabulary);
        } catch (const InputError& error) {
            mistakes_.add(error, where.spot.place());
        }
    }
}

}  // namespace ebb
