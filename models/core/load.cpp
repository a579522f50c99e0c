// SPDX-License-Identifier: Apache-2.0
#include "models/core/load.hpp"

#include "models/core/error.hpp"

namespace ebb {

void Draw::add(const Share& share) {
    if (share.drawn.zero() && share.rational.power_w == 0.0) {
        return;
    }
    for (int i = 0; i < count; ++i) {
        Share& known = shares[static_cast<std::size_t>(i)];
        if (known.sink == share.sink && share.rational.power_w == 0.0) {
            known.drawn = known.drawn + share.drawn;
            total = total + share.drawn;
            return;
        }
    }
    if (count == kMost) {
        throw Defect("a load phase has more shares than the ledger keeps apart");
    }
    if (share.rational.power_w != 0.0) {
        if (rational.power_w != 0.0 && rational.shift_v != share.rational.shift_v) {
            throw Defect("a load phase has two drop-out powers with different drops");
        }
        rational.power_w += share.rational.power_w;
        rational.shift_v = share.rational.shift_v;
    }
    total = total + share.drawn;
    shares[static_cast<std::size_t>(count++)] = share;
}

}  // namespace ebb
