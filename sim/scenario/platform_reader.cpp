// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_reader.hpp"

#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"
#include "models/workload/layer_cost.hpp"
#include "sim/scenario/named_file.hpp"
#include "sim/scenario/table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ebb {

namespace {

constexpr NamedFileKind kPlatformKind{"platform", ".yaml"};

// Bounds refuse what can only be a slip of a prefix or a unit.
constexpr double kMostCyclesPerMac = 1e6;
constexpr double kMostEnergyPerMac_j = 1e-3;
constexpr double kMostLatency_s = 1e6;
constexpr double kMostEnergy_j = 1e6;

/// A pair of coefficients as the file groups them.
struct CyclesForm {
    double fc = 0.0, conv = 0.0;
};
struct EnergyForm {
    double fc_j = 0.0, conv_j = 0.0;
};
struct TotalForm {
    std::string network;
    double latency_s = 0.0;
    std::optional<double> energy_j, dw_pw_cycles_per_mac, dw_pw_energy_per_mac_j;
};
struct VariantForm {
    std::string label;
    double clock_hz = 0.0;
    CyclesForm cycles_per_mac;
    std::optional<EnergyForm> energy_per_mac;
    std::vector<TotalForm> networks;
};
struct PlatformForm {
    std::string source, core;
    double element_b = 1.0;
    std::vector<VariantForm> variants;
};

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
    };
    return kTable;
}

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
        param("clock", &VariantForm::clock_hz, unit::hertz, required, range(1, 1e11),
              "clock of the processor during the measurement"),
        block("cycles_per_mac", &VariantForm::cycles_per_mac, kCycles, required,
              "clock cycles per multiply-accumulate, by class of layer"),
        block(
            "energy_per_mac", &VariantForm::energy_per_mac, kEnergy, optional,
            "energy per multiply-accumulate, by class of layer; left out where none was measured"),
        list("networks", &VariantForm::networks, total_table(), optional, 0, 1000,
             "measured totals; layers are rescaled to them"),
    };
    return kTable;
}

/// The file as one block, so that messages say "platform.core" and point to `ebb describe
/// platform`.
struct FileForm {
    PlatformForm platform;
};

const ParamTable<PlatformForm>& platform_table() {
    static const ParamTable<PlatformForm> kTable = {
        param("source", &PlatformForm::source, required, "where the numbers are from"),
        param("core", &PlatformForm::core, required, "the processor"),
        param("element", &PlatformForm::element_b, unit::byte, required, range(1, 16),
              "size of an activation"),
        list("variants", &PlatformForm::variants, variant_table(), required, 1, 1000,
             "one per software and operating point; the first is used unless a scenario says so"),
    };
    return kTable;
}

const ParamTable<FileForm>& file_table() {
    static const ParamTable<FileForm> kTable = {
        block("platform", &FileForm::platform, platform_table(), required, "a platform"),
    };
    return kTable;
}

NetworkTotal total_of(const TotalForm& form) {
    NetworkTotal total;
    total.network = form.network;
    total.latency_s = form.latency_s;
    total.energy_j = form.energy_j;
    total.dw_pw_cycles_per_mac = form.dw_pw_cycles_per_mac.value_or(0.0);
    total.dw_pw_energy_per_mac_j = form.dw_pw_energy_per_mac_j;
    return total;
}

PlatformVariant variant_of(const VariantForm& form) {
    PlatformVariant variant;
    variant.label = form.label;
    variant.clock_hz = form.clock_hz;
    variant.fc_cycles_per_mac = form.cycles_per_mac.fc;
    variant.conv_cycles_per_mac = form.cycles_per_mac.conv;
    if (form.energy_per_mac) {
        variant.fc_energy_per_mac_j = form.energy_per_mac->fc_j;
        variant.conv_energy_per_mac_j = form.energy_per_mac->conv_j;
    }
    std::transform(form.networks.begin(), form.networks.end(), std::back_inserter(variant.networks),
                   total_of);
    return variant;
}

