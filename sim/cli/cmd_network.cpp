// SPDX-License-Identifier: Apache-2.0
/// `ebb network list | describe | import`: look at networks, what they cost, and make their tables.
#include "sim/cli/folders.hpp"
#include "sim/cli/network_formula.hpp"
#include "sim/cli/session.hpp"
#include "sim/cli/trace_options.hpp"
#include "sim/network/network_report.hpp"
#include "sim/network/table_text.hpp"
#include "sim/network/tflite_import.hpp"
#include "sim/result/text_format.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/files.hpp"
#include "sim/trace/sha256.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

// ---- list ---------------------------------------------------------------------------------------

void list(const Session& session) {
    const std::string folder = data_folders().networks();
    std::vector<NetworkSummary> networks;
    for (const std::string& name : network_names(folder)) {
        networks.push_back(summary_of(*read_network(name, "", folder, {})));
    }
    std::cout << (session.json ? network_list_json(networks) : network_list_text(networks));
}

void add_list(CLI::App& network, Session& session) {
    auto* const command = network.add_subcommand("list", "List the networks that come with ebb");
    command->fallthrough();
    command->callback([&session] { list(session); });
}

// ---- describe -----------------------------------------------------------------------------------

struct DescribeOptions {
    std::string network, platform, variant;
    FormulaOptions formula;
};

void describe_network(const Session& session, const DescribeOptions& options) {
    const DataFolders folders = data_folders();
    const auto network =
        read_network(options.network, "", folders.networks(), argument(options.network));
    std::vector<std::shared_ptr<const Platform>> platforms;
    if (options.platform.empty()) {
        for (const std::string& name : platform_names(folders.platforms())) {
            platforms.push_back(read_platform(name, "", folders.platforms(), {}));
        }
    } else {
        platforms.push_back(read_platform(options.platform, "", folders.platforms(),
                                          argument("--platform " + options.platform)));
    }
    if (!options.variant.empty()) {
        const Place place = argument("--variant " + options.variant);
        if (options.platform.empty()) {
            throw_mistake(place, "--variant belongs to a platform", "name one with --platform");
        }
        (void)find_variant(*platforms.front(), options.variant, place);
    }
    if (options.formula.formula) {
        if (options.platform.empty()) {
            throw_mistake(argument("--formula"), "--formula belongs to a platform",
                          "name one with --platform");
        }
        const Page page = formula_page_of(options.formula, *network, *platforms.front());
        std::cout << (session.json ? page_as_json(page) : page_as_text(page));
        return;
    }
    // The networks with measured totals: what an estimate is worth is learnt from them.
    std::vector<std::shared_ptr<const Network>> measured;
    const auto names = network_names(folders.networks());
    for (const std::string& name : names) {
        const bool is_measured =
            std::any_of(platforms.begin(), platforms.end(), [&](const auto& platform) {
                return std::any_of(
                    platform->variants.begin(), platform->variants.end(), [&](const auto& variant) {
                        return std::any_of(
                            variant.networks.begin(), variant.networks.end(),
                            [&](const auto& total) { return total.network == name; });
                    });
            });
        if (is_measured) {
            measured.push_back(read_network(name, "", folders.networks(), {}));
        }
    }
    std::vector<const Network*> tables;
    for (const auto& table : measured) {
        tables.push_back(table.get());
    }
    NetworkQuotes all = network_quotes(*network, platforms, tables);
    auto& quotes = all.quotes;
    if (!options.variant.empty()) {
        quotes.erase(std::remove_if(quotes.begin(), quotes.end(),
                                    [&](const auto& q) { return q.variant != options.variant; }),
                     quotes.end());
    }
    NetworkReport report(*network, std::move(all));
    if (!options.platform.empty() && !report.quotes.quotes.empty()) {
        report.by_layer = {0};
    }
    std::cout << (session.json ? network_report_json(report) : network_report_text(report));
}

void add_network_describe(CLI::App& network, Session& session) {
    auto* const command =
        network.add_subcommand("describe", "Show a network's layers, memory and costs");
    const auto options = std::make_shared<DescribeOptions>();
    command->add_option("NETWORK", options->network, "name of a network, or the path of a table")
        ->required();
    command->add_option("--platform", options->platform,
                        "only this platform (name or path), and what each layer costs on it");
    command->add_option("--variant", options->variant,
                        "only this variant of the platform; else the layers of its first");
    add_formula_options(*command, options->formula);
    command->fallthrough();
    command->callback([&session, options] { describe_network(session, *options); });
}

// ---- import -------------------------------------------------------------------------------------

struct ImportOptions {
    std::string file, out;
};

void import_file(const Session& session, const ImportOptions& options) {
    const std::string bytes = read_file(options.file, argument(options.file));
    std::error_code code;
    if (!options.out.empty() && std::filesystem::equivalent(options.file, options.out, code)) {
        throw_mistake(argument(options.out), "this would overwrite the model that is read",
                      "name another file");
    }
    const std::filesystem::path path(options.file);
    ImportedNetwork imported =
        network_from_tflite(parse_tflite(bytes, options.file), path.stem().string(), options.file);
    Network& network = imported.network;
    network.source = fmt::format(
        "{}: read from the TensorFlow Lite model {} (sha256 {}).\n"
        "{} maps; weight_bytes with biases; macs are dense counts over the output positions.",
        network.name, path.filename().string(), sha256_of(bytes), imported.element);
    for (const std::string& note : imported.notes) {
        network.source += "\n" + note + ".";
    }
    const std::string text = network_table_text(network);
    // What is written must be a table that can be read.
    (void)parse_network(text, network.name, options.out.empty() ? options.file : options.out);
    if (options.out.empty()) {
        std::cout << text;
        return;
    }
    write_file_whole(options.out, text);
    std::int64_t macs = 0;
    std::int64_t weight_bytes = 0;
    for (const Layer& layer : network.layers) {
        macs += layer.macs;
        weight_bytes += layer.weight_bytes;
    }
    if (session.json) {
        std::cout << Json({{"path", options.out},
                           {"network", network.name},
                           {"layers", network.layers.size()},
                           {"macs", macs},
                           {"weight_bytes", weight_bytes},
                           {"element", imported.element},
                           {"notes", imported.notes}})
                         .dump(2)
                  << "\n";
    } else if (!session.quiet) {
        std::cout << fmt::format("wrote {}: {} layers, {} MACs, {} B of weights, {} maps\n",
                                 options.out, network.layers.size(), count_text(macs),
                                 count_text(weight_bytes), imported.element);
        for (const std::string& note : imported.notes) {
            std::cout << fmt::format("  note: {}\n", note);
        }
        std::cout << fmt::format("see: ebb network describe {}\n", options.out);
    }
}

void add_import(CLI::App& network, Session& session) {
    auto* const command = network.add_subcommand(
        "import", "Make a table from a quantised TensorFlow Lite model (.tflite)");
    const auto options = std::make_shared<ImportOptions>();
    command->add_option("FILE", options->file, "the model")->required();
    command->add_option("--out", options->out, "table to write (default: standard output)");
    command->fallthrough();
    command->callback([&session, options] { import_file(session, *options); });
}

}  // namespace

void add_network(CLI::App& app, Session& session) {
    auto* const network =
        app.add_subcommand("network", "List, describe and import networks as tables of layers");
    network->require_subcommand(1);
    network->fallthrough();
    add_list(*network, session);
    add_network_describe(*network, session);
    add_import(*network, session);
}

}  // namespace ebb
