// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_reader.hpp"

#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"
#include "models/workload/layer_cost.hpp"
#include "sim/scenario/named_file.hpp"
#include "sim/scenario/platform_operations_reader.hpp"
#include "sim/scenario/platform_variants_reader.hpp"
#include "sim/scenario/platform_weights_reader.hpp"
#include "sim/scenario/table_reader.hpp"

#include <fmt/format.h>

#include <optional>

namespace ebb {

namespace {

struct PlatformForm {
    std::string source, core;
    double element_b = 1.0;
    std::vector<VariantForm> variants;
    std::optional<OperationsForm> operations;
    std::optional<WeightMemoryForm> weight_memory;
};

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
        list("variants", &PlatformForm::variants, variant_table(), optional, 1, 1000,
             "one per software and operating point; the first is used unless a scenario says so"),
        block("operations", &PlatformForm::operations, operations_table(), optional,
              "what single operations cost, for networks that are lowered tile by tile"),
        block("weight_memory", &PlatformForm::weight_memory, weight_memory_table(), optional,
              "where the weights are, if they do not survive a power failure there"),
    };
    return kTable;
}

const ParamTable<FileForm>& file_table() {
    static const ParamTable<FileForm> kTable = {
        block("platform", &FileForm::platform, platform_table(), required, "a platform"),
    };
    return kTable;
}

/// Every block checks what was read of it and fills its part of the platform. What was wrong is in
/// `mistakes`; then the platform is not used.
Platform assemble(const PlatformForm& form, const Facts& facts, MistakeList& mistakes) {
    Platform platform;
    platform.core = form.core;
    platform.source = form.source;
    platform.element_bytes = static_cast<int>(form.element_b);
    if (!facts.given("platform.variants") && !form.operations && !mistakes.any()) {
        mistakes.add(facts.place("platform"), "platform needs 'variants' or 'operations'", "",
                     "see: ebb describe platform");
    }
    add_variants(form.variants, "platform.variants", facts, mistakes, platform);
    if (form.operations) {
        add_operations(*form.operations, "platform.operations", facts, mistakes, platform);
    }
    if (form.weight_memory) {
        add_weight_memory(*form.weight_memory, "platform.weight_memory", facts, mistakes, platform);
    }
    return platform;
}

Platform read_file(std::string_view text, const std::string& file) {
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
    Platform platform = assemble(form.platform, facts, mistakes);
    mistakes.throw_if_any();
    return platform;
}

}  // namespace

Platform parse_platform(std::string_view text, const std::string& name, const std::string& file) {
    Platform platform = read_file(text, file);
    platform.name = name;
    platform.file = file;
    return platform;
}

std::shared_ptr<const Platform> read_platform(const std::string& name_or_path,
                                              const std::string& base_folder,
                                              const std::string& platforms_folder,
                                              const Place& where) {
    const NamedFile file =
        load_named_file(name_or_path, base_folder, platforms_folder, kPlatformFile, where);
    return std::make_shared<Platform>(parse_platform(file.text, file.name, file.path));
}

std::vector<std::string> platform_names(const std::string& platforms_folder) {
    return names_in(platforms_folder, kPlatformFile);
}

const PlatformVariant& find_variant(const Platform& platform, const std::string& label,
                                    const Place& where) {
    if (platform.variants.empty()) {
        throw InputError({Mistake{
            where,
            fmt::format("platform '{}' has costs per operation, but none per network or class of "
                        "layer (variants)",
                        platform.name),
            "", "see: ebb describe platform"}});
    }
    if (label.empty()) {
        return platform.variants.front();
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
    const LayerPricing& pricing = pricing_of(variant);
    if (!pricing.prices(network, variant)) {
        try {
            (void)pricing.price(network, platform, variant);
        } catch (const InputError& error) {
            throw InputError({Mistake{where, error.mistakes().front().message, "",
                                      "see: ebb describe platform"}});
        }
    }
    std::vector<std::string> able;
    for (const auto& name : platform_names(platforms_folder)) {
        const auto other = read_platform(name, "", platforms_folder, where);
        if (!other->variants.empty() && has_energy(network, other->variants.front())) {
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
