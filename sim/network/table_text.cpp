// SPDX-License-Identifier: Apache-2.0
#include "sim/network/table_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>
#include <vector>

namespace ebb {

namespace {

using Cell = std::function<std::string(const Layer&)>;

struct Column {
    std::string name;
    Cell cell;
    bool is_required = true;  ///< else left out if no layer fills it
};

std::string from_text(const Layer& layer) {
    std::string text;
    for (const int id : layer.from) {
        text += (text.empty() ? "" : ";") + (id < 0 ? std::string("input") : std::to_string(id));
    }
    return text;
}

/// Layers without weights and window have no kernel; elsewhere 1 is a size.
bool has_kernel(const Layer& layer) {
    return layer.macs > 0 || layer.kernel_h * layer.kernel_w > 1 || layer.op == LayerOp::avgpool ||
           layer.op == LayerOp::maxpool;
}

Cell number(std::int64_t Layer::*member) {
    return [member](const Layer& l) { return std::to_string(l.*member); };
}

Cell axis(MapShape Layer::*map, std::int64_t MapShape::*member) {
    return [=](const Layer& l) { return std::to_string(l.*map.*member); };
}

Cell kernel(std::int64_t Layer::*member) {
    return [member](const Layer& l) {
        return has_kernel(l) ? std::to_string(l.*member) : std::string();
    };
}

Cell count(std::optional<std::int64_t> Layer::*member) {
    return [member](const Layer& l) {
        return l.*member ? std::to_string(*(l.*member)) : std::string();
    };
}

Cell tile(std::int64_t TilePlan::*member) {
    return [member](const Layer& l) {
        return l.plan ? std::to_string((*l.plan).*member) : std::string();
    };
}

std::string reuse_text(const Layer& l) {
    if (!l.plan) {
        return "";
    }
    return l.plan->reuse == Reuse::input ? "I" : l.plan->reuse == Reuse::weight ? "W" : "O";
}

std::string repeat_text(const Layer& l) {
    return l.repeat == Repeat::element ? "element" : l.repeat == Repeat::level ? "level" : "";
}

std::vector<Column> columns_of(const Network& network) {
    std::vector<Column> columns = {
        {"id", [](const Layer& l) { return std::to_string(l.id); }},
        {"name", [](const Layer& l) { return l.name; }},
        {"op", [](const Layer& l) { return l.op_text; }},
        {"from", from_text},
        {"in_h", axis(&Layer::in, &MapShape::h)},
        {"in_w", axis(&Layer::in, &MapShape::w)},
        {"in_c", axis(&Layer::in, &MapShape::c)},
        {"out_h", axis(&Layer::out, &MapShape::h)},
        {"out_w", axis(&Layer::out, &MapShape::w)},
        {"out_c", axis(&Layer::out, &MapShape::c)},
        {"kernel_h", kernel(&Layer::kernel_h)},
        {"kernel_w", kernel(&Layer::kernel_w)},
        {"stride", number(&Layer::stride_h)},
        {"stride_w", number(&Layer::stride_w)},
        {"macs", number(&Layer::macs)},
        {"params", number(&Layer::params)},
        {"weight_bytes", number(&Layer::weight_bytes)},
        {"input_bytes", number(&Layer::input_bytes)},
        {"output_bytes", number(&Layer::output_bytes)},
        {"tile_r", tile(&TilePlan::r), false},
        {"tile_c", tile(&TilePlan::c), false},
        {"tile_m", tile(&TilePlan::m), false},
        {"tile_n", tile(&TilePlan::n), false},
        {"reuse", reuse_text, false},
        {"batch", tile(&TilePlan::batch), false},
        {"nonzero_weights", count(&Layer::nonzero_weights), false},
        {"dense_weights", count(&Layer::dense_weights), false},
        {"nonzero_per_filter",
         [](const Layer& l) { return fmt::format("{}", fmt::join(l.nonzero_per_filter, ";")); },
         false},
        {"exit_accuracy",
         [](const Layer& l) {
             return l.exit_accuracy ? fmt::format("{}", *l.exit_accuracy) : std::string();
         },
         false},
        {"repeat", repeat_text, false},
        {"variant", [](const Layer& l) { return l.variant; }, false},
    };
    std::set<std::string> accelerators;
    for (const Layer& layer : network.layers) {
        for (const auto& [name, cycles] : layer.cycles) {
            accelerators.insert(name);
        }
    }
    for (const std::string& name : accelerators) {
        columns.push_back({"cycles_" + name, [name](const Layer& l) {
                               const auto it = l.cycles.find(name);
                               return it == l.cycles.end() ? std::string()
                                                           : std::to_string(it->second);
                           }});
    }
    const auto is_empty = [&](const Column& column) {
        return !column.is_required &&
               std::all_of(network.layers.begin(), network.layers.end(),
                           [&](const Layer& l) { return column.cell(l).empty(); });
    };
    columns.erase(std::remove_if(columns.begin(), columns.end(), is_empty), columns.end());
    return columns;
}

}  // namespace

std::string network_table_text(const Network& network) {
    std::string text;
    for (std::size_t begin = 0; begin < network.source.size();) {
        const auto end = std::min(network.source.find('\n', begin), network.source.size());
        text += "# " + network.source.substr(begin, end - begin) + "\n";
        begin = end + 1;
    }
    const auto columns = columns_of(network);
    const auto line = [&](const std::function<std::string(const Column&)>& cell) {
        std::string row;
        for (const Column& column : columns) {
            row += (row.empty() && &column == &columns.front() ? "" : ",") + cell(column);
        }
        text += row + "\n";
    };
    line([](const Column& column) { return column.name; });
    for (const Layer& layer : network.layers) {
        line([&](const Column& column) { return column.cell(layer); });
    }
    return text;
}

}  // namespace ebb
