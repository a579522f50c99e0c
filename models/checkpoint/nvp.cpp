// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/nvp.hpp"

namespace ebb {

NvOp NvpParams::backup() const {
    NvOp op{NvOpKind::write, "flip-flops", -1, 0, 0};
    op.price = OpPrice{backup_s(), backup_j};
    return op;
}

NvOp NvpParams::restore() const {
    NvOp op{NvOpKind::read, "flip-flops", -1, 0, 0};
    op.price = OpPrice{restore_cycles / clock_hz, restore_j};
    return op;
}

}  // namespace ebb
