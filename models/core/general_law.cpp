// SPDX-License-Identifier: Apache-2.0
#include "models/core/general_law.hpp"

#include "models/core/error.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>

namespace ebb {

namespace {

constexpr double kTolerance = 1e-13;
constexpr int kMostSteps = 50'000'000;
constexpr double kOfLargest = 1e-3;  // a quadrature this much smaller than the largest may err more
constexpr double kHalving = 64.0;    // two halves of an order 8 step err 1/255 of what they correct
constexpr double kSafety = 0.9;
constexpr double kLeastChange = 0.2;
constexpr double kMostChange = 4.0;
constexpr double kNotable = 1e-3;     // [V] smaller voltages are as exact as this one
constexpr double kLeastStep = 1e-14;  // of the path: what a shorter step could err is beyond notice
constexpr double kNoNumber = 1e9;     // error of a step that leads nowhere

/// Fehlberg's formula of order 8: instants, stages, weights (NASA TR R-287, table X).
constexpr std::size_t kStages = 13;
constexpr std::array<double, kStages> kAt = {
    0.0,       2.0 / 27.0, 1.0 / 9.0, 1.0 / 6.0, 5.0 / 12.0, 1.0 / 2.0, 5.0 / 6.0,
    1.0 / 6.0, 2.0 / 3.0,  1.0 / 3.0, 1.0,       0.0,        1.0};
using Row = std::array<double, kStages - 1>;
constexpr std::array<Row, kStages> kFrom = {{
    Row{},
    Row{2.0 / 27.0},
    Row{1.0 / 36.0, 1.0 / 12.0},
    Row{1.0 / 24.0, 0.0, 1.0 / 8.0},
    Row{5.0 / 12.0, 0.0, -25.0 / 16.0, 25.0 / 16.0},
    Row{1.0 / 20.0, 0.0, 0.0, 1.0 / 4.0, 1.0 / 5.0},
    Row{-25.0 / 108.0, 0.0, 0.0, 125.0 / 108.0, -65.0 / 27.0, 125.0 / 54.0},
    Row{31.0 / 300.0, 0.0, 0.0, 0.0, 61.0 / 225.0, -2.0 / 9.0, 13.0 / 900.0},
    Row{2.0, 0.0, 0.0, -53.0 / 6.0, 704.0 / 45.0, -107.0 / 9.0, 67.0 / 90.0, 3.0},
    Row{-91.0 / 108.0, 0.0, 0.0, 23.0 / 108.0, -976.0 / 135.0, 311.0 / 54.0, -19.0 / 60.0,
        17.0 / 6.0, -1.0 / 12.0},
    Row{2383.0 / 4100.0, 0.0, 0.0, -341.0 / 164.0, 4496.0 / 1025.0, -301.0 / 82.0, 2133.0 / 4100.0,
        45.0 / 82.0, 45.0 / 164.0, 18.0 / 41.0},
    Row{3.0 / 205.0, 0.0, 0.0, 0.0, 0.0, -6.0 / 41.0, -3.0 / 205.0, -3.0 / 41.0, 3.0 / 41.0,
        6.0 / 41.0},
    Row{-1777.0 / 4100.0, 0.0, 0.0, -341.0 / 164.0, 4496.0 / 1025.0, -289.0 / 82.0, 2193.0 / 4100.0,
        51.0 / 82.0, 33.0 / 164.0, 12.0 / 41.0, 0.0, 1.0},
}};
constexpr std::array<double, kStages> kWeight = {
    0.0,        0.0,         0.0,         0.0, 0.0,          34.0 / 105.0, 9.0 / 35.0,
    9.0 / 35.0, 9.0 / 280.0, 9.0 / 280.0, 0.0, 41.0 / 840.0, 41.0 / 840.0};

using Sums = std::array<double, PathRates::kMost>;

class Walker {
public:
    Walker(const PathProblem& problem, double v0, double horizon_s)
        : p_(problem), horizon_(horizon_s), notable_(kNotable) {
        if (p_.integrands > PathRates::kMost || p_.events > PathEvents{}.size()) {
            throw Defect("general law: too many integrands or events");
        }
        if (!std::isfinite(horizon_s)) {
            throw Defect("general law: a path needs an end");
        }
        now_.x = energy() ? 0.5 * p_.capacitance_f * v0 * v0 : v0;
        if (energy()) {
            notable_ *= 0.5 * p_.capacitance_f * kNotable;
        }
        now_.v = v0;
        enter(now_);
        for (std::size_t i = 0; i < p_.events; ++i) {
            armed_[i] = now_.off[i] > 0.0;
        }
    }

