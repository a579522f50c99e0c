// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/hibernus.hpp"

#include <fmt/format.h>

namespace ebb {

std::int64_t whole_state(const std::optional<double>& ram_b, const PolicyFacts& facts) {
    const std::int64_t ram =
        ram_b ? static_cast<std::int64_t>(*ram_b) : facts.ram_bytes.value_or(0);
    return ram + facts.register_bytes;
}

void check_ram(const HibernusParams& p, CheckContext& context, const char* policy) {
    if (!p.ram_b && !context.number("mcu.ram")) {
        context.mistake("policy",
                        fmt::format("checkpoint {} saves the whole RAM, and neither "
                                    "checkpoint.ram nor mcu.ram says how much that is",
                                    policy),
                        "give ram: for example 2 KiB, an MSP430FR5969's");
    }
}

void register_checkpoint_hibernus(Registry& registry);

void register_checkpoint_hibernus(Registry& registry) {
    using P = HibernusParams;
    const ParamTable<P> table = {
        save_at_row<P>(),
        margin_row<P>(),
        restore_at_row<P>(),
        param("ram", &P::ram_b, unit::byte, optional, range(1, 1e9),
              "volatile memory that is saved, all of it; left out: mcu.ram"),
        sleep_in_row<P>(),
        unsafe_row<P>(),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "hibernus", "all of RAM and registers at one voltage, then sleep",
         "class: jit; status: abstract, and ports in public repositories"},
        table, [](const P& p) { return std::make_shared<Hibernus>(p); },
        [](const P& p, CheckContext& context) {
            check_memory(context, "hibernus");
            check_ram(p, context, "hibernus");
            check_voltages(p, context);
        });
}

}  // namespace ebb