/// Rules between values: labels and networks are unique, energies come whole or not at all.
void check(const VariantForm& variant, const std::string& path, const Facts& facts,
           MistakeList& mistakes) {
    std::set<std::string> networks;
    for (std::size_t n = 0; n < variant.networks.size(); ++n) {
        const auto& total = variant.networks[n];
        const std::string at = fmt::format("{}.networks[{}]", path, n);
        if (!networks.insert(total.network).second) {
            mistakes.add(facts.place(at + ".network"),
                         fmt::format("network '{}' is there twice", total.network));
        }
        if (total.energy_j && !variant.energy_per_mac) {
            mistakes.add(facts.place(at + ".energy"),
                         at + ".energy needs energy_per_mac of its variant");
        }
        if (total.energy_j &&
            total.dw_pw_cycles_per_mac.has_value() != total.dw_pw_energy_per_mac_j.has_value()) {
            mistakes.add(facts.place(at),
                         at + ": dw_pw_cycles_per_mac and dw_pw_energy_per_mac come together");
        }
    }
}

void check(const PlatformForm& form, const Facts& facts, MistakeList& mistakes) {
    std::set<std::string> labels;
    for (std::size_t v = 0; v < form.variants.size(); ++v) {
        const std::string path = fmt::format("platform.variants[{}]", v);
        if (!labels.insert(form.variants[v].label).second) {
            mistakes.add(facts.place(path + ".label"),
                         fmt::format("label '{}' is there twice", form.variants[v].label));
        }
        check(form.variants[v], path, facts, mistakes);
    }
}

PlatformForm read_form(std::string_view text, const std::string& file) {
    MistakeList mistakes;
    Facts facts;
    const SourceRef source = make_source(SourceText::Role::part, file, text);
    auto document = parse_document(source, mistakes);
    mistakes.throw_if_any();
    DocNode root;
    root.kind = DocNode::Kind::map;
    root.spot = {source, 1, 1};
    root.entries.push_back({"platform", root.spot, std::move(document.value())});
    const Registry none;
    TableReader reader(
        none, mistakes, facts, [](DocNode&, const Row&) { return true; },
        [](const Spot&, const std::string&) { return std::string(); });
    FileForm form;
    ResolvedNode resolved;
    reader.read_top(root, *file_table().view(), &form, resolved);
    if (!mistakes.any()) {
        check(form.platform, facts, mistakes);
    }
    mistakes.throw_if_any();
    return std::move(form.platform);
}

}  // namespace

Platform parse_platform(std::string_view text, const std::string& name, const std::string& file) {
    const PlatformForm form = read_form(text, file);
    Platform platform;
    platform.name = name;
    platform.core = form.core;
    platform.source = form.source;
    platform.file = file;
    platform.element_bytes = static_cast<int>(form.element_b);
    std::transform(form.variants.begin(), form.variants.end(),
                   std::back_inserter(platform.variants), variant_of);
    return platform;
}

std::shared_ptr<const Platform> read_platform(const std::string& name_or_path,
                                              const std::string& base_folder,
                                              const std::string& platforms_folder,
                                              const Place& where) {
    const NamedFile file =
        load_named_file(name_or_path, base_folder, platforms_folder, kPlatformKind, where);
    return std::make_shared<Platform>(parse_platform(file.text, file.name, file.path));
}

std::vector<std::string> platform_names(const std::string& platforms_folder) {
    return names_in(platforms_folder, kPlatformKind);
}

const PlatformVariant& find_variant(const Platform& platform, const std::string& label,
                                    const Place& where) {
    if (label.empty()) {
        return platform.variants.at(0);
    }
    std::vector<std::string> labels;
    for (const auto& variant : platform.variants) {
        if (variant.label == label) {
            return variant;
        }
        labels.push_back(variant.label);
    }
    throw InputError(
        {Mistake{where, fmt::format("platform '{}' has no variant '{}'", platform.name, label),
                 did_you_mean(label, labels), "variants: " + joined(labels, "; ")}});
}

void require_energy(const Network& network, const Platform& platform,
                    const PlatformVariant& variant, const std::string& platforms_folder,
                    const Place& where) {
    if (has_energy(network, variant)) {
        return;
    }
    std::vector<std::string> able;
    for (const auto& name : platform_names(platforms_folder)) {
        const auto other = read_platform(name, "", platforms_folder, where);
        if (has_energy(network, other->variants.front())) {
            able.push_back(name);
        }
    }
    throw InputError({Mistake{
        where,
        fmt::format("platform '{}' (variant '{}') has latencies but no energy for network '{}'",
                    platform.name, variant.label, network.name),
        able.empty() ? "" : "platforms with energy: " + joined(able),
        "see: ebb describe platform"}});
}

std::shared_ptr<const Table> platform_file_table() { return platform_table().view(); }

}  // namespace ebb
