// SPDX-License-Identifier: Apache-2.0
/// Banks behind ideal diodes that a controller connects in series, then side by side.
///
///   bank of n capacitors c at v each: in series C = c/n, V = n v; side by side C = n c, V = v;
///   a change between the two keeps its energy, and moves no charge
///
///   supply --+--|>|--+-- C ------- load         what comes in charges what stands lowest,
///            +--|>|--+-- bank 1 --|>|-- load     the load draws from what stands highest;
///            +--|>|--+-- bank 2 --|>|-- load     at one voltage they move together
///
/// So the capacitors form groups: the highest one, with the last level C in it, carries the load;
/// the lowest one is charged; those between wait. Each group is one capacitor (mlcc_store.hpp
/// without bias, or its slow witness). Groups meet by halving: what stands above falls to the
/// middle or what stands below rises to it, whichever is first, until 1e-12 of the voltage is left.
/// A bank that comes to stand above the load's node (put in series at a step down) feeds it at
/// once: charge is kept, 1/2 C1 C2/(C1 + C2) dV^2 is lost (Sink::switch_loss), as is what lies
/// above max. One leak time constant tau = R C for every capacitor, so that groups stay groups.
///
/// The controller has power while the device has; when that fails, all banks are off, in series.
#pragma once

#include "models/store/react_params.hpp"
#include "models/store/switched_store.hpp"

#include <cstddef>
#include <vector>

namespace ebb {

enum class BankState : unsigned char { disconnected, in_series, side_by_side };

class ReactStore final : public SwitchedStore {
public:
    ReactStore(const ReactParams& params, bool witness);

    void reset(const Supply& supply) override;
    void feed_from(const Supply& supply) override;
    [[nodiscard]] double stored_j() const noexcept override;
    [[nodiscard]] double initially_stored_j() const noexcept override {
        return initially_j_ + hung_at_start_j(params_.initial_v);
    }
    [[nodiscard]] const Ledger& ledger() const noexcept override;
    [[nodiscard]] std::uint64_t segments() const noexcept override {
        return node_.segments() + low_.segments();
    }
    Withdrawn take(const Withdrawal& wanted) override;
    double join() override;

    [[nodiscard]] BankState state(std::size_t bank) const { return banks_.at(bank).state; }
    /// Between a bank's ends now, connected or not [V].
    [[nodiscard]] double bank_v(std::size_t bank) const;
    /// Steps of its banks from where the run began: 2 for each that is side by side.
    [[nodiscard]] int level() const noexcept;
    /// The next larger, or the next smaller arrangement; false if there is none.
    bool expand();
    bool contract();

private:
    enum class Group : unsigned char { alone, high, low };
    struct Bank {
        double cell_f = 0.0;
        double count = 1.0;
        BankState state = BankState::disconnected;
        Group group = Group::alone;
        double cell_v = 0.0;  ///< at `since_`, while it is alone

        [[nodiscard]] bool connected() const noexcept { return state != BankState::disconnected; }
        [[nodiscard]] double capacitance() const noexcept {
            return state == BankState::side_by_side ? cell_f * count : cell_f / count;
        }
        /// Times the voltage of one capacitor.
        [[nodiscard]] double ratio() const noexcept {
            return state == BankState::side_by_side ? 1.0 : count;
        }
    };

    void begins(bool device_on) override;
    [[nodiscard]] Time due() const override { return controller_.next(); }
    void act() override;
    [[nodiscard]] const WalkResult& step(const Load& load, const Watches& watches,
                                         Time until) override;
    [[nodiscard]] Watches narrowed(const Watches& watches) const override { return watches; }
    void follow_rules(Stop /*stop*/) override {}  // a level between groups: step() goes on

    [[nodiscard]] MlccParams as_one(double capacitance_f, double v) const;
    [[nodiscard]] double left(double power) const;
    [[nodiscard]] double alone_j() const noexcept;
    void change(std::size_t bank, BankState to);
    void regroup_in(Sink sink);
    double regroup();
    void part_groups();
    double gather_high();
    void gather_low();
    [[nodiscard]] bool touching() const;
    [[nodiscard]] double next_below_high() const;
    [[nodiscard]] double next_above_low() const;

    ReactParams params_;
    std::vector<Bank> banks_;
    MlccBody* low_body_;
    PiecewiseStore
        low_;  ///< the group that is charged; at 0 V and fed by nothing if it is the high
    bool split_ = false;  ///< it is another group than the high one
    const Supply nothing_ = Supply::constant({}, 0.0);
    const Supply* supply_ = &nothing_;
    Load idle_;
    PolledLadder controller_;
    Time since_;  ///< of the last regrouping
    double initially_j_ = 0.0;
    Ledger own_;             ///< lost in switches, leaked by banks that are alone, and looks
    mutable Ledger ledger_;  ///< all accounts together
};

}  // namespace ebb
