// SPDX-License-Identifier: Apache-2.0
/// Capacitors joined by switches: one is always at the node, the others are joined and taken off.
///
///   join   charge conserved: V = (C V + C_k V_k)/(C + C_k) [V]; 1/2 C C_k/(C + C_k) (V - V_k)^2
///   [J]
///          is lost in the switch, whatever its resistance (Sink::switch_loss)
///   off    a bank alone decays by its own leak, in closed form, until it is joined again
///
/// What is connected is one capacitor of the summed capacitance and leak (mlcc_store.hpp without
/// bias, or its slow witness), with the bank rules as watches of its own; the consumer's watches
/// come first. Switching takes no time. A rule is a comparator with hysteresis: a bank whose
/// joining pulls the terminal below its disconnect threshold is taken off again at once, with what
/// it got.
#pragma once

#include "models/store/banks_params.hpp"
#include "models/store/energy_modes.hpp"
#include "models/store/switched_store.hpp"

#include <cstddef>
#include <vector>

namespace ebb {

/// What a buffer policy may do to the banks between two walks, and what it may know.
class BankSwitches {
public:
    virtual ~BankSwitches() = default;
    [[nodiscard]] virtual std::size_t banks() const noexcept = 0;
    [[nodiscard]] virtual bool connected(std::size_t bank) const = 0;
    /// Voltage of a bank now, connected or not [V].
    [[nodiscard]] virtual double bank_v(std::size_t bank) const = 0;
    /// Joins a bank, or takes it off, at the present instant; nothing if it is so already.
    virtual void connect(std::size_t bank) = 0;
    virtual void disconnect(std::size_t bank) = 0;
};

class BanksStore final : public SwitchedStore, public BankSwitches, public EnergyModes {
public:
    BanksStore(const BanksParams& params, bool witness);

    void reset(const Supply& supply) override;
    [[nodiscard]] double stored_j() const noexcept override;
    [[nodiscard]] double initially_stored_j() const noexcept override {
        return initially_j_ + hung_at_start_j(params_.initial_v);
    }
    [[nodiscard]] const Ledger& ledger() const noexcept override;

    [[nodiscard]] std::size_t banks() const noexcept override { return params_.banks.size(); }
    [[nodiscard]] bool connected(std::size_t bank) const override;
    [[nodiscard]] double bank_v(std::size_t bank) const override;
    void connect(std::size_t bank) override;
    void disconnect(std::size_t bank) override;
    void connect_only(const std::vector<std::size_t>& modes) override;

private:
    struct Bank {
        bool connected = false;
        double v = 0.0;  ///< when it was taken off, or at the start
        Time since;
    };
    struct Decay {
        double v = 0.0, leaked_j = 0.0;
    };
    [[nodiscard]] static MlccParams joined(const BanksParams& params,
                                           const std::vector<Bank>& banks);
    [[nodiscard]] Decay decay(std::size_t bank) const;
    [[nodiscard]] Watches narrowed(const Watches& watches) const override;
    void follow_rules(Stop stop) override;

    BanksParams params_;
    std::vector<Bank> banks_;
    std::vector<std::vector<std::size_t>> modes_;  ///< banks of each
    double initially_j_ = 0.0;
    Ledger own_;             ///< lost in switches, and leaked by banks that have been off
    mutable Ledger ledger_;  ///< both accounts together
};

}  // namespace ebb
