// SPDX-License-Identifier: Apache-2.0
/// What `ebb describe`, `ebb schema` and `ebb new` draw on: the scenario's tables, the components
/// and the names of shipped data. Nothing in those three repeats what a table already says.
#pragma once

#include "models/core/component.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ebb {

/// Folders of shipped data, found by `main`.
struct DataFolders {
    std::string models;   ///< holds <kind>/parts, workload/networks, workload/platforms
    std::string catalog;  ///< the trace catalog's file; empty = no traces are suggested
    [[nodiscard]] std::string parts(const std::string& kind) const;
    [[nodiscard]] std::string networks() const;
    [[nodiscard]] std::string platforms() const;
};

/// A row of the scenario with the path that leads to it, e.g. "mcu.boot.time".
[[nodiscard]] std::string join_path(const std::string& path, const std::string& key);

/// The row's unit, range and default in one line: "unit Ohm, at least 0 Ohm, default 0 Ohm".
[[nodiscard]] std::string row_facts(const Row& row);
/// "required", "default 0 Ohm" or "optional".
[[nodiscard]] std::string presence_text(const Row& row);
/// What kind of value a row takes: "quantity [V]", "one of hold, linear", "block", ...
[[nodiscard]] std::string value_kind_text(const Row& row);

/// A value of a part file, with the evidence for it.
struct PartValue {
    std::string key;    ///< path in the block: "boot.time"
    std::string value;  ///< as in the file: "1 ms"
    std::string kind;   ///< datasheet | measured | estimate | unconfirmed; "not stated"
    std::string why;
};

/// A shipped part as its file says it.
struct PartSheet {
    std::vector<std::string> head;  ///< comment lines at the head, without the licence line
    std::string document;
    std::vector<PartValue> values;  ///< in the order of the block's table
};

/// Names that a text row may well hold, by its path: suggestions, never the only valid ones.
using Suggestions = std::map<std::string, std::vector<std::string>>;

/// Everything the three commands need.
struct Reference {
    std::shared_ptr<const Table> scenario;  ///< the top level
    const Registry* registry = nullptr;
    DataFolders folders;

    /// Parts by kind, networks, platforms and trace ids as suggestions for the rows that name them.
    [[nodiscard]] Suggestions suggestions() const;
    /// Kinds of parts that the scenario's blocks can name, in order of the scenario.
    [[nodiscard]] std::vector<std::string> part_kinds() const;
    [[nodiscard]] std::vector<std::string> part_names(const std::string& kind) const;
    /// `block` is the row that names parts (its `part_kind` and table).
    [[nodiscard]] PartSheet part(const Row& block, const std::string& name) const;
};

}  // namespace ebb
