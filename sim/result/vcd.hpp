// SPDX-License-Identifier: Apache-2.0
/// A run's recordings as a value change dump (IEEE 1364), readable by GTKWave and its kin.
///
/// Time scale 1 ns; stamps are rounded up, as the kernel is called. Signals: v_store_v,
/// p_harvest_w, p_load_w (real), state (3 bits, numbered as in its comment) and one wire per state,
/// so that no viewer needs a translation table; one `event` variable per kind of decision. Only
/// changes are written; of several values at one nanosecond the last stands.
///
/// Throws InputError if the folder holds no timeline.csv or a file is damaged (file:line).
#pragma once

#include <iosfwd>
#include <string>

namespace ebb {

/// Writes the dump for the run in `folder`, one line of the files at a time.
void write_vcd(const std::string& folder, std::ostream& out);

/// "12.000000000345" -> 12000000001. Throws std::invalid_argument for anything but a decimal >= 0.
[[nodiscard]] long long ceil_ns_of_text(const std::string& seconds);

}  // namespace ebb
