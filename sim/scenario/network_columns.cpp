// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/network_columns.hpp"

#include "models/core/nearest.hpp"
#include "models/workload/network_check.hpp"
#include "sim/trace/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ebb {

namespace {

using Line = NetworkTable::Line;
using Cell = NetworkTable::Cell;

constexpr long long kMostPerAxis = 1'000'000;
constexpr long long kMostElements = 1'000'000'000;
constexpr long long kMostCount = 1'000'000'000'000;
const std::string kCycles = "cycles_";

/// A whole-number column and the member that it fills.
struct NumberColumn {
    const char* name;
    std::int64_t& (*member)(Layer&);
    long long least, most;
    bool may_be_empty;  ///< empty = 1
};

const std::vector<NumberColumn>& number_columns() {
    static const std::vector<NumberColumn> columns = {
        {"in_h", [](Layer& l) -> std::int64_t& { return l.in.h; }, 1, kMostPerAxis, false},
        {"in_w", [](Layer& l) -> std::int64_t& { return l.in.w; }, 1, kMostPerAxis, false},
        {"in_c", [](Layer& l) -> std::int64_t& { return l.in.c; }, 1, kMostPerAxis, false},
        {"out_h", [](Layer& l) -> std::int64_t& { return l.out.h; }, 1, kMostPerAxis, false},
        {"out_w", [](Layer& l) -> std::int64_t& { return l.out.w; }, 1, kMostPerAxis, false},
        {"out_c", [](Layer& l) -> std::int64_t& { return l.out.c; }, 1, kMostPerAxis, false},
        {"kernel_h", [](Layer& l) -> std::int64_t& { return l.kernel_h; }, 1, kMostPerAxis, true},
        {"kernel_w", [](Layer& l) -> std::int64_t& { return l.kernel_w; }, 1, kMostPerAxis, true},
        {"stride", [](Layer& l) -> std::int64_t& { return l.stride_h; }, 1, kMostPerAxis, true},
        {"stride_w", [](Layer& l) -> std::int64_t& { return l.stride_w; }, 1, kMostPerAxis, true},
        {"macs", [](Layer& l) -> std::int64_t& { return l.macs; }, 0, kMostCount, false},
        {"params", [](Layer& l) -> std::int64_t& { return l.params; }, 0, kMostCount, false},
        {"weight_bytes", [](Layer& l) -> std::int64_t& { return l.weight_bytes; }, 0, kMostCount,
         false},
        {"input_bytes", [](Layer& l) -> std::int64_t& { return l.input_bytes; }, 0, kMostCount,
         false},
        {"output_bytes", [](Layer& l) -> std::int64_t& { return l.output_bytes; }, 0, kMostCount,
         false},
    };
    return columns;
}

struct PlanColumn {
    const char* name;
    std::int64_t TilePlan::*member;
};

constexpr std::array<PlanColumn, 5> kPlanNumbers = {{{"tile_r", &TilePlan::r},
                                                     {"tile_c", &TilePlan::c},
                                                     {"tile_m", &TilePlan::m},
                                                     {"tile_n", &TilePlan::n},
                                                     {"batch", &TilePlan::batch}}};

const std::vector<std::string>& plan_columns() {
    static const std::vector<std::string> columns = {"tile_r", "tile_c", "tile_m",
                                                     "tile_n", "reuse",  "batch"};
    return columns;
}

void read_identity(NetworkTable& table, const Line& line, Layer& layer) {
    if (const auto id = table.whole(line, table.cell(line, "id"), "id", 0, kMostPerAxis)) {
        layer.id = static_cast<int>(*id);
    }
    layer.name = table.cell(line, "name").text;
    if (layer.name.empty()) {
        table.mistake(line, "name", "name is missing");
    }
    layer.op_text = table.cell(line, "op").text;
    if (const OpInfo* info = find_op(layer.op_text)) {
        layer.op = info->op;
    } else {
        std::vector<std::string> names;
        for (const auto& known : known_ops()) {
            names.emplace_back(known.text);
        }
        const auto near = did_you_mean(layer.op_text, names);
        table.mistake(line, "op", fmt::format("unknown op '{}'", layer.op_text),
                      near.empty() ? "one of " + joined(names) : near);
    }
}

void read_from(NetworkTable& table, const Line& line, Layer& layer) {
    const Cell& from = table.cell(line, "from");
    if (from.text.empty()) {
        table.mistake(line, from, "from is missing", "`input`, or ids joined by ';'");
        return;
    }
    for (const Cell& part : NetworkTable::split(from.text, ';', from.column)) {
        if (part.text == "input") {
            layer.from.push_back(-1);
        } else if (const auto id = table.whole(line, part, "from", 0, kMostPerAxis)) {
            layer.from.push_back(static_cast<int>(*id));
        }
    }
}

void read_numbers(NetworkTable& table, const Line& line, Layer& layer) {
    for (const auto& column : number_columns()) {
        const Cell& c = table.cell(line, column.name);
        if (c.text.empty() && column.may_be_empty) {
            continue;
        }
        if (const auto value = table.whole(line, c, column.name, column.least, column.most)) {
            column.member(layer) = *value;
        }
    }
    const auto too_many = [&](const char* column, const MapShape& shape) {
        // Each axis is at most 1e6, so two of them cannot overflow; ask before the third.
        if (shape.h * shape.w > kMostElements / shape.c) {
            table.mistake(line, column,
                          fmt::format("{} x {} x {} is more than {} elements", shape.h, shape.w,
                                      shape.c, kMostElements));
        }
    };
    too_many("in_h", layer.in);
    too_many("out_h", layer.out);
}

/// All six cells of a plan, or none: a layer that is not cut into tiles.
void read_plan(NetworkTable& table, const Line& line, Layer& layer) {
    if (!table.has("tile_r")) {
        return;
    }
    const auto is_empty = [&](const std::string& c) { return table.cell(line, c).text.empty(); };
    if (std::all_of(plan_columns().begin(), plan_columns().end(), is_empty)) {
        return;
    }
    TilePlan plan;
    for (const auto& [name, member] : kPlanNumbers) {
        if (const auto value = table.whole(line, table.cell(line, name), name, 1, kMostElements)) {
            plan.*member = *value;
        }
    }
    const std::string& reuse = table.cell(line, "reuse").text;
    if (reuse == "I") {
        plan.reuse = Reuse::input;
    } else if (reuse == "W") {
        plan.reuse = Reuse::weight;
    } else if (reuse != "O") {
        table.mistake(line, "reuse",
                      reuse.empty() ? "reuse is missing" : fmt::format("unknown reuse '{}'", reuse),
                      "I, W or O: input, weights or output stay while the tiles go by");
    }
    layer.plan = plan;
}

void read_sparsity(NetworkTable& table, const Line& line, Layer& layer) {
    const auto count = [&](const char* column, std::optional<std::int64_t>& member) {
        if (!table.has(column) || table.cell(line, column).text.empty()) {
            return;
        }
        if (const auto value = table.whole(line, table.cell(line, column), column, 0, kMostCount)) {
            member = *value;
        }
    };
    count("nonzero_weights", layer.nonzero_weights);
    count("dense_weights", layer.dense_weights);
    const char* const list = "nonzero_per_filter";
    if (!table.has(list) || table.cell(line, list).text.empty()) {
        return;
    }
    const Cell& cell = table.cell(line, list);
    for (const Cell& part : NetworkTable::split(cell.text, ';', cell.column)) {
        if (const auto value = table.whole(line, part, list, 0, kMostCount)) {
            layer.nonzero_per_filter.push_back(*value);
        }
    }
}

void read_cycles(NetworkTable& table, const Line& line, Layer& layer) {
    for (const auto& [column, index] : table.columns()) {
        if (column.rfind(kCycles, 0) != 0 || line.cells[index].text.empty()) {
            continue;
        }
        if (const auto value = table.whole(line, line.cells[index], column, 0, kMostCount)) {
            layer.cycles[column.substr(kCycles.size())] = *value;
        }
    }
}

void read_exit(NetworkTable& table, const Line& line, Layer& layer) {
    const char* const column = "exit_accuracy";
    if (!table.has(column) || table.cell(line, column).text.empty()) {
        return;
    }
    const std::string& text = table.cell(line, column).text;
    const NumberText number = parse_number(text);
    if (number.fault != NumberFault::none) {
        table.mistake(line, column, fmt::format("{} '{}' is not a number", column, text));
    } else if (number.value < 0.0 || number.value > 1.0) {
        table.mistake(line, column, fmt::format("{} is {}, outside 0 .. 1", column, number.value),
                      number.value > 1.0 && number.value <= 100.0
                          ? fmt::format("a fraction: {}?", number.value / 100.0)
                          : "");
    } else {
        layer.exit_accuracy = number.value;
    }
}

void read_repetition(NetworkTable& table, const Line& line, Layer& layer) {
    if (table.has("repeat")) {
        static const std::vector<std::pair<std::string, Repeat>> words = {
            {"", Repeat::once},
            {"once", Repeat::once},
            {"element", Repeat::element},
            {"level", Repeat::level}};
        const std::string& text = table.cell(line, "repeat").text;
        const auto it = std::find_if(words.begin(), words.end(),
                                     [&](const auto& word) { return word.first == text; });
        if (it == words.end()) {
            table.mistake(line, "repeat", fmt::format("unknown repeat '{}'", text),
                          "once, element or level");
        } else {
            layer.repeat = it->second;
        }
    }
    if (table.has("variant")) {
        const std::string& text = table.cell(line, "variant").text;
        layer.variant = text == "all" ? "" : text;
    }
}

}  // namespace