    PathOutcome run() {
        double step = first_step();
        for (int steps = 0; now_.t < horizon_; ++steps) {
            if (steps == kMostSteps) {
                throw Defect("general law: too many steps");
            }
            const double left = horizon_ - now_.t;
            double taken = std::min(step, left);
            double error = attempt(taken);
            while (error > 1.0) {
                if (taken <= least_step()) {
                    if (error == kNoNumber) {
                        throw Defect("general law: a rate is no number");
                    }
                    break;
                }
                taken *= std::max(kLeastChange, kSafety * std::pow(error, -1.0 / 9.0));
                error = attempt(taken);
            }
            const bool last = taken == left;
            const double change = error > 0.0 ? kSafety * std::pow(error, -1.0 / 9.0) : kMostChange;
            step =
                std::max(last ? step : 0.0, taken * std::clamp(change, kLeastChange, kMostChange));
            next_.t = last ? horizon_ : next_.t;  // the boundary exactly
            if (settle(taken)) {
                return outcome_;
            }
        }
        return finish(PathEnd::horizon, 0);
    }

private:
    /// The path at one instant: state, integrals since the start, and what the problem says there.
    struct Point {
        double t = 0.0, x = 0.0, v = 0.0;
        Sums sums{};
        PathRates rates;
        PathEvents off{};
    };

    [[nodiscard]] bool energy() const { return p_.state == PathProblem::State::energy; }
    [[nodiscard]] double voltage(double x) const {
        if (!energy()) {
            return std::max(x, 0.0);
        }
        return x > 0.0 ? std::sqrt(2.0 * x / p_.capacitance_f) : 0.0;
    }
    /// Drive in units of the state, and the integrands.
    void rates(double x, double t, PathRates& out) const {
        p_.rates(t, voltage(x), out);
        if (!energy()) {
            out.drive /= p_.capacitance_f;
        }
    }
    void watch(double x, double t, PathEvents& out) const {
        if (p_.events > 0) {
            p_.watch(t, voltage(x), out);
        }
    }
    /// Sets what follows from a point's state and time.
    void enter(Point& point) const {
        point.v = voltage(point.x);
        rates(point.x, point.t, point.rates);
        watch(point.x, point.t, point.off);
    }

    /// State a step of h after x; `first` are the rates there. Adds the integrals, if asked for.
    double stepped(double x, double t, double h, const PathRates& first, Sums* sums) const {
        std::array<double, kStages> slope{};
        slope[0] = first.drive;
        PathRates here;
        double end = 0.0;
        for (std::size_t k = 1; k < kStages; ++k) {
            double on_way = 0.0;
            for (std::size_t j = 0; j < k; ++j) {
                on_way += kFrom[k][j] * slope[j];
            }
            rates(x + h * on_way, t + h * kAt[k], here);
            slope[k] = here.drive;
            end += kWeight[k] * here.drive;
            if (sums != nullptr && kWeight[k] != 0.0) {
                for (std::size_t i = 0; i < p_.integrands; ++i) {
                    (*sums)[i] += h * kWeight[k] * here.integrands[i];
                }
            }
        }
        return x + h * end;
    }
    /// State a length of s after a point, as two halves.
    [[nodiscard]] double state_after(const Point& from, double s) const {
        if (!(s > 0.0)) {
            return from.x;
        }
        const double middle = stepped(from.x, from.t, 0.5 * s, from.rates, nullptr);
        PathRates first;
        rates(middle, from.t + 0.5 * s, first);
        return stepped(middle, from.t + 0.5 * s, 0.5 * s, first, nullptr);
    }
    /// Sets middle_ and next_ to half a step and a whole step after now_, as two halves.
    void move(double h) {
        middle_.t = now_.t + 0.5 * h;
        middle_.sums = now_.sums;
        middle_.x = stepped(now_.x, now_.t, 0.5 * h, now_.rates, &middle_.sums);
        enter(middle_);
        next_.t = now_.t + h;
        next_.sums = middle_.sums;
        next_.x = stepped(middle_.x, middle_.t, 0.5 * h, middle_.rates, &next_.sums);
    }
    /// Moves by h; returns the error in units of what is tolerated. The pair's own estimate
    /// vanishes for quadratures (Fehlberg's 7(8) takes the same two instants twice), so a whole
    /// step is held against two halves.
    double attempt(double h) {
        Sums whole = now_.sums;
        const double x = stepped(now_.x, now_.t, h, now_.rates, &whole);
        move(h);
        const auto share = [](double off, double scale) {
            return std::fabs(off) / (kHalving * kTolerance * (scale + 1e-300));
        };
        double worst =
            share(next_.x - x, std::fabs(next_.x) + notable_ + h * std::fabs(now_.rates.drive));
        const auto flow = [&](std::size_t i) { return h * std::fabs(now_.rates.integrands[i]); };
        double largest = 0.0;
        for (std::size_t i = 0; i < p_.integrands; ++i) {
            largest = std::max(largest, flow(i) + std::fabs(next_.sums[i] - now_.sums[i]));
        }
        for (std::size_t i = 0; i < p_.integrands; ++i) {
            const double scale = std::fabs(next_.sums[i]) + flow(i) + kOfLargest * largest;
            worst = std::max(worst, share(next_.sums[i] - whole[i], scale));
        }
        return std::isfinite(worst) ? std::min(worst, 0.1 * kNoNumber) : kNoNumber;
    }
    /// Where a root of time or state begins (a power that sets in behind a series resistance, at an
    /// empty store; the point where a rail collapses) no step is short enough for its order.
    [[nodiscard]] double least_step() const {
        const double pace = std::fabs(now_.rates.drive);
        const double size = std::fabs(now_.x) + notable_;
        const double length = pace * horizon_ > size ? size / pace : horizon_;
        return std::max(4e-16 * now_.t, kLeastStep * length);
    }
    [[nodiscard]] double first_step() const {
        const double pace = std::fabs(now_.rates.drive);
        const double size = std::fabs(now_.x);
        return pace > 0.0 && size > 0.0 ? std::min(horizon_, 3e-2 * size / pace) : 1e-3 * horizon_;
    }

