// SPDX-License-Identifier: Apache-2.0
/// Parameters of the store of isolated banks that a controller expands (see react.hpp).
#pragma once

#include "models/store/polled_ladder.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace ebb {

inline constexpr std::size_t kMostReactBanks = 8;

struct ReactBankParams {
    double capacitance_f = 0.0;  ///< of one of its capacitors
    std::int64_t count = 1;      ///< equal capacitors
    double initial_v = 0.0;      ///< of each
};

struct ReactParams {
    double capacitance_f = 0.0;  ///< last level, at the load
    double initial_v = 0.0;
    double max_v = 0.0;
    std::optional<double> leak_time_s;  ///< R C of every capacitor here
    std::vector<ReactBankParams> banks;
    PolledLadderParams controller;
};

}  // namespace ebb
