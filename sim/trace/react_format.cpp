// SPDX-License-Identifier: Apache-2.0
/// Preset `react`: recordings of the REACT artifact (FoRTE-Research/REACT-Artifact @4f7bb54,
/// `traces/`). Header `sec RSSI,mW` (in this mixture of blank and comma), rows `seconds TAB mW`,
/// every 20 ms.
///
/// The numbers are the power that a 915 MHz receiver reports (RSSI), not direct current: at small
/// powers a rectifier gives less than a tenth of it. Hence the quantity rf_power_w, which no model
/// of a direct-current source reads.
#include "sim/trace/column_rows.hpp"

namespace ebb {
namespace {

bool looks_like_react(std::string_view text) {
    TextLines lines(text);
    return lines.next() && lines.line().substr(0, 3) == "sec" &&
           lines.line().find("RSSI") != std::string_view::npos;
}

Reading read_react(const ReadRequest& request) {
    check_expected(request, Quantity::rf_power_w, "a react recording");
    TextLines lines(request.text);
    FileMistakes mistakes(request.path);
    if (!looks_like_react(request.text.head())) {
        lines.next();
        mistakes.add({lines.number(), lines.line(), 0, lines.line().size()},
                     "this is not the header of a react recording", "expected: sec RSSI,mW");
        mistakes.throw_if_any();
    }
    lines.next();
    ColumnLayout layout;
    layout.separator = ' ';
    layout.quantity = Quantity::rf_power_w;
    layout.factor = 1e-3;
    layout.all_fields = true;
    return read_column_rows(request, lines, mistakes, layout);
}

}  // namespace

TraceFormat react_format() {
    return {"react",
            "received radio power: header sec RSSI,mW; tabs",
            {},
            looks_like_react,
            read_react};
}

}  // namespace ebb
