// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/named_unit.hpp"

#include "models/core/nearest.hpp"
#include "sim/trace/file_mistakes.hpp"

#include <fmt/format.h>

namespace ebb {

const ValueUnit& named_unit(const ReadRequest& request, const char* preset) {
    if (request.unit.empty())
        throw_option_needed(request, preset, "unit", "the file does not say what its numbers are",
                            "unit: W/m^2");
    const ValueUnit* const unit = unit_of_text(request.unit);
    if (unit == nullptr)
        throw_mistake(request_place(request), fmt::format("unknown unit '{}'", request.unit),
                      did_you_mean(request.unit, unit_texts()),
                      fmt::format("units: {}", joined(unit_texts())));
    check_expected(request, unit->quantity, fmt::format("a column in {}", request.unit));
    return *unit;
}

}  // namespace ebb
