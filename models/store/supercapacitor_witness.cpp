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
///
/// A stiff problem takes a great many steps, each limited by what the method can follow and not by
/// what the slow states do. So a step computes what each state gains, in units of its own size, and
/// the gains are added with what rounding left over: else each step costs the account the last
/// digit of the largest state.
class Extrapolation {
public:
    Extrapolation(const VectorProblem& problem, double least)
        : p_(problem), least_(least), least_flow_(std::max(problem.notable_flow, kLeastFlow)) {}

    void advance(State& s, double t, double h, double& step) const {
        const double end = t + h;
        State lost{};  // by rounding, of each state
        for (int tries = 0; t < end; ++tries) {
            if (tries == kMostTries) {
                throw Defect("the reference network takes too many steps");
            }
            double dt = std::min(step, end - t);
            const bool cut = dt < step;
            if (dt <= least_) {  // where a root begins no step is short enough for its order
                State rate{};
                p_.rates(t, s, rate);
                for (std::size_t i = 0; i < s.size(); ++i) {
                    add(s[i], lost[i], dt * rate[i]);
                }
                t = cut ? end : t + dt;
                step = 2.0 * least_;
                continue;
            }
            const double before = t;
            const double tried = dt;
            State gain{};
            if (gained(s, t, dt, gain)) {
                if (!std::all_of(gain.begin(), gain.end(),
                                 [](double x) { return std::isfinite(x); })) {
                    t = before;  // far beyond what an explicit step can follow
                    step = 0.1 * tried;
                    continue;
                }
                for (std::size_t i = 0; i < s.size(); ++i) {
                    add(s[i], lost[i], gain[i]);
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

private:
    /// What a step of dt from t gains; t and dt go on if it is taken. The method knows one error
    /// for all: each state's gain is in units of what may be off by it.
    bool gained(const State& from, double& t, double& dt, State& gain) const {
        State unit{};
        for (std::size_t i = 0; i < unit.size(); ++i) {
            unit[i] = std::fabs(from[i]) + (i < p_.states ? p_.notable : least_flow_);
        }
        boost::numeric::odeint::bulirsch_stoer<State> stepper(kRelative, 0.0);
        const auto system = [&](const State& at, State& rate, double when) {
            State there{};
            for (std::size_t i = 0; i < there.size(); ++i) {
                there[i] = from[i] + at[i] * unit[i];
            }
            rate.fill(0.0);
            p_.rates(when, there, rate);
            for (std::size_t i = 0; i < rate.size(); ++i) {
                rate[i] /= unit[i];
            }
        };
        const bool taken = stepper.try_step(system, gain, t, dt) == boost::numeric::odeint::success;
        for (std::size_t i = 0; i < gain.size(); ++i) {
            gain[i] *= unit[i];
        }
        return taken;
    }
    /// After Kahan.
    static void add(double& sum, double& lost, double x) {
        const double y = x - lost;
        const double next = sum + y;
        lost = (next - sum) - y;
        sum = next;
    }

    const VectorProblem& p_;
    double least_;
    double least_flow_;
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
