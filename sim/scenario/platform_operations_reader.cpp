// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_operations_reader.hpp"

#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"
#include "models/workload/tile_cost.hpp"
#include "sim/scenario/platform_commits_reader.hpp"

#include <fmt/format.h>

#include <string_view>

namespace ebb {

namespace {

// Bounds refuse what can only be a slip of a prefix or a unit.
constexpr double kMostEnergy_j = 1.0;
constexpr double kMostTime_s = 100.0;
constexpr double kMostCycles = 1e10;
constexpr double kMostBytes = 1e12;
constexpr double kMostCount = 1e6;

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
                              const ParamTable<Entry>& entries, Name name, const char* text) {
    ParamTable<Form> table{};
    for (std::size_t i = 0; i < N; ++i) {
        RowOf<Form> row;
        row.row.key = name(i);
        row.row.kind = RowKind::block;
        row.row.presence = Presence::may;
        row.row.text = text;
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
        [](std::size_t i) { return name_of(static_cast<Operation>(i)); }, "cost of one call");
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
        [](std::size_t i) { return name_of(static_cast<Overhead>(i)); },
        "CPU operations beside one transfer, call or element");
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

/// A time, or cycles of the clock. Says what is wrong with it at its place.
class Latency {
public:
    Latency(double clock_hz, const Facts& facts, MistakeList& mistakes)
        : clock_hz_(clock_hz), facts_(facts), mistakes_(mistakes) {}

    [[nodiscard]] double seconds(const std::string& path, const std::string& text) const {
        if (!facts_.known(path)) {
            return 0.0;  // told already
        }
        const auto words = split(text);
        const bool cycles = words.second == "cycles" || words.second == "cycle";
        const ParsedQuantity parsed = cycles ? parse_quantity(words.first, Dimension::number)
                                             : parse_quantity(text, Dimension::time);
        if (!parsed.value) {
            const std::string near = did_you_mean(words.second, {"cycles"});
            mistakes_.add(facts_.place(path), fmt::format("{} {}", path, parsed.message),
                          near.empty() ? parsed.hint : near,
                          "a time, such as '4 us', or cycles of the clock, such as '64 cycles'");
            return 0.0;
        }
        if (*parsed.value < 0 || *parsed.value > (cycles ? kMostCycles : kMostTime_s)) {
            mistakes_.add(facts_.place(path), fmt::format("{} is {}, outside 0 .. {}", path, text,
                                                          cycles ? "1e10 cycles" : "100 s"));
            return 0.0;
        }
        return cycles ? *parsed.value / clock_hz_ : *parsed.value;
    }

private:
    static std::pair<std::string, std::string> split(const std::string& text) {
        const std::size_t cut = text.find_last_of("0123456789.");
        if (cut == std::string::npos) {
            return {text, {}};
        }
        const std::size_t unit = text.find_first_not_of(' ', cut + 1);
        return {text.substr(0, cut + 1), unit == std::string::npos ? "" : text.substr(unit)};
    }

    double clock_hz_;
    const Facts& facts_;
    MistakeList& mistakes_;
};

class OperationsBlock {
public:
    OperationsBlock(const OperationsForm& form, std::string path, const Facts& facts,
                    MistakeList& mistakes)
        : form_(form), path_(std::move(path)), facts_(facts), mistakes_(mistakes) {}

    [[nodiscard]] OperationTable table() const {
        OperationTable out;
        out.clock_hz = form_.clock_hz;
        out.accelerator = form_.accelerator.value_or("");
        out.nvm = form_.nvm.value_or("");
        for (std::size_t i = 0; i < kOperations; ++i) {
            if (form_.costs.ops[i]) {
                out.ops[i] = operation(static_cast<Operation>(i), *form_.costs.ops[i]);
            }
        }
        for (std::size_t i = 0; i < kOverheads; ++i) {
            if (const auto& counts = form_.overheads.counts[i]) {
                out.overheads[i] = {{counts->add, counts->mul},
                                    {counts->latency_add.value_or(counts->add),
                                     counts->latency_mul.value_or(counts->mul)}};
            }
        }
        out.reboot = reboot();
        out.index_elements = form_.index_elements;
        out.tile_model = form_.tile_model;
        out.compatibility = form_.compatibility;
        out.memory = memory();
        out.supply = supply();
        out.sensitivity = form_.sensitivity;
        out.commits = form_.commits;
        check_model(out);
        return out;
    }

private:
    /// What the named closed form needs; not what was given and is wrong.
    void check_model(const OperationTable& table) const {
        if (!table.tile_model) {
            return;
        }
        for (const std::string& key : missing_costs(table, *table.tile_model)) {
            if (!facts_.given(path_ + "." + key)) {
                complain(path_, fmt::format("needs '{}' for its tile_model", key));
            }
        }
    }

    void complain(const std::string& at, const std::string& what, std::string hint = {}) const {
        mistakes_.add(facts_.place(at), at + " " + what, std::move(hint),
                      "see: ebb describe platform");
    }

    [[nodiscard]] Evidence evidence(const std::string& at, std::optional<Evidence> both,
                                    const std::optional<EvidenceForm>& apart,
                                    std::optional<Evidence> EvidenceForm::*part,
                                    const char* figure) const {
        const std::optional<Evidence> found = apart ? (*apart).*part : both;
        if (!found && !facts_.given(at + ".evidence." + figure) &&
            (apart || !facts_.given(at + ".evidence"))) {
            complain(at, fmt::format("needs the evidence of its {}: measured, model, estimate or "
                                     "unconfirmed",
                                     figure));
        }
        return found.value_or(Evidence::unconfirmed);
    }

