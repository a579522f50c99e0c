// SPDX-License-Identifier: Apache-2.0
/// Walks a text by lines and fields without copying.
#pragma once

#include "sim/trace/trace_text.hpp"

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

/// Lines of a text; LF or CRLF. Blank lines are passed over. A line stays until the next is wanted.
class TextLines {
public:
    explicit TextLines(std::string_view text) noexcept : rest_(text) {}
    explicit TextLines(const TraceText& text);
    TextLines(const TextLines&) = delete;
    TextLines& operator=(const TextLines&) = delete;

    /// Moves to the next line that is not blank; false at the end of the text.
    bool next() {
        for (;;) {
            const void* const found =
                rest_.empty() ? nullptr : std::memchr(rest_.data(), '\n', rest_.size());
            if (found == nullptr && more_ != nullptr && read_on())
                continue;
            if (rest_.empty())
                return false;
            terminated_ = found != nullptr;
            const std::size_t n =
                terminated_
                    ? static_cast<std::size_t>(static_cast<const char*>(found) - rest_.data())
                    : rest_.size();
            line_ = rest_.substr(0, n);
            rest_.remove_prefix(terminated_ ? n + 1 : n);
            ++number_;
            if (!line_.empty() && line_.back() == '\r')
                line_.remove_suffix(1);
            if (line_.find_first_not_of(" \t") != std::string_view::npos)
                return true;
        }
    }

    [[nodiscard]] std::string_view line() const noexcept { return line_; }
    [[nodiscard]] int number() const noexcept { return number_; }
    /// Whether a line break follows the present line.
    [[nodiscard]] bool terminated() const noexcept { return terminated_; }

private:
    /// Gets more text behind the rest; false at the end of the file.
    bool read_on();

    std::unique_ptr<TextStream> more_;  // of a text that is not in memory
    std::string window_;
    Place place_;
    std::string_view rest_;
    std::string_view line_;
    int number_ = 0;
    bool terminated_ = true;
};

/// One field of a line, without the blanks around it.
struct Field {
    std::size_t begin = 0;
    std::string_view text;
};

/// Splits at `separator`. Empty fields at the end (trailing separators) are dropped.
inline void split_fields(std::string_view line, char separator, std::vector<Field>& fields) {
    fields.clear();
    std::size_t begin = 0;
    for (;;) {
        const std::size_t end = line.find(separator, begin);
        std::size_t first = begin;
        std::size_t last = end == std::string_view::npos ? line.size() : end;
        while (first < last && (line[first] == ' ' || line[first] == '\t'))
            ++first;
        while (last > first && (line[last - 1] == ' ' || line[last - 1] == '\t'))
            --last;
        fields.push_back({first, line.substr(first, last - first)});
        if (end == std::string_view::npos)
            break;
        begin = end + 1;
    }
    while (!fields.empty() && fields.back().text.empty())
        fields.pop_back();
}

/// Splits at runs of blanks and tabs.
inline void split_blanks(std::string_view line, std::vector<Field>& fields) {
    fields.clear();
    std::size_t at = 0;
    while ((at = line.find_first_not_of(" \t", at)) != std::string_view::npos) {
        std::size_t end = line.find_first_of(" \t", at);
        end = end == std::string_view::npos ? line.size() : end;
        fields.push_back({at, line.substr(at, end - at)});
        at = end;
    }
}

}  // namespace ebb
