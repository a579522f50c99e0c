// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_operations_reader.hpp"

#include "models/core/quantity.hpp"
#include "sim/scenario/platform_commits_reader.hpp"

#include <utility>

namespace ebb {

namespace {

// Bounds refuse what can only be a slip of a prefix or a unit.
constexpr double kMostEnergy_j = 1.0;
constexpr double kMostTime_s = 100.0;
constexpr double kMostBytes = 1e12;
constexpr double kMostCount = 1e6;

/// In the order of the enumerations.
constexpr std::array<const char*, kOperations> kOperationTexts = {
    "one DMA transfer from non-volatile to volatile memory",
    "one DMA transfer from volatile to non-volatile memory",
    "one vector call of multiply-accumulates",
    "an addition of the CPU",
    "a multiplication of the CPU",
    "a division of the CPU",
    "a remainder of the CPU",
    "a comparison of the CPU, for a maximum",
    "the CPU copies an element from non-volatile to volatile memory",
    "the CPU copies an element from volatile to non-volatile memory",
    "the CPU copies an element within non-volatile memory",
    "the CPU copies an element within volatile memory",
    "the CPU stores a word to non-volatile memory",
    "the CPU reads a word of non-volatile memory"};
constexpr std::array<const char*, kOverheads> kOverheadTexts = {
    "CPU operations beside the fetch of a row of inputs",
    "beside the fetch of a row of weights",
    "beside the fetch of a row of partial outputs, inputs stay",
    "beside the fetch of a row of partial outputs, weights stay",
    "beside the fetch of a row of partial outputs, outputs stay",
    "beside the back-up of a row of outputs, inputs stay",
    "beside the back-up of a row of outputs, weights stay",
    "beside the back-up of a row of outputs, outputs stay",
    "beside a vector call that adds to a partial sum",
    "beside each accumulation",
    "beside each comparison of a pooling",
    "beside a vector call of a convolution, all together",
    "beside a product of a depthwise convolution, inputs stay",
    "beside a product of a depthwise convolution, else",
    "beside an element of batch normalisation",
    "beside an element of an addition"};

const Names<Evidence>& evidence_names() {
    static const Names<Evidence> kNames = {{"measured", Evidence::measured},
                                           {"model", Evidence::model},
                                           {"estimate", Evidence::estimate},
                                           {"unconfirmed", Evidence::unconfirmed}};
    return kNames;
}

const ParamTable<EvidenceForm>& evidence_table() {
    static const ParamTable<EvidenceForm> kTable = {
        param("energy", &EvidenceForm::energy, evidence_names(), optional, "of the energy"),
        param("latency", &EvidenceForm::latency, evidence_names(), optional, "of the latency"),
    };
    return kTable;
}

const ParamTable<OperationForm>& operation_table() {
    static const ParamTable<AffineEnergyForm> kEnergy = {
        param("base", &AffineEnergyForm::base_j, unit::joule, required, range(0, kMostEnergy_j),
              "one call, whatever its length"),
        param("per_element", &AffineEnergyForm::per_element_j, unit::joule, required,
              range(0, kMostEnergy_j), "each element of a call"),
    };
    static const ParamTable<AffineLatencyForm> kLatency = {
        param("base", &AffineLatencyForm::base, required,
              "one call, whatever its length: a time, or cycles of the clock"),
        param("per_element", &AffineLatencyForm::per_element, required,
              "each element of a call: a time, or cycles of the clock"),
    };
    static const Names<CallPreempt> kPreempts = {
        {"any", CallPreempt::any}, {"finish", CallPreempt::finish}, {"abort", CallPreempt::abort}};
    static const ParamTable<OperationForm> kTable = {
        or_block(param("energy", &OperationForm::energy_j, unit::joule, optional,
                       above_up_to(0, kMostEnergy_j),
                       "energy of the operation, or of a call and of each element"),
                 &OperationForm::energy, kEnergy),
        or_block(param("latency", &OperationForm::latency_text, optional,
                       "time of the operation, or cycles of the clock ('64 cycles'); or of a call "
                       "and of each element; left out where no source gives it"),
                 &OperationForm::latency, kLatency),
        or_block(param("evidence", &OperationForm::evidence, evidence_names(), optional,
                       "how the figures came to be known, for both or apart"),
                 &OperationForm::evidence_apart, evidence_table()),
        param("preempt", &OperationForm::preempt, kPreempts, optional,
              "a request to stop finds it: stopped anywhere (any), run to its end (finish), or "
              "given up and begun anew (abort); needed for DMA and the vector unit"),
    };
    return kTable;
}

/// One optional block per name of an enumeration, all with the same table.
template <class Form, class Entry, std::size_t N, class Name>
ParamTable<Form> one_row_each(std::array<std::optional<Entry>, N> Form::*member,
                              const ParamTable<Entry>& entries, Name name,
                              const std::array<const char*, N>& texts) {
    ParamTable<Form> table{};
    for (std::size_t i = 0; i < N; ++i) {
        RowOf<Form> row;
        row.row.key = name(i);
        row.row.kind = RowKind::block;
        row.row.presence = Presence::may;
        row.row.text = texts[i];
        row.row.table = entries.view();
        row.row.open = [member, i](void* form) -> void* {
            auto& slot = (static_cast<Form*>(form)->*member)[i];
            return &slot.emplace();
        };
        table = ParamTable<Form>(table, {std::move(row)});
    }
    return table;
}

const ParamTable<OperationCostsForm>& costs_table() {
    static const ParamTable<OperationCostsForm> kTable = one_row_each(
        &OperationCostsForm::ops, operation_table(),
        [](std::size_t i) { return name_of(static_cast<Operation>(i)); }, kOperationTexts);
    return kTable;
}

const ParamTable<OverheadsForm>& overheads_table() {
    const Range count = range(0, kMostCount);
    static const ParamTable<OverheadForm> kCounts = {
        param("add", &OverheadForm::add, required, count, "additions"),
        param("mul", &OverheadForm::mul, required, count, "multiplications"),
        param("latency_add", &OverheadForm::latency_add, optional, count,
              "additions as the latency counts them, where the source differs"),
        param("latency_mul", &OverheadForm::latency_mul, optional, count,
              "multiplications as the latency counts them, where the source differs"),
    };
    static const ParamTable<OverheadsForm> kTable = one_row_each(
        &OverheadsForm::counts, kCounts,
        [](std::size_t i) { return name_of(static_cast<Overhead>(i)); }, kOverheadTexts);
    return kTable;
}

const ParamTable<RebootForm>& reboot_table() {
    static const ParamTable<RebootForm> kTable = {
        param("energy", &RebootForm::energy_j, unit::joule, required, range(0, kMostEnergy_j),
              "from power-on to useful work"),
        param("latency", &RebootForm::latency_s, unit::second, required, range(0, kMostTime_s),
              "from power-on to useful work"),
        or_block(param("evidence", &RebootForm::evidence, evidence_names(), optional,
                       "how the figures came to be known, for both or apart"),
                 &RebootForm::evidence_apart, evidence_table()),
    };
    return kTable;
}

const ParamTable<CompatibilitySwitches>& compatibility_table() {
    using S = CompatibilitySwitches;
    static const ParamTable<S> kTable = {
        param("output_overhead_latency_from_energy", &S::output_overhead_latency_from_energy, false,
              "defect of a published model: the latency of output fetch and backup overhead is "
              "the figure of its energy"),
        param("batch_norm_adds_continuous", &S::batch_norm_adds_continuous, 3, range(0, 100),
              "additions per element in the latency of batch normalisation, continuous power"),
        param("batch_norm_adds_intermittent", &S::batch_norm_adds_intermittent, 3, range(0, 100),
              "the same in a power cycle"),
    };
    return kTable;
}

const ParamTable<MemoryForm>& memory_table() {
    using M = MemoryForm;
    const Range size = range(1, kMostBytes);
    static const ParamTable<M> kTable = {
        param("vm", &M::vm_b, unit::byte, required, size, "volatile memory that tiles may use"),
        param("sram", &M::sram_b, unit::byte, optional, size, "all volatile memory"),
        param("lea", &M::lea_b, unit::byte, optional, size,
              "the part that the vector unit can reach"),
        param("nvm", &M::nvm_b, unit::byte, optional, size, "non-volatile memory, one for all"),
        param("nvm_features", &M::nvm_features_b, unit::byte, optional, size,
              "or one for features"),
        param("nvm_weights", &M::nvm_weights_b, unit::byte, optional, size, "and one for weights"),
        param("nvm_link_map", &M::nvm_link_map_b, unit::byte, optional, size,
              "what a linker can give out of nvm"),
    };
    return kTable;
}

const ParamTable<SupplyForm>& supply_table() {
    static const ParamTable<SupplyPointForm> kPoint = {
        param("capacitance", &SupplyPointForm::capacitance_f, unit::farad, required, above(0),
              "the store's capacitor"),
        param("resistance", &SupplyPointForm::resistance_ohm, unit::ohm, required, above(0),
              "of the source that went with it"),
    };
    using S = SupplyForm;
    static const ParamTable<S> kTable = {
        list("points", &S::points, kPoint, required, 1, 100, "capacitors and their sources"),
        param("v_on", &S::v_on_v, unit::volt, required, above(0), "turn-on voltage"),
        param("v_off", &S::v_off_v, unit::volt, required, above(0), "turn-off voltage"),
        param("v_supply", &S::v_supply_v, unit::volt, required, above(0),
              "open voltage of the source"),
        param("energy_margin", &S::energy_margin, unit::ratio, required, above_up_to(0, 1),
              "share of the stored energy that a power cycle may use"),
        param("margin_inside_voltage", &S::margin_inside_voltage, false,
              "the published formula also multiplies the margin into the voltage at a cycle's end"),
    };
    return kTable;
}

const ParamTable<Sensitivity>& sensitivity_table() {
    static const ParamTable<Sensitivity> kTable = {
        param("low", &Sensitivity::low, unit::number, required, above_up_to(0, 1),
              "factor on copies, DMA and NVM words"),
        param("high", &Sensitivity::high, unit::number, required, range(1, 1000),
              "factor on copies, DMA and NVM words"),
        param("rule", &Sensitivity::rule, required, "what may be concluded, in words"),
    };
    return kTable;
}

}  // namespace

const ParamTable<OperationsForm>& operations_table() {
    using O = OperationsForm;
    static const Names<TileModelKind> kModels = {{"inas", TileModelKind::inas},
                                                 {"tinas", TileModelKind::tinas}};
    static const ParamTable<O> kTable = {
        param("clock", &O::clock_hz, unit::hertz, required, range(1, 1e11),
              "clock of the processor; cycles count it"),
        param("accelerator", &O::accelerator, optional, "the vector unit; left out, a CPU alone"),
        param("nvm", &O::nvm, optional, "the non-volatile memory that the costs were measured on"),
        block("costs", &O::costs, costs_table(), required, "cost of each operation"),
        block("overheads", &O::overheads, overheads_table(), optional,
              "address arithmetic, as counts of CPU operations"),
        block("reboot", &O::reboot, reboot_table(), optional,
              "what a power cycle costs before its work"),
        param("index_elements", &O::index_elements, 0, range(0, kMostCount),
              "elements of progress that a power cycle reads, and writes"),
        param("tile_model", &O::tile_model, kModels, optional,
              "published closed form that these costs belong to"),
        block("compatibility", &O::compatibility, compatibility_table(), optional,
              "peculiarities that the published numbers need"),
        block("memory", &O::memory, memory_table(), required, "memory spaces and their sizes"),
        block("supply", &O::supply, supply_table(), optional, "the supply that the source used"),
        block("sensitivity", &O::sensitivity, sensitivity_table(), optional,
              "for estimates: how far the uncertain costs are varied"),
        block("commits", &O::commits, commits_table(), optional,
              "words that software runtimes store to non-volatile memory"),
    };
    return kTable;
}

}  // namespace ebb
