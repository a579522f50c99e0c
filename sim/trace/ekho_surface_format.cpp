// SPDX-License-Identifier: Apache-2.0
/// Preset `ekho_surface`: current-voltage surfaces as Ekho and SIREN keep them.
///
///   6                       n: 2^n + 1 currents per row
///   0,1.95                  lowest and highest voltage [V]
///   0.2,0.01826,...,0       time [s] and the currents [A] at equal steps from lowest to highest,
///                           both included
///
/// Straight in time unless `interpolation: hold` is asked for. Source of the format:
/// PERSISTLab/BatterylessSim @50d4cb9 (BSD-3-Clause).
#include "sim/trace/curve_series.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/number_text.hpp"
#include "sim/trace/text_lines.hpp"

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr double kMostExponent = 16;

struct Head {
    std::size_t currents = 0;
    double low_v = 0.0;
    double high_v = 0.0;
};

/// The exponent of the first line, or -1.
int exponent_in(std::string_view line) {
    const NumberText n = parse_number(trimmed(line));
    const bool good = n.fault == NumberFault::none && n.value >= 1 && n.value <= kMostExponent &&
                      n.value == static_cast<int>(n.value);
    return good ? static_cast<int>(n.value) : -1;
}

bool voltages_in(const std::vector<Field>& fields, Head& head) {
    if (fields.size() != 2)
        return false;
    const NumberText low = parse_number(fields[0].text);
    const NumberText high = parse_number(fields[1].text);
    head.low_v = low.value;
    head.high_v = high.value;
    return low.fault == NumberFault::none && high.fault == NumberFault::none && low.value >= 0.0 &&
           high.value > low.value;
}

bool looks_like_a_surface(std::string_view text) {
    TextLines lines(text);
    std::vector<Field> fields;
    Head head;
    if (!lines.next())
        return false;
    const int n = exponent_in(lines.line());
    if (n < 0 || !lines.next())
        return false;
    split_fields(lines.line(), ',', fields);
    if (!voltages_in(fields, head) || !lines.next())
        return false;
    split_fields(lines.line(), ',', fields);
    return fields.size() == (std::size_t{1} << static_cast<unsigned>(n)) + 2;
}

Head read_head(TextLines& lines, FileMistakes& mistakes) {
    Head head;
    std::vector<Field> fields;
    const int n = lines.next() ? exponent_in(lines.line()) : -1;
    if (n < 0)
        mistakes.add({lines.number(), lines.line(), 0, lines.line().size()},
                     "the first line is no exponent",
                     "expected n from 1 to 16, where a row has 2^n + 1 currents");
    mistakes.throw_if_any();
    head.currents = (std::size_t{1} << static_cast<unsigned>(n)) + 1;
    if (lines.next())
        split_fields(lines.line(), ',', fields);
    if (!voltages_in(fields, head))
        mistakes.add({lines.number(), lines.line(), 0, lines.line().size()},
                     "the second line is no pair of voltages",
                     "expected the lowest and the highest voltage in V, such as 0,1.95");
    mistakes.throw_if_any();
    return head;
}

Reading read_surface(const ReadRequest& request) {
    check_expected(request, Quantity::iv_curve, "an ekho_surface");
    TextLines lines(request.text);
    FileMistakes mistakes(request.path);
    const Head head = read_head(lines, mistakes);
    CurveSeries curves(mistakes);
    std::vector<Field> fields;
    while (lines.next()) {
        const std::string_view line = lines.line();
        split_fields(line, ',', fields);
        if (fields.size() != head.currents + 1) {
            add_count_fault(mistakes, lines.number(), line, fields.size(), head.currents + 1,
                            !lines.terminated());
            continue;
        }
        const LinePlace stamp_at{lines.number(), line, fields[0].begin, fields[0].text.size()};
        const StampText stamp = parse_stamp(fields[0].text, 9);
        add_number_fault(mistakes, lines.number(), line, fields[0].text, stamp.fault, "time");
        if (stamp.fault == NumberFault::none)
            curves.begin_row(stamp.ns, stamp_at);
        const double steps = static_cast<double>(head.currents - 1);
        for (std::size_t k = 0; k < head.currents; ++k) {
            const Field& field = fields[k + 1];
            const NumberText i = parse_number(field.text);
            add_number_fault(mistakes, lines.number(), line, field.text, i.fault, "current");
            if (i.fault != NumberFault::none)
                continue;
            const double share = static_cast<double>(k) / steps;
            curves.add_point(head.low_v + (head.high_v - head.low_v) * share, i.value,
                             {lines.number(), line, field.begin, field.text.size()});
        }
        curves.end_row();
    }
    Reading reading;
    reading.series =
        curves.finish(request.interpolation_stated ? request.interpolation : Interpolation::linear,
                      reading.notes);
    note_unfinished(request, lines.terminated(), reading.notes);
    return reading;
}

}  // namespace

TraceFormat ekho_surface_format() {
    return {"ekho_surface",
            "current-voltage surfaces as Ekho and SIREN keep them",
            {},
            looks_like_a_surface,
            read_surface};
}

}  // namespace ebb
