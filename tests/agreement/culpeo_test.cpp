// SPDX-License-Identifier: Apache-2.0
/// Does a store of branches, fitted to some loads, predict from where another load may start?
///
/// Measured (Culpeo): the lowest starting voltage of a 45 mF bank from which a pulse behind a
/// booster just does not fall below 1.6 V: five pulses (two days each) and the same five followed
/// by a tail. An energy-only estimate is up to 0.62 V too low. Three branches are fitted by
/// Levenberg-Marquardt on four of the five pulses and predict the fifth and all tails, for each of
/// the five splits.
///
/// Stated: the booster gives 2.56 V, its efficiency is 0.162281 V + 0.420789 (least squares over
/// three published points); noted currents 5.4 and 11.5 mA; the tail is 1.35 mA for 100 ms (not the
/// noted 2.8 mA, which no store reconciles with the rows). The capacitances add up to 45 mF. Four
/// pulses do not determine five numbers: each logarithm is drawn to its start with a standard
/// deviation of 1, against 10 mV of a measured voltage. The start: time constants of 1, 10 and
/// 100 ms, a third of the bank each way, whatever the split.
#include "models/store/piecewise_store.hpp"
#include "models/store/supercapacitor_store.hpp"
#include "tests/support/scenarios.hpp"

#include <Eigen/Dense>
#include <boost/math/tools/toms748_solve.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <sstream>
#include <unsupported/Eigen/LevenbergMarquardt>
#include <unsupported/Eigen/NumericalDiff>
#include <vector>

namespace {

using namespace ebb;

constexpr double kOff = 1.6;
constexpr double kBank = 45e-3;
constexpr double kPerVolt = 0.162281, kAtZero = 0.420789;  // of the booster's efficiency
constexpr double kOutput = 2.56;
constexpr double kTailCurrent = 1.35e-3;
constexpr double kMeasured = 10e-3;  // [V] standard deviation of a measured start

struct Pulse {
    double current_a = 0.0, length_s = 0.0, tail_s = 0.0;
    double start_v = 0.0;  ///< measured, mean over the days
    double energy_only_v = 0.0;
};

std::vector<Pulse> pulses() {
    const auto data = ebb::test::shared_data();
    if (!data) {
        return {};
    }
    std::ifstream in(*data + "/data/hardware/culpeo_vsafe.csv");
    std::map<std::string, std::vector<std::vector<double>>> by_experiment;
    std::vector<std::string> order;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#' || line[0] == 'e') {
            continue;
        }
        std::vector<double> row;
        std::istringstream fields(line);
        for (std::string field; std::getline(fields, field, ',');) {
            row.push_back(std::stod(field));
        }
        const std::string id = line.substr(0, line.find(','));
        if (by_experiment[id].empty()) {
            order.push_back(id);
        }
        by_experiment[id].push_back(row);
    }
    std::vector<Pulse> all;
    for (const std::string& id : order) {
        const auto& rows = by_experiment[id];
        Pulse p{rows[0][2], rows[0][3], rows[0][4], 0.0, rows[0][9]};
        for (const auto& row : rows) {
            p.start_v += row[7] / static_cast<double>(rows.size());
        }
        all.push_back(p);
    }
    return all;
}

/// A constant current at the booster's output, as the store sees it:
///   P/(V (m V + b)) = (P/b) (1/V - 1/(V + b/m))   [A]
LoadPhase boosted(double current_a, double length_s) {
    const double power = kOutput * current_a / kAtZero;
    LoadPhase phase;
    phase.duration_s = length_s;
    phase.regulated.add({Sink::compute, {power, 0.0, 0.0}, {-power, kAtZero / kPerVolt}});
    phase.drop_out = phase.regulated;
    return phase;
}

/// R1, C1, R2, C2, R3 as logarithms; the third capacitance is what is left of the bank.
using Branches = Eigen::VectorXd;

SupercapacitorParams store_of(const Branches& x, double start_v) {
    const double c1 = std::exp(x(1)), c2 = std::exp(x(3));
    const double scale = kBank / (c1 + c2 + kBank / 3.0);
    SupercapacitorParams p;
    p.immediate = {std::exp(x(0)), c1 * scale, 0.0};
    p.branches = {{std::exp(x(2)), c2 * scale, {}}, {std::exp(x(4)), kBank / 3.0 * scale, {}}};
    p.initial_v = start_v;
    p.max_v = 10.0;
    return p;
}

