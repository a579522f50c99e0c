// SPDX-License-Identifier: Apache-2.0
/// Several capacitors, each behind its resistance, on one node: exact while everything at the node
/// is linear.
///
///   C_k v_k' = G_k (y - v_k) - g_k v_k                           [A]  g_k: leak across a capacitor
///   sum of G_k (v_k - y) + b + c y = 0                                node free: loads, supplies
///   C_n y' = sum of G_k (v_k - y) + b + c y                      the same with a capacitor at it
///   y given                                                           node held (clip, 0 V)
///
/// With y eliminated (where it is no state of its own) the system is symmetric after scaling by the
/// square roots of C; its modes decay one by one: v_k(t) = v_k0 + sum_j T_kj r_j t phi1(-lambda_j
/// t). Eigenvalues are refined as sums of squares (no cancellation), so that a slow leak beside
/// fast branches keeps its digits. Crossings of y: the zeros of y' (a sum of exponentials) are
/// isolated by the zeros of the same sum divided by its slowest term and differentiated, one term
/// less each time; between them y is monotone, and a crossing is bracketed. None is missed.
///
/// Not modelled here: anything that is not linear in y.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace ebb {

inline constexpr std::size_t kMostBranches = 6;
/// One value per branch; the one after the last branch is the node's where it has a capacitor.
using BranchValues = std::array<double, kMostBranches + 1>;

struct NetworkBranches {
    std::size_t count = 0;
    BranchValues conductance_s{};
    BranchValues capacitance_f{};
    BranchValues leak_s{};
    double total_s = 0.0;  ///< sum of the conductances
    double node_f = 0.0;   ///< capacitor at the node itself
};

/// The modes of a network with its node free under a conductance c <= 0, or held. The node is the
/// state after the branches where it is free and has a capacitor.
class LinearNetwork {
public:
    static LinearNetwork with_free_node(const NetworkBranches& branches, double node_c_s);
    static LinearNetwork with_held_node(const NetworkBranches& branches);

    [[nodiscard]] std::size_t states() const noexcept { return count_; }
    [[nodiscard]] double eigenvalue(std::size_t j) const noexcept { return lambda_[j]; }
    [[nodiscard]] double node_c() const noexcept { return node_c_; }
    [[nodiscard]] bool held() const noexcept { return held_; }

private:
    friend class NetworkMotion;
    static LinearNetwork with_node_capacitor(const NetworkBranches& branches, double node_c_s);
    std::size_t count_ = 0;
    double node_c_ = 0.0;
    bool held_ = false;
    BranchValues lambda_{};                                    ///< [1/s], <= 0
    std::array<BranchValues, kMostBranches + 1> from_mode_{};  ///< [branch][mode]: T = C^(-1/2) X
    BranchValues weight_{};  ///< of dv_k in dy (free) or in the node's surplus current (held)
};

/// One path: where it starts, and everything about it at later times.
class NetworkMotion {
public:
    /// `into_a`: current into each capacitor at the start [A].
    NetworkMotion(const LinearNetwork& network, const BranchValues& start_v,
                  const BranchValues& into_a);

    /// Branch voltages after t.
    [[nodiscard]] BranchValues at(double t) const noexcept;
    /// What the node's functional (terminal voltage, surplus current) has gained after t.
    [[nodiscard]] double gained(double t) const noexcept;
    /// Times within (0, horizon) at which the functional turns, in order.
    [[nodiscard]] std::vector<double> turns(double horizon) const;
    /// Fastest rate of the path [1/s].
    [[nodiscard]] double fastest() const noexcept;

private:
    const LinearNetwork& network_;
    BranchValues start_{};
    BranchValues rate_{};   ///< r_j: of each mode at the start
    BranchValues slope_{};  ///< of the functional, by mode
};

/// Zeros within (0, horizon) of the sum of d_j e^(lambda_j t), in order.
[[nodiscard]] std::vector<double> zeros_of_exponentials(std::vector<double> d,
                                                        std::vector<double> lambda, double horizon);

}  // namespace ebb
