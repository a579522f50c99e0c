// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/commit.hpp"

#include "models/checkpoint/none.hpp"
#include "models/core/component.hpp"

namespace ebb {

namespace {
constexpr std::int64_t kRecordBytes = 12;
}

Protocol Commit::protocol(const PolicyFacts& facts) const {
    Protocol p;
    p.record_bytes = kRecordBytes;
    p.commit = {{NvOpKind::write, "progress record", -1, 0, kRecordBytes}};
    p.recover = {{NvOpKind::read, "progress record, slot 0", 0, 0, kRecordBytes},
                 {NvOpKind::read, "progress record, slot 1", 1, 0, kRecordBytes}};
    if (facts.refetch_bytes > 0) {
        p.recover.push_back({NvOpKind::read, "input window", 0, 0, facts.refetch_bytes, true});
    }
    return p;
}

std::unique_ptr<Trigger> Commit::trigger(const PolicyFacts&) const {
    return std::make_unique<NeverTrigger>();
}

void register_checkpoint_commit(Registry& registry);

void register_checkpoint_commit(Registry& registry) {
    const Names<Granularity> names = {
        {"unit", Granularity::unit}, {"tile", Granularity::tile}, {"layer", Granularity::layer}};
    const ParamTable<CommitParams> table = {
        param("granularity", &CommitParams::granularity, names, required,
              "the border at which progress is made durable; a task counts as each of them"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "commit", "durable progress record behind every unit, tile or layer",
         "class: replayed; after a power failure the work goes on behind the last complete record"},
        table, [](const CommitParams& p) { return std::make_shared<Commit>(p); },
        [](const CommitParams&, CheckContext& context) {
            if (!context.given("nvm")) {
                context.mistake(
                    "policy",
                    "checkpoint commit writes to non-volatile memory, but there is no nvm",
                    "give nvm: {part: ...} or its values");
            }
        });
}

}  // namespace ebb
