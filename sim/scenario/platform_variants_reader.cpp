// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_variants_reader.hpp"

#include "models/core/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace ebb {

namespace {

// Bounds refuse what can only be a slip of a prefix or a unit.
constexpr double kMostCyclesPerMac = 1e6;
constexpr double kMostEnergyPerMac_j = 1e-3;
constexpr double kMostLatency_s = 1e6;
constexpr double kMostEnergy_j = 1e6;
constexpr double kMostMacs = 1e15;
constexpr const char* kClockText =
    "clock of the processor during the measurement; totals alone need none";

const ParamTable<TotalForm>& total_table() {
    static const ParamTable<TotalForm> kTable = {
        param("network", &TotalForm::network, required, "name of the network that was measured"),
        param("latency", &TotalForm::latency_s, unit::second, required,
              above_up_to(0, kMostLatency_s), "one inference under continuous power"),
        param("energy", &TotalForm::energy_j, unit::joule, optional, above_up_to(0, kMostEnergy_j),
              "one inference; left out where none was measured"),
        param("dw_pw_cycles_per_mac", &TotalForm::dw_pw_cycles_per_mac, unit::number, optional,
              above_up_to(0, kMostCyclesPerMac),
              "its depthwise and 1x1 layers; left out, they count as standard convolutions"),
        param("dw_pw_energy_per_mac", &TotalForm::dw_pw_energy_per_mac_j, unit::joule, optional,
              above_up_to(0, kMostEnergyPerMac_j), "the same for energy"),
        param("macs", &TotalForm::macs, unit::number, optional, above_up_to(0, kMostMacs),
              "multiply-accumulates of the network; totals alone price other networks by them"),
    };
    return kTable;
}

}  // namespace

const ParamTable<VariantForm>& variant_table() {
    static const ParamTable<CyclesForm> kCycles = {
        param("fc", &CyclesForm::fc, unit::number, required, above_up_to(0, kMostCyclesPerMac),
              "fully connected layers"),
        param("conv", &CyclesForm::conv, unit::number, required, above_up_to(0, kMostCyclesPerMac),
              "standard convolutions"),
    };
    static const ParamTable<EnergyForm> kEnergy = {
        param("fc", &EnergyForm::fc_j, unit::joule, required, above_up_to(0, kMostEnergyPerMac_j),
              "fully connected layers"),
        param("conv", &EnergyForm::conv_j, unit::joule, required,
              above_up_to(0, kMostEnergyPerMac_j), "standard convolutions"),
    };
    static const ParamTable<VariantForm> kTable = {
        param("label", &VariantForm::label, required,
              "software and its version, unique in the file"),
        param("clock", &VariantForm::clock_hz, unit::hertz, optional, range(1, 1e11), kClockText),
        param("core_voltage", &VariantForm::core_voltage_v, unit::volt, optional,
              above_up_to(0, 100), "supply of the core at this operating point"),
        block("cycles_per_mac", &VariantForm::cycles_per_mac, kCycles, optional,
              "clock cycles per multiply-accumulate, by class of layer; without it, npu and array, "
              "measured totals are spread over the layers by MACs"),
        block(
            "energy_per_mac", &VariantForm::energy_per_mac, kEnergy, optional,
            "energy per multiply-accumulate, by class of layer; left out where none was measured"),
        list("networks", &VariantForm::networks, total_table(), optional, 0, 1000,
             "measured totals; layers are rescaled to them"),
        block("npu", &VariantForm::npu, npu_table(), optional,
              "a processing unit whose cycles per layer stand in the network's table"),
        block("array", &VariantForm::array, array_table(), optional,
              "a systolic array, priced access by access"),
    };
    return kTable;
}

