// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_operations_reader.hpp"

#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"
#include "models/workload/tile_cost.hpp"

#include <fmt/format.h>

#include <utility>

namespace ebb {

namespace {

// Bounds refuse what can only be a slip of a prefix or a unit.
constexpr double kMostTime_s = 100.0;
constexpr double kMostCycles = 1e10;

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

void add_operations(const OperationsForm& form, const std::string& path, const Facts& facts,
                    MistakeList& mistakes, Platform& platform) {
    OperationTable table = OperationsBlock(form, path, facts, mistakes).table();
    table.element_bytes = platform.element_bytes;
    platform.operations = std::move(table);
}

}  // namespace ebb
