// SPDX-License-Identifier: Apache-2.0
/// Energy modes: named sets of banks that a device's software connects before a task (Capybara).
/// A store that has them offers this interface; a policy uses it between two walks.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace ebb {

class EnergyModes {
public:
    virtual ~EnergyModes() = default;
    /// Connects the banks of these modes (numbers as in StoreModel::energy_modes) and takes off the
    /// others that software switches, at the present instant; nothing where it is so already.
    virtual void connect_only(const std::vector<std::size_t>& modes) = 0;
};

/// What a task asks of the store before it begins.
struct TaskEnergy {
    std::optional<std::size_t> mode;       ///< its banks; none: as it is
    bool burst = false;                    ///< begins at once, on what its banks hold
    std::optional<std::size_t> precharge;  ///< a mode that is charged before it, and kept for later
};

}  // namespace ebb
