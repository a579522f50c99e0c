// SPDX-License-Identifier: Apache-2.0
/// The part of a plan that finds a scenario of the sweep which can be read: what is wrong in every
/// point shows here, before anything runs. An axis that is wrong is told and left out, so that the
/// others can be looked at as well.
#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

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

using Spots = std::set<std::pair<int, int>>;

void add_spots(const DocNode& node, Spots& spots) {
    spots.insert({node.spot.line, node.spot.place().column});
    for (const DocNode& item : node.items) {
        add_spots(item, spots);
    }
    for (const DocEntry& entry : node.entries) {
        spots.insert({entry.spot.line, entry.spot.place().column});
        add_spots(entry.value, spots);
    }
}

bool is_at(const Mistake& m, const Spot& spot, const Spots& spots) {
    return spot.source && m.place.file == spot.source->name &&
           spots.count({m.place.line, m.place.column}) > 0;
}

/// A mistake of a path is at that of its parts which is wrong.
bool is_in_path(const Mistake& m, const Spot& spot, const std::string& path) {
    const Place own = spot.place();
    return spot.source && m.place.file == own.file && m.place.line == own.line &&
           m.place.column >= own.column &&
           m.place.column <= own.column + static_cast<int>(path.size());
}

bool is_in_axis(const Mistake& m, const AxisSpec& axis) {
    Spots spots;
    for (const DocNode& value : axis.values) {
        add_spots(value, spots);
    }
    add_spots(axis.from, spots);
    add_spots(axis.to, spots);
    return is_in_path(m, axis.spot, axis.path) || is_at(m, axis.spot, spots);
}

}  // namespace

/// Attempt 0 is the first value of every axis; later ones go through the values of all axes.
std::vector<Setting> SweepPlan::probe(std::size_t attempt) const {
    std::vector<Setting> settings;
    std::size_t stride = 1;
    for (const Axis& axis : axes_) {
        if (axis.broken) {
            continue;
        }
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

/// Fills `wrong` if no combination can be read: with what is wrong in all of them, else in the
/// first.
bool SweepPlan::read_sample(std::vector<Mistake>& wrong) {
    std::vector<Mistake> first;
    for (std::size_t attempt = 0; attempt < kMostAttempts; ++attempt) {
        std::vector<Setting> settings = probe(attempt);
        try {
            sample_ =
                std::make_unique<ScenarioTemplate>(spec_.scenario, registry_, options_, settings);
            sample_settings_ = std::move(settings);
            return true;
        } catch (const InputError& error) {
            if (attempt == 0) {
                first = wrong = error.mistakes();
            }
            keep_common(wrong, error.mistakes());
        }
        if (settings.empty()) {
            break;
        }
    }
    if (wrong.empty()) {
        wrong = first;
    }
    return false;
}

/// Does it speak of a key that a broken axis would have set?
bool SweepPlan::blames_a_gap(const Mistake& mistake) const {
    return std::any_of(axes_.begin(), axes_.end(), [&](const Axis& axis) {
        const std::string& path = axis.spec.path;
        return axis.broken &&
               mistake.message.find(path.substr(path.rfind('.') + 1)) != std::string::npos;
    });
}

void SweepPlan::find_sample() {
    for (bool fewer = true; fewer;) {
        std::vector<Mistake> wrong;
        if (read_sample(wrong)) {
            return;
        }
        std::vector<Axis*> blamed;
        for (const Mistake& m : wrong) {
            const auto axis = std::find_if(axes_.begin(), axes_.end(), [&](const Axis& a) {
                return !a.broken && is_in_axis(m, a.spec);
            });
            if (axis != axes_.end()) {
                blamed.push_back(&*axis);
            }
            if (axis != axes_.end() || !blames_a_gap(m)) {
                mistakes_.add(m.place, m.message, m.hint, m.note);
            }
        }
        for (Axis* axis : blamed) {
            axis->broken = true;
        }
        fewer = !blamed.empty();
    }
    sample_settings_ = probe(0);
}

/// A name that does not exist and a key that nothing knows are wrong whatever else a point says;
/// what does not fit together fails alone.
void SweepPlan::check_words() {
    std::size_t read = 0;
    for (const Axis& axis : axes_) {
        if (!axis.spec.sound) {
            check_path(axis.spec.path, axis.spec.spot);
            continue;
        }
        if (axis.number) {
            continue;  // bind_numbers() has told
        }
        std::vector<const DocNode*> values;
        for (const DocNode& value : axis.spec.values) {
            values.push_back(&value);
        }
        if (!sample_ && axis.spec.kind != AxisSpec::Kind::values) {
            values = {&axis.spec.from, &axis.spec.to};
        }
        for (const DocNode* value : values) {
            if (++read > kMostWords) {
                return;
            }
            check_value(axis, *value);
        }
    }
}

void SweepPlan::check_value(const Axis& axis, const DocNode& value) {
    std::vector<Setting> settings = sample_settings_;
    const auto own = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& s) { return s.path == axis.spec.path; });
    if (own != settings.end()) {
        own->value = value;
    } else {
        settings.push_back({axis.spec.path, axis.spec.spot, value});
    }
    Spots spots;
    add_spots(value, spots);
    for (const Mistake& m :
         ScenarioTemplate::mistakes_of_form(spec_.scenario, registry_, options_, settings)) {
        if (is_at(m, value.spot, spots)) {
            mistakes_.add(m.place, m.message, m.hint, m.note);
        }
    }
}

/// Is there such a key at all? For paths whose values are not known.
void SweepPlan::check_path(const std::string& path, const Spot& spot) {
    std::vector<Setting> settings = sample_settings_;
    DocNode any;
    any.kind = DocNode::Kind::scalar;
    any.text = "0";
    any.spot = spot;
    settings.push_back({path, spot, any});
    for (const Mistake& m :
         ScenarioTemplate::mistakes_of_form(spec_.scenario, registry_, options_, settings)) {
        constexpr std::string_view kUnknown = "unknown key";
        if (is_in_path(m, spot, path) && m.message.compare(0, kUnknown.size(), kUnknown) == 0) {
            mistakes_.add(m.place, m.message, m.hint, m.note);
        }
    }
}

}  // namespace ebb
