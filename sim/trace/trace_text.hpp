// SPDX-License-Identifier: Apache-2.0
/// The text of a recording as its reader gets it: without byte order mark, from its first character
/// on, as often as wanted. It lies in memory, or it is read from its file by windows and unpacked
/// on the way, so that its length costs no memory.
#pragma once

#include "models/core/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace ebb {

/// Characters that come one after the other.
class TextStream {
public:
    TextStream() = default;
    virtual ~TextStream() = default;
    TextStream(const TextStream&) = delete;
    TextStream& operator=(const TextStream&) = delete;
    /// Gives as many as there are, `room` at most; 0 only at the end.
    virtual std::size_t read(char* into, std::size_t room) = 0;
};

class TraceText {
public:
    TraceText() = default;
    /// In memory: of someone who outlives this.
    TraceText(std::string_view text) noexcept : head_(text) {}  // NOLINT(*-explicit-*)

    /// Of a regular file, after all of it was looked at once: throws InputError as text_of() and
    /// gunzip() do, and at `where` if it cannot be read, or is not the file of this identity
    /// (open_file.hpp) any more.
    static TraceText of_file(const std::string& path, const std::string& identity,
                             std::size_t window, const Place& where);

    /// The beginning, by which formats are told apart: two megabytes, unless the text is
    /// shorter. In memory it is everything, and a text of a file that is no longer than this and
    /// than a window is in memory.
    [[nodiscard]] std::string_view head() const noexcept { return head_; }
    /// Whether head() is all of it.
    [[nodiscard]] bool in_memory() const noexcept { return whole_; }
    [[nodiscard]] std::size_t line_breaks() const;
    /// From the first character on; only of a text that is not in memory.
    [[nodiscard]] std::unique_ptr<TextStream> open() const;
    [[nodiscard]] std::size_t window() const noexcept { return window_; }
    [[nodiscard]] Place place() const;
    /// Everything at once.
    [[nodiscard]] std::string whole() const;
    /// Throws InputError if the file was written to since of_file().
    void check_unchanged() const;

private:
    class File;
    class FileStream;
    std::shared_ptr<const File> file_;
    std::string_view head_;
    bool whole_ = true;
    std::size_t window_ = 0;
};

}  // namespace ebb
