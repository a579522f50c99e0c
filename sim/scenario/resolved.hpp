// SPDX-License-Identifier: Apache-2.0
/// The scenario as it will run, as YAML: every value, defaults included, each with a comment that
/// says where it came from. The text is itself a scenario and reads back to the same values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/core/param_table.hpp"

namespace ebb {

struct ResolvedNode {
    enum class Kind { scalar, map, list };
    Kind kind = Kind::map;
    std::string key;
    std::string text;    ///< scalar, as YAML
    std::string origin;  ///< "line 12", "part stm32u385 (...)", "default", ...
    std::vector<ResolvedNode> children;

    /// The node at "source.trace" or "workload.tasks[0].profile"; null if there is none.
    [[nodiscard]] ResolvedNode* find(std::string_view path);

    static ResolvedNode scalar(std::string key, std::string text, std::string origin) {
        return {Kind::scalar, std::move(key), std::move(text), std::move(origin), {}};
    }
    static ResolvedNode branch(Kind kind, std::string key, std::string origin) {
        return {kind, std::move(key), {}, std::move(origin), {}};
    }
};

/// A text as a YAML scalar: plain where no reader could take it for something else, else quoted.
[[nodiscard]] std::string yaml_text(const std::string& text);

/// A value as YAML, with its unit.
[[nodiscard]] std::string yaml_value(const Row& row, const Value& value);

/// `root` is a map without a key; `head` are comment lines.
[[nodiscard]] std::string write_resolved(const ResolvedNode& root, const std::string& head);

}  // namespace ebb
