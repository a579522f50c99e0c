// SPDX-License-Identifier: Apache-2.0
/// Between the store and the device's rail: turns what the rail carries into terms at the store.
#pragma once

#include "models/core/load.hpp"

#include <vector>

namespace ebb {

/// What one consumer takes from the rail: i(V_rail) = current + current_per_volt * V_rail, and/or a
/// constant power. All >= 0.
struct RailLoad {
    Sink sink = Sink::idle;
    double current_a = 0.0;
    double current_per_volt_s = 0.0;
    double power_w = 0.0;
};

class Regulator {
public:
    virtual ~Regulator() = default;
    /// Fills both regions of a phase: what the loads cost at the store, with the regulator's own
    /// quiescent current and loss as shares of their own.
    virtual void draw(const std::vector<RailLoad>& rail, bool powered, Draw& regulated,
                      Draw& drop_out) const = 0;
    /// Terminal voltage below which `drop_out` applies; 0 = never.
    [[nodiscard]] virtual double drop_out_below_v() const noexcept = 0;
};

}  // namespace ebb
