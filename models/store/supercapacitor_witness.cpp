// SPDX-License-Identifier: Apache-2.0
/// The slow reference of the network: extrapolation of the midpoint rule (the Bulirsch method,
/// Boost.Odeint) with its own step control, events by halving within a step. It shares the
/// equations with the exact walker, and no method.
#include "models/core/error.hpp"
#include "models/store/supercapacitor_store.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/bulirsch_stoer.hpp>
#include <cmath>

namespace ebb {

namespace {

using State = VectorProblem::State;
using Events = VectorProblem::Events;

constexpr double kRelative = 2e-15;
constexpr double kLeastFlow = 1e-8;   // notable flows are not below this [J]
constexpr double kLeastStep = 1e-13;  // of the path
constexpr int kMostTries = 50'000'000;
constexpr int kMostHalvings = 100;
constexpr int kPieces = 16;  // steps at least, so that a dip is not stepped over

/// Moves s from t to t + h; the step size goes on from call to call.
class Extrapolation {
public:
    Extrapolation(const VectorProblem& problem, double least)
        : p_(problem),
          least_(least),
          flow_unit_(std::max(problem.notable_flow, kLeastFlow) / problem.notable) {}

    void advance(State& s, double t, double h, double& step) const {
        in_units(s, 1.0 / flow_unit_);
        step_to(s, t, t + h, step);
        in_units(s, flow_unit_);
    }

private:
    /// The method knows one absolute error. Integrals are carried in units in which it is theirs;
    /// no rate depends on them.
    void in_units(State& s, double factor) const {
        for (std::size_t i = p_.states; i < p_.states + p_.integrals; ++i) {
            s[i] *= factor;
        }
    }

    void step_to(State& s, double t, double end, double& step) const {
        boost::numeric::odeint::bulirsch_stoer<State> stepper(kRelative * p_.notable, kRelative);
        const auto system = [this](const State& at, State& rate, double when) {
            rate.fill(0.0);
            p_.rates(when, at, rate);
            in_units(rate, 1.0 / flow_unit_);
        };
        for (int tries = 0; t < end; ++tries) {
            if (tries == kMostTries) {
                throw Defect("the reference network takes too many steps");
            }
            double dt = std::min(step, end - t);
            const bool cut = dt < step;
            if (dt <= least_) {  // where a root begins no step is short enough for its order
                State rate{};
                system(s, rate, t);
                for (std::size_t i = 0; i < s.size(); ++i) {
                    s[i] += dt * rate[i];
                }
                t = cut ? end : t + dt;
                step = 2.0 * least_;
                continue;
            }
            const double before = t;
            const State kept = s;
            const double tried = dt;
            if (stepper.try_step(system, s, t, dt) == boost::numeric::odeint::success) {
                if (!std::all_of(s.begin(), s.end(), [](double x) { return std::isfinite(x); })) {
                    s = kept;  // far beyond what an explicit step can follow
                    t = before;
                    step = 0.1 * tried;
                    continue;
                }
                if (cut && before + std::min(step, end - before) >= end) {
                    t = end;
                }
                step = cut ? std::max(step, dt) : dt;
            } else {
                step = dt;
            }
        }
    }

    const VectorProblem& p_;
    double least_;
    double flow_unit_;
};

}  // namespace

VectorOutcome follow_by_extrapolation(const VectorProblem& problem, const State& start,
                                      double horizon_s) {
    const Extrapolation way(problem, kLeastStep * horizon_s);
    VectorOutcome now;
    now.s = start;
    Events off{};
    problem.watch(0.0, now.s, off);
    std::array<bool, VectorProblem::kMostEvents> armed{};
    for (std::size_t i = 0; i < problem.events; ++i) {
        armed[i] = off[i] > 0.0;
    }
    double step = 1e-3 * horizon_s;
    double length = step;
    while (now.t_s < horizon_s) {
        const double left = horizon_s - now.t_s;
        length = std::min({2.0 * length, horizon_s / kPieces, left});
        State next = now.s;
        way.advance(next, now.t_s, length, step);
        problem.watch(now.t_s + length, next, off);
        double first = length;
        for (std::size_t i = 0; i < problem.events; ++i) {
            if (!armed[i] || off[i] > 0.0) {
                armed[i] = armed[i] || off[i] > 0.0;
                continue;
            }
            double before = 0.0;
            double after = length;
            for (int k = 0; k < kMostHalvings; ++k) {
                const double middle = 0.5 * (before + after);
                if (!(middle > before && middle < after) ||
                    after - before <= 1e-16 * (now.t_s + after)) {
                    break;
                }
                State there = now.s;
                double short_step = std::min(step, middle);
                way.advance(there, now.t_s, middle, short_step);
                Events at{};
                problem.watch(now.t_s + middle, there, at);
                (at[i] > 0.0 ? before : after) = middle;
            }
            if (!now.happened || after < first) {
                first = after;
                now.happened = true;
                now.event = i;
            }
        }
        if (now.happened) {
            double short_step = std::min(step, first);
            way.advance(now.s, now.t_s, first, short_step);
            now.t_s += first;
            return now;
        }
        now.s = next;
        now.t_s = length == left ? horizon_s : now.t_s + length;
    }
    return now;
}

}  // namespace ebb
