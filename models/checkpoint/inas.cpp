// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/inas.hpp"

#include "models/consistency/journal.hpp"
#include "models/core/component.hpp"
#include "models/runtime/tile_loops.hpp"

namespace ebb {

namespace {

class ShutDownTrigger final : public Trigger {
public:
    [[nodiscard]] Action boot(BootCause) override { return {}; }
    [[nodiscard]] Action voltage() override { return {}; }
    [[nodiscard]] Action snapshot_done() override { return {}; }
    [[nodiscard]] Action boundary() override { return {Action::Kind::shut_down, {}, {}}; }
};

}  // namespace

Program Inas::lower(const Lowering& lowering) const {
    TileUnits units;
    units.index = units.durable = units.boundary = true;
    return lower_tiles(lowering, TileModel(operations_of(lowering, "checkpoint inas")), units);
}

Protocol Inas::protocol(const PolicyFacts& facts) const {
    Protocol p;
    if (facts.operations != nullptr) {
        const std::int64_t words = facts.operations->index_elements;
        NvOp read{NvOpKind::read, "index", 0, 0, words * facts.operations->element_bytes};
        read.price = OpPrice{facts.operations->latency_s(Operation::dma_nvm_to_vm, words),
                             facts.operations->energy_j(Operation::dma_nvm_to_vm, words)};
        p.recover = {read};
    }
    return p;
}

std::unique_ptr<Journal> Inas::journal() const { return footprint_journal(); }

std::unique_ptr<Trigger> Inas::trigger(const PolicyFacts&) const {
    return std::make_unique<ShutDownTrigger>();
}

double Inas::shut_down_toll_j(const PolicyFacts& facts) const {
    const double available_j =
        0.5 * facts.capacitance_f *
        (facts.turn_on_v * facts.turn_on_v - facts.turn_off_v * facts.turn_off_v);
    return params_.published_end_voltage ? (1.0 - params_.energy_margin) * available_j : 0.0;
}

void register_checkpoint_inas(Registry& registry);

void register_checkpoint_inas(Registry& registry) {
    const ParamTable<InasParams> table = {
        param("energy_margin", &InasParams::energy_margin, unit::number, 1.0, above_up_to(0, 1),
              "share of the energy between turn_on and turn_off that a batch may use by plan"),
        param("end_voltage", &InasParams::published_end_voltage,
              Names<bool>{{"physical", false}, {"inas", true}}, false,
              "inas: each shut-down takes (1 - energy_margin) of that energy away as well, as the "
              "published closed form does; not physical, for comparison with published numbers"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "inas",
         "a batch of tiles per power cycle, then the device shuts itself down and recharges",
         "class: replayed; needs a network with tile sizes on a platform with operations"},
        table, [](const InasParams& p) { return std::make_shared<Inas>(p); });
}

}  // namespace ebb
