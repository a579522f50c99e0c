// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/file_mistakes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ebb {
namespace {

// A line of a data file may be megabytes long (binary junk, a lost line break): show its beginning.
constexpr std::size_t kLongestExcerpt = 160;

/// Data may hold control characters; a terminal must not obey them.
std::string printable(std::string_view text) {
    std::string out(text.substr(0, kLongestExcerpt));
    for (char& c : out)
        if (c == '\t')
            c = ' ';
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    return out;
}

}  // namespace

void FileMistakes::add(const LinePlace& at, std::string message, std::string hint,
                       std::string note) {
    ++count_;
    if (mistakes_.size() >= kMost)
        return;
    Mistake mistake;
    mistake.place.file = file_;
    mistake.place.line = at.line;
    mistake.place.excerpt = printable(at.text);
    if (at.line > 0 && at.begin < kLongestExcerpt) {
        mistake.place.column = static_cast<int>(at.begin) + 1;
        const std::size_t room = std::max<std::size_t>(
            1, mistake.place.excerpt.size() - std::min(at.begin, mistake.place.excerpt.size()));
        mistake.place.length = static_cast<int>(std::clamp<std::size_t>(at.length, 1, room));
    }
    mistake.message = std::move(message);
    mistake.hint = std::move(hint);
    mistake.note = std::move(note);
    mistakes_.push_back(std::move(mistake));
}

void FileMistakes::throw_if_any() const {
    if (count_ == 0)
        return;
    std::vector<Mistake> all = mistakes_;
    if (count_ > all.size()) {
        Mistake more;
        more.place.file = file_;
        more.message = fmt::format("and {} more mistakes in this file", count_ - all.size());
        all.push_back(std::move(more));
    }
    throw InputError(std::move(all));
}

void throw_mistake(const Place& place, std::string message, std::string hint, std::string note) {
    Mistake mistake;
    mistake.place = place;
    mistake.message = std::move(message);
    mistake.hint = std::move(hint);
    mistake.note = std::move(note);
    throw InputError(std::vector<Mistake>{std::move(mistake)});
}

}  // namespace ebb
