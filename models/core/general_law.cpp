// SPDX-License-Identifier: Apache-2.0
#include "models/core/general_law.hpp"

#include "models/core/error.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <boost/numeric/odeint/algebra/array_algebra.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <cstdint>

namespace ebb {

namespace {

namespace odeint = boost::numeric::odeint;

constexpr double kTolerance = 1e-13;
constexpr int kMostSteps = 50'000'000;
constexpr double kOfLargest = 1e-3;  // a quadrature this much smaller than the largest may err more
constexpr double kHalving = 64.0;    // two halves of an order 8 step err 1/255 of what they correct
constexpr double kSafety = 0.9;
constexpr double kLeastChange = 0.2;
constexpr double kMostChange = 4.0;

/// The store's state, then the quadratures.
using State = std::array<double, 1 + PathProblem::kMostIntegrands>;
using Stepper = odeint::runge_kutta_fehlberg78<State, double, State, double, odeint::array_algebra>;

class Walker {
public:
    Walker(const PathProblem& problem, double v0, double horizon_s)
        : p_(problem), horizon_(horizon_s), armed_(problem.events.size()) {
        if (problem.integrands.size() > PathProblem::kMostIntegrands) {
            throw Defect("general law: too many integrands");
        }
        if (!std::isfinite(horizon_s)) {
            throw Defect("general law: a path needs an end");
        }
        x_[0] = energy() ? 0.5 * p_.capacitance_f * v0 * v0 : v0;
        for (std::size_t i = 0; i < armed_.size(); ++i) {
            armed_[i] = p_.events[i](0.0, v0) > 0.0;
        }
    }

    PathOutcome run() {
        double step = first_step();
        for (int steps = 0; t_ < horizon_; ++steps) {
            if (steps == kMostSteps) {
                throw Defect("general law: too many steps");
            }
            const double left = horizon_ - t_;
            double taken = std::min(step, left);
            const State before = x_;
            const double from = t_;
            double error = attempt(before, from, taken);
            while (error > 1.0) {
                taken *= std::max(kLeastChange, kSafety * std::pow(error, -1.0 / 9.0));
                if (!(from + taken > from)) {
                    throw Defect("general law: the step vanished");
                }
                error = attempt(before, from, taken);
            }
            const bool last = taken == left;
            const double change = error > 0.0 ? kSafety * std::pow(error, -1.0 / 9.0) : kMostChange;
            step =
                std::max(last ? step : 0.0, taken * std::clamp(change, kLeastChange, kMostChange));
            t_ = last ? horizon_ : from + taken;  // the boundary exactly
            if (settle(before, from, taken)) {
                return outcome_;
            }
        }
        return finish(PathEnd::horizon, 0);
    }

private:
    [[nodiscard]] bool energy() const { return p_.state == PathProblem::State::energy; }
    [[nodiscard]] double voltage(const State& x) const {
        if (!energy()) {
            return std::max(x[0], 0.0);
        }
        return x[0] > 0.0 ? std::sqrt(2.0 * x[0] / p_.capacitance_f) : 0.0;
    }
    [[nodiscard]] double rate(const State& x, double t) const {
        const double drive = p_.drive(t, voltage(x));
        return energy() ? drive : drive / p_.capacitance_f;
    }
    void rates(const State& x, State& dx, double t) const {
        const double v = voltage(x);
        const double drive = p_.drive(t, v);
        dx.fill(0.0);
        dx[0] = energy() ? drive : drive / p_.capacitance_f;
        for (std::size_t i = 0; i < p_.integrands.size(); ++i) {
            dx[i + 1] = p_.integrands[i](t, v);
        }
    }
    [[nodiscard]] State stepped(const State& x, double t, double h) const {
        State y = x;
        Stepper().do_step([this](const State& s, State& dx, double at) { rates(s, dx, at); }, y, t,
                          h);
        return y;
    }
    /// A step of length h, as two halves.
    [[nodiscard]] State after(const State& x, double t, double h) const {
        return h > 0.0 ? stepped(stepped(x, t, 0.5 * h), t + 0.5 * h, 0.5 * h) : x;
    }
    /// Sets x_ a step of h further than x; returns the error in units of what is tolerated.
    /// The pair's own estimate vanishes for quadratures (Fehlberg's 7(8) takes the same two
    /// instants twice), so a whole step is held against two halves.
    double attempt(const State& x, double t, double h) {
        State start{};
        rates(x, start, t);
        const State whole = stepped(x, t, h);
        x_ = after(x, t, h);
        double largest = 0.0;
        for (std::size_t i = 1; i <= p_.integrands.size(); ++i) {
            largest = std::max(largest, std::fabs(start[i]) * h + std::fabs(x_[i] - x[i]));
        }
        double worst = 0.0;
        for (std::size_t i = 0; i <= p_.integrands.size(); ++i) {
            const double scale = std::fabs(x_[i]) + h * std::fabs(start[i]) + 1e-300 +
                                 (i > 0 ? kOfLargest * largest : 0.0);
            worst = std::max(worst, std::fabs(x_[i] - whole[i]) / (kHalving * kTolerance * scale));
        }
        return std::isfinite(worst) ? worst : 1e9;
    }
    [[nodiscard]] double first_step() const {
        const double pace = std::fabs(rate(x_, 0.0));
        const double size = std::fabs(x_[0]);
        return pace > 0.0 && size > 0.0 ? std::min(horizon_, 1e-2 * size / pace) : 1e-3 * horizon_;
    }

