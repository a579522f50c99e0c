// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/jit.hpp"

namespace ebb {

void register_checkpoint_jit(Registry& registry);

void register_checkpoint_jit(Registry& registry) {
    const ParamTable<JitParams> table = {
        save_at_row<JitParams>(),
        margin_row<JitParams>(),
        restore_at_row<JitParams>(),
        param(
            "state", &JitParams::state_b, unit::byte, optional, range(1, 1e9),
            "bytes of a snapshot; left out: mcu.registers plus the program's volatile working set"),
        sleep_in_row<JitParams>(),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "jit", "snapshot at a falling voltage, restore at wake",
         "class: jit; two slots, header last: a cut snapshot leaves the one before it valid"},
        table, [](const JitParams& p) { return std::make_shared<JustInTime>(p); },
        [](const JitParams& p, CheckContext& context) {
            check_memory(context, "jit");
            check_voltages(p, context);
        });
}

}  // namespace ebb
