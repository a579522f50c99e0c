// SPDX-License-Identifier: Apache-2.0
/// The state of banks behind diodes (circuit: isolated_banks.hpp) and how it moves.
///
///   conducting   V_k = y + s_k Vd, s_k = +1 feeding, -1 charged                       [V]
///   node         (C + sum of C_k) y' = current(y) - g y - sum of g_k (y + s_k Vd)     [A]
///   through D_k  i_k = -s_k (C_k y' + g_k V_k) > 0, else the diode blocks             [A]
///   blocked      V_k decays by its own leak, in closed form
///   diode loss   Vd times the charge that passes (Sink::switch_loss)                  [J]
///
/// The sums are over the banks that conduct, so that a pattern of diodes is one capacitor at the
/// node under a quadratic right side: exact (bias_law.hpp) under powers, too. A pattern ends where
/// a current would turn (a root in y), where a blocked bank meets the node (from below by the time
/// at which y reaches where the bank was, again and again: never past the meeting), and at the
/// switches' thresholds. A switch that closes below the node shares charge at once: all banks'
/// final voltages follow from one piecewise linear balance, sum of 1/2 C dV^2 and Vd |dQ| are lost.
/// A share of the diodes' direction at an instant is the solution of its complementarity problem
/// (each conducts if and only if it would otherwise be driven beyond its drop).
///
/// Without the diodes that lead out and with a terminal per bank it is the federated store
/// (federated.hpp): i_k feeds what its peripheral draws, too, and
///
///   bank         C_k V_k' = i_k - g_k V_k - load_k, no further than 0 V              [A]
///   charging     only while the switches before it are closed, and no further than what opens
///                them: a packet of charge, at once, to the bank that stands lowest
///
/// Straight-line supplies and rational terms are integrated (vector_path.hpp). `witness` makes the
/// slow reference: everything integrated by extrapolation, each voltage by itself.
#pragma once

#include "models/core/store_law.hpp"
#include "models/core/vector_path.hpp"
#include "models/store/bias_law.hpp"
#include "models/store/isolated_banks_params.hpp"
#include "models/store/store_body.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace ebb {

/// Share of the voltage within which a diode is at its drop, or a rule at its threshold.
inline constexpr double kDiodeTouches = 1e-12;

/// A bank's own terminal: from where its peripheral may begin, and where it ends.
struct BankTerminal {
    double charged_v = 0.0, empty_v = 0.0;
};

class IsolatedBanksBody final : public StoreBody {
public:
    IsolatedBanksBody(const IsolatedBanksParams& params, bool witness);
    /// Federated: one terminal for each bank.
    IsolatedBanksBody(const IsolatedBanksParams& params, const std::vector<BankTerminal>& terminals,
                      bool witness);

    [[nodiscard]] std::unique_ptr<StoreBody> clone() const override {
        return std::make_unique<IsolatedBanksBody>(*this);
    }
    void restart() override;
    [[nodiscard]] double stored_j() const override;
    [[nodiscard]] double inner_v() const override { return y_; }
    [[nodiscard]] double max_v() const override { return max_v_; }
    [[nodiscard]] double free_terminal(const NodeElements& node, bool& collapsed) const override;
    [[nodiscard]] double terminal_rate(const NodeElements& node, double pushed_a_per_s,
                                       bool at_clip) const override;
    [[nodiscard]] bool rests(const NodeElements& node, double x_slope) const override;
    [[nodiscard]] double taken_w(const Piece& piece, double x) const override;
    /// The banks whose diodes meet what is joined follow at once; what that loses is in the heat.
    void hang(const SwitchedCapacitor& capacitor) override { hung_ = capacitor; }
    double join() override;
    double part() override;
    [[nodiscard]] PieceEnd follow(const Piece& piece, double horizon_s) override;
    [[nodiscard]] std::size_t rails() const noexcept override {
        return federated_ ? banks_.size() : 0;
    }
    void draw_from(const std::vector<RailDraw>& rails) override;
    [[nodiscard]] bool rail_charged(std::size_t rail) const override;
    [[nodiscard]] bool rail_stops(const Watches& watches) override;

