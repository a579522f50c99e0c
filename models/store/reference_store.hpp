// SPDX-License-Identifier: Apache-2.0
/// The slow witness of the capacitor store: one sample, one phase, one region at a time, each
/// followed by an error-controlled integration with its own quadratures (general_law.hpp). No
/// closed form, no leap, no series: what it shares with the exact walker is the description of the
/// equations only.
///
///   y = Vc + r I(y),   C Vc' = I - leak(Vc)        terminal and inner voltage (reference_node.hpp)
///
/// Clip: the terminal never exceeds max_v; the surplus is taken from the supply and booked as
/// clipped. Floor: at Vc = 0 nothing is drawn; Vc stays until the supply outweighs what would
/// discharge it. Where Vc stands still there is no path: flows times time, and the instant at which
/// it moves again by halving. A crossing sets the voltage exactly onto its threshold. Times to
/// 1e-13 of a piece, energies to 1e-12; a walk costs microseconds per sample and phase. Not
/// modelled: dielectric absorption, temperature, C(V).
#pragma once

#include "models/core/general_law.hpp"
#include "models/store/capacitor_params.hpp"
#include "models/store/energy_store.hpp"
#include "models/store/reference_node.hpp"

#include <optional>

namespace ebb {

class ReferenceStore final : public EnergyStore {
public:
    explicit ReferenceStore(const CapacitorParams& params);

    void reset(const Supply& supply) override;
    void feed_from(const Supply& supply) override;
    const WalkResult& walk(const Load& load, const Watches& watches, Time until) override;

    [[nodiscard]] Time now() const noexcept override { return now_; }
    [[nodiscard]] double terminal_v(const Draw& draw) const override;
    [[nodiscard]] double inner_v() const noexcept override { return vc_; }
    [[nodiscard]] double stored_j() const noexcept override {
        return 0.5 * params_.capacitance_f * vc_ * vc_;
    }
    [[nodiscard]] double initially_stored_j() const noexcept override {
        return 0.5 * (own_f_ + (hung_.joined ? hung_.capacitance_f : 0.0)) * params_.initial_v *
               params_.initial_v;
    }
    [[nodiscard]] const Ledger& ledger() const noexcept override { return ledger_; }
    [[nodiscard]] std::uint64_t segments() const noexcept override { return segments_; }
    void observe(PathObserver* observer) noexcept override { observer_ = observer; }
    Withdrawn take(const Withdrawal& wanted) override;
    void hang(const SwitchedCapacitor& capacitor) override;
    double join() override;
    double part() override;

private:
    struct Walk;
    struct Piece;

    [[nodiscard]] ReferenceNode node() const { return {params_, supply_->shape(), cursor_.index}; }
    [[nodiscard]] double supply_x(double ahead_s) const;
    [[nodiscard]] double supply_slope(double ahead_s) const;
    void follow(Walk& walk, Time limit);
    [[nodiscard]] double supply_turn() const;
    [[nodiscard]] PathOutcome integrate(const Piece& piece, double horizon_s) const;
    [[nodiscard]] PathOutcome stand(const Piece& piece, double horizon_s) const;
    [[nodiscard]] PathOutcome rest(const Piece& piece, double v, double horizon_s) const;
    void book(Walk& walk, const Piece& piece, const PathOutcome& outcome);

    CapacitorParams params_;  ///< its capacitance: with what is joined
    double own_f_;
    SwitchedCapacitor hung_;
    const Supply* supply_ = nullptr;
    SupplyCursor cursor_;
    Time now_;
    double vc_ = 0.0;
    Ledger ledger_;
    std::uint64_t segments_ = 0;
    PathObserver* observer_ = nullptr;
    WalkResult result_;
};

}  // namespace ebb
