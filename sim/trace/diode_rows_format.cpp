// SPDX-License-Identifier: Apache-2.0
/// Preset `diode_rows`: a solar cell over time, one diode per row, as tools/convert_ivonne.py
/// writes it.
///
///   time_s,a_a,b_a,c_inverse_volt
///   0.0,0.000655,3.6e-09,7.9
///
///   I(V) = a - b (exp(c V) - 1)     [A]
#include "sim/trace/column_rows.hpp"
#include "sim/trace/curve_series.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/number_text.hpp"
#include "sim/trace/text_lines.hpp"

namespace ebb {
namespace {

constexpr std::string_view kHeader = "time_s,a_a,b_a,c_inverse_volt";

/// Moves to the first line that is no comment.
bool to_header(TextLines& lines) {
    while (lines.next())
        if (!comment_line(lines.line()))
            return true;
    return false;
}

bool looks_like_diodes(std::string_view text) {
    TextLines lines(text);
    return to_header(lines) && trimmed(lines.line()) == kHeader;
}

void add_row(CurveSeries& curves, FileMistakes& mistakes, const TextLines& lines,
             const std::vector<Field>& fields) {
    const std::string_view line = lines.line();
    const StampText stamp = parse_stamp(fields[0].text, 9);
    add_number_fault(mistakes, lines.number(), line, fields[0].text, stamp.fault, "time");
    double number[3] = {};
    bool good = stamp.fault == NumberFault::none;
    constexpr const char* kNames[] = {"a", "b", "c"};
    for (std::size_t k = 0; k < 3; ++k) {
        const Field& field = fields[k + 1];
        const NumberText value = parse_number(field.text);
        add_number_fault(mistakes, lines.number(), line, field.text, value.fault, kNames[k]);
        number[k] = value.value;
        if (value.fault != NumberFault::none) {
            good = false;
        } else if (k == 0 ? value.value < 0.0 : value.value <= 0.0) {
            good = false;
            mistakes.add({lines.number(), line, field.begin, field.text.size()},
                         "no solar cell has this value",
                         "expected a >= 0 A, b > 0 A and c > 0 1/V");
        }
    }
    if (!good)
        return;
    curves.begin_row(stamp.ns, {lines.number(), line, fields[0].begin, fields[0].text.size()});
    curves.add_diode({number[0], number[1], 1.0 / number[2], 0.0, 0.0});
}

Reading read_diodes(const ReadRequest& request) {
    check_expected(request, Quantity::iv_curve, "a recording of diode_rows");
    TextLines lines(request.text);
    FileMistakes mistakes(request.path);
    if (!to_header(lines) || trimmed(lines.line()) != kHeader)
        mistakes.add({lines.number(), lines.line(), 0, lines.line().size()},
                     "this is not the header of diode_rows",
                     "expected time_s,a_a,b_a,c_inverse_volt");
    mistakes.throw_if_any();
    CurveSeries curves(mistakes);
    std::vector<Field> fields;
    while (lines.next()) {
        if (comment_line(lines.line()))
            continue;
        split_fields(lines.line(), ',', fields);
        if (fields.size() == 4)
            add_row(curves, mistakes, lines, fields);
        else
            add_count_fault(mistakes, lines.number(), lines.line(), fields.size(), 4,
                            !lines.terminated());
    }
    Reading reading;
    reading.series = curves.finish(request.interpolation, reading.notes);
    note_unfinished(request, lines.terminated(), reading.notes);
    return reading;
}

}  // namespace

TraceFormat diode_rows_format() {
    return {"diode_rows",
            "a solar cell over time, one diode per row (tools/convert_ivonne.py)",
            {},
            looks_like_diodes,
            read_diodes};
}

}  // namespace ebb
