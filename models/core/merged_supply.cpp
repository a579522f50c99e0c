// SPDX-License-Identifier: Apache-2.0
#include "models/core/merged_supply.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "models/core/error.hpp"
#include "models/core/series_index.hpp"
#include "models/core/whole_cell.hpp"

namespace ebb {

namespace {

constexpr std::size_t kMostChanges = 50'000'000;  // 8 bytes each and 4 per part

/// A constant power through a constant drop.
class ThroughDrop final : public SupplyCurve {
public:
    ThroughDrop(double power_w, double drop_v) : power_w_(power_w), drop_v_(drop_v) {}
    [[nodiscard]] CurvePoint at(double v) const noexcept override {
        const double i = power_w_ / (v + drop_v_);
        return {i, -i / (v + drop_v_), power_w_};
    }

private:
    double power_w_, drop_v_;
};

class SumOfCurves final : public SupplyCurve {
public:
    explicit SumOfCurves(std::vector<std::shared_ptr<const SupplyCurve>> parts)
        : parts_(std::move(parts)) {}
    [[nodiscard]] CurvePoint at(double v) const noexcept override {
        CurvePoint sum;
        for (const auto& part : parts_) {
            const CurvePoint p = part->at(v);
            sum.current_a += p.current_a;
            sum.slope_s += p.slope_s;
            sum.offered_w += p.offered_w;
        }
        return sum;
    }

private:
    std::vector<std::shared_ptr<const SupplyCurve>> parts_;
};

/// Any supply as a cell.
SupplyCell cell_of(const Supply& part, std::size_t sample, double v, bool up) {
    const SupplyShape& shape = part.shape();
    const double x = part.x()[sample];
    SupplyCell cell;
    switch (shape.tag) {
        case SupplyTag::power:
            cell.into.a_w = x;
            cell.offered.a_w = shape.efficiency > 0.0 ? x / shape.efficiency : x;
            break;
        case SupplyTag::current:
            cell.into.b_a = x;
            cell.offered = {x * shape.drop_v, x, 0.0};
            break;
        case SupplyTag::thevenin: {
            const double edge = x - shape.drop_v;
            const bool conducts = !shape.diode || (edge > 0.0 && (up ? v < edge : v <= edge));
            if (shape.diode) {
                (conducts ? cell.high_v : cell.low_v) = std::max(edge, 0.0);
            }
            cell.into = supply_terms(shape, x, conducts);
            cell.offered =
                cell.into + Terms{shape.drop_v * cell.into.b_a, shape.drop_v * cell.into.c_s, 0.0};
            break;
        }
        case SupplyTag::diode_power:
            cell.curve = std::make_shared<ThroughDrop>(x, shape.drop_v);
            break;
        case SupplyTag::cells:
            return shape.cells->at(sample, v, up);
    }
    return cell;
}

class MergedCells final : public SupplyCells {
public:
    MergedCells(std::vector<Supply> parts, std::vector<std::vector<std::uint32_t>> samples)
        : parts_(std::move(parts)), samples_(std::move(samples)) {}

    [[nodiscard]] SupplyCell at(std::size_t sample, double v, bool up) const noexcept override {
        return whole_cell(
            [&](double at_v, bool above) { return sum_of_cells(sample, at_v, above); }, v, up);
    }

    /// All parts at their best at once: no moment gives more.
    [[nodiscard]] double most_at(double v) const override {
        double sum = 0.0;
        for (const Supply& part : parts_) {
            sum += part.largest_power_at(v);
        }
        return sum;
    }

private:
    [[nodiscard]] SupplyCell sum_of_cells(std::size_t sample, double v, bool up) const {
        SupplyCell sum;
        std::vector<std::shared_ptr<const SupplyCurve>> curves;
        for (std::size_t k = 0; k < parts_.size(); ++k) {
            const std::size_t own = samples_[k][std::min(sample, samples_[k].size() - 1)];
            SupplyCell cell = cell_of(parts_[k], own, v, up);
            sum.into = sum.into + cell.into;
            sum.offered = sum.offered + cell.offered;
            sum.low_v = std::max(sum.low_v, cell.low_v);
            sum.high_v = std::min(sum.high_v, cell.high_v);
            if (cell.curve) {
                curves.push_back(std::move(cell.curve));
            }
        }
        if (curves.size() == 1) {
            sum.curve = std::move(curves.front());
        } else if (!curves.empty()) {
            sum.curve = std::make_shared<SumOfCurves>(std::move(curves));
        }
        return sum;
    }

