// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/describe.hpp"

#include "models/core/error.hpp"
#include "models/core/quantity.hpp"
#include "models/workload/layer_cost.hpp"
#include "sim/scenario/describe_operations.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

constexpr int kShownDigits = 5;

/// A measured number for people: five digits, with a fitting prefix.
std::string rounded(double value, Dimension dimension) {
    if (value == 0.0) {
        return format_quantity(0.0, dimension);
    }
    const std::string text = fmt::format("{:.{}e}", value, kShownDigits - 1);
    return format_quantity(std::stod(text), dimension);
}

std::shared_ptr<const Network> network(const Reference& reference, const std::string& name) {
    return read_network(name, "", reference.folders.networks(), {});
}

std::shared_ptr<const Platform> platform(const Reference& reference, const std::string& name) {
    return read_platform(name, "", reference.folders.platforms(), {});
}

std::string shape_text(const MapShape& s) { return fmt::format("{}x{}x{}", s.h, s.w, s.c); }

struct Totals {
    std::int64_t macs = 0, params = 0, weight_bytes = 0, most_activation_bytes = 0;
};

Totals totals_of(const Network& n) {
    Totals t;
    for (const Layer& layer : n.layers) {
        t.macs += layer.macs;
        t.params += layer.params;
        t.weight_bytes += layer.weight_bytes;
        t.most_activation_bytes =
            std::max(t.most_activation_bytes, layer.input_bytes + layer.output_bytes);
    }
    return t;
}

std::string percent(const std::optional<double>& error) {
    return error ? fmt::format("{:+.0f} %", 100.0 * *error) : "-";
}

const std::vector<std::string> kCostHeader = {"platform", "variant", "network", "latency",
                                              "energy",   "power",   "total",   "left out"};

/// One line of costs: what a network takes on a variant, measured or estimated.
std::vector<std::string> cost_row(const Network& n, const Platform& p, const PlatformVariant& v) {
    const auto latencies = layer_latencies(n, p, v);
    double latency_s = 0.0;
    for (const double t : latencies) {
        latency_s += t;
    }
    double energy_j = 0.0;
    if (has_energy(n, v)) {
        for (const auto& cost : layer_costs(n, p, v)) {
            energy_j += cost.energy_j;
        }
    }
    const bool priced = energy_j > 0.0;
    return {p.name,
            v.label,
            n.name,
            rounded(latency_s, Dimension::time),
            priced ? rounded(energy_j, Dimension::energy) : "not measured",
            priced ? rounded(energy_j / latency_s, Dimension::power) : "-",
            measured_total(n, v) != nullptr ? "measured" : "estimate",
            percent(left_out_error(n, v))};
}

const char* const kCostNote =
    "'measured': the network's total under continuous power; its split over the layers is an "
    "estimate. 'estimate': from the coefficients of other networks. 'left out' is the error in "
    "latency when a measured network is predicted from the others: what an estimate is worth.";

}  // namespace

PageTable part_list(const Reference& reference, const Row& block) {
    PageTable table{"Parts", {"name", "what it is"}, {}, false};
    for (const auto& name : reference.part_names(block.part_kind)) {
        const auto head = reference.part(block, name).head;
        table.rows.push_back({block.part_kind + "." + name, head.empty() ? "" : head.front()});
    }
    return table;
}

Page describe_part(const Reference& reference, const Row& block, const std::string& name) {
    const PartSheet sheet = reference.part(block, name);
    Page page{block.part_kind + "." + name, sheet.head, {}};
    page.paragraphs.push_back("Document: " + sheet.document + ".");
    PageTable table{"Values", {"key", "value", "kind", "why"}, {}, true};
    bool doubtful = false;
    for (const auto& v : sheet.values) {
        table.rows.push_back({v.key, v.value, v.kind, v.why});
        doubtful = doubtful || v.kind == "unconfirmed";
    }
    if (doubtful) {
        page.paragraphs.emplace_back(
            "'unconfirmed': no document was checked; look it up before you rely on it.");
    }
    page.tables.push_back(table);
    return page;
}

