// SPDX-License-Identifier: Apache-2.0
/// A generator makes a Series from parameters and a seed, the same on every machine. It stands
/// where a recorded trace would stand: the source model turns its numbers into energy.
#pragma once

#include "models/core/series.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ebb {

class Generator {
public:
    virtual ~Generator() = default;
    [[nodiscard]] virtual Series generate() const = 0;
    /// Parameters with their values and units, in the order of the table: what a written file says
    /// in its first lines.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> stated() const = 0;
};

}  // namespace ebb
