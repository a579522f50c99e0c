// SPDX-License-Identifier: Apache-2.0
/// Parameters of the store of switched banks (see banks.hpp for the rules).
#pragma once

#include "models/store/capacitor_params.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ebb {

struct BankParams {
    double capacitance_f = 0.0;
    std::optional<double> initial_v;  ///< none: as the store's
    /// Terminal, rising: the bank is joined; falling: it is taken off. Neither: by modes.
    std::optional<double> connect_v, disconnect_v;
    bool connected = false;  ///< at the start of the run
    Leakage leakage;
    std::optional<std::string> name;  ///< what modes call it
};

/// A set of banks that software connects.
struct BankMode {
    std::string name;
    std::optional<std::string> banks;  ///< "a, b"; none: the first capacitor alone
};

struct BanksParams {
    double capacitance_f = 0.0;  ///< of the bank that is always connected
    double initial_v = 0.0;
    double max_v = 0.0;
    Leakage leakage;
    std::vector<BankParams> banks;
    std::vector<BankMode> modes;
    double latch_energy_j = 0.0;  ///< taken as software moves a switch
};

/// Banks of a mode, by index. `unknown` gets the first name that is no bank.
[[nodiscard]] std::vector<std::size_t> banks_of(const BanksParams& params, const BankMode& mode,
                                                std::string& unknown);

}  // namespace ebb
