// SPDX-License-Identifier: Apache-2.0
/// Files of traces: read whole, written whole or not at all.
#pragma once

#include "models/core/error.hpp"

#include <string>
#include <string_view>

namespace ebb {

/// The bytes of a file. Throws InputError at `where` if it is missing, a folder, or cannot be read.
[[nodiscard]] std::string read_file(const std::string& path, const Place& where);

/// The text of a trace without byte order mark. Throws InputError if the bytes are no text; gzip,
/// HDF5 and pickles are named.
[[nodiscard]] std::string_view text_of(const std::string& bytes, const std::string& path);

/// Writes beside the target and renames, so that a reader never sees half a file. Makes folders.
void write_file_whole(const std::string& path, std::string_view bytes);

}  // namespace ebb
