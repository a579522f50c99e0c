// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/csv_columns.hpp"

#include "models/core/nearest.hpp"
#include "sim/trace/value_units.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr const char* kExpectedHeader =
    "expected a header with units, such as time_s,power_w (or voltage_v, current_a, "
    "irradiance_w_m2)";

struct TimeUnit {
    std::string_view name;
    int exponent;
};
constexpr TimeUnit kTimeUnits[] = {{"time_s", 9}, {"time_ms", 6}, {"time_us", 3}, {"time_ns", 0}};

/// The header as a list of names, quotes taken off.
std::vector<std::string> plain_names(const std::vector<Field>& fields) {
    std::vector<std::string> names;
    for (const Field& field : fields) {
        std::string_view text = field.text;
        if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
            text = text.substr(1, text.size() - 2);
        names.emplace_back(text);
    }
    return names;
}

[[noreturn]] void refuse_header(const ReadRequest& request, const LinePlace& at,
                                const std::string& message, const std::string& hint) {
    FileMistakes mistakes(request.path);
    mistakes.add(at, message, hint,
                 fmt::format("read as csv; formats that can be read: {}", trace_format_names()));
    mistakes.throw_if_any();
    throw Defect("a header was refused without a mistake");
}

/// Which format has rows of so many plain numbers.
const char* headerless_format(std::size_t fields) {
    constexpr const char* kByCount[] = {", perhaps single_column", ", perhaps csv_two_column",
                                        ", perhaps accel_csv"};
    return fields >= 1 && fields <= std::size(kByCount) ? kByCount[fields - 1] : "";
}

/// A first line that is no header at all deserves a better answer than "no column time_s".
void check_is_header(const ReadRequest& request, int line, std::string_view header,
                     const std::vector<Field>& fields) {
    const LinePlace whole{line, header, 0, header.size()};
    if (header.find(';') != std::string_view::npos)
        refuse_header(request, whole, "columns are separated by ';'",
                      "expected commas between columns and a point as decimal mark");
    if (all_numbers(fields))
        refuse_header(request, whole, "the header is missing: the first row holds numbers",
                      fmt::format("{}; a file without header needs its format named{}",
                                  kExpectedHeader, headerless_format(fields.size())));
    if (fields.size() < 2 && header.find('\t') != std::string_view::npos)
        refuse_header(request, whole, "columns are separated by tabs",
                      "expected commas between columns");
}

std::size_t choose_time(const ReadRequest& request, int line, std::string_view header,
                        const std::vector<Field>& fields, const std::vector<std::string>& names,
                        int& exponent) {
    for (const TimeUnit& unit : kTimeUnits) {
        const auto found = std::find(names.begin(), names.end(), unit.name);
        if (found == names.end())
            continue;
        exponent = unit.exponent;
        return static_cast<std::size_t>(found - names.begin());
    }
    const bool unitless = !names.empty() && (names[0] == "time" || names[0] == "t");
    const LinePlace at{line, header, fields.empty() ? 0 : fields[0].begin,
                       fields.empty() ? 1 : fields[0].text.size()};
    if (unitless)
        refuse_header(request, at, fmt::format("the time column '{}' has no unit", names[0]),
                      "expected time_s, time_ms, time_us or time_ns");
    refuse_header(request, at, "there is no time column", kExpectedHeader);
}

std::size_t find_named(const ReadRequest& request, const std::vector<std::string>& names) {
    const auto found = std::find(names.begin(), names.end(), request.column);
    if (found == names.end())
        throw_mistake(request_place(request),
                      fmt::format("there is no column '{}' in {}", request.column, request.path),
                      did_you_mean(request.column, names),
                      fmt::format("columns: {}", joined(names)));
    return static_cast<std::size_t>(found - names.begin());
}

/// The columns that could be meant. A quantity's plain name (power_w) goes before other names.
std::vector<std::size_t> candidates(const ReadRequest& request,
                                    const std::vector<std::string>& names, std::size_t time) {
    std::vector<std::size_t> plain;
    std::vector<std::size_t> any;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const ValueUnit* const unit = unit_of_name(names[i]);
        if (i == time || unit == nullptr ||
            (request.expected != Quantity::none && unit->quantity != request.expected))
            continue;
        any.push_back(i);
        if (names[i] == name_of(unit->quantity))
            plain.push_back(i);
    }
    return plain.size() == 1 ? plain : any;
}

std::size_t choose_value(const ReadRequest& request, int line, std::string_view header,
                         const std::vector<std::string>& names, std::size_t time) {
    if (!request.column.empty())
        return find_named(request, names);
    const std::vector<std::size_t> found = candidates(request, names, time);
    if (found.size() == 1)
        return found.front();
    const LinePlace whole{line, header, 0, header.size()};
    if (found.size() > 1) {
        std::vector<std::string> several;
        several.reserve(found.size());
        for (const std::size_t i : found)
            several.push_back(names[i]);
        throw_mistake(request_place(request),
                      fmt::format("{} has several columns that could be meant: {}", request.path,
                                  joined(several)),
                      "say which by `column`");
    }
    // Nothing the model reads; perhaps something else is there.
    ReadRequest open = request;
    open.expected = Quantity::none;
    const std::vector<std::size_t> others = candidates(open, names, time);
    if (!others.empty())
        check_expected(request, unit_of_name(names[others.front()])->quantity,
                       fmt::format("column '{}'", names[others.front()]));
    refuse_header(request, whole,
                  fmt::format("no column has a unit that is known: {}", joined(names)),
                  kExpectedHeader);
}

}  // namespace

ColumnLayout choose_csv_columns(const ReadRequest& request, int line, std::string_view header,
                                const std::vector<Field>& fields) {
    check_is_header(request, line, header, fields);
    const std::vector<std::string> names = plain_names(fields);
    ColumnLayout columns;
    columns.comments = true;
    columns.count = names.size();
    columns.time = choose_time(request, line, header, fields, names, columns.time_exponent);
    columns.value = choose_value(request, line, header, names, columns.time);
    const std::string& name = names[columns.value];
    const Field& field = fields[columns.value];
    const ValueUnit* const unit = unit_of_name(name);
    if (unit == nullptr || columns.value == columns.time)
        refuse_header(
            request, {line, header, field.begin, field.text.size()},
            fmt::format("the column '{}' has no unit of a harvest", name),
            "expected a name that ends in its unit: _w, _v, _a, _w_m2 (or _mw, _ua, ...)");
    check_expected(request, unit->quantity, fmt::format("column '{}'", name));
    columns.quantity = unit->quantity;
    columns.factor = unit->factor;
    return columns;
}

}  // namespace ebb
