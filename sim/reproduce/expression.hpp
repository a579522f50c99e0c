// SPDX-License-Identifier: Apache-2.0
/// Arithmetic over named numbers: what an experiment measures, said in its own file.
///
/// Names may hold dots ("power.mean_off_s", "burn_47uF.packets"). Operators and functions are those
/// of muParser (+ - * / ^, comparisons that give 0 or 1, && ||, c ? a : b, min, max, sqrt, ...),
/// and the formulas of formulas.hpp. A number that is not there in a run is NaN, and so is what is
/// made of it.
#pragma once

#include "models/core/error.hpp"

#include <map>
#include <string>
#include <vector>

namespace ebb {

using Numbers = std::map<std::string, double>;

/// Throws InputError at `where` for what is no expression, or names what is not in `numbers` (with
/// the nearest name).
[[nodiscard]] double evaluate(const std::string& expression, const Numbers& numbers,
                              const Place& where);

/// The numbers that it names. Throws InputError at `where` for what is no expression.
[[nodiscard]] std::vector<std::string> names_in(const std::string& expression, const Place& where);

}  // namespace ebb
