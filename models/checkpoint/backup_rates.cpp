// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/backup_rates.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/checkpoint/none.hpp"

namespace ebb {

Protocol RatedPolicy::protocol(const PolicyFacts& facts) const {
    const auto whole = [](double bytes) { return static_cast<std::int64_t>(std::llround(bytes)); };
    const std::int64_t state =
        rates_.state_b ? whole(*rates_.state_b) : facts.register_bytes + facts.volatile_bytes;
    const std::int64_t mark = whole(rates_.mark_b);
    Protocol p;
    p.record_bytes = state + facts.dirty_bytes + mark;
    p.commit = {
        {NvOpKind::write, "state and what was written", -1, mark, state + facts.dirty_bytes}};
    if (mark > 0) {
        p.commit.push_back({NvOpKind::write, "mark", -1, 0, mark});
        p.recover = {{NvOpKind::read, "mark, slot 0", 0, 0, mark},
                     {NvOpKind::read, "mark, slot 1", 1, 0, mark}};
    }
    p.recover.push_back(
        {NvOpKind::read, "state", -1, mark, state + whole(rates_.restored_b), true});
    return p;
}

std::unique_ptr<Trigger> RatedPolicy::trigger(const PolicyFacts&) const {
    return std::make_unique<NeverTrigger>();
}

void check_rates(CheckContext& context, const char* policy, bool counts_cycles, bool clock_given) {
    if (!context.given("nvm")) {
        context.mistake("policy",
                        fmt::format("checkpoint {} saves into non-volatile memory, but there is no "
                                    "nvm",
                                    policy),
                        "give nvm: {part: ...} or its values");
    }
    if (counts_cycles && !clock_given && !context.number("mcu.clocking.work_at")) {
        context.mistake("policy",
                        fmt::format("checkpoint {} counts cycles, and neither checkpoint.clock nor "
                                    "mcu.clocking.work_at says how many there are in a second",
                                    policy),
                        "for example clock: 8 MHz");
    }
}

}  // namespace ebb
