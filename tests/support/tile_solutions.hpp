// SPDX-License-Identifier: Apache-2.0
/// Published networks with their tile plans, from the tables of the test data.
#pragma once

#include "models/workload/network.hpp"
#include "tests/support/test_data.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ebb::test {

inline Layer layer_of(const CsvRow& row) {
    Layer layer;
    layer.id = static_cast<int>(row.count("id"));
    layer.name = row.text("name");
    layer.op_text = row.text("op");
    layer.in = {row.count("in_h"), row.count("in_w"), row.count("in_c")};
    layer.out = {row.count("out_h"), row.count("out_w"), row.count("out_c")};
    layer.kernel_h = row.count("kernel_h");
    layer.kernel_w = row.count("kernel_w");
    layer.stride_h = row.count("stride");
    layer.stride_w = row.count("stride_w");
    layer.macs = std::stoll(row.text("macs"));
    layer.weight_bytes = std::stoll(row.text("weight_bytes"));
    layer.input_bytes = row.count("input_bytes");
    layer.output_bytes = row.count("output_bytes");
    return layer;
}

inline TilePlan plan_of(const CsvRow& row) {
    const std::string& r = row.text("reuse");
    return {row.count("tile_r"),
            row.count("tile_c"),
            row.count("tile_m"),
            row.count("tile_n"),
            r == "I"   ? Reuse::input
            : r == "W" ? Reuse::weight
                       : Reuse::output,
            row.count("batch")};
}

struct Solution {
    Network network;
    std::vector<std::optional<TilePlan>> plans;
    std::vector<CsvRow> rows;
};

inline std::map<std::string, Solution> solutions_in(const std::string& file) {
    std::map<std::string, Solution> all;
    for (const CsvRow& row : test_table(file)) {
        Solution& s = all[row.text("solution")];
        s.network.name = row.text("solution");
        s.network.layers.push_back(layer_of(row));
        s.plans.emplace_back(plan_of(row));
        s.rows.push_back(row);
    }
    return all;
}

}  // namespace ebb::test
