// SPDX-License-Identifier: Apache-2.0
/// Data files that a scenario names: a shipped one by its name, or a user's own one by its path.
/// Reads a whole file, and says what is missing with the nearest name and the list.
#pragma once

#include "models/core/error.hpp"

#include <string>
#include <vector>

namespace ebb {

struct NamedFileKind {
    const char* noun;       ///< "network"
    const char* extension;  ///< ".csv"
};

struct NamedFile {
    std::string name;  ///< file name without folder and extension
    std::string path;
    std::string text;
};

/// Names (without extension) of the files of a folder, in alphabetical order.
[[nodiscard]] std::vector<std::string> names_in(const std::string& folder,
                                                const NamedFileKind& kind);

/// A text with a '/' or the kind's extension at its end is a path relative to `base_folder`, else
/// the name of a file in `folder`. Throws InputError at `where` if it cannot be found or read, or
/// holds what cannot be text.
[[nodiscard]] NamedFile load_named_file(const std::string& name_or_path,
                                        const std::string& base_folder, const std::string& folder,
                                        const NamedFileKind& kind, const Place& where);

/// Line `line` (from 1) of a text without its line break, for excerpts.
[[nodiscard]] std::string line_of(const std::string& text, int line);

}  // namespace ebb
