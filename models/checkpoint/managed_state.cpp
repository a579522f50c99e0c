// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/managed_state.hpp"

#include <fmt/format.h>

namespace ebb {

SaveRules ManagedState::save_rules(const PolicyFacts& facts) const {
    SaveRules rules = SavingPolicy::save_rules(facts);
    rules.most_bytes = static_cast<double>(
        two_slots(facts.register_bytes + dirty_pages_ * page_b_).snapshot_bytes);
    return rules;
}

void ManagedState::check(const PolicyFacts& facts) const {
    if (pages(facts) > dirty_pages_) {
        refuse_work(fmt::format("keeps at most {} pages of {} B dirty, and the program's working "
                                "set needs {} ({} B); pages that are written back while it works "
                                "are not modelled",
                                dirty_pages_, page_b_, pages(facts), facts.volatile_bytes),
                    fmt::format("dirty_pages: {}", pages(facts)), "managed_state");
    }
}

void register_checkpoint_managed_state(Registry& registry);

void register_checkpoint_managed_state(Registry& registry) {
    using P = ManagedStateParams;
    const ParamTable<P> table = {
        save_at_row<P>(),
        margin_row<P>(),
        restore_at_row<P>(),
        param("page", &P::page_b, unit::byte, 128.0, range(1, 65536), "bytes of a page"),
        param("dirty_pages", &P::dirty_pages, std::int64_t{20}, range(1, 1e6),
              "pages that may be dirty at once, which save_at has to cover"),
        sleep_in_row<P>(),
        unsafe_row<P>(),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "managed_state", "registers and dirty pages, never more than so many",
         "class: jit; status: read in a public repository; every page of the working set counts "
         "as dirty"},
        table, [](const P& p) { return std::make_shared<ManagedState>(p); },
        [](const P& p, CheckContext& context) {
            check_memory(context, "managed_state");
            check_voltages(p, context);
        });
}

}  // namespace ebb
