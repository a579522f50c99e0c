// SPDX-License-Identifier: Apache-2.0
/// The option `unit`: what the values of a file are that does not say it.
#pragma once

#include "sim/trace/trace_format.hpp"
#include "sim/trace/value_units.hpp"

namespace ebb {

/// Mistake of the request if it is missing, unknown, or not what the source model reads.
[[nodiscard]] const ValueUnit& named_unit(const ReadRequest& request, const char* preset);

}  // namespace ebb
