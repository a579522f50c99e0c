// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/received_rf.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>
#include <vector>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/harvester/sample_walk.hpp"

namespace ebb {

ReceivedRf::ReceivedRf(const ReceivedRfParams& params) : params_(params) {
    std::vector<double> input_w;
    std::vector<double> eta;
    for (const RectifierRow& row : params_.rectifier.table) {
        if (!input_w.empty() && !(row.input_w > input_w.back())) {
            throw InputError(
                fmt::format("source.model.rectifier.table: input {} does not lie above the one "
                            "before; expected increasing inputs",
                            format_quantity(row.input_w, unit::watt)));
        }
        input_w.push_back(row.input_w);
        eta.push_back(row.efficiency);
    }
    if (input_w.empty()) {
        throw Defect("a rectifier's table has no rows");
    }
    table_ = LogTable(input_w, std::move(eta));
}

double ReceivedRf::efficiency(double received_w) const noexcept {
    return received_w >= params_.rectifier.table.front().input_w ? table_.at(received_w) : 0.0;
}

OperatingSeries ReceivedRf::operate(const OperatingSpan& span) const {
    const double hold_v = params_.rectifier.hold_v;
    const auto current = [&](double received_w) {
        return efficiency(received_w) * received_w / hold_v;
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
    };
    static const ParamTable<RectifierSheet> kSheet = {
        param("hold", &RectifierSheet::hold_v, unit::volt, required, above_up_to(0, 100),
              "store voltage at which the table holds"),
        list("table", &RectifierSheet::table, kRow, required, 1, 1000,
             "rows with increasing input; between them straight in dBm"),
    };
    const ParamTable<ReceivedRfParams> table = {
        block("rectifier", &ReceivedRfParams::rectifier, kSheet, required,
              "efficiency over received power, at one voltage"),
        param("power", &ReceivedRfParams::power_w, unit::watt, optional, range(0, 1e3),
              "constant received power instead of a trace")
            .allow_dbm(),
    };
    registry.add<SourceModel>(
        {"harvester", "received_rf", "received RF power through a rectifier",
         "P = eta(Prf) Prf at one store voltage; reads a trace of rf_power_w unless power is "
         "given"},
        table, [](const ReceivedRfParams& p) { return std::make_shared<ReceivedRf>(p); });
}

}  // namespace ebb
