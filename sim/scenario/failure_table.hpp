// SPDX-License-Identifier: Apache-2.0
/// The tables of what goes wrong to order: `failures`, and the code that a memory has against bits
/// that do.
#pragma once

#include "models/core/param_table.hpp"
#include "models/mcu/injected_failures.hpp"
#include "models/nvm/ecc.hpp"

namespace ebb {

[[nodiscard]] const ParamTable<FailureParams>& failures_table();
[[nodiscard]] const ParamTable<EccParams>& ecc_table();

}  // namespace ebb