    [[nodiscard]] double bank_v(std::size_t bank) const { return banks_.at(bank).v; }
    [[nodiscard]] bool charging_allowed(std::size_t bank) const { return banks_.at(bank).allowed; }

private:
    enum class Diode : unsigned char { blocks, feeds, charges };
    struct Bank {
        double capacitance_f = 0.0, leak_s = 0.0;
        double charge_v = 0.0, stop_v = 0.0, initial_v = 0.0;
        double v = 0.0;
        bool closed = false;   ///< what its switch looks at is charged
        bool allowed = false;  ///< it may be charged
        Diode diode = Diode::blocks;
        bool released = false;  ///< its current has just come to nothing
        std::optional<BankTerminal> terminal;
        double load_a = 0.0;  ///< drawn at its terminal
        bool in_use = false;  ///< by a task, which ends where the terminal is empty

        /// What leaves it at a voltage [A].
        [[nodiscard]] double drained_a(double at_v) const noexcept {
            return leak_s * at_v + (at_v > 0.0 ? load_a : 0.0);
        }
        [[nodiscard]] double decayed(double t) const noexcept;
        /// Time to decay to a voltage; endless without a leak or a load.
        [[nodiscard]] double decay_time(double to) const noexcept;
        [[nodiscard]] StoreLaw draining() const noexcept {
            return {{0.0, -load_a, -leak_s}, capacitance_f};
        }
    };
    struct Pattern {
        std::vector<Diode> diodes;
        double total_f = 0.0;  ///< of all that moves with the node
        Terms leak;            ///< power that leaks from it
        Terms offset;          ///< what the drops add to the right side
        double rate = 0.0;     ///< y' [V/s]
    };
    using Path = std::vector<Bank>;

    [[nodiscard]] double before(std::size_t k, double y, const Path& banks) const noexcept;
    [[nodiscard]] double gap(const Bank& bank, double y, double v, Diode towards) const noexcept;
    [[nodiscard]] bool meets(const Bank& bank, Diode towards) const noexcept;
    [[nodiscard]] double sign(Diode diode) const noexcept;
    [[nodiscard]] Pattern pattern(const NodeElements& node) const;
    bool switch_by_rules();
    void allow();
    [[nodiscard]] double share();
    [[nodiscard]] double share_charge();
    [[nodiscard]] double share_packet();
    void align(const Pattern& pattern);
    [[nodiscard]] PieceEnd stand(const Piece& piece, double horizon_s);
    [[nodiscard]] PieceEnd follow_quadratic(const Piece& piece, const Pattern& now,
                                            const Terms& net, double horizon_s);
    [[nodiscard]] double meeting(const Bank& bank, Diode towards, const BiasLaw& law, double rate,
                                 double horizon_s) const;
    [[nodiscard]] VectorProblem problem(const Piece& piece, const Pattern& now, bool energy) const;
    [[nodiscard]] PieceEnd integrate(const Piece& piece, const Pattern& now, double horizon_s);
    void move_to(double y, double t);
    /// What banks leaked and diodes lost on the way from `from` at y0.
    void book_banks(const Path& from, double y0, double t, PieceEnd& out) const;
    void book_drained(const Bank& from, double t, PieceEnd& out) const;

    void take_on(bool joined) noexcept {
        capacitance_f_ = own_f_ + (joined ? hung_.capacitance_f : 0.0);
    }

    double capacitance_f_ = 0.0;  ///< at the node: with what is joined
    double own_f_ = 0.0;
    SwitchedCapacitor hung_;
    double leak_s_ = 0.0, drop_v_ = 0.0, max_v_ = 0.0, initial_v_ = 0.0;
    bool witness_ = false;
    bool federated_ = false;
    std::optional<std::size_t> awaited_;  ///< terminal that the walk stops for
    double y_ = 0.0;
    Path banks_;
};

}  // namespace ebb
