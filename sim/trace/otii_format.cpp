// SPDX-License-Identifier: Apache-2.0
/// Preset `otii`: the export of Qoitech's Otii.
///
///   Timestamp,Main Current (A),Main Voltage (V)
///   0.00025,0.0012,3.3
///
/// Assumed, since no document of the export was at hand: the first column is called Timestamp and
/// counts seconds; every other name ends in its unit in brackets. Names may be quoted. Columns with
/// other units are passed over.
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/instrument_columns.hpp"
#include "sim/trace/number_text.hpp"
#include "sim/trace/value_units.hpp"

namespace ebb {
namespace {

std::string_view unquoted(std::string_view text) {
    return text.size() >= 2 && text.front() == '"' && text.back() == '"'
               ? text.substr(1, text.size() - 2)
               : text;
}

/// The columns with a unit that is known; empty if this is no such header.
std::vector<MeterColumn> columns_of(const std::vector<Field>& fields) {
    std::vector<MeterColumn> columns;
    if (fields.empty() || unquoted(fields[0].text) != "Timestamp")
        return columns;
    for (std::size_t i = 1; i < fields.size(); ++i) {
        const std::string_view name = unquoted(fields[i].text);
        const std::size_t open = name.rfind('(');
        if (open == std::string_view::npos || name.back() != ')')
            continue;
        const ValueUnit* const unit = unit_of_text(name.substr(open + 1, name.size() - open - 2));
        if (unit != nullptr)
            columns.push_back(
                {std::string(trimmed(name.substr(0, open))), i, unit->quantity, unit->factor});
    }
    return columns;
}

bool looks_like_otii(std::string_view text) {
    TextLines lines(text);
    std::vector<Field> fields;
    if (!lines.next())
        return false;
    split_fields(lines.line(), ',', fields);
    return !columns_of(fields).empty();
}

Reading read_otii(const ReadRequest& request) {
    TextLines lines(request.text);
    std::vector<Field> fields;
    if (lines.next())
        split_fields(lines.line(), ',', fields);
    const std::vector<MeterColumn> columns = columns_of(fields);
    if (columns.empty()) {
        FileMistakes mistakes(request.path);
        mistakes.add({lines.number(), lines.line(), 0, lines.line().size()},
                     "this is not the header of an Otii export",
                     "expected Timestamp, then names with units such as Main Current (A)");
        mistakes.throw_if_any();
    }
    return read_meter_rows(request, lines, choose_meter_column(request, columns), fields.size(), 9);
}

}  // namespace

TraceFormat otii_format() {
    return {"otii",
            "Otii export: Timestamp, then names with units such as Main Current (A)",
            {"column"},
            looks_like_otii,
            read_otii};
}

}  // namespace ebb