    std::vector<Supply> parts_;
    std::vector<std::vector<std::uint32_t>> samples_;  ///< of each part, by the merged sample
};

bool never_changes(const Supply& part, std::int64_t duration_ns) {
    return part.size() == 1 || part.end_of(part.seek(Time())) >= Time(duration_ns);
}

/// The one shape that parts of one kind amount to, over x = the sum of theirs; empty if none does.
/// Powers that lose different shares add only where they stay what they are.
std::optional<SupplyShape> plain_sum(const std::vector<Supply>& parts, bool constant) {
    const SupplyShape& first = parts.front().shape();
    if (first.tag != SupplyTag::power && first.tag != SupplyTag::current) {
        return std::nullopt;
    }
    double x = 0.0;
    double lost = 0.0;  // power: what stays in the converters; current: its drops, per ampere [V A]
    bool same = true;
    for (const Supply& part : parts) {
        const SupplyShape& shape = part.shape();
        if (shape.tag != first.tag) {
            return std::nullopt;
        }
        same = same && shape.efficiency == first.efficiency && shape.drop_v == first.drop_v;
        if (constant) {
            const double own = part.x()[part.seek(Time()).index];
            x += own;
            lost += shape.tag == SupplyTag::current ? own * shape.drop_v
                    : shape.efficiency > 0.0        ? own * (1.0 / shape.efficiency - 1.0)
                                                    : 0.0;
        }
    }
    SupplyShape sum;
    sum.tag = first.tag;
    sum.efficiency = first.efficiency;
    sum.drop_v = first.drop_v;
    if (same) {
        return sum;
    }
    if (!constant || !(x > 0.0)) {
        return std::nullopt;
    }
    (sum.tag == SupplyTag::power ? sum.efficiency : sum.drop_v) =
        sum.tag == SupplyTag::power ? x / (x + lost) : lost / x;
    return sum;
}

}  // namespace

Supply merge_supplies(std::vector<Supply> parts, std::int64_t duration_ns) {
    std::vector<SupplyCursor> at;
    bool any = false;
    bool constant = true;
    for (const Supply& part : parts) {
        if (part.linear()) {
            throw Defect("supplies of straight lines are not merged");
        }
        at.push_back(part.seek(Time()));
        any = any || part.largest_x() > 0.0;
        constant = constant && never_changes(part, duration_ns);
    }
    const std::optional<SupplyShape> plain = plain_sum(parts, constant);
    if (plain && constant) {
        double x = 0.0;
        for (std::size_t k = 0; k < parts.size(); ++k) {
            x += parts[k].x()[at[k].index];
        }
        return Supply::constant(*plain, x);
    }
    std::vector<std::vector<std::uint32_t>> samples(parts.size());
    auto series = std::make_shared<Series>();
    const Time end(duration_ns);
    for (Time now; now < end;) {
        if (series->bound_ns.size() >= kMostChanges) {
            throw InputError(
                "the sources change more than 50 million times in this run; expected a shorter "
                "run, "
                "or one source");
        }
        series->bound_ns.push_back(now.ns());
        Time next = end;
        double x = 0.0;
        for (std::size_t k = 0; k < parts.size(); ++k) {
            while (now >= parts[k].end_of(at[k]) && parts[k].advance(at[k])) {
            }
            if (plain) {
                x += parts[k].x()[at[k].index];
            } else {
                samples[k].push_back(static_cast<std::uint32_t>(at[k].index));
            }
            const Time own = parts[k].end_of(at[k]);
            next = own > now ? std::min(next, own) : next;
        }
        if (plain) {
            series->value.push_back(x);
        }
        now = next;
    }
    series->bound_ns.push_back(duration_ns);
    if (plain) {
        if (series->bound_ns.step() > 0 && series->value.size() >= SeriesNode::kSamples) {
            series->index = index_of(series->value.data(), series->value.size(), 1);
        }
        return {*plain, series, 0, 1.0, AtEnd::hold};
    }
    series->value.own().assign(series->bound_ns.size() - 1, any ? 1.0 : 0.0);
    SupplyShape shape;
    shape.tag = SupplyTag::cells;
    shape.cells = std::make_shared<MergedCells>(std::move(parts), std::move(samples));
    return {shape, series, 0, 1.0, AtEnd::hold};
}

}  // namespace ebb
