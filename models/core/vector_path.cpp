// SPDX-License-Identifier: Apache-2.0
#include "models/core/vector_path.hpp"

#include "models/core/error.hpp"
#include "models/core/radau.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

namespace ebb {

namespace {

constexpr double kTolerance = 1e-13;
constexpr int kMostSteps = 50'000'000;
constexpr double kHalving = 64.0;  // two halves of an order 8 step err 1/255 of what they correct
constexpr double kOfLargest = 1e-3;
constexpr double kSafety = 0.9;
constexpr double kLeastChange = 0.2;
constexpr double kMostChange = 4.0;
constexpr double kLeastStep = 1e-14;
constexpr double kNoNumber = 1e9;  // error of a step that leads nowhere

using State = VectorProblem::State;
using Events = VectorProblem::Events;

class Walker {
public:
    Walker(const VectorProblem& problem, const State& start, double horizon_s)
        : p_(problem), horizon_(horizon_s) {
        if (p_.states + p_.integrals > VectorProblem::kMost ||
            p_.events > VectorProblem::kMostEvents || !std::isfinite(horizon_s)) {
            throw Defect("vector path: too many states or events, or no end");
        }
        now_.s = start;
        watch(now_);
        for (std::size_t i = 0; i < p_.events; ++i) {
            armed_[i] = now_.off[i] > 0.0;
        }
    }

    VectorOutcome run() {
        double step = 1e-3 * horizon_;
        for (int steps = 0; now_.t < horizon_; ++steps) {
            if (steps == kMostSteps) {
                throw Defect("vector path: too many steps");
            }
            const double left = horizon_ - now_.t;
            double taken = std::min({step, left, 0.25 * horizon_});
            double error = attempt(taken);
            while (error > 1.0) {
                if (taken <= kLeastStep * horizon_) {
                    if (error == kNoNumber) {
                        throw Defect("vector path: a rate is no number");
                    }
                    break;
                }
                taken *= std::max(kLeastChange, kSafety * std::pow(error, -1.0 / 9.0));
                error = attempt(taken);
            }
            const bool last = taken == left;
            const double change = error > 0.0 ? kSafety * std::pow(error, -1.0 / 9.0) : kMostChange;
            step = taken * std::clamp(change, kLeastChange, kMostChange);
            if (last) {
                next_.t = horizon_;  // the end exactly
            }
            if (settle(taken)) {
                break;
            }
        }
        outcome_.t_s = now_.t;
        outcome_.s = now_.s;
        return outcome_;
    }

private:
    struct Point {
        double t = 0.0;
        State s{};
        Events off{};
    };

    void watch(Point& point) const {
        if (p_.events > 0) {
            p_.watch(point.t, point.s, point.off);
        }
    }
    [[nodiscard]] State stepped(const State& from, double t, double h) const {
        State s = from;
        if (p_.stiff) {
            if (!radau_step(p_, s, t, h)) {
                s[0] = std::numeric_limits<double>::quiet_NaN();  // shorter, please
            }
            return s;
        }
        boost::numeric::odeint::runge_kutta_fehlberg78<State> stepper;
        stepper.do_step(
            [this](const State& at, State& rate, double when) {
                rate.fill(0.0);
                p_.rates(when, at, rate);
            },
            s, t, h);
        return s;
    }
    /// A length h after now_, as two halves.
    void move(double h) {
        middle_.t = now_.t + 0.5 * h;
        middle_.s = stepped(now_.s, now_.t, 0.5 * h);
        next_.t = now_.t + h;
        next_.s = stepped(middle_.s, middle_.t, 0.5 * h);
    }
    [[nodiscard]] State state_after(double h) const {
        return h > 0.0 ? stepped(stepped(now_.s, now_.t, 0.5 * h), now_.t + 0.5 * h, 0.5 * h)
                       : now_.s;
    }
    /// Error of a step in units of what is tolerated: a whole step against two halves.
    double attempt(double h) {
        const State whole = stepped(now_.s, now_.t, h);
        move(h);
        double largest = 0.0;
        const std::size_t all = p_.states + p_.integrals;
        for (std::size_t i = p_.states; i < all; ++i) {
            largest = std::max(largest, std::fabs(next_.s[i] - now_.s[i]));
        }
        double worst = 0.0;
        for (std::size_t i = 0; i < all; ++i) {
            const double scale =
                std::fabs(next_.s[i]) +
                (i < p_.states ? p_.notable : kOfLargest * largest + p_.notable_flow);
            const double share =
                std::fabs(next_.s[i] - whole[i]) / (kHalving * kTolerance * (scale + 1e-300));
            if (!std::isfinite(share)) {
                return kNoNumber;
            }
            worst = std::max(worst, share);
        }
        return std::min(worst, 0.1 * kNoNumber);
    }

