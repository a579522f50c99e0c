// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/text_lines.hpp"

#include "sim/trace/file_mistakes.hpp"

namespace ebb {
namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 30U;

}  // namespace

TextLines::TextLines(const TraceText& text) : place_(text.place()) {
    if (text.in_memory()) {
        rest_ = text.head();
        return;
    }
    more_ = text.open();
    window_.resize(text.window());
}

bool TextLines::read_on() {
    const std::size_t have = rest_.size();
    if (have > 0)
        std::memmove(window_.data(), rest_.data(), have);
    if (have == window_.size()) {
        if (have >= kLongestLine) {
            place_.line = number_ + 1;
            throw_mistake(place_, "this line is longer than 1 GiB", "is it a text file?");
        }
        window_.resize(2 * have);
    }
    const std::size_t got = more_->read(window_.data() + have, window_.size() - have);
    rest_ = std::string_view(window_).substr(0, have + got);
    if (got == 0)
        more_ = nullptr;
    return got > 0;
}

}  // namespace ebb
