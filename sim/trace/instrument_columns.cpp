// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/instrument_columns.hpp"

#include "models/core/nearest.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ebb {

const MeterColumn& choose_meter_column(const ReadRequest& request,
                                       const std::vector<MeterColumn>& columns) {
    std::vector<const MeterColumn*> found;
    std::vector<std::string> names;
    const Quantity wanted =
        request.expected == Quantity::none ? Quantity::current_a : request.expected;
    for (const MeterColumn& column : columns) {
        names.push_back(column.name);
        if (request.column.empty() ? column.quantity == wanted : column.name == request.column)
            found.push_back(&column);
    }
    if (found.empty() && request.column.empty() && !columns.empty())
        check_expected(request, columns.front().quantity,
                       fmt::format("column '{}'", columns.front().name));
    if (found.size() != 1)
        throw_mistake(
            request_place(request),
            request.column.empty()
                ? fmt::format("{} has {} columns of {}", request.path,
                              found.empty() ? std::string("no") : std::to_string(found.size()),
                              name_of(wanted))
                : fmt::format("there is no column '{}' in {}", request.column, request.path),
            request.column.empty() ? "say which by `column`" : did_you_mean(request.column, names),
            fmt::format("columns: {}", joined(names)));
    check_expected(request, found.front()->quantity,
                   fmt::format("column '{}'", found.front()->name));
    return *found.front();
}

Reading read_meter_rows(const ReadRequest& request, TextLines& lines, const MeterColumn& column,
                        std::size_t count, int time_exponent) {
    ColumnLayout layout;
    layout.time_exponent = time_exponent;
    layout.value = column.index;
    layout.factor = column.factor;
    layout.quantity = column.quantity;
    layout.count = count;
    layout.lowest_offset = column.quantity == Quantity::current_a ? kMeterOffset_a : 0.0;
    FileMistakes mistakes(request.path);
    return read_column_rows(request, lines, mistakes, layout);
}

}  // namespace ebb
