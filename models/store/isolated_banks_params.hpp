// SPDX-License-Identifier: Apache-2.0
/// Parameters of the store of diode-isolated banks (see isolated_banks.hpp for the rules).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace ebb {

inline constexpr std::size_t kMostIsolatedBanks = 6;

struct IsolatedBankParams {
    double capacitance_f = 0.0;
    std::optional<double> initial_v;  ///< none: 0 V
    double charge_v = 0.0;            ///< voltage before it, rising: its charging switch closes
    double stop_v = 0.0;              ///< the same voltage, falling: it opens
    std::optional<double> leak_ohm;
};

struct IsolatedBanksParams {
    double capacitance_f = 0.0;  ///< the buffer at the node
    double initial_v = 0.0;
    double max_v = 0.0;
    double drop_v = 0.0;             ///< of every diode
    std::optional<double> leak_ohm;  ///< of the buffer
    std::vector<IsolatedBankParams> banks;
};

}  // namespace ebb
