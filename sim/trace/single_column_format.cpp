// SPDX-License-Identifier: Apache-2.0
/// Preset `single_column`: one number per line and nothing else. Neither time nor unit can be
/// guessed: `unit`, and `dt` or `rate`, must be named. Each row lasts one step.
#include "sim/trace/even_steps.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/named_unit.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"

namespace ebb {
namespace {

Reading read_single_column(const ReadRequest& request) {
    const ValueUnit& unit = named_unit(request, "single_column");
    const EvenSteps steps(request, "single_column", "dt: 1 s");
    FileMistakes mistakes(request.path);
    SeriesBuilder builder(unit.quantity, request.interpolation, mistakes, request.spool);
    builder.reserve(request.text.line_breaks() + 1);
    TextLines lines(request.text);
    std::vector<Field> fields;
    std::size_t row = 0;
    for (; lines.next(); ++row) {
        const std::string_view line = lines.line();
        split_fields(line, ',', fields);
        if (fields.size() != 1) {
            add_count_fault(mistakes, lines.number(), line, fields.size(), 1, false);
            continue;
        }
        const NumberText value = parse_number(fields[0].text);
        add_number_fault(mistakes, lines.number(), line, fields[0].text, value.fault, "value");
        if (!steps.fits(row + 1))
            mistakes.add({lines.number(), line, 0, line.size()},
                         "the file lasts more than 73 years", "is dt right?");
        if (value.fault == NumberFault::none && steps.fits(row + 1) &&
            !add_missing_fault(mistakes, lines.number(), line, fields[0].text, value.value))
            builder.add(steps.stamp_ns(row), value.value * unit.factor,
                        {lines.number(), line, fields[0].text, fields[0].text});
    }
    builder.end_at(steps.stamp_ns(row));
    Reading reading;
    reading.series = builder.finish(reading.notes);
    note_unfinished(request, lines.terminated(), reading.notes);
    return reading;
}

}  // namespace

TraceFormat single_column_format() {
    return {"single_column",
            "one number per line; needs `unit`, and `dt` or `rate`",
            {"unit", "dt", "rate"},
            nullptr,
            read_single_column};
}

}  // namespace ebb
