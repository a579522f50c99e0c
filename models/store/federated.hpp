// SPDX-License-Identifier: Apache-2.0
/// Federated energy storage: a first stage for the MCU, and a capacitor of its own for each
/// peripheral or group of them, charged from the first stage in the order of the list.
///
///   supply --*--------+----------------+------------------- MCU
///            | y      |                |
///            |      S_1 \           S_2 \        switch and diode (drop Vd) into each capacitor
///           === C       v                v
///            |        --+-- radio      --+-- sensor      each its own terminal, V_1, V_2, ...
///           gnd        === C_1          === C_2
///                       |                |
///                      gnd              gnd
///
///   comparator i   charged at V_i >= threshold, until V_i <= threshold - hysteresis; V_0 = y
///   S_k closed     while the comparators 0 .. k-1 all say charged
///   charging       i_k > 0 only where y >= V_k + Vd; at once (a packet) until y is down to
///                  threshold - hysteresis; Vd and the difference to y are lost (switch_loss)
///   terminal k     C_k V_k' = i_k - V_k/R_k - (what its peripherals draw)      [A], not below 0 V
///   a task         begins at V_k >= threshold of all capacitors that it uses, and is cut, it
///                  alone, at V_k <= empty of one
///
/// No load draws from another one's capacitor; only one in use while its switch is closed shares
/// what comes in, and takes the first stage down to threshold - hysteresis. Equations of the
/// pattern of diodes: isolated_banks_body.hpp, whose closed forms and slow witness it uses.
/// Not modelled: resistance of diodes and switches, what comparators draw (add it to off_current),
/// regulators of the peripherals (a current is the same before a linear one), C(V).
/// Source: J. Hester, L. Sitanayah, J. Sorber, Tragedy of the Coulombs: Federating Energy Storage
/// for Tiny, Intermittently-Powered Sensors (SenSys 2015), as its abstract gives the rule; that the
/// MCU draws from the first stage itself, and the hysteresis, are ours.
#pragma once

#include "models/store/store_model.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

inline constexpr std::size_t kMostFederated = 5;

struct FederatedCapacitorParams {
    std::string name;
    double capacitance_f = 0.0;
    std::optional<double> initial_v;  ///< none: 0 V
    double threshold_v = 0.0;         ///< charged: the next one may charge, a task may begin
    double empty_v = 0.0;             ///< a task that uses it is cut
    std::optional<double> leak_ohm;
};

struct FederatedParams {
    double capacitance_f = 0.0;  ///< the first stage
    double initial_v = 0.0;
    double max_v = 0.0;
    double drop_v = 0.0;
    double threshold_v = 0.0;
    double hysteresis_v = 0.0;
    std::optional<double> leak_ohm;  ///< of the first stage
    std::vector<FederatedCapacitorParams> capacitors;
};

class Federated final : public StoreModel {
public:
    explicit Federated(const FederatedParams& params) : params_(params) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    /// Of the first stage: what the MCU can count on.
    [[nodiscard]] double capacitance_f() const noexcept override { return params_.capacitance_f; }
    [[nodiscard]] double leakage_w(double v) const noexcept override {
        return params_.leak_ohm ? v * v / *params_.leak_ohm : 0.0;
    }
    [[nodiscard]] bool stands_at_terminal() const noexcept override { return true; }
    [[nodiscard]] std::vector<std::string> rails() const override;

private:
    FederatedParams params_;
};

}  // namespace ebb
