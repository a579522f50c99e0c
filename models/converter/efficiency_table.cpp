// SPDX-License-Identifier: Apache-2.0
#include "models/converter/efficiency_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "models/core/error.hpp"

namespace ebb {

namespace {

/// Where x lies among ascending nodes: the lower one, and the share of the way to the next.
struct Between {
    std::size_t low = 0, high = 0;
    double share = 0.0;
};

template <class Node>
Between place_of(double x, std::size_t count, const Node& node) {
    std::size_t low = 0;
    std::size_t high = count - 1;
    if (!(x > node(low))) {
        return {low, low, 0.0};
    }
    if (!(x < node(high))) {
        return {high, high, 0.0};
    }
    while (high - low > 1) {
        const std::size_t middle = (low + high) / 2;
        (node(middle) <= x ? low : high) = middle;
    }
    return {low, high, (x - node(low)) / (node(high) - node(low))};
}

double between(double low, double high, double share) { return low + (high - low) * share; }

}  // namespace

EfficiencyTable::EfficiencyTable(const std::vector<EfficiencyPoint>& points) {
    std::map<double, std::map<double, std::map<double, double>>> sorted;
    for (const EfficiencyPoint& p : points) {
        if (p.store_v.has_value() != points.front().store_v.has_value()) {
            throw InputError(
                "converter boost: either every point of the efficiency table has a v_store, or "
                "none has");
        }
        auto& curve = sorted[p.store_v.value_or(0.0)][p.input_v];
        if (!curve.emplace(p.input_a, p.efficiency).second) {
            throw InputError(fmt::format(
                "converter boost: the efficiency table has two points at v_in {} V, i_in {} A{}",
                p.input_v, p.input_a,
                p.store_v ? fmt::format(", v_store {} V", *p.store_v) : std::string()));
        }
    }
    for (const auto& [store_v, by_input] : sorted) {
        store_v_.push_back(store_v);
        std::vector<Curve>& curves = curves_.emplace_back();
        for (const auto& [input_v, by_current] : by_input) {
            Curve& curve = curves.emplace_back();
            curve.input_v = input_v;
            for (const auto& [input_a, efficiency] : by_current) {
                curve.log_a.push_back(std::log(input_a));
                curve.efficiency.push_back(efficiency);
            }
        }
    }
}

double EfficiencyTable::Curve::at(double log_input_a) const noexcept {
    const Between p =
        place_of(log_input_a, log_a.size(), [this](std::size_t i) { return log_a[i]; });
    return between(efficiency[p.low], efficiency[p.high], p.share);
}

double EfficiencyTable::at_node(std::size_t node, double input_v, double input_a) const noexcept {
    const std::vector<Curve>& curves = curves_[node];
    const double log_a = std::log(input_a);
    const Between p =
        place_of(input_v, curves.size(), [&curves](std::size_t i) { return curves[i].input_v; });
    return between(curves[p.low].at(log_a), curves[p.high].at(log_a), p.share);
}

bool EfficiencyTable::Curve::covers(double log_input_a) const noexcept {
    constexpr double kOnEnd = 1e-9;  // a logarithm's rounding
    return log_input_a >= log_a.front() - kOnEnd && log_input_a <= log_a.back() + kOnEnd;
}

bool EfficiencyTable::covers(double input_v, double input_a) const noexcept {
    const double log_a = std::log(input_a);
    return std::all_of(curves_.begin(), curves_.end(), [&](const std::vector<Curve>& curves) {
        const Between p = place_of(input_v, curves.size(),
                                   [&curves](std::size_t i) { return curves[i].input_v; });
        return input_v >= curves.front().input_v && input_v <= curves.back().input_v &&
               curves[p.low].covers(log_a) && curves[p.high].covers(log_a);
    });
}

double EfficiencyTable::at(double store_v, double input_v, double input_a) const noexcept {
    const Between p =
        place_of(store_v, store_v_.size(), [this](std::size_t i) { return store_v_[i]; });
    return between(at_node(p.low, input_v, input_a), at_node(p.high, input_v, input_a), p.share);
}

}  // namespace ebb
