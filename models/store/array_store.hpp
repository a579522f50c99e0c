// SPDX-License-Identifier: Apache-2.0
/// Capacitors rearranged by switches: strings of cells in series, side by side at the node.
///
///   string      C_s = 1/sum of 1/C_i [F],  V_s = sum of V_i [V]; i: a cell, or a group of cells
///               side by side (C_i: their sum, V_i: what is left when they have shared their
///               charge)
///   entering    charge is conserved on every plate: V = (C V_n + sum of C_s V_s)/(C + sum of C_s),
///               each cell of a string gains (C_s/C_i)(V - V_s) [V]
///   lost        sum over node and strings of 1/2 C (V_before^2 - V^2) [J] (Sink::switch_loss),
///   which
///               is 1/2 C (V_before - V)^2 for each; what lies above max is lost as well
///   leak        every capacitor with the same time constant tau = R C:
///               V_i = (C_s/C_i) V + d_i e^(-t/tau),  d_i: how a cell is out of balance in its
///               string
///
/// So a configuration is one capacitor C + sum of C_s with the leak tau (mlcc_store.hpp without
/// bias, or its slow witness); imbalance and cells that are off decay by themselves, in closed
/// form. Switching takes no time.
#pragma once

#include "models/store/array_params.hpp"
#include "models/store/switched_store.hpp"

#include <cstddef>
#include <vector>

namespace ebb {

/// What a buffer policy may do to the array between two walks, and what it may know.
class ArraySwitches {
public:
    virtual ~ArraySwitches() = default;
    [[nodiscard]] virtual std::size_t configurations() const noexcept = 0;
    [[nodiscard]] virtual std::size_t configuration() const noexcept = 0;
    /// Enters a configuration at the present instant; nothing if it is there already.
    virtual void enter(std::size_t configuration) = 0;
    /// Voltage of a cell now, connected or not [V].
    [[nodiscard]] virtual double cell_v(std::size_t cell) const = 0;
};

class ArrayStore final : public SwitchedStore, public ArraySwitches {
public:
    ArrayStore(const ArrayParams& params, bool witness);

    void reset(const Supply& supply) override;
    [[nodiscard]] double stored_j() const noexcept override;
    [[nodiscard]] double initially_stored_j() const noexcept override {
        return initially_j_ + hung_at_start_j(params_.initial_v);
    }
    [[nodiscard]] const Ledger& ledger() const noexcept override;

    [[nodiscard]] std::size_t configurations() const noexcept override { return strings_.size(); }
    [[nodiscard]] std::size_t configuration() const noexcept override { return entered_; }
    void enter(std::size_t configuration) override;
    [[nodiscard]] double cell_v(std::size_t cell) const override;

private:
    struct Cell {
        double share = 0.0;    ///< C_s/C_i of the string it is in; 0: off
        double apart_v = 0.0;  ///< V_i less its share of the terminal, when it was switched
    };
    [[nodiscard]] MlccParams at_node(double capacitance_f, double v) const;
    [[nodiscard]] double decay(double power) const;
    [[nodiscard]] double apart_j() const;
    struct Shared {
        double capacitance_f = 0.0, v = 0.0, lost_j = 0.0;
    };
    [[nodiscard]] Shared share(const ArrayGroup& group, std::vector<double>& v) const;
    void arrange(std::size_t configuration);
    [[nodiscard]] Watches narrowed(const Watches& watches) const override;
    [[nodiscard]] Time rules_wait() const override { return rules_wait_; }
    void follow_rules(Stop stop) override;
    [[nodiscard]] Time due() const override {
        return controller_ ? controller_->next() : Time::never();
    }
    void act() override;

    ArrayParams params_;
    std::optional<PolledLadder> controller_;  ///< has power of its own, so that it always looks
    std::vector<ArrayStrings> strings_;       ///< by configuration
    std::vector<Cell> cells_;
    std::size_t entered_ = 0;
    Time since_;
    Time rules_wait_;
    double initially_j_ = 0.0;
    Ledger own_;  ///< lost in switches, leaked by imbalance and cells that were off, and looks
    mutable Ledger ledger_;  ///< both accounts together
};

}  // namespace ebb
