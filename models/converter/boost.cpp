// SPDX-License-Identifier: Apache-2.0
#include "models/converter/boost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/core/whole_cell.hpp"

namespace ebb {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The table, cut at its store voltages and at the cold start's end.
class BoostCells final : public SupplyCells {
public:
    BoostCells(BoostParams params, std::shared_ptr<const EfficiencyTable> table,
               const OperatingSeries& points)
        : params_(std::move(params)),
          table_(std::move(table)),
          input_v_(points.voltage_v),
          input_a_(points.current_a) {
        const double limit = params_.max_current_a.value_or(kInfinity);
        for (double& a : input_a_) {
            a = std::min(a, limit);
        }
    }

    [[nodiscard]] SupplyCell at(std::size_t sample, double v, bool up) const noexcept override {
        const std::size_t i = std::min(sample, input_v_.size() - 1);  // the last one may be held on
        const double border = params_.cold_start ? params_.cold_start->store_below_v : 0.0;
        return whole_cell(
            [&](double at_v, bool above) {
                const auto below = [&](double node) { return above ? at_v < node : at_v <= node; };
                return border > 0.0 && below(border) ? cold(i, border) : running(i, border, below);
            },
            v, up);
    }

private:
    [[nodiscard]] bool runs(double v, double w) const noexcept {
        return w > 0.0 && v >= params_.min_voltage_v && w >= params_.min_power_w;
    }

    [[nodiscard]] SupplyCell cold(std::size_t i, double border) const noexcept {
        const ColdStart& start = *params_.cold_start;
        SupplyCell cell;
        cell.high_v = border;
        const double w = input_v_[i] * input_a_[i];
        if (w > 0.0 && input_v_[i] >= start.min_voltage_v && w >= start.min_power_w) {
            const double main =
                runs(input_v_[i], w) ? table_->at(border, input_v_[i], input_a_[i]) : 0.0;
            cell.into.a_w = std::min(start.efficiency, main) * w;
            cell.offered.a_w = w;
        }
        return cell;
    }

    template <class Below>
    [[nodiscard]] SupplyCell running(std::size_t i, double border,
                                     const Below& below) const noexcept {
        const std::vector<double>& nodes = table_->store_v();
        SupplyCell cell;
        std::size_t high = 0;
        while (high < nodes.size() && !below(nodes[high])) {
            ++high;
        }
        cell.low_v = std::max(border, high > 0 ? nodes[high - 1] : 0.0);
        cell.high_v = high < nodes.size() ? nodes[high] : kInfinity;
        const double v = input_v_[i];
        const double w = v * input_a_[i];
        if (!runs(v, w)) {
            return cell;
        }
        cell.offered.a_w = w;
        if (high == 0 || high == nodes.size()) {  // beyond the nodes: the nearest
            cell.into.a_w = table_->at_node(high == 0 ? 0 : high - 1, v, input_a_[i]) * w;
            return cell;
        }
        const double from = table_->at_node(high - 1, v, input_a_[i]);
        const double slope =
            (table_->at_node(high, v, input_a_[i]) - from) / (nodes[high] - nodes[high - 1]);
        cell.into.a_w = (from - slope * nodes[high - 1]) * w;
        cell.into.b_a = slope * w;
        return cell;
    }

    BoostParams params_;
    std::shared_ptr<const EfficiencyTable> table_;
    std::vector<double> input_v_, input_a_;
};

}  // namespace

Boost::Boost(const BoostParams& params)
    : params_(params), table_(std::make_shared<EfficiencyTable>(params.efficiency)) {}

SupplyShape Boost::couple(const SourceShape& source) const {
    refuse_at_store(source, "boost");
    if (source.held_input) {  // the cells follow with the points
        SupplyShape shape;
        shape.tag = SupplyTag::cells;
        return shape;
    }
    if (source.kind == SourceKind::curve) {
        throw InputError(
            "converter boost holds the source at an operating point, and operate: direct leaves it "
            "to the store; expected operate: mpp (or another rule), or converter none or diode");
    }
    // A current has no voltage that efficiency could count with, a rectified one no best point.
    const bool counted = source.kind == SourceKind::power ||
                         (source.kind == SourceKind::thevenin && source.drop_v == 0.0);
    throw InputError(fmt::format(
        "converter boost needs a source that is operated on its curve: its efficiency depends on "
        "the input's voltage and current, and this source does not say them; with it converter "
        "{} is possible, and with boost a source model with a rule (pv_cell, iv_curve, "
        "iv_surface)",
        counted ? "none, diode or efficiency" : "none or diode"));
}

SupplyShape Boost::couple_points(const SourceShape&, const OperatingSeries& points) const {
    SupplyShape shape;
    shape.tag = SupplyTag::cells;
    shape.cells = std::make_shared<BoostCells>(params_, table_, points);
    return shape;
}

