// SPDX-License-Identifier: Apache-2.0
/// The state of a network of capacitors behind resistances, and how it moves.
///
///   i_k = G_k (y - v_k)                     current into a branch                    [A]
///   (C_1 + C_v v_1) v_1' = i_1 - g v_1      immediate branch with its leak           [A]
///   C_k v_k' = i_k                          the others                               [A]
///   sum of i_k = a/y + b + c y + rational   at the node, terminal voltage y          [A]
///
/// With a decoupling capacitor C_n at the node the terminal is a state, and never jumps:
///
///   C_n y' = a/y + b + c y + rational - sum of i_k                                   [A]
///
/// Exact (linear_network.hpp) while C_v = 0 and the node is linear: no powers, no rational terms, a
/// supply that holds. What flows is integrated apart from that by 16-point Gauss-Legendre panels
/// whose lengths double with the decay of the fastest mode. The rest is integrated as a whole
/// (vector_path.hpp; with a decoupling capacitor, which follows fast, by implicit steps). At the
/// clip y = max: the branches go on filling, what they do not take is clipped. Where the currents
/// ask for more than the branches can push to 0 V, y is held at 0.
///
/// `witness` makes the slow reference of the same equations: everything integrated by extrapolation
/// (after Bulirsch), no modes.
#pragma once

#include "models/core/vector_path.hpp"
#include "models/store/linear_network.hpp"
#include "models/store/store_body.hpp"
#include "models/store/supercapacitor_params.hpp"

#include <memory>
#include <vector>

namespace ebb {

class NetworkBody final : public StoreBody {
public:
    NetworkBody(const SupercapacitorParams& params, bool witness);

    [[nodiscard]] std::unique_ptr<StoreBody> clone() const override {
        return std::make_unique<NetworkBody>(*this);
    }
    void restart() override;
    [[nodiscard]] double stored_j() const override;
    /// What the terminal would be with nothing connected at this instant.
    [[nodiscard]] double inner_v() const override {
        return decoupled() ? v_[branches_.count] : behind(v_);
    }
    [[nodiscard]] double max_v() const override { return max_v_; }
    [[nodiscard]] double free_terminal(const NodeElements& node, bool& collapsed) const override;
    [[nodiscard]] double terminal_rate(const NodeElements& node, double pushed_a_per_s,
                                       bool at_clip) const override;
    [[nodiscard]] bool rests(const NodeElements& node, double x_slope) const override;
    [[nodiscard]] double taken_w(const Piece& piece, double x) const override;
    [[nodiscard]] Withdrawn take(const Withdrawal& wanted) override;
    /// Beside a decoupling capacitor only.
    void hang(const SwitchedCapacitor& capacitor) override;
    double join() override;
    double part() override;
    [[nodiscard]] PieceEnd follow(const Piece& piece, double horizon_s) override;

private:
    /// The node at one instant, for given branch voltages.
    struct Instant {
        double y = 0.0;
        double surplus_a = 0.0;  ///< held: what the supply gives beyond loads and branches
        bool collapsed = false;
        BranchValues into_a{};  ///< into each branch
    };
    [[nodiscard]] bool decoupled() const noexcept { return branches_.node_f > 0.0; }
    [[nodiscard]] double behind(const BranchValues& v) const noexcept;
    [[nodiscard]] Instant instant(const Piece& piece, const BranchValues& v, double x) const {
        return instant(piece, v, gap_below(piece, v), x);
    }
    /// The same with the gap below a held terminal as a number of its own: behind a small
    /// resistance v is too coarse for the current.
    [[nodiscard]] Instant instant(const Piece& piece, const BranchValues& v,
                                  const BranchValues& gap, double x) const;
    [[nodiscard]] BranchValues gap_below(const Piece& piece, const BranchValues& v) const noexcept;
    void currents(const BranchValues& v, double node_a, BranchValues& into) const noexcept;
    [[nodiscard]] double charging_a(std::size_t k, const BranchValues& v,
                                    double into_a) const noexcept;
    [[nodiscard]] double capacitance(std::size_t k, const BranchValues& v) const noexcept;
    void flows_at(const Piece& piece, const BranchValues& v, double x, const Instant& now,
                  Flows& out) const;
    [[nodiscard]] double distance(const Piece& piece, NodeEvent event, const Instant& now,
                                  double t) const noexcept;
    void land(const Piece& piece, NodeEvent event, double t);
    /// With a decoupling capacitor: current that charges it [A]; what an empty node would get.
    [[nodiscard]] double into_node_a(const NodeElements& node, const BranchValues& v) const;
    [[nodiscard]] double node_rate(const NodeElements& node) const;
    [[nodiscard]] double into_empty_node_a(const NodeElements& node, const BranchValues& v) const;

    [[nodiscard]] const LinearNetwork& modes(double node_c_s, bool held);
    [[nodiscard]] PieceEnd follow_linear(const Piece& piece, double horizon_s);
    [[nodiscard]] double off_rest(const Piece& piece, const BranchValues& v, double x) const;
    void rest(const Piece& piece, double length_s, PieceEnd& end) const;
    [[nodiscard]] bool by_energy(const Piece& piece) const;
    [[nodiscard]] VectorProblem problem(const Piece& piece) const;
    [[nodiscard]] PieceEnd integrate(const Piece& piece, double horizon_s);

    void take_on(bool joined);

    NetworkBranches branches_;  ///< at the node: with what is joined
    double decoupling_f_ = 0.0;
    SwitchedCapacitor hung_;
    bool joined_ = false;
    double per_volt_f_ = 0.0;
    double max_v_ = 0.0;
    bool witness_ = false;
    BranchValues initial_{};
    BranchValues v_{};                  ///< of the branches, then of the node if it has a capacitor
    std::vector<LinearNetwork> known_;  ///< modes of node conductances met so far
    std::vector<LinearNetwork> known_otherwise_;  ///< with, or without, what is joined
};

/// The reference's way along a path: extrapolation, events by halving (supercapacitor_witness.cpp).
[[nodiscard]] VectorOutcome follow_by_extrapolation(const VectorProblem& problem,
                                                    const VectorProblem::State& start,
                                                    double horizon_s);

}  // namespace ebb
