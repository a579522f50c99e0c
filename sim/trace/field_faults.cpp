// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/field_faults.hpp"

#include "sim/trace/series_builder.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr double kEndOf32Bits = 4294967295.0;

}  // namespace

void add_number_fault(FileMistakes& mistakes, int line, std::string_view text,
                      std::string_view field, NumberFault fault, const char* what) {
    if (fault == NumberFault::none)
        return;
    const bool inside = field.data() >= text.data() && field.data() <= text.data() + text.size();
    const std::size_t begin = inside ? static_cast<std::size_t>(field.data() - text.data()) : 0;
    const LinePlace at{line, text, begin, std::max<std::size_t>(1, field.size())};
    const std::string shown(field.substr(0, 40));
    switch (fault) {
        case NumberFault::none:
            break;
        case NumberFault::empty:
            mistakes.add(at, fmt::format("the {} is empty", what), "expected a number");
            break;
        case NumberFault::not_a_number:
            mistakes.add(at, fmt::format("the {} is not a number: '{}'", what, shown),
                         field.find(',') != std::string_view::npos
                             ? "expected a point as decimal mark"
                             : "expected a decimal number such as 0.0125 or 1.25e-2");
            break;
        case NumberFault::not_finite:
            mistakes.add(at, fmt::format("the {} is not finite: '{}'", what, shown),
                         "remove the row or fill it");
            break;
        case NumberFault::too_large:
            mistakes.add(at, fmt::format("the {} is too large: '{}'", what, shown),
                         std::string_view(what) == "time" ? "stamps reach 73 years at most"
                                                          : "expected a value of a small device");
            break;
    }
}

bool add_missing_fault(FileMistakes& mistakes, int line, std::string_view text,
                       std::string_view field, double as_written) {
    const LinePlace at{line, text, static_cast<std::size_t>(field.data() - text.data()),
                       field.size()};
    if (as_written == kEndOf32Bits) {
        mistakes.add(at,
                     fmt::format("the value {} is the end of 32 bits: the instrument was "
                                 "saturated",
                                 field),
                     "the true value is not known; remove the row or fill it");
        return true;
    }
    if (!stands_for_missing(as_written))
        return false;
    mistakes.add(at, fmt::format("the value {} stands for a missing sample", field),
                 "remove the row or fill it");
    return true;
}

void add_count_fault(FileMistakes& mistakes, int line, std::string_view text, std::size_t fields,
                     std::size_t expected, bool last_line_cut) {
    const std::string message = fmt::format("this row has {} field{}, expected {}", fields,
                                            fields == 1 ? "" : "s", expected);
    const LinePlace at{line, text, 0, text.size()};
    if (fields > expected)
        mistakes.add(at, message, "is a comma used as decimal mark, or is the header too short?");
    else
        mistakes.add(
            at, message,
            last_line_cut ? "the file seems to be cut short" : "expected as many as above");
}

}  // namespace ebb
