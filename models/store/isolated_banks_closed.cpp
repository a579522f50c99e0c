// SPDX-License-Identifier: Apache-2.0
/// A pattern of diodes under a quadratic right side, in closed form: the nearest threshold of the
/// node, and when a blocked bank meets it.
#include "models/store/isolated_banks_body.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

namespace ebb {

namespace {

constexpr int kMostApproaches = 200;  // to a meeting before the piece is cut
constexpr double kNever = std::numeric_limits<double>::infinity();

}  // namespace

/// When a blocked bank meets the node on one side; endless if not within the horizon.
double IsolatedBanksBody::meeting(const Bank& bank, Diode towards, const BiasLaw& law, double rate,
                                  double horizon_s) const {
    const auto terminal = [&](double t) {
        return rate == 0.0 || t == 0.0 ? y_ : law.advance(y_, t);
    };
    const auto off = [&](double t) { return gap(bank, terminal(t), bank.decayed(t), towards); };
    if (towards == Diode::feeds ? federated_ || rate >= 0.0 : !bank.allowed) {
        return kNever;
    }
    if (towards == Diode::charges && rate > 0.0) {  // they only come nearer
        const double at_end = off(horizon_s);
        const double at_start = off(0.0);
        if (at_end > 0.0 || at_start <= 0.0) {
            return kNever;
        }
        std::uintmax_t most = 300;
        return at_end == 0.0 ? horizon_s
                             : boost::math::tools::toms748_solve(
                                   off, 0.0, horizon_s, at_start, at_end,
                                   boost::math::tools::eps_tolerance<double>(52), most)
                                   .second;
    }
    double t = 0.0;
    if (meets(bank, towards)) {  // it has just been released, and moves apart at first
        for (t = horizon_s; t > 1e-12 * horizon_s; t *= 0.25) {
            if (off(t) > 0.0 && off(0.5 * t) > 0.0 && off(0.25 * t) > 0.0) {
                break;
            }
        }
    }
    // What is reached no sooner than: one side moves to where the other one is now.
    for (int i = 0; i < kMostApproaches; ++i) {
        const double target =
            towards == Diode::feeds ? bank.decayed(t) - drop_v_ : terminal(t) - drop_v_;
        if (target <= 0.0) {
            return kNever;
        }
        const double next = towards == Diode::feeds
                                ? law.time_to(y_, std::min(target, y_)).value_or(kNever)
                                : bank.decay_time(std::min(target, bank.v));
        if (next > horizon_s) {
            return kNever;
        }
        if (next <= t * (1.0 + 1e-15) + 1e-18) {
            return t;
        }
        t = next;
    }
    return t;  // not there yet: the piece is cut, and the next one goes on
}

PieceEnd IsolatedBanksBody::follow_quadratic(const Piece& piece, const Pattern& now,
                                             const Terms& net, double horizon_s) {
    const Terms q = net + now.offset;
    const BiasLaw law({now.total_f, 0.0}, q);
    const double y0 = y_;
    const bool up = now.rate > 0.0;
    double target = std::numeric_limits<double>::quiet_NaN();
    NodeEvent event = NodeEvent::falling;
    bool of_node = false;
    std::size_t released = banks_.size();
    const auto nearer = [&](double v) {
        return (up ? v > y0 : v < y0) && !(up ? v >= target : v <= target);
    };
    for (std::size_t i = 0; i < kNodeEvents && now.rate != 0.0; ++i) {
        const auto candidate = static_cast<NodeEvent>(i);
        const double v = piece.threshold(candidate, 0.0);
        if (!std::isnan(v) && piece.falls(candidate) != up && nearer(v)) {
            target = v;
            event = candidate;
            of_node = true;
        }
    }
    for (std::size_t k = 0; k < banks_.size() && now.rate != 0.0; ++k) {
        const Bank& bank = banks_[k];
        const Diode previous = k == 0 ? Diode::blocks : banks_[k - 1].diode;
        if (k == 0 || previous != Diode::blocks) {  // what the switch looks at moves with the node
            const double v = (up ? bank.charge_v : bank.stop_v) - sign(previous) * drop_v_;
            if (bank.closed != up && nearer(v)) {
                target = v;
                of_node = false;
                released = banks_.size();
            }
        }
        if (bank.diode != Diode::blocks && bank.terminal) {  // where its terminal ends the walk
            const double v = up ? bank.terminal->charged_v : bank.terminal->empty_v;
            const double at = v - sign(bank.diode) * drop_v_;
            if ((up ? awaited_ == k : bank.in_use) && nearer(at)) {
                target = at;
                of_node = false;
                released = banks_.size();
            }
        }
        if (bank.diode != Diode::blocks && bank.leak_s + bank.load_a > 0.0) {  // its current turns
            const double share = bank.capacitance_f / now.total_f;
            const double a = share * q.a_w;
            const double b = share * q.b_a + sign(bank.diode) * bank.leak_s * drop_v_ + bank.load_a;
            const double c = share * q.c_s + bank.leak_s;
            const double disc = b * b - 4.0 * a * c;
            const double h = -0.5 * (b + std::copysign(std::sqrt(std::max(disc, 0.0)), b));
            for (const double v : {h / c, a / h}) {
                const double away = std::fabs(v - y0);
                if (disc >= 0.0 && away > kDiodeTouches * y0 && nearer(v) && std::isfinite(v)) {
                    target = v;
                    of_node = false;
                    released = k;
                }
            }
        }
    }
    PieceEnd end;
    end.t_s = horizon_s;
    const auto reached = std::isnan(target) ? std::nullopt : law.time_to(y0, target);
    const bool arrives = reached && *reached <= horizon_s;
    end.t_s = arrives ? *reached : horizon_s;
    bool cut = false;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        if (banks_[k].diode == Diode::blocks) {
            const Bank& bank = banks_[k];
            double turn = kNever;
            if (k + 1 < banks_.size() && banks_[k + 1].closed) {
                turn = bank.decay_time(banks_[k + 1].stop_v);
            }
            if (bank.in_use) {
                turn = std::min(turn, bank.decay_time(bank.terminal->empty_v));
            }
            for (const Diode towards : {Diode::feeds, Diode::charges}) {
                turn = std::min(turn, meeting(bank, towards, law, now.rate, end.t_s));
            }
            if (turn < end.t_s) {
                end.t_s = turn;
                cut = true;
            }
        }
    }
    const Path from = banks_;
    const double y1 = arrives && !cut                     ? target
                      : now.rate == 0.0 || end.t_s == 0.0 ? y0
                                                          : law.advance(y0, end.t_s);
    move_to(y1, end.t_s);
    end.happened = arrives && !cut && of_node;
    end.event = event;
    if (arrives && !cut && released < banks_.size()) {
        banks_[released].released = true;
    }
    const PathIntegrals off = law.deviations(y0, y1);
    piece.book_quadratic(end.t_s, y1, off.v_dt, off.v2_dt, end.flows);
    end.flows[kFlowLeak] = quadratic_integral(now.leak, end.t_s, y1, off.v_dt, off.v2_dt);
    book_banks(from, y0, end.t_s, end);
    return end;
}

}  // namespace ebb