    [[nodiscard]] OperationCost operation(Operation op, const OperationForm& form) const {
        const std::string at = fmt::format("{}.costs.{}", path_, name_of(op));
        OperationCost cost;
        if (form.energy) {
            cost.energy_j = AffineFigure{form.energy->base_j, form.energy->per_element_j, {}};
            if (form.energy->base_j + form.energy->per_element_j <= 0 &&
                facts_.known(at + ".energy.base") && facts_.known(at + ".energy.per_element")) {
                complain(at + ".energy", "is zero: an operation without a cost");
            }
        } else if (form.energy_j) {
            cost.energy_j = AffineFigure{*form.energy_j, 0.0, {}};
        }
        const Latency latency(form_.clock_hz, facts_, mistakes_);
        const std::string of_latency = at + ".latency";
        if (form.latency) {
            cost.latency_s = AffineFigure{
                latency.seconds(of_latency + ".base", form.latency->base),
                latency.seconds(of_latency + ".per_element", form.latency->per_element),
                {}};
        } else if (!form.latency_text.empty()) {
            cost.latency_s = AffineFigure{latency.seconds(of_latency, form.latency_text), 0.0, {}};
        }
        if (!facts_.given(at + ".energy") && !facts_.given(of_latency)) {
            complain(at, "needs 'energy' or 'latency', or both");
        }
        if (cost.energy_j) {
            cost.energy_j->evidence =
                evidence(at, form.evidence, form.evidence_apart, &EvidenceForm::energy, "energy");
        }
        if (cost.latency_s) {
            cost.latency_s->evidence =
                evidence(at, form.evidence, form.evidence_apart, &EvidenceForm::latency, "latency");
        }
        cost.preempt = form.preempt.value_or(CallPreempt::any);
        const bool call = op == Operation::dma_nvm_to_vm || op == Operation::dma_vm_to_nvm ||
                          op == Operation::lea_vector_mac;
        if (call && !facts_.given(at + ".preempt")) {
            complain(at, "needs 'preempt': finish or abort (any, if it can stop anywhere)");
        }
        return cost;
    }

    [[nodiscard]] std::optional<RebootCost> reboot() const {
        if (!form_.reboot) {
            return std::nullopt;
        }
        const std::string at = path_ + ".reboot";
        const RebootForm& form = *form_.reboot;
        return RebootCost{
            form.energy_j, form.latency_s,
            evidence(at, form.evidence, form.evidence_apart, &EvidenceForm::energy, "energy"),
            evidence(at, form.evidence, form.evidence_apart, &EvidenceForm::latency, "latency")};
    }

    [[nodiscard]] MemorySpaces memory() const {
        const auto bytes = [](const std::optional<double>& b) {
            return b ? std::optional(static_cast<std::int64_t>(*b)) : std::nullopt;
        };
        const MemoryForm& m = form_.memory;
        const std::string at = path_ + ".memory";
        if (facts_.given(at + ".nvm_features") != facts_.given(at + ".nvm_weights")) {
            complain(at, "takes nvm_features and nvm_weights together, or nvm alone");
        } else if (facts_.given(at + ".nvm") && facts_.given(at + ".nvm_features")) {
            complain(at + ".nvm_features", "cannot stand beside nvm, which is one memory for all");
        }
        MemorySpaces out;
        out.vm_bytes = static_cast<std::int64_t>(m.vm_b);
        out.sram_bytes = bytes(m.sram_b);
        out.lea_bytes = bytes(m.lea_b);
        out.nvm_bytes = bytes(m.nvm_b);
        out.nvm_feature_bytes = bytes(m.nvm_features_b);
        out.nvm_weight_bytes = bytes(m.nvm_weights_b);
        out.nvm_link_map_bytes = bytes(m.nvm_link_map_b);
        return out;
    }

    [[nodiscard]] std::optional<SupplyFacts> supply() const {
        if (!form_.supply) {
            return std::nullopt;
        }
        const SupplyForm& s = *form_.supply;
        const std::string at = path_ + ".supply";
        if (facts_.known(at + ".v_on") && facts_.known(at + ".v_off") && s.v_on_v <= s.v_off_v) {
            complain(at + ".v_on", "must be above v_off");
        }
        if (facts_.known(at + ".v_supply") && facts_.known(at + ".v_on") &&
            s.v_supply_v <= s.v_on_v) {
            complain(at + ".v_supply", "must be above v_on, or the store never charges to it");
        }
        SupplyFacts out;
        for (const SupplyPointForm& point : s.points) {
            out.points.push_back({point.capacitance_f, point.resistance_ohm});
        }
        out.v_on_v = s.v_on_v;
        out.v_off_v = s.v_off_v;
        out.v_supply_v = s.v_supply_v;
        out.energy_margin = s.energy_margin;
        out.margin_inside_voltage = s.margin_inside_voltage;
        return out;
    }

    const OperationsForm& form_;
    std::string path_;
    const Facts& facts_;
    MistakeList& mistakes_;
};

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

void add_operations(const OperationsForm& form, const std::string& path, const Facts& facts,
                    MistakeList& mistakes, Platform& platform) {
    OperationTable table = OperationsBlock(form, path, facts, mistakes).table();
    table.element_bytes = platform.element_bytes;
    platform.operations = std::move(table);
}

}  // namespace ebb
