// SPDX-License-Identifier: Apache-2.0
/// The state of a battery beside a capacitor (equations: battery.hpp) and how it moves: integrated
/// as a whole by implicit steps (vector_path.hpp), since no part of it has a closed form together
/// with the others. The terminal is a state; with a power at the node its square is.
///
/// `witness` makes the slow reference of the same equations: extrapolation (after Bulirsch).
#pragma once

#include "models/core/vector_path.hpp"
#include "models/store/battery_params.hpp"
#include "models/store/store_body.hpp"

#include <array>
#include <memory>

namespace ebb {

class BatteryBody final : public StoreBody {
public:
    BatteryBody(const BatteryParams& params, bool witness);

    [[nodiscard]] std::unique_ptr<StoreBody> clone() const override {
        return std::make_unique<BatteryBody>(*this);
    }
    void restart() override;
    [[nodiscard]] double stored_j() const override;
    [[nodiscard]] double inner_v() const override { return s_[kTerminal]; }
    [[nodiscard]] double max_v() const override { return params_.max_v; }
    [[nodiscard]] double free_terminal(const NodeElements& node, bool& collapsed) const override;
    [[nodiscard]] double terminal_rate(const NodeElements& node, double pushed_a_per_s,
                                       bool at_clip) const override;
    [[nodiscard]] bool rests(const NodeElements& node, double x_slope) const override;
    [[nodiscard]] double taken_w(const Piece& piece, double x) const override;
    [[nodiscard]] Withdrawn take(const Withdrawal& wanted) override;
    void hang(const SwitchedCapacitor& capacitor) override { hung_ = capacitor; }
    double join() override;
    double part() override;
    [[nodiscard]] PieceEnd follow(const Piece& piece, double horizon_s) override;

private:
    enum Index : std::size_t { kTerminal, kAvailable, kBound, kFast, kSlow, kStates };
    using State = std::array<double, kStates>;

    /// Above 0 while every resistance and capacitance by the state of charge makes sense. Nothing
    /// keeps the charge within 0 and 1 but the open circuit, which ends at the clip and at 0 V.
    [[nodiscard]] double curve_margin(double soc) const noexcept;
    [[nodiscard]] double out_a(const State& s) const noexcept;
    /// Rates of all but the terminal, leak and heat; returns the current out of the cell.
    double inner_rates(const State& s, State& rate, double& leak_w, double& heat_w) const noexcept;
    [[nodiscard]] VectorProblem problem(const Piece& piece, bool energy) const;

    void take_on(bool joined) noexcept {
        params_.node_f = own_node_f_ + (joined ? hung_.capacitance_f : 0.0);
    }

    BatteryParams params_;  ///< at the node: with what is joined
    double own_node_f_ = 0.0;
    SwitchedCapacitor hung_;
    bool witness_ = false;
    State s_{};
};

}  // namespace ebb