Page describe_networks(const Reference& reference) {
    PageTable table{"",
                    {"name", "layers", "MACs", "parameters", "weights [B]", "most in + out [B]"},
                    {},
                    false};
    for (const auto& name : network_names(reference.folders.networks())) {
        const auto n = network(reference, name);
        const Totals t = totals_of(*n);
        table.rows.push_back({"network." + name, std::to_string(n->layers.size()),
                              std::to_string(t.macs), std::to_string(t.params),
                              std::to_string(t.weight_bytes),
                              std::to_string(t.most_activation_bytes)});
    }
    return {"network", {"See: ebb describe network.NAME"}, {table}};
}

Page describe_network(const Reference& reference, const std::string& name) {
    const auto n = network(reference, name);
    const Totals t = totals_of(*n);
    Page page{"network." + name, {}, {}};
    page.paragraphs.push_back(n->source);
    page.paragraphs.push_back(fmt::format(
        "{} layers, {} MACs, {} parameters in {} B; largest input and output of a layer: {} B.",
        n->layers.size(), t.macs, t.params, t.weight_bytes, t.most_activation_bytes));
    page.paragraphs.emplace_back(kCostNote);
    PageTable layers{"Layers",
                     {"id", "name", "op", "from", "in", "out", "MACs", "weights [B]", "class"},
                     {},
                     false};
    for (const Layer& layer : n->layers) {
        std::string from;
        for (const int id : layer.from) {
            from += (from.empty() ? "" : ";") + (id < 0 ? "input" : std::to_string(id));
        }
        layers.rows.push_back({std::to_string(layer.id), layer.name, layer.op_text, from,
                               shape_text(layer.in), shape_text(layer.out),
                               std::to_string(layer.macs), std::to_string(layer.weight_bytes),
                               name_of(cost_class(layer))});
    }
    PageTable costs{"One inference", kCostHeader, {}, false};
    for (const auto& platform_name : platform_names(reference.folders.platforms())) {
        const auto p = platform(reference, platform_name);
        for (const auto& variant : p->variants) {
            costs.rows.push_back(cost_row(*n, *p, variant));
        }
    }
    page.tables = {layers, costs};
    return page;
}

Page describe_platforms(const Reference& reference) {
    PageTable table{"", {"name", "core", "variants", "energy"}, {}, false};
    for (const auto& name : platform_names(reference.folders.platforms())) {
        const auto p = platform(reference, name);
        const bool energy = std::any_of(p->variants.begin(), p->variants.end(), [](const auto& v) {
            return v.fc_energy_per_mac_j.has_value();
        });
        std::string labels;
        for (const auto& v : p->variants) {
            labels += (labels.empty() ? "" : "; ") + v.label;
        }
        table.rows.push_back(
            {"platform." + name, p->core, labels, energy ? "measured" : "not measured"});
    }
    return {"platform", {"See: ebb describe platform.NAME"}, {table, platform_keys(reference)}};
}

Page describe_platform(const Reference& reference, const std::string& name) {
    const auto p = platform(reference, name);
    Page page{"platform." + name, {p->core + ". " + p->source + "."}, {}};
    page.paragraphs.emplace_back(kCostNote);
    PageTable costs{"One inference", kCostHeader, {}, false};
    PageTable coefficients{"Coefficients",
                           {"variant", "clock", "fc [cycles/MAC]", "conv [cycles/MAC]",
                            "fc [energy/MAC]", "conv [energy/MAC]"},
                           {},
                           false};
    for (const auto& v : p->variants) {
        const auto joules = [](const std::optional<double>& x) {
            return x ? rounded(*x, Dimension::energy) : std::string("not measured");
        };
        coefficients.rows.push_back(
            {v.label, rounded(v.clock_hz, Dimension::frequency),
             fmt::format("{}", v.fc_cycles_per_mac), fmt::format("{}", v.conv_cycles_per_mac),
             joules(v.fc_energy_per_mac_j), joules(v.conv_energy_per_mac_j)});
        for (const auto& n : network_names(reference.folders.networks())) {
            costs.rows.push_back(cost_row(*network(reference, n), *p, v));
        }
    }
    page.tables = {costs, coefficients};
    for (PageTable& table : operation_tables(*p)) {
        page.tables.push_back(std::move(table));
    }
    return page;
}

}  // namespace ebb
