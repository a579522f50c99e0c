// SPDX-License-Identifier: Apache-2.0
/// No regulator: the rail is the store's terminal.
///
///   p(V) = P + I V + G V^2     [W]   for a load of power P, current I and current per volt G
///
/// Both regions are the same; there is no border between them.
#pragma once

#include <vector>

#include "models/mcu/regulator.hpp"

namespace ebb {

class NoRegulator : public Regulator {
public:
    void draw(const std::vector<RailLoad>& rail, bool powered, Draw& regulated,
              Draw& drop_out) const override;
    [[nodiscard]] double drop_out_below_v() const noexcept override { return 0.0; }
};

}  // namespace ebb
