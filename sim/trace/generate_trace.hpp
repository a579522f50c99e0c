// SPDX-License-Identifier: Apache-2.0
/// Makes a trace by a generator's name and its parameters as text, and the file that says how it
/// was made. The parameters are those of the generator's table (ebb describe generator.rf).
#pragma once

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/core/series.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ebb {

struct GenerateRequest {
    std::string generator;                                      ///< "rf", "solar"
    std::vector<std::pair<std::string, std::string>> settings;  ///< "mean_on" -> "1.2 s"
};

struct GeneratedTrace {
    Series series;
    std::string csv;  ///< the same series in preset csv, parameters in its first lines
};

/// The generators alone; register_all() holds them too.
void register_generators(Registry& registry);

/// Throws InputError with every setting that is wrong.
[[nodiscard]] GeneratedTrace generate_trace(const GenerateRequest& request);

}  // namespace ebb
