// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/irradiance_columns.hpp"

#include "models/core/nearest.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/number_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::string_view kIrradianceUnit = "[W/m^2]";

bool irradiance(std::string_view name) {
    return name.find(kIrradianceUnit) != std::string_view::npos;
}

std::string_view without_unit(std::string_view name) {
    return trimmed(name.substr(0, std::min(name.find(" ["), name.size())));
}

bool accumulated(std::string_view name) {
    return name.find("ccumulated") != std::string_view::npos ||
           name.find("Wh") != std::string_view::npos;
}

void check_irradiance(const ReadRequest& request, const std::string& name,
                      const std::vector<std::string>& columns) {
    const bool sum = accumulated(name);
    if (irradiance(name) && !sum)
        return;
    throw_mistake(request_place(request),
                  sum ? fmt::format("column '{}' is an accumulated energy, not a power", name)
                      : fmt::format("column '{}' is not an irradiance", name),
                  "choose a column in W/m^2", fmt::format("columns: {}", joined(columns)));
}

}  // namespace

std::size_t choose_irradiance_column(const ReadRequest& request,
                                     const std::vector<std::string>& names, std::size_t first) {
    const std::vector<std::string> columns(names.begin() + static_cast<std::ptrdiff_t>(first),
                                           names.end());
    std::vector<std::size_t> found;
    std::vector<std::string> short_names;
    for (std::size_t i = first; i < names.size(); ++i) {
        const std::string_view bare = without_unit(names[i]);
        if (!request.column.empty() && (names[i] == request.column || bare == request.column)) {
            check_irradiance(request, names[i], columns);
            return i;
        }
        if (irradiance(names[i]) && !accumulated(names[i]))
            found.push_back(i);
        short_names.emplace_back(bare);
    }
    if (!request.column.empty())
        throw_mistake(request_place(request),
                      fmt::format("there is no column '{}' in {}", request.column, request.path),
                      did_you_mean(request.column, short_names),
                      fmt::format("columns: {}", joined(columns)));
    if (found.size() == 1)
        return found.front();
    throw_mistake(request_place(request),
                  fmt::format("{} has {} irradiance columns", request.path,
                              found.empty() ? std::string("no") : std::to_string(found.size())),
                  found.empty() ? "" : "say which by `column`",
                  fmt::format("columns: {}", joined(columns)));
}

}  // namespace ebb