std::optional<Shortfall> Boost::shortfall(const OperatingSeries& points) const {
    Shortfall s;
    for (std::size_t i = 0; i < points.voltage_v.size(); ++i) {
        s.largest_v = std::max(s.largest_v, points.voltage_v[i]);
        s.largest_w = std::max(s.largest_w, points.voltage_v[i] * points.current_a[i]);
    }
    s.needed_v = params_.min_voltage_v;
    s.needed_w = params_.min_power_w;
    if (params_.cold_start) {
        s.cold_needed_v = params_.cold_start->min_voltage_v;
        s.cold_needed_w = params_.cold_start->min_power_w;
        s.cold_below_v = params_.cold_start->store_below_v;
    }
    const bool never = s.largest_v < s.needed_v || s.largest_w < s.needed_w;
    const bool never_cold =
        params_.cold_start && (s.largest_v < s.cold_needed_v || s.largest_w < s.cold_needed_w);
    return never || never_cold ? std::optional(s) : std::nullopt;
}

std::optional<OutsideTable> Boost::outside_table(const OperatingSeries& points,
                                                 const std::vector<double>& length) const {
    const std::vector<EfficiencyPoint>& table = params_.efficiency;
    if (table.size() == 1) {
        return std::nullopt;
    }
    const auto widen = [](double& least, double& most, double by) {
        least = std::min(least, by);
        most = std::max(most, by);
    };
    OutsideTable o;
    o.least_v = o.least_a = o.table_least_v = o.table_least_a = kInfinity;
    for (const EfficiencyPoint& p : table) {
        widen(o.table_least_v, o.table_most_v, p.input_v);
        widen(o.table_least_a, o.table_most_a, p.input_a);
    }
    double all_j = 0.0;
    double outside_j = 0.0;
    for (std::size_t i = 0; i < points.voltage_v.size(); ++i) {
        const double v = points.voltage_v[i];
        const double a = std::min(points.current_a[i], params_.max_current_a.value_or(kInfinity));
        const double w = v * a;
        if (!(w > 0.0) || !(length[i] > 0.0) || v < params_.min_voltage_v ||
            w < params_.min_power_w) {
            continue;
        }
        all_j += w * length[i];
        if (!table_->covers(v, a)) {
            outside_j += w * length[i];
            widen(o.least_v, o.most_v, v);
            widen(o.least_a, o.most_a, a);
        }
    }
    o.energy_share = all_j > 0.0 ? outside_j / all_j : 0.0;
    return outside_j > 0.0 ? std::optional(o) : std::nullopt;
}

void register_converter_boost(Registry& registry) {
    const ParamTable<EfficiencyPoint> point = {
        param("v_store", &EfficiencyPoint::store_v, unit::volt, optional, range(0, 100),
              "store voltage of the point; left out in a table that does not depend on it"),
        param("v_in", &EfficiencyPoint::input_v, unit::volt, required, range(0, 100),
              "input voltage of the point"),
        param("i_in", &EfficiencyPoint::input_a, unit::ampere, required, above_up_to(0, 10),
              "input current of the point"),
        param("value", &EfficiencyPoint::efficiency, unit::ratio, required, range(0, 1),
              "power into the store over power from the source"),
    };
    const ParamTable<ColdStart> cold = {
        param("store_below", &ColdStart::store_below_v, unit::volt, required, above_up_to(0, 100),
              "store voltage below which the main converter cannot run"),
        param("min_voltage", &ColdStart::min_voltage_v, unit::volt, required, range(0, 100),
              "smallest input voltage of the cold start"),
        param("min_power", &ColdStart::min_power_w, unit::watt, 0.0, range(0, 10),
              "smallest input power of the cold start"),
        param("efficiency", &ColdStart::efficiency, unit::ratio, required, range(0, 1),
              "its efficiency, constant"),
    };
    const ParamTable<BoostParams> table = {
        list("efficiency", &BoostParams::efficiency, point, required, 1, 100'000,
             "points of the efficiency table; between them linear in both voltages and in the "
             "logarithm of the current, outside the nearest"),
        param("min_voltage", &BoostParams::min_voltage_v, unit::volt, required, range(0, 100),
              "smallest input voltage at which the main converter runs"),
        param("min_power", &BoostParams::min_power_w, unit::watt, 0.0, range(0, 10),
              "smallest input power at which it runs"),
        param("max_current", &BoostParams::max_current_a, unit::ampere, optional,
              above_up_to(0, 10), "limit of the input current"),
        param("quiescent", &BoostParams::quiescent_a, unit::ampere, required, range(0, 1),
              "the charger's own current from the store, at any time"),
        block("cold_start", &BoostParams::cold_start, cold, optional,
              "how it begins with an empty store; without, the main converter runs from 0 V"),
    };
    registry.add<Converter>(
        {"converter", "boost", "a boost charger with an efficiency table and a cold start",
         "P = eta(V_store, V_in, I_in) V_in I_in; needs a source that is operated on its curve"},
        table, [](const BoostParams& p) { return std::make_shared<Boost>(p); });
}

}  // namespace ebb