/// How far the lowest terminal stays above the turn-off voltage [V]; a cut pulse counts the time
/// that it lacks, so that the function goes on smoothly enough to find its zero.
double margin(const Branches& x, const Pulse& pulse, double start_v) {
    PiecewiseStore store(std::make_unique<NetworkBody>(store_of(x, start_v), false));
    SupplyShape shape;
    const Supply none = Supply::constant(shape, 0.0);
    store.reset(none);
    Load load;
    load.phases = {boosted(pulse.current_a, pulse.length_s)};
    if (pulse.tail_s > 0.0) {
        load.phases.push_back(boosted(kTailCurrent, pulse.tail_s));
    }
    const Watches watches{kOff, std::numeric_limits<double>::quiet_NaN()};
    const double whole = pulse.length_s + pulse.tail_s;
    double lowest = 100.0;
    for (std::size_t i = 0; i < load.phases.size(); ++i) {
        Load one;
        one.phases = {load.phases[i]};
        const WalkResult& r = store.walk(one, watches, Time::never());
        if (r.stop != Stop::load_done) {
            return (r.at.seconds() - whole) / whole;
        }
        lowest = std::min(lowest, store.terminal_v(load.phases[i].regulated));
    }
    return lowest - kOff;
}

double predicted(const Branches& x, const Pulse& pulse) {
    std::uintmax_t most = 100;
    const auto f = [&](double v) { return margin(x, pulse, v); };
    const double lo = kOff, hi = 4.0;
    const double at_lo = f(lo), at_hi = f(hi);
    if (at_lo >= 0.0 || at_hi <= 0.0) {
        return at_lo >= 0.0 ? lo : hi;
    }
    return boost::math::tools::toms748_solve(f, lo, hi, at_lo, at_hi,
                                             boost::math::tools::eps_tolerance<double>(36), most)
        .second;
}

Branches start() {
    const double third = kBank / 3.0;
    Branches x(5);
    x << std::log(1e-3 / third), std::log(third), std::log(1e-2 / third), std::log(third),
        std::log(1e-1 / third);
    return x;
}

struct Fit : Eigen::DenseFunctor<double> {
    Fit(const std::vector<Pulse>& seen)
        : DenseFunctor<double>(5, static_cast<int>(seen.size()) + 5), pulses(seen) {}
    int operator()(const Branches& x, Eigen::VectorXd& off) const {
        const auto n = static_cast<Eigen::Index>(pulses.size());
        for (Eigen::Index i = 0; i < n; ++i) {
            const Pulse& p = pulses[static_cast<std::size_t>(i)];
            off(i) = (predicted(x, p) - p.start_v) / kMeasured;
        }
        off.tail(5) = x - start();
        return 0;
    }
    const std::vector<Pulse>& pulses;
};

Branches fitted(const std::vector<Pulse>& seen) {
    Branches x = start();
    Fit fit(seen);
    Eigen::NumericalDiff<Fit> slope(fit, 1e-10);
    Eigen::LevenbergMarquardt<Eigen::NumericalDiff<Fit>> solver(slope);
    solver.setMaxfev(400);
    (void)solver.minimize(x);
    return x;
}

}  // namespace

TEST_CASE("do branches fitted to four pulses predict the fifth and the tails within 50 mV?") {
    const std::vector<Pulse> all = pulses();
    if (all.empty()) {
        WARN("skipped: would read $EBB_TEST_DATA/data/hardware/culpeo_vsafe.csv");
        return;
    }
    std::vector<Pulse> plain, tails;
    double energy_only = 0.0;
    for (const Pulse& p : all) {
        (p.tail_s > 0.0 ? tails : plain).push_back(p);
        energy_only = std::max(energy_only, p.start_v - p.energy_only_v);
    }
    REQUIRE(plain.size() == 5);
    REQUIRE(tails.size() == 5);
    double worst_left_out = 0.0, worst_tail = 0.0;
    for (std::size_t out = 0; out < plain.size(); ++out) {
        std::vector<Pulse> seen = plain;
        seen.erase(seen.begin() + static_cast<std::ptrdiff_t>(out));
        const Branches x = fitted(seen);
        double here = std::fabs(predicted(x, plain[out]) - plain[out].start_v);
        double tail = 0.0;
        for (const Pulse& p : tails) {
            tail = std::max(tail, std::fabs(predicted(x, p) - p.start_v));
        }
        const SupercapacitorParams s = store_of(x, 0.0);
        std::cout << "  without " << 1e3 * plain[out].current_a << " mA, "
                  << 1e3 * plain[out].length_s << " ms: off by " << 1e3 * here << " mV, tails "
                  << 1e3 * tail << " mV (" << s.immediate.resistance_ohm << " Ohm "
                  << 1e3 * s.immediate.capacitance_f << " mF, " << s.branches[0].resistance_ohm
                  << " Ohm " << 1e3 * s.branches[0].capacitance_f << " mF, "
                  << s.branches[1].resistance_ohm << " Ohm " << 1e3 * s.branches[1].capacitance_f
                  << " mF)\n";
        worst_left_out = std::max(worst_left_out, here);
        worst_tail = std::max(worst_tail, tail);
    }
    std::cout << "  worst: left out " << 1e3 * worst_left_out << " mV, tails " << 1e3 * worst_tail
              << " mV; energy alone " << 1e3 * energy_only << " mV\n";
    CHECK(worst_left_out <= 50e-3);
    CHECK(worst_tail <= 50e-3);
    CHECK(energy_only > 0.6);
}
