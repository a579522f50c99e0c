// SPDX-License-Identifier: Apache-2.0
/// Finding a column by the name that a person types.
///
/// In this order, and the first rule under which exactly one column fits decides:
///   1. the column's own name                       work.latency_p95_s
///   2. its last parts, whole words between dots     latency_p95_s
///   3. the same without the unit at its end         store.capacitance, latency_p95
/// Several columns under one rule are an error that names them, never a choice made for the user.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/core/error.hpp"

namespace ebb {

struct FoundName {
    std::size_t index = 0;
    bool found = false;
    std::string message;  ///< if not found: what is wrong, without place
    std::string hint;     ///< the nearest name, or those that fit
};

[[nodiscard]] FoundName find_name(std::string_view name, const std::vector<std::string>& names);

/// Is it near to one of these, to its last parts, or to either without a unit?
[[nodiscard]] bool may_mean(std::string_view name, const std::vector<std::string>& names);

/// The index. Throws InputError; `where` is the option that holds the name, e.g. "--minimize".
[[nodiscard]] std::size_t name_or_mistake(std::string_view name,
                                          const std::vector<std::string>& names,
                                          const std::string& where);

}  // namespace ebb
