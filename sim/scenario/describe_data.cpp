// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/describe.hpp"

#include "models/core/error.hpp"
#include "models/core/quantity.hpp"
#include "models/workload/layer_cost.hpp"
#include "models/workload/npu_cycles.hpp"
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

std::string percent(const std::optional<ErrorBand>& band) {
    if (!band || band->low == band->high) {
        return percent(band ? std::optional<double>(band->low) : std::nullopt);
    }
    return percent(band->low) + " to " + percent(band->high);
}

/// The networks that were measured on a variant, as far as their tables are at hand.
std::vector<std::shared_ptr<const Network>> measured_networks(const Reference& reference,
                                                              const PlatformVariant& v) {
    const auto names = network_names(reference.folders.networks());
    std::vector<std::shared_ptr<const Network>> out;
    for (const NetworkTotal& total : v.networks) {
        if (std::find(names.begin(), names.end(), total.network) != names.end()) {
            out.push_back(network(reference, total.network));
        }
    }
    return out;
}

/// What an estimate is worth: the price's own band, or the errors on the measured networks.
std::optional<ErrorBand> known_error(const Reference& reference, const NetworkPrice& price,
                                     const PlatformVariant& v) {
    if (price.known_error || price.total != Evidence::estimate) {
        return price.known_error;
    }
    const auto measured = measured_networks(reference, v);
    std::vector<const Network*> plain;
    std::transform(measured.begin(), measured.end(), std::back_inserter(plain),
                   [](const auto& n) { return n.get(); });
    return left_out_band(plain, v);
}

/// One line of costs: what a network takes on a variant, measured or estimated; nothing if the
/// variant cannot price it.
void add_cost_row(PageTable& table, const Reference& reference, const Network& n, const Platform& p,
                  const PlatformVariant& v) {
    const LayerPricing& pricing = pricing_of(v);
    if (!pricing.prices(n, v)) {
        return;
    }
    const NetworkPrice price = pricing.price(n, p, v);
    const double latency_s = price.latency_s();
    const auto energy_j = price.energy_j();
    table.rows.push_back({p.name, v.label, n.name, rounded(latency_s, Dimension::time),
                          energy_j ? rounded(*energy_j, Dimension::energy) : "not known",
                          energy_j ? rounded(*energy_j / latency_s, Dimension::power) : "-",
                          name_of(price.total), percent(known_error(reference, price, v))});
}

/// True if the variant knows the energy of a network that it has measured, or of any.
bool knows_energy(const PlatformVariant& v) {
    Network named;
    if (!v.networks.empty()) {
        named.name = v.networks.front().network;
    }
    return pricing_of(v).has_energy(named, v);
}

/// What keeping and loading again cost, for the networks whose loads were measured.
PageTable weight_memory_rows(const WeightMemoryParams& memory) {
    PageTable table{"Weights lost with the supply", {"network", "load", "energy"}, {}, false};
    for (const RetentionState& state : memory.states) {
        table.header.push_back("longest off-time to keep them, " + state.name);
    }
    const auto add = [&](const std::string& name, const WeightLoad& load) {
        std::vector<std::string> row = {name, rounded(load.time_s, Dimension::time),
                                        rounded(load.energy_j, Dimension::energy)};
        for (const RetentionState& state : memory.states) {
            const double even_s = break_even_off_s(state, load.energy_j);
            row.push_back(std::isfinite(even_s) ? rounded(even_s, Dimension::time) : "any");
        }
        table.rows.push_back(row);
    };
    constexpr double kPer_b = 1024.0;
    add("any, per KiB", weight_load(memory, kPer_b));
    for (const MeasuredLoad& m : memory.measured) {
        add(m.network, m.load);
    }
    return table;
}

/// An NPU's arithmetic and weight traffic apart, for the networks that it can price.
PageTable npu_rows(const Reference& reference, const PlatformVariant& v) {
    PageTable table{
        "Arithmetic and weight traffic apart",
        {"variant", "network", "cycles", "of arithmetic, at least", "weights streamed in [B]"},
        {},
        false};
    for (const auto& name : network_names(reference.folders.networks())) {
        const auto n = network(reference, name);
        if (!pricing_of(v).prices(*n, v)) {
            continue;
        }
        NpuLayer sum;
        for (const NpuLayer& layer : npu_layers(*n, *v.npu)) {
            sum.cycles += layer.cycles;
            sum.mac_cycles += layer.mac_cycles;
            sum.weight_traffic_b += layer.weight_traffic_b;
        }
        table.rows.push_back({v.label, name, std::to_string(sum.cycles),
                              fmt::format("{:.0f}", sum.mac_cycles),
                              fmt::format("{:.0f}", sum.weight_traffic_b)});
    }
    return table;
}

const char* const kCostNote =
    "'measured': the network's total under continuous power; its split over the layers is an "
    "estimate. 'estimate': from what other networks took. 'model': what a model or an estimator "
    "says, not measured. 'left out' is the error in latency when a measured network is predicted "
    "from the others; of an estimate, the errors that it has to expect.";

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
            add_cost_row(costs, reference, *n, *p, variant);
        }
    }
    page.tables = {layers, costs};
    return page;
}

Page describe_platforms(const Reference& reference) {
    PageTable table{"", {"name", "core", "variants", "energy"}, {}, false};
    for (const auto& name : platform_names(reference.folders.platforms())) {
        const auto p = platform(reference, name);
        const bool energy = std::any_of(p->variants.begin(), p->variants.end(), knows_energy);
        std::string labels;
        for (const auto& v : p->variants) {
            labels += (labels.empty() ? "" : "; ") + v.label;
        }
        table.rows.push_back({"platform." + name, p->core, labels, energy ? "known" : "not known"});
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
    PageTable ways{"Variants", {"variant", "clock", "core", "layers are priced by"}, {}, false};
    for (const auto& v : p->variants) {
        const auto joules = [](const std::optional<double>& x) {
            return x ? rounded(*x, Dimension::energy) : std::string("not measured");
        };
        ways.rows.push_back(
            {v.label, v.clock_hz > 0.0 ? rounded(v.clock_hz, Dimension::frequency) : "-",
             v.core_voltage_v ? rounded(*v.core_voltage_v, Dimension::voltage) : "-",
             pricing_of(v).name()});
        if (&pricing_of(v) == &class_pricing()) {
            coefficients.rows.push_back(
                {v.label, rounded(v.clock_hz, Dimension::frequency),
                 fmt::format("{}", v.fc_cycles_per_mac), fmt::format("{}", v.conv_cycles_per_mac),
                 joules(v.fc_energy_per_mac_j), joules(v.conv_energy_per_mac_j)});
        }
        for (const auto& n : network_names(reference.folders.networks())) {
            add_cost_row(costs, reference, *network(reference, n), *p, v);
        }
    }
    page.tables = {ways, costs};
    if (!coefficients.rows.empty()) {
        page.tables.push_back(coefficients);
    }
    for (const auto& v : p->variants) {
        if (v.npu) {
            page.tables.push_back(npu_rows(reference, v));
        }
    }
    if (p->weight_memory) {
        page.tables.push_back(weight_memory_rows(*p->weight_memory));
    }
    for (PageTable& table : operation_tables(*p)) {
        page.tables.push_back(std::move(table));
    }
    return page;
}

}  // namespace ebb
