// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/network_formula.hpp"

#include "models/core/error.hpp"
#include "models/core/quantity.hpp"
#include "sim/cli/trace_options.hpp"
#include "sim/scenario/describe_operations.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace ebb {

void add_formula_options(CLI::App& command, FormulaOptions& options) {
    auto* const formula = command.add_flag(
        "--formula", options.formula,
        "closed form of the model that the platform's operation costs belong to, layer by layer");
    const auto with_formula = [formula](CLI::Option* option) { option->needs(formula); };
    with_formula(command.add_option("--capacitance", options.capacitance,
                                    "store, such as \"5 mF\"; left out, the platform's first"));
    with_formula(command.add_option("--resistance", options.resistance,
                                    "of the source, such as \"2.8 kOhm\"; left out, as the "
                                    "platform has it for the store"));
    with_formula(command.add_option("--margin", options.margin,
                                    "share of the stored energy that a power cycle may use"));
    with_formula(command.add_flag("--continuous", options.continuous, "no store"));
    with_formula(command.add_flag("--choose", options.choose,
                                  "the best tiles, even if the network's table has some"));
    with_formula(command.add_option("--objective", options.objective, "what best means")
                     ->check(CLI::IsMember({"latency", "energy"})));
    with_formula(command.add_flag("--every-tile", options.every_tile,
                                  "choose among all sizes, not only those that divide the layer"));
}

Page formula_page_of(const FormulaOptions& options, const Network& network,
                     const Platform& platform) {
    std::vector<Mistake> mistakes;
    const auto quantity = [&mistakes](const char* option, const std::string& text,
                                      Dimension dimension, double most) -> std::optional<double> {
        if (text.empty()) {
            return std::nullopt;
        }
        const ParsedQuantity parsed = parse_quantity(text, dimension);
        if (parsed.value && *parsed.value > 0.0 && *parsed.value <= most) {
            return parsed.value;
        }
        const std::string range =
            "must be above 0" + (most < 1e9 ? fmt::format(", at most {}", most) : "");
        mistakes.push_back({argument(fmt::format("{} {}", option, text)),
                            fmt::format("{} {}", option, parsed.value ? range : parsed.message),
                            parsed.hint,
                            {}});
        return std::nullopt;
    };
    constexpr double kAny = 1e12;
    FormulaRequest request;
    request.capacitance_f =
        quantity("--capacitance", options.capacitance, Dimension::capacitance, kAny);
    request.resistance_ohm =
        quantity("--resistance", options.resistance, Dimension::resistance, kAny);
    request.energy_margin = quantity("--margin", options.margin, Dimension::ratio, 1.0);
    if (!mistakes.empty()) {
        throw InputError(std::move(mistakes));
    }
    request.continuous = options.continuous;
    request.choose = options.choose;
    request.objective =
        options.objective == "energy" ? TileObjective::energy : TileObjective::latency;
    request.candidates = options.every_tile ? TileCandidates::every : TileCandidates::divisors;
    return formula_page(network, platform, request);
}

}  // namespace ebb
