// SPDX-License-Identifier: Apache-2.0
/// Preset `ppk2`: the export of Nordic's Power Profiler.
///
///   Timestamp(ms),Current(uA),D0-D7
///   0.01,12.3,00000001
///
/// The digital channels (D0-D7, D0 to D7 apart, or Bits, or none) are passed over.
/// Source of the header: the exporting code of NordicSemiconductor/pc-nrfconnect-ppk.
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/instrument_columns.hpp"

namespace ebb {
namespace {

constexpr std::string_view kHeader = "Timestamp(ms),Current(uA)";

bool looks_like_ppk2(std::string_view text) { return text.substr(0, kHeader.size()) == kHeader; }

Reading read_ppk2(const ReadRequest& request) {
    TextLines lines(request.text);
    lines.next();
    if (!looks_like_ppk2(lines.line())) {
        FileMistakes mistakes(request.path);
        mistakes.add({lines.number(), lines.line(), 0, lines.line().size()},
                     "this is not the header of a Power Profiler export",
                     "expected Timestamp(ms),Current(uA), with or without digital channels");
        mistakes.throw_if_any();
    }
    std::vector<Field> fields;
    split_fields(lines.line(), ',', fields);
    const std::vector<MeterColumn> columns = {{"Current(uA)", 1, Quantity::current_a, 1e-6}};
    return read_meter_rows(request, lines, choose_meter_column(request, columns), fields.size(), 6);
}

}  // namespace

TraceFormat ppk2_format() {
    return {"ppk2",
            "Nordic Power Profiler export: Timestamp(ms),Current(uA)",
            {},
            looks_like_ppk2,
            read_ppk2};
}

}  // namespace ebb
