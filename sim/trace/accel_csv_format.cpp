// SPDX-License-Identifier: Apache-2.0
/// Preset `accel_csv`: three axes of an accelerometer in milli-g, `x, y, z`, no header, no time.
/// `rate` (or `dt`) must be named. Read is the magnitude sqrt(x^2 + y^2 + z^2) in m/s^2, with
/// standard gravity; `column` chooses x, y or z alone, with its sign.
/// Source of the format: STMicroelectronics/stm32ai-wiki @5ed628a (BSD-3-Clause), 26 Hz.
#include "models/core/nearest.hpp"
#include "sim/trace/even_steps.hpp"
#include "sim/trace/field_faults.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/text_lines.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr double kPerMilliG = 9.80665e-3;
constexpr double kMostMilliG = 1e6;

using Axes = std::array<double, 3>;

struct Choice {
    const char* name;
    double (*of)(const Axes& mg);
};

constexpr Choice kChoices[] = {
    {"magnitude", [](const Axes& a) { return std::sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]); }},
    {"x", [](const Axes& a) { return a[0]; }},
    {"y", [](const Axes& a) { return a[1]; }},
    {"z", [](const Axes& a) { return a[2]; }},
};

const Choice& choose(const ReadRequest& request) {
    std::vector<std::string> names;
    for (const Choice& choice : kChoices) {
        if (request.column.empty() || request.column == choice.name)
            return choice;
        names.emplace_back(choice.name);
    }
    throw_mistake(request_place(request),
                  fmt::format("there is no column '{}' in {}", request.column, request.path),
                  did_you_mean(request.column, names), fmt::format("columns: {}", joined(names)));
}

/// The three axes of a row; nothing after the mistakes were added.
bool axes_of(const TextLines& lines, const std::vector<Field>& fields, FileMistakes& mistakes,
             Axes& axes) {
    if (fields.size() != axes.size()) {
        add_count_fault(mistakes, lines.number(), lines.line(), fields.size(), axes.size(),
                        !lines.terminated());
        return false;
    }
    bool good = true;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const NumberText number = parse_number(fields[i].text);
        add_number_fault(mistakes, lines.number(), lines.line(), fields[i].text, number.fault,
                         "value");
        axes[i] = number.value;
        good = good && number.fault == NumberFault::none;
        if (std::fabs(number.value) <= kMostMilliG)
            continue;
        mistakes.add({lines.number(), lines.line(), fields[i].begin, fields[i].text.size()},
                     "this acceleration is beyond 1000 g", "expected milli-g");
        good = false;
    }
    return good;
}

Reading read_accel_csv(const ReadRequest& request) {
    check_expected(request, Quantity::acceleration_m_s2, "an accel_csv recording");
    const EvenSteps steps(request, "accel_csv", "rate: 26 Hz");
    const Choice& choice = choose(request);
    FileMistakes mistakes(request.path);
    SeriesBuilder builder(Quantity::acceleration_m_s2, request.interpolation, mistakes,
                          request.spool);
    TextLines lines(request.text);
    std::vector<Field> fields;
    std::size_t row = 0;
    for (; lines.next(); ++row) {
        Axes axes{};
        split_fields(lines.line(), ',', fields);
        if (axes_of(lines, fields, mistakes, axes))
            builder.add(steps.stamp_ns(row), choice.of(axes) * kPerMilliG,
                        {lines.number(), lines.line(), fields[0].text, fields[0].text});
    }
    builder.end_at(steps.stamp_ns(row));
    Reading reading;
    reading.series = builder.finish(reading.notes);
    reading.notes.insert(reading.notes.begin(),
                         fmt::format("{} of the acceleration, from milli-g", choice.name));
    note_unfinished(request, lines.terminated(), reading.notes);
    return reading;
}

}  // namespace

TraceFormat accel_csv_format() {
    return {"accel_csv",
            "x, y, z in milli-g without header; needs `rate` or `dt`",
            {"column", "rate", "dt"},
            nullptr,
            read_accel_csv};
}

}  // namespace ebb
