// SPDX-License-Identifier: Apache-2.0
/// The state of a ceramic capacitor and how it moves: one voltage, no series resistance.
///
///   C(V) V V' = p_in(V) - V (V/R + I + I0 e^(V/Va))            [W]
///
/// Exact (bias_law.hpp) while the right side is quadratic: constant powers, currents, Thevenin
/// sources, resistive and constant leakage. Exponential leakage of a constant capacitance, alone or
/// with constant currents: V(t) = V0 - Va log(rho + (1 - rho) e^-z) form. The rest (rational terms,
/// straight-line supplies, exponential leakage beside powers or bias) is integrated
/// (general_law.hpp) with the state x for which C0 x^2/2 is the energy.
///
/// `witness` makes the slow reference of the same equations: everything integrated, over the charge
/// (or the energy, where a power is there) instead of the voltage, no closed form.
#pragma once

#include "models/store/bias_law.hpp"
#include "models/store/mlcc_params.hpp"
#include "models/store/store_body.hpp"

#include <memory>

namespace ebb {

class MlccBody final : public StoreBody {
public:
    MlccBody(const MlccParams& params, bool witness);

    /// From here on a capacitor of these values, at their initial voltage; what the device has
    /// joined stays beside it.
    void become(const MlccParams& params);
    /// What the device has joined [F].
    [[nodiscard]] double joined_f() const noexcept { return joined_ ? hung_.capacitance_f : 0.0; }

    [[nodiscard]] std::unique_ptr<StoreBody> clone() const override {
        return std::make_unique<MlccBody>(*this);
    }
    void restart() override;
    [[nodiscard]] double stored_j() const override { return c_.energy(v_); }
    [[nodiscard]] double inner_v() const override { return v_; }
    [[nodiscard]] double max_v() const override { return params_.max_v; }
    [[nodiscard]] double free_terminal(const NodeElements& node, bool& collapsed) const override;
    [[nodiscard]] double terminal_rate(const NodeElements& node, double pushed_a_per_s,
                                       bool at_clip) const override;
    [[nodiscard]] bool rests(const NodeElements& node, double x_slope) const override;
    [[nodiscard]] double taken_w(const Piece& /*piece*/, double /*x*/) const override {
        return v_ * leak_a(v_);
    }
    [[nodiscard]] Withdrawn take(const Withdrawal& wanted) override;
    /// Without bias only: with it the sum is no law of bias_law.hpp.
    void hang(const SwitchedCapacitor& capacitor) override;
    double join() override;
    double part() override;
    [[nodiscard]] PieceEnd follow(const Piece& piece, double horizon_s) override;

private:
    struct Target {
        double v = 0.0;
        NodeEvent event = NodeEvent::falling;
        bool found = false;
    };
    [[nodiscard]] double leak_a(double v) const noexcept;
    [[nodiscard]] Target nearest(const Piece& piece, double from, bool up) const;
    [[nodiscard]] PieceEnd stand(const Piece& piece, double horizon_s) const;
    [[nodiscard]] PieceEnd rest(const Piece& piece, double horizon_s) const;
    [[nodiscard]] PieceEnd follow_quadratic(const Piece& piece, const Terms& net, double horizon_s);
    [[nodiscard]] PieceEnd follow_exponential(const Piece& piece, double current_a,
                                              double horizon_s);
    [[nodiscard]] PieceEnd integrate(const Piece& piece, double horizon_s);

    void take_on(bool joined) noexcept {
        joined_ = joined;
        c_.c0_f = params_.capacitance_f + joined_f();
    }

    MlccParams params_;
    SwitchedCapacitor hung_;
    bool joined_ = false;
    BiasCapacitance c_;  ///< with what is joined
    bool witness_ = false;
    double v_ = 0.0;
};

}  // namespace ebb