const std::vector<std::string>& required_network_columns() {
    static const std::vector<std::string> columns = [] {
        std::vector<std::string> names = {"id", "name", "op", "from"};
        for (const auto& column : number_columns()) {
            names.emplace_back(column.name);
        }
        return names;
    }();
    return columns;
}

const std::vector<std::string>& network_columns() {
    static const std::vector<std::string> columns = [] {
        std::vector<std::string> names = required_network_columns();
        names.insert(names.end(), plan_columns().begin(), plan_columns().end());
        for (const char* extra : {"nonzero_weights", "dense_weights", "nonzero_per_filter",
                                  "exit_accuracy", "repeat", "variant"}) {
            names.emplace_back(extra);
        }
        return names;
    }();
    return columns;
}

bool is_network_column(const std::string& name) {
    if (name.size() > kCycles.size() && name.rfind(kCycles, 0) == 0) {
        return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    }
    const auto& known = network_columns();
    return std::find(known.begin(), known.end(), name) != known.end();
}

void check_network_header(NetworkTable& table) {
    const auto there = [&](const std::string& c) { return table.has(c); };
    const auto& columns = plan_columns();
    const auto first = std::find_if(columns.begin(), columns.end(), there);
    if (first == columns.end()) {
        return;
    }
    for (const std::string& column : columns) {
        if (!table.has(column)) {
            table.header_mistake(*first,
                                 fmt::format("column '{}' of the tiling plan is missing", column),
                                 "a plan has " + joined(columns));
        }
    }
}

Layer read_layer(NetworkTable& table, const Line& line) {
    Layer layer;
    read_identity(table, line, layer);
    read_from(table, line, layer);
    read_numbers(table, line, layer);
    read_plan(table, line, layer);
    read_sparsity(table, line, layer);
    read_cycles(table, line, layer);
    read_exit(table, line, layer);
    read_repetition(table, line, layer);
    return layer;
}

}  // namespace ebb
