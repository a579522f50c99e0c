// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/point_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/core/random_stream.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

constexpr std::size_t kMostKept = 32;
constexpr double kSeeds = 2147483647.0;  ///< drawn seeds are 0 .. this

}  // namespace

/// A scenario that was read, and what has been set on it since.
struct PointReader::Kept {
    std::string key;
    std::unique_ptr<ScenarioTemplate> scenario;
    std::vector<std::optional<ScenarioTemplate::Slot>> axis_slots, varied_slots;
    std::vector<std::optional<double>> own;  ///< of varied keys that are no axis, as read
    std::vector<std::optional<double>> set;  ///< by slot: the number that it has now
    bool settled = true;

    void put(ScenarioTemplate::Slot slot, double value, const Spot& spot) {
        if (set[slot] == value) {
            return;
        }
        settled = false;
        set[slot].reset();
        scenario->set(slot, value, spot);
        set[slot] = value;
    }
};

PointReader::PointReader(const SweepPlan& plan, std::string salt)
    : plan_(plan), salt_(std::move(salt)) {}

PointReader::~PointReader() = default;

std::vector<Setting> PointReader::settings() const {
    std::vector<Setting> all;
    for (std::size_t a = 0; a < values_.size(); ++a) {
        all.push_back(plan_.setting(a, values_[a]));
    }
    return all;
}

PointReader::Kept& PointReader::find(const std::string& key, const std::vector<Setting>& extra) {
    const auto at = std::find_if(kept_.begin(), kept_.end(),
                                 [&](const auto& kept) { return kept->key == key; });
    if (at != kept_.end()) {
        kept_.splice(kept_.begin(), kept_, at);
        return *kept_.front();
    }
    auto kept = std::make_unique<Kept>();
    kept->key = key;
    std::vector<Setting> all = settings();
    all.insert(all.end(), extra.begin(), extra.end());
    ++readings_;
    kept->scenario = std::make_unique<ScenarioTemplate>(plan_.spec().scenario, plan_.registry(),
                                                        plan_.options(), all);
    ScenarioTemplate& scenario = *kept->scenario;
    const auto open = [&](const std::string& path) -> std::optional<ScenarioTemplate::Slot> {
        if (!scenario.plain(path)) {
            return std::nullopt;
        }
        kept->set.emplace_back();
        return scenario.open(path);
    };
    for (std::size_t a = 0; a < values_.size(); ++a) {
        const Axis& axis = plan_.axes()[a];
        kept->axis_slots.push_back(axis.plain ? open(axis.spec.path) : std::nullopt);
        if (axis.plain && !kept->axis_slots.back()) {
            kept->key += "!";  // here the axis is not plain: this reading serves this point alone
        }
    }
    for (const Varied& varied : plan_.varied()) {
        kept->own.push_back(scenario.number(varied.path));
        std::optional<ScenarioTemplate::Slot> slot;
        if (varied.axis && kept->axis_slots[*varied.axis]) {
            slot = kept->axis_slots[*varied.axis];
        } else {
            slot = open(varied.path);
        }
        kept->varied_slots.push_back(slot);
    }
    kept_.push_front(std::move(kept));
    if (kept_.size() > kMostKept) {
        kept_.pop_back();
    }
    return *kept_.front();
}

void PointReader::set_axes(Kept& kept) {
    for (std::size_t a = 0; a < values_.size(); ++a) {
        const auto& varied = plan_.varied();
        const bool overruled =
            std::any_of(varied.begin(), varied.end(), [&](const Varied& v) { return v.axis == a; });
        if (kept.axis_slots[a] && !overruled) {
            const AxisSpec& spec = plan_.axes()[a].spec;
            const Spot& spot = spec.kind == AxisSpec::Kind::values
                                   ? spec.values[values_[a].index].spot
                                   : spec.from.spot;
            kept.put(*kept.axis_slots[a], values_[a].number, spot);
        }
    }
}

