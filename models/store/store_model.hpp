// SPDX-License-Identifier: Apache-2.0
/// A store as a scenario describes it: makes the walker of a run, and answers what checks ask.
#pragma once

#include "models/store/energy_store.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ebb {

class StoreModel {
public:
    virtual ~StoreModel() = default;
    [[nodiscard]] virtual std::unique_ptr<EnergyStore> make() const = 0;
    /// The slow witness of the same equations (`--reference`).
    [[nodiscard]] virtual std::unique_ptr<EnergyStore> make_reference() const = 0;
    [[nodiscard]] virtual double max_v() const noexcept = 0;
    [[nodiscard]] virtual double initial_v() const noexcept = 0;
    /// Capacitance that advice about sizes starts from [F].
    [[nodiscard]] virtual double capacitance_f() const noexcept = 0;
    /// Smallest power the store itself loses at a voltage [W]: for equilibria in findings.
    [[nodiscard]] virtual double leakage_w(double v) const noexcept = 0;
    /// Is a capacitor of constant capacitance at the terminal itself, not behind a resistance? Only
    /// there can another one be switched beside it (EnergyStore::hang).
    [[nodiscard]] virtual bool stands_at_terminal() const noexcept { return false; }
    /// Names of the terminals beside the node, by their numbers: peripherals draw from them
    /// (RailDraw).
    [[nodiscard]] virtual std::vector<std::string> rails() const { return {}; }
    /// Names of the sets of banks that software connects (energy_modes.hpp), by their numbers. A
    /// store that has some makes stores that are EnergyModes.
    [[nodiscard]] virtual std::vector<std::string> energy_modes() const { return {}; }
};

}  // namespace ebb
