// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/received_rf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/harvester/sample_walk.hpp"

namespace ebb {

namespace {

struct Columns {
    std::vector<double> input_w, efficiency;
};

}  // namespace

ReceivedRf::ReceivedRf(const ReceivedRfParams& params) : params_(params) {
    const std::vector<RectifierRow>& rows = params_.rectifier.table;
    if (rows.empty()) {
        throw Defect("a rectifier's table has no rows");
    }
    by_store_ = rows.front().store_v.has_value();
    std::map<double, Columns> sorted;
    for (const RectifierRow& row : rows) {
        if (row.store_v.has_value() != by_store_) {
            throw InputError(
                "source.model.rectifier.table: either every row has a store voltage, or none has");
        }
        Columns& columns = sorted[row.store_v.value_or(0.0)];
        if (!columns.input_w.empty() && !(row.input_w > columns.input_w.back())) {
            throw InputError(fmt::format(
                "source.model.rectifier.table: input {}{} does not lie above the one before; "
                "expected increasing inputs",
                format_quantity(row.input_w, unit::watt),
                row.store_v ? " at store " + format_quantity(*row.store_v, unit::volt) : ""));
        }
        columns.input_w.push_back(row.input_w);
        columns.efficiency.push_back(row.efficiency);
    }
    for (auto& [store_v, columns] : sorted) {
        curves_.push_back({store_v, columns.input_w.front(), columns.input_w.back(),
                           LogTable(columns.input_w, std::move(columns.efficiency))});
    }
    if (!by_store_ && !params_.rectifier.hold_v) {
        throw InputError("source.model.rectifier needs hold, or a store voltage in every row");
    }
}

SourceShape ReceivedRf::shape() const noexcept {
    SourceShape shape;
    if (by_store_) {
        shape.kind = SourceKind::curve;
        shape.at_store = true;
    }
    return shape;
}

SourcePiece ReceivedRf::piece(double sample, double u, bool up) const {
    const auto above = std::find_if(curves_.begin(), curves_.end(), [&](const Curve& c) {
        return up ? u < c.store_v : u <= c.store_v;
    });
    SourcePiece piece;
    piece.straight = true;
    if (above != curves_.end()) {
        piece.high_v = above->store_v;
    }
    if (above == curves_.begin()) {
        piece.constant_w = sample * above->at(sample);
        return piece;
    }
    const Curve& low = *(above - 1);
    piece.low_v = low.store_v;
    const double from = sample * low.at(sample);
    if (above == curves_.end()) {
        piece.constant_w = from;
        return piece;
    }
    piece.at_zero_a = (sample * above->at(sample) - from) / (above->store_v - low.store_v);
    piece.constant_w = from - piece.at_zero_a * low.store_v;
    return piece;
}

std::optional<double> ReceivedRf::known_up_to() const noexcept {
    const auto first =
        std::min_element(curves_.begin(), curves_.end(),
                         [](const Curve& a, const Curve& b) { return a.last_w < b.last_w; });
    return first->last_w;
}

double ReceivedRf::efficiency(double received_w, double store_v) const noexcept {
    if (!(received_w > 0.0)) {
        return 0.0;
    }
    const SourcePiece here = piece(received_w, store_v, true);
    return (here.constant_w + here.at_zero_a * store_v) / received_w;
}

OperatingSeries ReceivedRf::operate(const OperatingSpan& span) const {
    const double hold_v = params_.rectifier.hold_v.value();
    const auto current = [&](double received_w) {
        return curves_.front().at(received_w) * received_w / hold_v;
    };
    if (span.series == nullptr) {
        return {true, {}, {hold_v}, {current(span.constant * span.scale)}};
    }
    const Series& series = *span.series;
    StretchList list(true);
    for (std::size_t k = 0; k < series.value.size(); ++k) {
        list.add(series.bound_ns[k], hold_v, current(span.scale * series.value[k]));
    }
    return list.finish(series.bound_ns.back());
}

void register_harvester_received_rf(Registry& registry) {
    static const ParamTable<RectifierRow> kRow = {
        param("input", &RectifierRow::input_w, unit::watt, required, above_up_to(0, 1e3),
              "received power")
            .allow_dbm(),
        param("efficiency", &RectifierRow::efficiency, unit::ratio, required, range(0, 1),
              "DC power over received power"),
        param("store", &RectifierRow::store_v, unit::volt, optional, above_up_to(0, 100),
              "store voltage of the row; in every row or in none"),
    };
    static const ParamTable<RectifierSheet> kSheet = {
        param("hold", &RectifierSheet::hold_v, unit::volt, optional, above_up_to(0, 100),
              "store voltage at which a table without store voltages holds"),
        list("table", &RectifierSheet::table, kRow, required, 1, 1000,
             "rows with increasing input (per store voltage); between them straight in dBm"),
    };
    const ParamTable<ReceivedRfParams> table = {
        block("rectifier", &ReceivedRfParams::rectifier, kSheet, required,
              "efficiency over received power, at one store voltage or over it"),
        param("power", &ReceivedRfParams::power_w, unit::watt, optional, range(0, 1e3),
              "constant received power instead of a trace")
            .allow_dbm(),
    };
    registry.add<SourceModel>(
        {"harvester", "received_rf", "received RF power through a rectifier",
         "P = eta(Prf) Prf at one store voltage, or P = eta(Prf, V) Prf with a store voltage in "
         "every row (converter none); reads a trace of rf_power_w unless power is given"},
        table, [](const ReceivedRfParams& p) { return std::make_shared<ReceivedRf>(p); },
        [](const ReceivedRfParams& p, CheckContext& context) {
            const bool by_store = std::any_of(p.rectifier.table.begin(), p.rectifier.table.end(),
                                              [](const RectifierRow& r) { return r.store_v; });
            if (by_store && p.rectifier.hold_v) {
                context.mistake("rectifier.hold",
                                "source.model.rectifier.hold has no effect: the rows say at which "
                                "store voltage they hold",
                                "remove it");
            }
        });
}

}  // namespace ebb
