// SPDX-License-Identifier: Apache-2.0
/// The table `runs` as CSV: header line, comma, dot, LF, empty cell for "does not apply", shortest
/// doubles that read back, sorted by point and repeat. Streamed; the file appears whole.
#pragma once

#include <string>

#include "sim/sweep/database.hpp"

namespace ebb {

/// Throws InputError if the file cannot be written.
void export_csv(Database& database, const std::string& path);

}  // namespace ebb
