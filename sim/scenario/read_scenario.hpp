// SPDX-License-Identifier: Apache-2.0
/// Reads a scenario: YAML in, a typed Scenario in SI out, or every mistake in one pass.
///
/// Order of precedence, highest first: --set, the scenario, its includes (in order), a block's
/// part, defaults. A block that is given with another type replaces the lower one whole.
///
/// Stated rules of the text: UTF-8, a byte order mark and CRLF are accepted; tabs do not indent;
/// one document; a key once; no merge keys (include: and part: compose); true and false are the
/// only truth values; a key without a value is a mistake. A scenario has at most 4 MB.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/component.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/trace/environment.hpp"

namespace ebb {

class LoadedFiles;

struct ReadOptions {
    std::vector<std::string> sets;  ///< "store.capacitance=47 uF", in order
    std::string parts_folder;       ///< holds <kind>/parts/*.yaml
    std::string networks_folder;
    std::string platforms_folder;
    TraceEnvironment traces;
    std::shared_ptr<LoadedFiles> loaded;  ///< what earlier readings have read; null: nothing
};

/// Throws InputError with every mistake, in the order of the files' lines.
[[nodiscard]] Scenario read_scenario(const std::string& path, const Registry& registry,
                                     const ReadOptions& options);

/// The same for a text; `name` stands for the file in messages, relative paths start at its folder.
[[nodiscard]] Scenario read_scenario_text(std::string_view text, const std::string& name,
                                          const Registry& registry, const ReadOptions& options);

}  // namespace ebb
