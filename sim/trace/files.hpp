// SPDX-License-Identifier: Apache-2.0
/// Files of traces: read whole, written whole or not at all.
#pragma once

#include "models/core/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace ebb {

/// The bytes of a file. Throws InputError at `where` if it is missing, a folder, or cannot be read.
[[nodiscard]] std::string read_file(const std::string& path, const Place& where);

/// The text of a trace without byte order mark. Throws InputError if the bytes are no text; gzip,
/// HDF5 and pickles are named.
[[nodiscard]] std::string_view text_of(const std::string& bytes, const std::string& path);

/// The same for a text of which the beginning is known: refuses what is no text by its first bytes,
/// and gives the length of the byte order mark.
[[nodiscard]] std::size_t check_beginning(std::string_view head, const std::string& path);

/// The same for the rest, block by block: counts the lines, and throws at a zero byte.
class TextScan {
public:
    explicit TextScan(std::string path) : path_(std::move(path)) {}
    void add(std::string_view block);
    [[nodiscard]] std::size_t line_breaks() const noexcept { return line_breaks_; }

private:
    std::string path_;
    std::size_t line_breaks_ = 0;
};

/// Writes beside the target and renames, so that a reader never sees half a file. Makes folders.
void write_file_whole(const std::string& path, std::string_view bytes);

/// The same with the bytes of another file.
void copy_file_whole(const std::string& path, const std::string& from);

}  // namespace ebb
