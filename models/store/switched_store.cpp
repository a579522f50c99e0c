// SPDX-License-Identifier: Apache-2.0
#include "models/store/switched_store.hpp"

#include "models/core/error.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

constexpr int kMostAtOnce = 1000;  // switchings without any time between them

/// Has a phase with `keep` ended since the walk began, in the repetition that it began in?
bool keeps(const Load& load, std::size_t phase) {
    const auto from = load.phases.begin();
    return std::any_of(from + static_cast<std::ptrdiff_t>(load.first_phase),
                       from + static_cast<std::ptrdiff_t>(std::max(phase, load.first_phase)),
                       [](const LoadPhase& p) { return p.keep; });
}

}  // namespace

const WalkResult& SwitchedStore::walk(const Load& load, const Watches& watches, Time until) {
    result_ = WalkResult{};
    Load rest = load;
    begins(!std::isnan(watches.falling_v));
    for (int at_once = 0;;) {
        const Time from = node_.now();
        while (due() <= from) {
            act();
        }
        const Time wait = rules_wait();
        const Time pause = std::min({until, due(), wait > from ? wait : until});
        const WalkResult& part = step(rest, narrowed(watches), pause);
        const auto into = [](SinkEnergies& sum) {
            return [&sum](Sink s, double joules) { sum[s] += joules; };
        };
        if (part.position.unit > 0 ||  // what was begun before the last switching is done now
            keeps(rest, part.position.phase)) {
            result_.tail.for_each(into(result_.done));
            result_.tail.clear();
        }
        part.done.for_each(into(result_.done));
        part.tail.for_each(into(result_.tail));
        result_.stop = part.stop;
        result_.at = part.at;
        const std::int64_t units = result_.position.unit + part.position.unit;
        result_.position = part.position;
        result_.position.unit = units;
        const double v = node_.inner_v();
        const bool consumers = (part.stop == Stop::falling && v <= watches.falling_v) ||
                               (part.stop == Stop::rising && v >= watches.rising_v);
        const bool over = part.stop == Stop::until && node_.now() >= until;
        if (over || part.stop == Stop::load_done || consumers) {
            return result_;
        }
        if (part.stop != Stop::until) {
            follow_rules(part.stop);
        }
        rest.first_phase = part.position.phase;
        rest.first_elapsed_s = part.position.elapsed_s;
        rest.count = load.count - units;
        at_once = node_.now() > from ? 0 : at_once + 1;
        if (at_once > kMostAtOnce) {
            throw Defect("parts of the store are switched without end");
        }
    }
}

}  // namespace ebb
