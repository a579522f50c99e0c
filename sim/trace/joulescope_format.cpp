// SPDX-License-Identifier: Apache-2.0
/// Preset `joulescope`: the statistics that Joulescope's program records.
///
///   #time,current,voltage,power,charge,energy
///   0.0,0.399,4.746,1.896,0,0
///
/// Seconds, amperes, volts and watts; charge and energy are sums and are not read. NaN stands for
/// lost samples and is refused.
/// Source of the header: the recording code of jetperch's Joulescope programs (Apache-2.0).
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/instrument_columns.hpp"

namespace ebb {
namespace {

constexpr std::string_view kHeader = "#time,current,voltage,power,charge,energy";

bool looks_like_joulescope(std::string_view text) {
    return text.substr(0, kHeader.size()) == kHeader;
}

Reading read_joulescope(const ReadRequest& request) {
    TextLines lines(request.text);
    lines.next();
    if (!looks_like_joulescope(lines.line())) {
        FileMistakes mistakes(request.path);
        mistakes.add({lines.number(), lines.line(), 0, lines.line().size()},
                     "this is not the header of a Joulescope recording",
                     "expected #time,current,voltage,power,charge,energy");
        mistakes.throw_if_any();
    }
    const std::vector<MeterColumn> columns = {{"current", 1, Quantity::current_a, 1.0},
                                              {"voltage", 2, Quantity::voltage_v, 1.0},
                                              {"power", 3, Quantity::power_w, 1.0}};
    return read_meter_rows(request, lines, choose_meter_column(request, columns), 6, 9);
}

}  // namespace

TraceFormat joulescope_format() {
    return {"joulescope",
            "Joulescope statistics: #time,current,voltage,power,charge,energy",
            {"column"},
            looks_like_joulescope,
            read_joulescope};
}

}  // namespace ebb
