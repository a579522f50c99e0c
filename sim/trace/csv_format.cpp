// SPDX-License-Identifier: Apache-2.0
/// Preset `csv`: our own format.
///
///   # comments begin with a hash and stand anywhere
///   time_s,power_w
///   0,0.00015
///
/// Any steps of time; columns that are not asked for are passed over. See docs/formats.md.
#include "sim/trace/column_rows.hpp"
#include "sim/trace/csv_columns.hpp"

namespace ebb {
namespace {

bool looks_like_csv(std::string_view) { return true; }

Reading read_csv(const ReadRequest& request) {
    TextLines lines(request.text);
    FileMistakes mistakes(request.path);
    while (lines.next() && comment_line(lines.line())) {
    }
    if (lines.line().empty() || comment_line(lines.line())) {
        mistakes.add({}, "there is no header and no row",
                     "expected a header with units, such as time_s,power_w");
        mistakes.throw_if_any();
    }
    std::vector<Field> fields;
    split_fields(lines.line(), ',', fields);
    return read_column_rows(request, lines, mistakes,
                            choose_csv_columns(request, lines.number(), lines.line(), fields));
}

}  // namespace

TraceFormat csv_format() {
    return {"csv",
            "header with units, such as time_s,power_w; comment lines begin with #",
            {"column"},
            looks_like_csv,
            read_csv};
}

}  // namespace ebb
