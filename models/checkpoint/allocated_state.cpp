// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/allocated_state.hpp"

namespace ebb {

void register_checkpoint_allocated_state(Registry& registry);

void register_checkpoint_allocated_state(Registry& registry) {
    using P = AllocatedStateParams;
    const ParamTable<P> table = {
        save_at_row<P>(),
        margin_row<P>(),
        restore_at_row<P>(),
        param("stack", &P::stack_b, unit::byte, 0.0, range(0, 1e6),
              "stack in use at a snapshot, which the program does not say"),
        sleep_in_row<P>(),
        unsafe_row<P>(),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "allocated_state", "registers, the program's volatile bytes and the stack",
         "class: jit; status: read in a public repository"},
        table, [](const P& p) { return std::make_shared<AllocatedState>(p); },
        [](const P& p, CheckContext& context) {
            check_memory(context, "allocated_state");
            check_voltages(p, context);
        });
}

}  // namespace ebb
