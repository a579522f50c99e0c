// SPDX-License-Identifier: Apache-2.0
/// YAML as we take it: a tree of mappings, lists and words in which every key and value knows where
/// it stands. The only file of the reader that meets yaml-cpp; what it refuses is in
/// read_scenario.hpp.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/error.hpp"

namespace ebb {

/// A text that keys come from.
struct SourceText {
    enum class Role { scenario, include, part, argument };
    Role role = Role::scenario;
    std::string name;                ///< path as the user gave it; "--set"
    std::string label;               ///< part: its name
    std::string folder;              ///< relative paths in it start here
    std::string text;                ///< without byte order mark, LF only
    std::vector<std::size_t> begin;  ///< of each line in `text`

    [[nodiscard]] std::string_view line(int number) const;  ///< from 1
};
using SourceRef = std::shared_ptr<const SourceText>;

/// `label` is for parts. Accepts a byte order mark and CRLF.
[[nodiscard]] SourceRef make_source(SourceText::Role role, std::string name, std::string_view text,
                                    std::string label = {});

/// A stretch of one line of a source. Columns here are bytes; place() counts characters.
struct Spot {
    SourceRef source;
    int line = 0;
    int column = 0;
    [[nodiscard]] Place place() const;
};

struct DocEntry;

struct DocNode {
    enum class Kind { null, scalar, list, map };
    Kind kind = Kind::null;
    std::string text;  ///< scalar
    Spot spot;
    std::vector<DocNode> items;     ///< list
    std::vector<DocEntry> entries;  ///< map, in order, keys unique

    [[nodiscard]] const DocEntry* find(std::string_view key) const;
    [[nodiscard]] DocEntry* find(std::string_view key);
    [[nodiscard]] const char* kind_text() const;  ///< "a list", ...
};

struct DocEntry {
    std::string key;
    Spot spot;
    DocNode value;
};

class MistakeList;

/// The document of a source. Mistakes of the YAML itself go to the list; nothing is returned if no
/// tree could be made.
[[nodiscard]] std::optional<DocNode> parse_document(const SourceRef& source, MistakeList& mistakes);

/// A value as --set gives it: in brackets, braces or quotes YAML, else the word itself. `column` is
/// the place of the value within the source's only line.
[[nodiscard]] std::optional<DocNode> parse_value(const SourceRef& source, int column,
                                                 MistakeList& mistakes);

/// The text of a file, or a mistake at `where` ("cannot read ..."); bounded, never hangs on a
/// device.
[[nodiscard]] std::optional<std::string> read_text_file(const std::string& path, const Place& where,
                                                        MistakeList& mistakes);

}  // namespace ebb
