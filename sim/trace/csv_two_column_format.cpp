// SPDX-License-Identifier: Apache-2.0
/// Preset `csv_two_column`: seconds and a value, separated by a comma, without header. `unit` must
/// be named. Steps may differ: a row holds until the next, also where a night was cut out.
#include "sim/trace/column_rows.hpp"
#include "sim/trace/named_unit.hpp"

namespace ebb {
namespace {

Reading read_csv_two_column(const ReadRequest& request) {
    const ValueUnit& unit = named_unit(request, "csv_two_column");
    ColumnLayout layout;
    layout.quantity = unit.quantity;
    layout.factor = unit.factor;
    layout.all_fields = true;
    TextLines lines(request.text);
    FileMistakes mistakes(request.path);
    return read_column_rows(request, lines, mistakes, layout);
}

}  // namespace

TraceFormat csv_two_column_format() {
    return {"csv_two_column",
            "seconds and a value without header; needs `unit`",
            {"unit"},
            nullptr,
            read_csv_two_column};
}

}  // namespace ebb
