// SPDX-License-Identifier: Apache-2.0
#include "models/store/linear_network.hpp"

#include "models/core/store_law.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>

namespace ebb {

namespace {

using Matrix =
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, static_cast<int>(kMostBranches) + 1,
                  static_cast<int>(kMostBranches) + 1>;

/// Currents through the node between branches, and from a branch through the node to ground.
double link(const NetworkBranches& b, double d, std::size_t i, std::size_t j) {
    return b.conductance_s[i] * b.conductance_s[j] / d;
}
double ground(const NetworkBranches& b, double d, double node_c, std::size_t i) {
    return b.conductance_s[i] * -node_c / d + b.leak_s[i];
}

double value_of(const std::vector<double>& d, const std::vector<double>& lambda, double t) {
    double sum = 0.0;
    for (std::size_t j = 0; j < d.size(); ++j) {
        sum += d[j] * std::exp(lambda[j] * t);
    }
    return sum;
}

}  // namespace

LinearNetwork LinearNetwork::with_held_node(const NetworkBranches& b) {
    LinearNetwork n;
    n.count_ = b.count;
    n.held_ = true;
    for (std::size_t k = 0; k < b.count; ++k) {
        n.lambda_[k] = -(b.conductance_s[k] + b.leak_s[k]) / b.capacitance_f[k];
        n.from_mode_[k][k] = 1.0 / std::sqrt(b.capacitance_f[k]);
        n.weight_[k] = b.conductance_s[k];
    }
    return n;
}

LinearNetwork LinearNetwork::with_node_capacitor(const NetworkBranches& b, double node_c_s) {
    LinearNetwork n;
    n.count_ = b.count + 1;
    n.node_c_ = node_c_s;
    n.weight_[b.count] = 1.0;
    const auto size = static_cast<Eigen::Index>(n.count_);
    const auto node = size - 1;
    Matrix a = Matrix::Zero(size, size);
    a(node, node) = (node_c_s - b.total_s) / b.node_f;
    for (std::size_t i = 0; i < b.count; ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        a(row, row) = -(b.conductance_s[i] + b.leak_s[i]) / b.capacitance_f[i];
        a(row, node) = b.conductance_s[i] / std::sqrt(b.capacitance_f[i] * b.node_f);
        a(node, row) = a(row, node);
    }
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(a);
    for (std::size_t m = 0; m < n.count_; ++m) {
        for (std::size_t k = 0; k < n.count_; ++k) {
            n.from_mode_[k][m] =
                solver.eigenvectors()(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(m)) /
                std::sqrt(k < b.count ? b.capacitance_f[k] : b.node_f);
        }
        // A sum of squares here too.
        const double y = n.from_mode_[b.count][m];
        double sum = -node_c_s * y * y;
        for (std::size_t i = 0; i < b.count; ++i) {
            const double z = n.from_mode_[i][m];
            sum += b.leak_s[i] * z * z + b.conductance_s[i] * (z - y) * (z - y);
        }
        n.lambda_[m] = -sum;
    }
    return n;
}

LinearNetwork LinearNetwork::with_free_node(const NetworkBranches& b, double node_c_s) {
    if (b.node_f > 0.0) {
        return with_node_capacitor(b, node_c_s);
    }
    LinearNetwork n;
    n.count_ = b.count;
    n.node_c_ = node_c_s;
    const double d = b.total_s - node_c_s;
    const auto size = static_cast<Eigen::Index>(b.count);
    Matrix a = Matrix::Zero(size, size);
    for (std::size_t i = 0; i < b.count; ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        double own = ground(b, d, node_c_s, i);
        for (std::size_t j = 0; j < b.count; ++j) {
            if (i != j) {
                own += link(b, d, i, j);
                a(row, static_cast<Eigen::Index>(j)) =
                    link(b, d, i, j) / std::sqrt(b.capacitance_f[i] * b.capacitance_f[j]);
            }
        }
        a(row, row) = -own / b.capacitance_f[i];
        n.weight_[i] = b.conductance_s[i] / d;
    }
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(a);
    for (std::size_t m = 0; m < b.count; ++m) {
        const auto column = static_cast<Eigen::Index>(m);
        for (std::size_t k = 0; k < b.count; ++k) {
            n.from_mode_[k][m] = solver.eigenvectors()(static_cast<Eigen::Index>(k), column) /
                                 std::sqrt(b.capacitance_f[k]);
        }
        // x' A x as a sum of squares: small eigenvalues keep all their digits.
        double sum = 0.0;
        for (std::size_t i = 0; i < b.count; ++i) {
            const double z = n.from_mode_[i][m];
            sum += ground(b, d, node_c_s, i) * z * z;
            for (std::size_t j = 0; j < i; ++j) {
                const double apart = z - n.from_mode_[j][m];
                sum += link(b, d, i, j) * apart * apart;
            }
        }
        n.lambda_[m] = -sum;
    }
    return n;
}

NetworkMotion::NetworkMotion(const LinearNetwork& network, const BranchValues& start_v,
                             const BranchValues& into_a)
    : network_(network), start_(start_v) {
    for (std::size_t j = 0; j < network.count_; ++j) {
        double weight = 0.0;
        for (std::size_t k = 0; k < network.count_; ++k) {
            rate_[j] += network.from_mode_[k][j] * into_a[k];
            weight += network.weight_[k] * network.from_mode_[k][j];
        }
        slope_[j] = weight * rate_[j];
    }
}

BranchValues NetworkMotion::at(double t) const noexcept {
    BranchValues v = start_;
    for (std::size_t j = 0; j < network_.count_; ++j) {
        const double moved = rate_[j] * t * phi1(-network_.lambda_[j] * t);
        for (std::size_t k = 0; k < network_.count_; ++k) {
            v[k] += network_.from_mode_[k][j] * moved;
        }
    }
    return v;
}

double NetworkMotion::gained(double t) const noexcept {
    double sum = 0.0;
    for (std::size_t j = 0; j < network_.count_; ++j) {
        sum += slope_[j] * t * phi1(-network_.lambda_[j] * t);
    }
    return sum;
}

double NetworkMotion::fastest() const noexcept {
    double most = 0.0;
    for (std::size_t j = 0; j < network_.count_; ++j) {
        most = std::max(most, -network_.lambda_[j]);
    }
    return most;
}

std::vector<double> NetworkMotion::turns(double horizon) const {
    std::vector<double> d(slope_.begin(),
                          slope_.begin() + static_cast<std::ptrdiff_t>(network_.count_));
    std::vector<double> lambda(
        network_.lambda_.begin(),
        network_.lambda_.begin() + static_cast<std::ptrdiff_t>(network_.count_));
    return zeros_of_exponentials(std::move(d), std::move(lambda), horizon);
}

std::vector<double> zeros_of_exponentials(std::vector<double> d, std::vector<double> lambda,
                                          double horizon) {
    for (std::size_t j = d.size(); j-- > 0;) {
        if (d[j] == 0.0) {
            d.erase(d.begin() + static_cast<std::ptrdiff_t>(j));
            lambda.erase(lambda.begin() + static_cast<std::ptrdiff_t>(j));
        }
    }
    std::vector<double> zeros;
    if (d.size() < 2) {
        return zeros;
    }
    // Divided by its slowest term the sum keeps its zeros, and differentiated it has a term less.
    const double slowest = *std::max_element(lambda.begin(), lambda.end());
    std::vector<double> derived_d;
    std::vector<double> derived_lambda;
    for (std::size_t j = 0; j < d.size(); ++j) {
        lambda[j] -= slowest;
        if (lambda[j] != 0.0) {
            derived_d.push_back(d[j] * lambda[j]);
            derived_lambda.push_back(lambda[j]);
        }
    }
    std::vector<double> borders = zeros_of_exponentials(derived_d, derived_lambda, horizon);
    borders.push_back(horizon);
    double from = 0.0;
    double at_from = value_of(d, lambda, 0.0);
    const auto f = [&](double t) { return value_of(d, lambda, t); };
    for (const double to : borders) {
        const double at_to = f(to);
        if (at_from * at_to < 0.0) {
            std::uintmax_t most = 300;
            const auto bracket = boost::math::tools::toms748_solve(
                f, from, to, at_from, at_to, boost::math::tools::eps_tolerance<double>(50), most);
            zeros.push_back(bracket.second);
        }
        from = to;
        at_from = at_to;
    }
    return zeros;
}

}  // namespace ebb
