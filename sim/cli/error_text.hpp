// SPDX-License-Identifier: Apache-2.0
/// Mistakes of the user as text and as JSON.
///
///   scenario.yaml:12:3: error: unknown key 'capacitence' in store (type: capacitor)
///      12 |   capacitence: 47 uF
///         |   ^~~~~~~~~~~ did you mean 'capacitance'?
///         = store.capacitor takes: ... (see: ebb describe store.capacitor)
#pragma once

#include <string>

#include "models/core/error.hpp"

namespace ebb {

/// One block per mistake and a last line with their number and how far a run had come. `colour`:
/// ANSI, for terminals only.
[[nodiscard]] std::string error_text(const InputError& error, bool colour);

/// {"status": 2, "errors": [{file, line, column, message, hint, note, excerpt}]}, one line;
/// "stopped_at_s" beside it if a run was under way.
[[nodiscard]] std::string error_json(const InputError& error);

}  // namespace ebb
