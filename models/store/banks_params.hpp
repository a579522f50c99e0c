// SPDX-License-Identifier: Apache-2.0
/// Parameters of the store of switched banks (see banks.hpp for the rules).
#pragma once

#include "models/store/capacitor_params.hpp"

#include <optional>
#include <vector>

namespace ebb {

struct BankParams {
    double capacitance_f = 0.0;
    std::optional<double> initial_v;  ///< none: as the store's
    double connect_v = 0.0;           ///< terminal, rising: the bank is joined
    double disconnect_v = 0.0;        ///< terminal, falling: it is taken off
    bool connected = false;           ///< at the start of the run
    Leakage leakage;
};

struct BanksParams {
    double capacitance_f = 0.0;  ///< of the bank that is always connected
    double initial_v = 0.0;
    double max_v = 0.0;
    Leakage leakage;
    std::vector<BankParams> banks;
};

}  // namespace ebb
