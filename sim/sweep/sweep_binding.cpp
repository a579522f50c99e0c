// SPDX-License-Identifier: Apache-2.0
/// The part of a plan that looks its axes up in the scenario: what is wrong in every point shows
/// here, before anything runs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "sim/scenario/scalar_reader.hpp"
#include "sim/sweep/e_series.hpp"
#include "sim/sweep/sweep_plan.hpp"

namespace ebb {

namespace {

/// So many combinations are tried before a sweep counts as wrong in every point.
constexpr std::size_t kMostAttempts = 64;
/// Words and blocks are read one by one up to this number.
constexpr std::size_t kMostWords = 500;

bool same(const Mistake& a, const Mistake& b) {
    return a.message == b.message && a.place.file == b.place.file && a.place.line == b.place.line &&
           a.place.column == b.place.column;
}

void keep_common(std::vector<Mistake>& common, const std::vector<Mistake>& more) {
    common.erase(std::remove_if(common.begin(), common.end(),
                                [&](const Mistake& m) {
                                    return std::none_of(
                                        more.begin(), more.end(),
                                        [&](const Mistake& other) { return same(m, other); });
                                }),
                 common.end());
}

void add_spots(const DocNode& node, std::set<std::pair<int, int>>& spots) {
    spots.insert({node.spot.line, node.spot.place().column});
    for (const DocNode& item : node.items) {
        add_spots(item, spots);
    }
    for (const DocEntry& entry : node.entries) {
        spots.insert({entry.spot.line, entry.spot.place().column});
        add_spots(entry.value, spots);
    }
}

}  // namespace

/// Attempt 0 is the first value of every axis; later ones go through the values of all axes.
std::vector<Setting> SweepPlan::probe(std::size_t attempt) const {
    std::vector<Setting> settings;
    std::size_t stride = 1;
    for (const Axis& axis : axes_) {
        Setting setting{axis.spec.path, axis.spec.spot, {}};
        if (axis.spec.kind == AxisSpec::Kind::values) {
            const std::size_t count = axis.spec.values.size();
            setting.value = axis.spec.values[(attempt / stride) % count];
            stride = stride * count > kMostAttempts ? 1 : stride * count;
        } else {
            setting.value = (attempt / stride) % 2 == 0 ? axis.spec.from : axis.spec.to;
            stride = stride * 2 > kMostAttempts ? 1 : stride * 2;
        }
        settings.push_back(std::move(setting));
    }
    return settings;
}

void SweepPlan::find_sample() {
    std::vector<Mistake> common, first;
    for (std::size_t attempt = 0; attempt < kMostAttempts; ++attempt) {
        std::vector<Setting> settings = probe(attempt);
        try {
            sample_ =
                std::make_unique<ScenarioTemplate>(spec_.scenario, registry_, options_, settings);
            sample_settings_ = std::move(settings);
            return;
        } catch (const InputError& error) {
            if (attempt == 0) {
                first = common = error.mistakes();
            }
            keep_common(common, error.mistakes());
        }
        if (axes_.empty()) {
            break;
        }
    }
    for (const Mistake& m : common.empty() ? first : common) {
        mistakes_.add(m.place, m.message, m.hint, m.note);
    }
    sample_settings_ = probe(0);
    check_words();
    mistakes_.throw_if_any();
}

void SweepPlan::bind_axes() {
    for (Axis& axis : axes_) {
        const std::string& path = axis.spec.path;
        const Row* row = sample_->row(path);
        axis.column = path;
        axis.number =
            row != nullptr && (row->kind == RowKind::quantity || row->kind == RowKind::integer);
        if (axis.number) {
            axis.integer = row->kind == RowKind::integer;
            axis.dimension = axis.integer ? Dimension::number : row->dimension;
            axis.unit = si_unit(axis.dimension);
            axis.column += unit_suffix(axis.dimension);
            axis.plain = sample_->plain(path);
            bind_numbers(axis, *row);
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

/// A name that does not exist and a key that nothing knows are wrong whatever else a point says;
/// what does not fit together fails alone.
void SweepPlan::check_words() {
    std::size_t read = 0;
    for (std::size_t a = 0; a < axes_.size(); ++a) {
        const Axis& axis = axes_[a];
        if (axis.number || axis.spec.kind != AxisSpec::Kind::values) {
            continue;
        }
        for (const DocNode& value : axis.spec.values) {
            if (++read > kMostWords) {
                return;
            }
            std::vector<Setting> settings = sample_settings_;
            settings[a].value = value;
            std::set<std::pair<int, int>> spots;
            add_spots(value, spots);
            for (const Mistake& m : ScenarioTemplate::mistakes_of_form(spec_.scenario, registry_,
                                                                       options_, settings)) {
                const bool here = value.spot.source && m.place.file == value.spot.source->name &&
                                  spots.count({m.place.line, m.place.column}) > 0;
                if (here) {
                    mistakes_.add(m.place, m.message, m.hint, m.note);
                }
            }
        }
    }
}

void SweepPlan::bind_repeats() {
    const RepeatSpec& repeats = spec_.repeats;
    const auto add = [this](Varied::Kind kind, const std::string& path, const Spot& spot,
                            std::uint32_t lane) -> Varied* {
        const Row* row = sample_->row(path);
        if (row == nullptr || (row->kind != RowKind::quantity && row->kind != RowKind::integer)) {
            mistakes_.add(spot.place(),
                          fmt::format("'{}' is no number of this scenario, so repeats cannot vary "
                                      "it",
                                      path),
                          "for example store.capacitance");
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
        if (!sample_->scenario().source.series) {
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