namespace {

NetworkTotal total_of(const TotalForm& form) {
    NetworkTotal total;
    total.network = form.network;
    total.latency_s = form.latency_s;
    total.energy_j = form.energy_j;
    total.dw_pw_cycles_per_mac = form.dw_pw_cycles_per_mac.value_or(0.0);
    total.dw_pw_energy_per_mac_j = form.dw_pw_energy_per_mac_j;
    total.macs = form.macs;
    return total;
}

PlatformVariant variant_of(const VariantForm& form) {
    PlatformVariant variant;
    variant.label = form.label;
    variant.clock_hz = form.clock_hz.value_or(0.0);
    variant.core_voltage_v = form.core_voltage_v;
    if (form.cycles_per_mac) {
        variant.fc_cycles_per_mac = form.cycles_per_mac->fc;
        variant.conv_cycles_per_mac = form.cycles_per_mac->conv;
    }
    if (form.npu) {
        variant.npu = npu_of(*form.npu);
    }
    if (form.array) {
        variant.array = array_of(*form.array, variant.clock_hz);
    }
    if (form.energy_per_mac) {
        variant.fc_energy_per_mac_j = form.energy_per_mac->fc_j;
        variant.conv_energy_per_mac_j = form.energy_per_mac->conv_j;
    }
    std::transform(form.networks.begin(), form.networks.end(), std::back_inserter(variant.networks),
                   total_of);
    return variant;
}

/// One way of pricing layers, and only one.
void check_way(const VariantForm& variant, const std::string& path, const Facts& facts,
               MistakeList& mistakes) {
    std::vector<std::string> given;
    for (const char* key : {"cycles_per_mac", "npu", "array"}) {
        if (facts.given(path + "." + key)) {
            given.emplace_back(key);
        }
    }
    if (given.size() > 1) {
        mistakes.add(
            facts.place(path + "." + given[1]),
            fmt::format("{} prices layers in more than one way: {}", path, joined(given, " and ")),
            "", "give each a variant of its own");
    }
    if (!given.empty() && !facts.given(path + ".clock")) {
        mistakes.add(facts.place(path),
                     fmt::format("{} needs 'clock': its {} count in cycles", path, given.front()));
    }
    if (given.empty() && variant.networks.empty()) {
        mistakes.add(
            facts.place(path),
            fmt::format("{} needs 'cycles_per_mac', 'npu', 'array' or measured 'networks'", path),
            "", "see: ebb describe platform");
    }
}

/// Rules between values: labels and networks are unique, energies come whole or not at all.
void check(const VariantForm& variant, const std::string& path, const Facts& facts,
           MistakeList& mistakes) {
    check_way(variant, path, facts, mistakes);
    const bool by_class = facts.given(path + ".cycles_per_mac");
    std::set<std::string> networks;
    for (std::size_t n = 0; n < variant.networks.size(); ++n) {
        const auto& total = variant.networks[n];
        const std::string at = fmt::format("{}.networks[{}]", path, n);
        if (!total.network.empty() && !networks.insert(total.network).second) {
            mistakes.add(facts.place(at + ".network"),
                         fmt::format("network '{}' is there twice", total.network));
        }
        if (by_class && total.energy_j && !facts.given(path + ".energy_per_mac")) {
            mistakes.add(facts.place(at + ".energy"),
                         at + ".energy needs energy_per_mac of its variant");
        }
        if (total.energy_j && facts.given(at + ".dw_pw_cycles_per_mac") !=
                                  facts.given(at + ".dw_pw_energy_per_mac")) {
            mistakes.add(facts.place(at),
                         at + ": dw_pw_cycles_per_mac and dw_pw_energy_per_mac come together");
        }
    }
}

}  // namespace

void add_variants(const std::vector<VariantForm>& forms, const std::string& path,
                  const Facts& facts, MistakeList& mistakes, Platform& platform) {
    std::set<std::string> labels;
    for (std::size_t v = 0; v < forms.size(); ++v) {
        const std::string at = fmt::format("{}[{}]", path, v);
        if (!forms[v].label.empty() && !labels.insert(forms[v].label).second) {
            mistakes.add(facts.place(at + ".label"),
                         fmt::format("label '{}' is there twice", forms[v].label));
        }
        check(forms[v], at, facts, mistakes);
    }
    std::transform(forms.begin(), forms.end(), std::back_inserter(platform.variants), variant_of);
}

}  // namespace ebb
