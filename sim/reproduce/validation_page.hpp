// SPDX-License-Identifier: Apache-2.0
/// docs/validation.md: its part between two marks is written from reproductions, the rest is kept.
#pragma once

#include "sim/reproduce/reproduction.hpp"

#include <string>
#include <vector>

namespace ebb {

/// The part, marks included: an overview, then each experiment with the rows that have a verdict.
/// The only lines that differ between builds begin with "Version" and "Inputs".
[[nodiscard]] std::string validation_part(const std::vector<Reproduction>& all,
                                          const std::string& version);

/// `page` with its part replaced; a page without marks gets it at its end.
[[nodiscard]] std::string with_validation_part(const std::string& page, const std::string& part);

}  // namespace ebb
