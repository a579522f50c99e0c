// SPDX-License-Identifier: Apache-2.0
#include "models/core/radau.hpp"

#include "models/core/quadrature.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <boost/math/special_functions/legendre.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>

namespace ebb {

namespace {

constexpr std::size_t kStages = 5;
constexpr int kMostIterations = 12;
constexpr int kLeastIterations = 4;
constexpr double kSettled = 4e-16;  // of a state: no iteration improves on it
constexpr double kNearlySettled = 1e-13;
constexpr double kNothing = 1e-60;
constexpr double kNudge = 1e-8;
constexpr double kSlow = 0.1;  // of the last correction: then Newton's matrix is renewed

using State = VectorProblem::State;
constexpr int kMostUnknowns = static_cast<int>(kStages * VectorProblem::kMost);
using Matrix =
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, kMostUnknowns, kMostUnknowns>;
constexpr int kMostStates = static_cast<int>(VectorProblem::kMost);
using Jacobian = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, kMostStates, kMostStates>;
using Vector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, kMostUnknowns, 1>;

struct Rule {
    std::array<double, kStages> c{};
    std::array<std::array<double, kStages>, kStages> a{};
};

/// Points: zeros of P_4 - P_5 on [-1, 1], moved to [0, 1]; weights: integrals of the Lagrange
/// polynomials, exact by 16-point Gauss-Legendre.
Rule make_rule() {
    Rule rule;
    const auto off = [](double x) {
        return boost::math::legendre_p(static_cast<int>(kStages) - 1, x) -
               boost::math::legendre_p(static_cast<int>(kStages), x);
    };
    constexpr int kCells = 2000;  // the four inner zeros lie far apart
    std::size_t found = 0;
    double from = -1.0;
    for (int i = 1; i < kCells && found + 1 < kStages; ++i) {
        const double to = -1.0 + 2.0 * i / kCells;
        if (off(from) * off(to) < 0.0) {
            std::uintmax_t most = 200;
            const auto zero = boost::math::tools::toms748_solve(
                off, from, to, boost::math::tools::eps_tolerance<double>(53), most);
            rule.c[found++] = 0.5 * (1.0 + 0.5 * (zero.first + zero.second));
        }
        from = to;
    }
    rule.c[kStages - 1] = 1.0;
    for (std::size_t i = 0; i < kStages; ++i) {
        const double half = 0.5 * rule.c[i];
        for (std::size_t j = 0; j < kStages; ++j) {
            const auto lagrange = [&](double x) {
                double value = 1.0;
                for (std::size_t m = 0; m < kStages; ++m) {
                    value *= m == j ? 1.0 : (x - rule.c[m]) / (rule.c[j] - rule.c[m]);
                }
                return value;
            };
            for (std::size_t k = 0; k < quadrature::kGauss16.node.size(); ++k) {
                const double u = half * quadrature::kGauss16.node[k];
                rule.a[i][j] += half * quadrature::kGauss16.weight[k] *
                                (lagrange(half - u) + lagrange(half + u));
            }
        }
    }
    return rule;
}

const Rule& rule() {
    static const Rule the_rule = make_rule();
    return the_rule;
}

/// How the rates of the states change with each of them, at one instant.
Jacobian jacobian(const VectorProblem& p, const State& s, double t, double h) {
    State here{};
    p.rates(t, s, here);
    const auto n = static_cast<Eigen::Index>(p.states);
    Jacobian j(n, n);
    for (Eigen::Index m = 0; m < n; ++m) {
        const auto at = static_cast<std::size_t>(m);
        const double size = std::max(std::fabs(s[at]), std::fabs(h * here[at]));
        const double by = kNudge * (size > 0.0 ? size : p.notable);
        State moved = s;
        moved[at] += by;
        State there{};
        p.rates(t, moved, there);
        for (Eigen::Index k = 0; k < n; ++k) {
            j(k, m) = (there[static_cast<std::size_t>(k)] - here[static_cast<std::size_t>(k)]) / by;
        }
    }
    return j;
}

}  // namespace

bool radau_step(const VectorProblem& p, State& s, double t, double h) {
    const Rule& r = rule();
    const auto n = static_cast<Eigen::Index>(p.states);
    const auto unknowns = static_cast<Eigen::Index>(kStages) * n;
    const auto index = [](Eigen::Index i) { return static_cast<std::size_t>(i); };

    constexpr auto stages = static_cast<Eigen::Index>(kStages);
    Eigen::PartialPivLU<Matrix> solver;  // of 1 - h A J
    const auto prepare = [&](const auto& jacobian_of_stage) {
        Matrix newton = Matrix::Identity(unknowns, unknowns);
        for (Eigen::Index j = 0; j < stages; ++j) {
            const Jacobian& of_stage = jacobian_of_stage(index(j));
            for (Eigen::Index i = 0; i < stages; ++i) {
                newton.block(i * n, j * n, n, n) -= h * r.a[index(i)][index(j)] * of_stage;
            }
        }
        if (!newton.allFinite()) {
            return false;
        }
        solver.compute(newton);
        return true;
    };
    const Jacobian at_start = jacobian(p, s, t, h);
    if (!prepare([&](std::size_t) -> const Jacobian& { return at_start; })) {
        return false;
    }

    Vector z = Vector::Zero(unknowns);  // what each stage has gained
    std::array<State, kStages> stage{};
    std::array<State, kStages> rates{};
    double before = INFINITY;
    bool slow = false;
    for (int iteration = 0;; ++iteration) {
        for (std::size_t j = 0; j < kStages; ++j) {
            stage[j] = s;
            for (Eigen::Index k = 0; k < n; ++k) {
                stage[j][index(k)] += z(static_cast<Eigen::Index>(j) * n + k);
            }
            rates[j].fill(0.0);
            p.rates(t + r.c[j] * h, stage[j], rates[j]);
        }
        if (slow) {  // each stage's own Jacobian, where they differ much
            std::array<Jacobian, kStages> own;
            for (std::size_t j = 0; j < kStages; ++j) {
                own[j] = jacobian(p, stage[j], t + r.c[j] * h, h);
            }
            if (!prepare([&](std::size_t j) -> const Jacobian& { return own[j]; })) {
                return false;
            }
        }
        Vector off = z;
        for (Eigen::Index i = 0; i < stages; ++i) {
            for (std::size_t j = 0; j < kStages; ++j) {
                for (Eigen::Index k = 0; k < n; ++k) {
                    off(i * n + k) -= h * r.a[index(i)][j] * rates[j][index(k)];
                }
            }
        }
        const Vector step = solver.solve(off);
        double size = 0.0;
        double coarse = 0.0;  // beside notable states
        for (Eigen::Index i = 0; i < unknowns; ++i) {
            // To its own size: what flows may be a root of a state that has just left zero.
            const double scale =
                std::max(std::fabs(s[index(i % n)] + z(i)), std::fabs(z(i))) + kNothing;
            const double share = std::fabs(step(i)) / scale;
            if (!std::isfinite(share)) {
                return false;
            }
            size = std::max(size, share);
            coarse = std::max(coarse, std::fabs(step(i)) / std::max(scale, p.notable));
        }
        z -= step;
        if (size <= kSettled || (size <= kNearlySettled && size >= 0.5 * before)) {
            break;  // settled, or down to rounding
        }
        if (iteration == kMostIterations || (slow && size > 2.0 * before)) {
            if (coarse <= kNearlySettled && iteration >= kLeastIterations) {
                break;  // a state that has died away moves by the rounding of the others
            }
            return false;
        }
        slow = slow || size > kSlow * before;
        before = size;
    }
    for (Eigen::Index k = 0; k < n; ++k) {
        s[index(k)] += z(unknowns - n + k);
    }
    for (std::size_t i = p.states; i < p.states + p.integrals; ++i) {
        for (std::size_t j = 0; j < kStages; ++j) {
            s[i] += h * r.a[kStages - 1][j] * rates[j][i];
        }
    }
    return true;
}

}  // namespace ebb