    /// Length within [0, h] at which `off` of the state comes down to zero, from the positive side.
    template <class Off>
    [[nodiscard]] double locate(const State& x, double t, double h, const Off& off) const {
        const auto f = [&](double s) { return off(after(x, t, s), t + s); };
        const double at_lo = off(x, t);
        const double at_hi = f(h);
        if (!(at_lo > 0.0)) {
            return 0.0;
        }
        if (at_hi >= 0.0) {
            return h;
        }
        std::uintmax_t most = 200;
        const auto bracket = boost::math::tools::toms748_solve(
            f, 0.0, h, at_lo, at_hi, boost::math::tools::eps_tolerance<double>(50), most);
        return bracket.second;
    }

    /// After a step: cuts it at a turning point, at the floor and at events. True if the path ends.
    bool settle(const State& before, double from, double taken) {
        const double r0 = rate(before, from);
        const double r1 = rate(x_, t_);
        double length = taken;
        if (r0 * r1 < 0.0) {
            const double sign = r0 > 0.0 ? 1.0 : -1.0;
            const double turn = locate(before, from, taken,
                                       [&](const State& x, double t) { return sign * rate(x, t); });
            // Cut only where the turn is clearly inside: at its ends the sign is rounding.
            if (turn > 1e-6 * taken && turn < (1.0 - 1e-6) * taken) {
                length = turn;
                move_to(before, from, length);
            }
        }
        PathEnd end = PathEnd::horizon;
        std::size_t which = 0;
        if (before[0] > 0.0 && x_[0] <= 0.0) {
            length = locate(before, from, length, [](const State& x, double) { return x[0]; });
            end = PathEnd::empty;
        }
        for (std::size_t i = 0; i < armed_.size(); ++i) {
            const auto off = [&](const State& x, double t) { return p_.events[i](t, voltage(x)); };
            if (armed_[i] && off(after(before, from, length), from + length) <= 0.0) {
                const double at = locate(before, from, length, off);
                if (at < length || end == PathEnd::horizon || end == PathEnd::empty) {
                    length = at;
                    end = PathEnd::event;
                    which = i;
                }
            }
        }
        if (end != PathEnd::horizon) {
            move_to(before, from, length);
            (void)finish(end, which);
            return true;
        }
        for (std::size_t i = 0; i < armed_.size(); ++i) {
            armed_[i] = armed_[i] || p_.events[i](t_, voltage(x_)) > 0.0;
        }
        return false;
    }

    void move_to(const State& before, double from, double length) {
        x_ = after(before, from, length);
        t_ = from + length;
    }

    PathOutcome finish(PathEnd end, std::size_t which) {
        outcome_.end = end;
        outcome_.event = which;
        outcome_.t_s = t_;
        outcome_.v = end == PathEnd::empty ? 0.0 : voltage(x_);
        std::copy(x_.begin() + 1, x_.end(), outcome_.integrals.begin());
        return outcome_;
    }

    const PathProblem& p_;
    double horizon_;
    double t_ = 0.0;
    State x_{};
    std::vector<bool> armed_;
    PathOutcome outcome_;
};

}  // namespace

PathOutcome follow_path(const PathProblem& problem, double v0, double horizon_s) {
    return Walker(problem, v0, horizon_s).run();
}

}  // namespace ebb