double PointReader::start(const Kept& kept, double own_s, std::uint64_t repeat) const {
    const Scenario& scenario = kept.scenario->scenario();
    const SourceParams& source = scenario.source;
    const double length_s =
        source.series ? static_cast<double>(source.series->duration_ns()) * 1e-9 : 0.0;
    const bool loops = source.at_end == AtEnd::loop;
    const double run_s = kept.scenario->number("duration").value_or(scenario.duration_s);
    const double room_s = loops ? length_s : length_s - own_s - run_s;
    const RepeatSpec& repeats = plan_.spec().repeats;
    if (!(room_s > 0.0)) {
        throw InputError({{repeats.spot.place(),
                           fmt::format("the trace ends after {} and the run lasts {}: there is no "
                                       "other place to begin at",
                                       duration_text(length_s), duration_text(run_s)),
                           "source.at_end: loop", ""}});
    }
    const std::uint64_t seed = plan_.spec().seed;
    double shift_s = 0.0;
    switch (repeats.starts) {
        case RepeatStarts::circular:  // evenly spread, all moved by one draw
            shift_s = room_s *
                      (static_cast<double>(repeat) + 1.0 - draw(seed, DrawFor::start, 0, 0)) /
                      static_cast<double>(repeats.count);
            break;
        case RepeatStarts::block: {
            const double blocks = std::max(1.0, std::floor(room_s / repeats.block_s));
            const double drawn = std::floor(blocks * draw(seed, DrawFor::start, repeat, 1));
            shift_s = repeats.block_s * std::min(drawn, blocks - 1.0);
            break;
        }
        default:
            shift_s = room_s * draw(seed, DrawFor::start, repeat, 0);
    }
    const double at_s = loops ? std::fmod(own_s + shift_s, length_s) : own_s + shift_s;
    return std::floor(at_s * 1e6) * 1e-6;
}

double PointReader::vary(const Kept& kept, std::size_t which, std::uint64_t repeat) const {
    const Varied& varied = plan_.varied()[which];
    const std::uint64_t seed = plan_.spec().seed;
    if (varied.kind == Varied::Kind::seed) {
        return std::floor(kSeeds * draw(seed, DrawFor::seed, repeat, varied.lane));
    }
    const std::optional<double> own =
        varied.axis ? std::optional<double>(values_[*varied.axis].number) : kept.own[which];
    if (!own) {
        throw InputError({{varied.tolerance.spot.place(),
                           fmt::format("'{}' is no number in this point", varied.path), "", ""}});
    }
    if (varied.kind == Varied::Kind::start) {
        return start(kept, *own, repeat);
    }
    const double share =
        varied.tolerance.normal
            ? std::clamp(draw_normal(seed, DrawFor::tolerance, repeat, varied.lane), -3.0, 3.0)
            : 2.0 * draw(seed, DrawFor::tolerance, repeat, varied.lane) - 1.0;
    return round_significant(*own * (1.0 + varied.tolerance.width * share));
}

const Scenario& PointReader::read(std::uint64_t run) {
    last_ = nullptr;
    const std::uint64_t point = run / plan_.repeats();
    const std::uint64_t repeat = run % plan_.repeats();
    plan_.values_of(point, values_);
    std::string key;
    for (std::size_t a = 0; a < values_.size(); ++a) {
        const Axis& axis = plan_.axes()[a];
        if (!axis.plain) {
            key += axis.number ? shortest(values_[a].number) : std::to_string(values_[a].index);
            key += '|';
        }
    }
    Kept* kept = &find(key, {});
    set_axes(*kept);
    varied_.assign(plan_.varied().size(), 0.0);
    std::vector<Setting> extra;
    for (std::size_t i = 0; i < varied_.size(); ++i) {
        varied_[i] = vary(*kept, i, repeat);
        const Varied& varied = plan_.varied()[i];
        const Spot& spot =
            varied.tolerance.spot.source ? varied.tolerance.spot : plan_.spec().repeats.spot;
        if (kept->varied_slots[i]) {
            kept->put(*kept->varied_slots[i], varied_[i], spot);
        } else {
            const Row& row = *kept->scenario->row(varied.path);
            DocNode value;
            value.kind = DocNode::Kind::scalar;
            value.spot = spot;
            value.text = row.kind == RowKind::integer ? fmt::format("{:.0f}", varied_[i])
                                                      : format_quantity(varied_[i], row.dimension);
            key += "+" + value.text;
            extra.push_back({varied.path, spot, std::move(value)});
        }
    }
    if (!extra.empty()) {
        kept = &find(key, extra);
        set_axes(*kept);
        for (std::size_t i = 0; i < varied_.size(); ++i) {
            if (kept->varied_slots[i]) {
                kept->put(*kept->varied_slots[i], varied_[i], plan_.spec().repeats.spot);
            }
        }
    }
    if (!kept->settled) {
        kept->scenario->settle();
        kept->settled = true;
    }
    last_ = kept;
    return kept->scenario->scenario();
}

std::string PointReader::identity() const {
    if (last_ == nullptr) {
        throw Defect("no scenario has been read");
    }
    return last_->scenario->identity(salt_);
}

}  // namespace ebb
