// SPDX-License-Identifier: Apache-2.0
/// The walk of a store that is not one linear capacitor: sample by sample, phase by phase, border
/// by border, over a body (store_body.hpp) that knows how its state moves.
///
/// Keeps the contract of energy_store.hpp: watches come before the end of work and that before the
/// end of the walk; a border's side is the one towards which the terminal moves. There are no leaps
/// over units: each phase costs one piece.
#pragma once

#include "models/store/energy_store.hpp"
#include "models/store/store_body.hpp"

#include <memory>

namespace ebb {

class PiecewiseStore final : public EnergyStore {
public:
    explicit PiecewiseStore(std::unique_ptr<StoreBody> body);
    /// At the same instant, in the same state, seen by nobody: to find out where it would go.
    PiecewiseStore(const PiecewiseStore& other);
    PiecewiseStore& operator=(const PiecewiseStore&) = delete;

    void reset(const Supply& supply) override;
    void feed_from(const Supply& supply) override;
    const WalkResult& walk(const Load& load, const Watches& watches, Time until) override;

    [[nodiscard]] Time now() const noexcept override { return now_; }
    [[nodiscard]] double terminal_v(const Draw& draw) const override;
    [[nodiscard]] double inner_v() const noexcept override { return body_->inner_v(); }
    [[nodiscard]] double stored_j() const noexcept override { return body_->stored_j(); }
    [[nodiscard]] double initially_stored_j() const noexcept override { return initially_j_; }
    [[nodiscard]] const Ledger& ledger() const noexcept override { return ledger_; }
    [[nodiscard]] std::uint64_t segments() const noexcept override { return segments_; }
    void observe(PathObserver* observer) noexcept override { observer_ = observer; }
    Withdrawn take(const Withdrawal& wanted) override { return body_->take(wanted); }
    [[nodiscard]] bool rail_charged(std::size_t rail) const override {
        return body_->rail_charged(rail);
    }
    void hang(const SwitchedCapacitor& capacitor) override;
    double join() override { return body_->join(); }
    double part() override { return body_->part(); }

private:
    struct Walk;

    [[nodiscard]] Piece piece_for(const LoadPhase& phase, const Watches& watches,
                                  double drop_out_below_v) const;
    void choose_sides(Piece& piece) const;
    void choose_cell(Piece& piece) const;
    void follow(Walk& walk, const Piece& piece, Time limit);
    void book(Walk& walk, const Piece& piece, const PieceEnd& end);
    void observe_piece(const Piece& piece, StoreBody& before, double length) const;
    [[nodiscard]] double terminal(const Piece& piece, const StoreBody& body, double x,
                                  bool& collapsed) const;

    std::unique_ptr<StoreBody> body_;
    bool rails_;  ///< the body has terminals beside the node
    double initially_j_ = 0.0;
    const Supply* supply_ = nullptr;
    SupplyCursor cursor_;
    Time now_;
    Ledger ledger_;
    std::uint64_t segments_ = 0;
    PathObserver* observer_ = nullptr;
    WalkResult result_;
};

}  // namespace ebb