    /// Length within [lo, hi] after now_ at which `off` of state and time comes down to zero from
    /// at_lo > 0.
    template <class Off>
    [[nodiscard]] double locate(double lo, double at_lo, double hi, double at_hi,
                                const Off& off) const {
        if (!(at_lo > 0.0)) {
            return lo;
        }
        const auto f = [&](double s) { return off(state_after(now_, s), now_.t + s); };
        // The bracket's ends were reached over a step cut in other places: by rounding they may lie
        // on the other side.
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
    [[nodiscard]] double event_at(std::size_t i, double x, double t) const {
        PathEvents off{};
        watch(x, t, off);
        return off[i];
    }
    /// Length of the step until event i, if it happens within it.
    [[nodiscard]] bool happens(std::size_t i, double length, double& at) const {
        const double first = now_.off[i];
        const double middle = middle_.off[i];
        const double last = next_.off[i];
        const auto off = [this, i](double x, double t) { return event_at(i, x, t); };
        if (middle <= 0.0) {
            at = locate(0.0, first, 0.5 * length, middle, off);
            return true;
        }
        if (last <= 0.0) {
            at = locate(0.5 * length, middle, length, last, off);
            return true;
        }
        // The parabola through the three: does it come near zero between them?
        const double bend = first - 2.0 * middle + last;
        const double tilt = 0.25 * (last - first);
        if (!(bend > 0.0) || std::fabs(tilt) >= 0.5 * bend ||
            middle - 2.0 * tilt * tilt / bend > 0.5 * std::min({first, middle, last})) {
            return false;
        }
        const auto f = [&](double s) { return off(state_after(now_, s), now_.t + s); };
        const auto [lowest, value] = boost::math::tools::brent_find_minima(f, 0.0, length, 26);
        if (value > 0.0) {
            return false;
        }
        at = locate(0.0, first, lowest, value, off);
        return true;
    }

    /// After a step: cuts it at a turning point, at the floor and at events. True if the path ends.
    bool settle(double taken) {
        double length = taken;
        enter(next_);
        const double r0 = now_.rates.drive;
        if (r0 * next_.rates.drive < 0.0) {
            const double sign = r0 > 0.0 ? 1.0 : -1.0;
            const auto slope = [&](double x, double t) {
                PathRates here;
                rates(x, t, here);
                return sign * here.drive;
            };
            const double turn = locate(0.0, sign * r0, taken, sign * next_.rates.drive, slope);
            // Cut only where the turn is clearly inside: at its ends the sign is rounding.
            if (turn > 1e-6 * taken && turn < (1.0 - 1e-6) * taken) {
                length = turn;
                move(length);
                enter(next_);
            }
        }
        PathEnd end = PathEnd::horizon;
        std::size_t which = 0;
        double first = length;
        if (now_.x > 0.0 && next_.x <= 0.0) {
            first = locate(0.0, now_.x, length, next_.x, [](double x, double) { return x; });
            end = PathEnd::empty;
        }
        for (std::size_t i = 0; i < p_.events; ++i) {
            double at = 0.0;
            if (armed_[i] && happens(i, length, at) &&
                (at < first || (at == first && end != PathEnd::event))) {
                first = at;
                end = PathEnd::event;
                which = i;
            }
        }
        if (end != PathEnd::horizon) {
            if (first < length) {
                move(first);
            }
            now_ = next_;
            now_.v = voltage(now_.x);
            (void)finish(end, which);
            return true;
        }
        now_ = next_;
        for (std::size_t i = 0; i < p_.events; ++i) {
            armed_[i] = armed_[i] || now_.off[i] > 0.0;
        }
        return false;
    }

    PathOutcome finish(PathEnd end, std::size_t which) {
        outcome_.end = end;
        outcome_.event = which;
        outcome_.t_s = now_.t;
        outcome_.v = end == PathEnd::empty ? 0.0 : now_.v;
        outcome_.integrals = now_.sums;
        return outcome_;
    }

    const PathProblem& p_;
    double horizon_;
    double notable_;  ///< kNotable in units of the state
    Point now_, middle_, next_;
    std::array<bool, PathEvents{}.size()> armed_{};
    PathOutcome outcome_;
};

}  // namespace

PathOutcome follow_path(const PathProblem& problem, double v0, double horizon_s) {
    return Walker(problem, v0, horizon_s).run();
}

}  // namespace ebb
