// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/starts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/core/random_stream.hpp"

namespace ebb {

namespace {

constexpr std::uint32_t kStartStream = 0x57A7;
constexpr double kGolden = 0.61803398874989485;

double length_s(const SourceParams& source) {
    return static_cast<double>(source.series->duration_ns()) * 1e-9;
}

/// How far all recordings can be shifted together; 0 if there is none, or none can.
double room_of(const Scenario& scenario) {
    double room_s = std::numeric_limits<double>::infinity();
    const auto look = [&](const SourceParams& source) {
        if (!source.series) {
            return;
        }
        const double own = source.at_end == AtEnd::loop
                               ? length_s(source)
                               : length_s(source) - source.start_s - scenario.duration_s;
        room_s = std::min(room_s, std::max(0.0, own));
    };
    look(scenario.source);
    std::for_each(scenario.more_sources.begin(), scenario.more_sources.end(), look);
    return std::isfinite(room_s) ? room_s : 0.0;
}

}  // namespace

Starts::Starts(const Scenario& scenario, Kind kind)
    : kind_(kind),
      seed_(scenario.seed),
      room_s_(room_of(scenario)),
      single_(room_s_ == 0.0 && !scenario.failures) {}

Scenario Starts::placed(const Scenario& scenario, std::size_t k) const {
    Scenario out = scenario;
    if (single_) {
        return out;
    }
    const bool spread = kind_ == Kind::spread;
    RandomStream random(spread ? seed_ : seed_ + k, kStartStream);
    const double first = 1.0 - random.uniform();
    const double share = spread ? std::fmod(first + kGolden * static_cast<double>(k), 1.0) : first;
    const double shift_s = share * room_s_;
    const auto shift = [&](SourceParams& source) {
        if (source.series) {
            const double at_s = source.start_s + shift_s;
            source.start_s =
                source.at_end == AtEnd::loop ? std::fmod(at_s, length_s(source)) : at_s;
        }
    };
    shift(out.source);
    std::for_each(out.more_sources.begin(), out.more_sources.end(), shift);
    out.seed = seed_ + k;
    return out;
}

}  // namespace ebb
