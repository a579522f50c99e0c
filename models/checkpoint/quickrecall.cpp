// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/quickrecall.hpp"

#include <fmt/format.h>

namespace ebb {

void QuickRecall::check(const PolicyFacts& facts) const {
    if (facts.volatile_bytes > 0) {
        refuse_work(fmt::format("saves nothing but the registers, and the program keeps {} B in "
                                "volatile memory: they would be lost",
                                facts.volatile_bytes),
                    "a program whose data live in non-volatile memory, or a policy that saves "
                    "the working set",
                    "quickrecall");
    }
}

void register_checkpoint_quickrecall(Registry& registry);

void register_checkpoint_quickrecall(Registry& registry) {
    using P = SaveParams;
    const ParamTable<P> table = {save_at_row<P>(), margin_row<P>(), restore_at_row<P>(),
                                 sleep_in_row<P>(), unsafe_row<P>()};
    registry.add<CheckpointPolicy>(
        {"checkpoint", "quickrecall", "registers alone, as data live in non-volatile memory",
         "class: jit; status: read in a public repository; stops behind its snapshot"},
        table, [](const P& p) { return std::make_shared<QuickRecall>(p); },
        [](const P& p, CheckContext& context) {
            check_memory(context, "quickrecall");
            check_voltages(p, context);
        });
}

}  // namespace ebb
