// SPDX-License-Identifier: Apache-2.0
/// Where the program's own data is: data sheets, networks, platforms, traces.
///
/// Looked for, in this order: ../share/ebb beside an installed executable; the folder that the file
/// `<executable>.data` names (written into build folders only); the nearest folder above the
/// executable that holds models/ and traces/. No path is compiled in, so an installation can be
/// moved.
#pragma once

#include <string>
#include <vector>

#include "sim/cli/session.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "sim/scenario/reference.hpp"

namespace ebb {

/// The folder that holds models/, traces/, ... Throws InputError if it cannot be found.
[[nodiscard]] const std::string& share_folder();

[[nodiscard]] DataFolders data_folders();

/// What `read_scenario` needs, with the --set arguments of a command.
[[nodiscard]] ReadOptions read_options(const Session& session, std::vector<std::string> sets);

/// Catalog, shipped traces and cache; the mirror comes from the option, else from EBB_TRACE_MIRROR.
[[nodiscard]] TraceEnvironment trace_environment(const std::string& mirror, bool offline);

}  // namespace ebb