    [[nodiscard]] double event_after(std::size_t i, double h) const {
        Point there{now_.t + h, state_after(h), {}};
        watch(there);
        return there.off[i];
    }
    [[nodiscard]] double locate(std::size_t i, double lo, double at_lo, double hi,
                                double at_hi) const {
        if (!(at_lo > 0.0)) {
            return lo;
        }
        const auto f = [&](double s) { return event_after(i, s); };
        // The ends were reached over a step cut in other places: rounding may have moved them.
        if (at_hi >= 0.0 || (at_hi = f(hi)) >= 0.0) {
            return hi;
        }
        if (lo > 0.0 && !((at_lo = f(lo)) > 0.0)) {
            return lo;
        }
        std::uintmax_t most = 200;
        return boost::math::tools::toms748_solve(
                   f, lo, hi, at_lo, at_hi, boost::math::tools::eps_tolerance<double>(50), most)
            .second;
    }
    [[nodiscard]] bool happens(std::size_t i, double length, double& at) const {
        const double first = now_.off[i];
        const double middle = middle_.off[i];
        const double last = next_.off[i];
        if (middle <= 0.0) {
            at = locate(i, 0.0, first, 0.5 * length, middle);
            return true;
        }
        if (last <= 0.0) {
            at = locate(i, 0.5 * length, middle, length, last);
            return true;
        }
        // The parabola through the three: does it come near zero between them?
        const double bend = first - 2.0 * middle + last;
        const double tilt = 0.25 * (last - first);
        if (!(bend > 0.0) || std::fabs(tilt) >= 0.5 * bend ||
            middle - 2.0 * tilt * tilt / bend > 0.5 * std::min({first, middle, last})) {
            return false;
        }
        const auto f = [&](double s) { return event_after(i, s); };
        const auto [lowest, value] = boost::math::tools::brent_find_minima(f, 0.0, length, 26);
        if (value > 0.0) {
            return false;
        }
        at = locate(i, 0.0, first, lowest, value);
        return true;
    }
    /// After a step: cuts it at the first event. True if the path ends.
    bool settle(double taken) {
        watch(middle_);
        watch(next_);
        double first = taken;
        for (std::size_t i = 0; i < p_.events; ++i) {
            double at = 0.0;
            if (armed_[i] && happens(i, taken, at) &&
                (at < first || (at == first && !outcome_.happened))) {
                first = at;
                outcome_.happened = true;
                outcome_.event = i;
            }
        }
        if (outcome_.happened && first < taken) {
            move(first);
        }
        now_ = next_;
        for (std::size_t i = 0; i < p_.events; ++i) {
            armed_[i] = armed_[i] || now_.off[i] > 0.0;
        }
        return outcome_.happened;
    }

    const VectorProblem& p_;
    double horizon_;
    Point now_, middle_, next_;
    std::array<bool, VectorProblem::kMostEvents> armed_{};
    VectorOutcome outcome_;
};

}  // namespace

VectorOutcome follow_vector(const VectorProblem& problem, const VectorProblem::State& start,
                            double horizon_s) {
    return Walker(problem, start, horizon_s).run();
}

}  // namespace ebb
