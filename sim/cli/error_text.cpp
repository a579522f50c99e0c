// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/error_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

constexpr std::size_t kMostExcerpt = 110;

struct Style {
    const char* bold;
    const char* red;
    const char* green;
    const char* off;
};

Style style_of(bool colour) {
    return colour ? Style{"\x1b[1m", "\x1b[1;31m", "\x1b[32m", "\x1b[0m"} : Style{"", "", "", ""};
}

/// Start of each character of a UTF-8 text, and its end.
std::vector<std::size_t> character_starts(std::string_view text) {
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {
            starts.push_back(i);
        }
    }
    starts.push_back(text.size());
    return starts;
}

/// The line around the column: long lines are cut to what fits, with dots.
struct Window {
    std::string text;
    std::size_t column;  ///< characters before the underline
    std::size_t length;
};

Window window_of(const Place& place) {
    const std::vector<std::size_t> starts = character_starts(place.excerpt);
    const std::size_t count = starts.size() - 1;
    const auto column = static_cast<std::size_t>(std::max(place.column, 1)) - 1;
    const std::size_t from =
        count <= kMostExcerpt || column < kMostExcerpt / 2 ? 0 : column - kMostExcerpt / 2;
    const std::size_t to = std::min(count, from + kMostExcerpt);
    Window w;
    w.text = place.excerpt.substr(starts[std::min(from, count)],
                                  starts[to] - starts[std::min(from, count)]);
    std::replace(w.text.begin(), w.text.end(), '\t', ' ');
    w.column = column - from;
    const std::size_t room = to > column ? to - column : 1;
    w.length =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::max(place.length, 1)), 1, room);
    if (from > 0) {
        w.text = "... " + w.text;
        w.column += 4;
    }
    if (to < count) {
        w.text += " ...";
    }
    return w;
}

std::string heading(const Place& place) {
    std::string text = place.file;
    if (place.line > 0) {
        text += fmt::format(":{}", place.line);
        if (place.column > 0) {
            text += fmt::format(":{}", place.column);
        }
    }
    return text.empty() ? std::string() : text + ": ";
}

std::string mistake_text(const Mistake& m, const Style& s) {
    std::string out = fmt::format("{}{}{}error:{} {}{}{}\n", s.bold, heading(m.place), s.red, s.off,
                                  s.bold, m.message, s.off);
    const std::string gutter = "      ";
    bool hint_shown = false;
    if (!m.place.excerpt.empty()) {
        const Window w = window_of(m.place);
        const std::string number = m.place.line > 0 ? fmt::format("{:5}", m.place.line) : "     ";
        out += fmt::format("{} | {}\n", number, w.text);
        if (m.place.column > 0) {
            out += fmt::format("{}| {}{}^{}{}", gutter, std::string(w.column, ' '), s.green,
                               std::string(w.length - 1, '~'), s.off);
            out += m.hint.empty() ? "\n" : fmt::format(" {}\n", m.hint);
            hint_shown = true;
        }
    }
    if (!hint_shown && !m.hint.empty()) {
        out += fmt::format("{}= {}\n", gutter, m.hint);
    }
    if (!m.note.empty()) {
        out += fmt::format("{}= {}\n", gutter, m.note);
    }
    return out;
}

/// How far things had come.
std::string last_line(const InputError& error) {
    const std::size_t n = error.mistakes().size();
    std::string text = fmt::format("{} error{}, ", n, n == 1 ? "" : "s");
    if (!error.stop()) {
        return text + "nothing was run\n";
    }
    if (error.stop()->finished()) {
        return text + "after the run had ended; its results were not kept\n";
    }
    return text + fmt::format("the run stopped at {} of {}\n", duration_text(error.stop()->at_s),
                              duration_text(error.stop()->of_s));
}

}  // namespace

std::string error_text(const InputError& error, bool colour) {
    const Style style = style_of(colour);
    std::string out;
    for (const Mistake& m : error.mistakes()) {
        out += mistake_text(m, style) + "\n";
    }
    return out + last_line(error);
}

std::string error_json(const InputError& error) {
    nlohmann::ordered_json json;
    json["status"] = 2;
    json["errors"] = nlohmann::ordered_json::array();
    for (const Mistake& m : error.mistakes()) {
        nlohmann::ordered_json entry;
        entry["file"] = m.place.file;
        entry["line"] = m.place.line;
        entry["column"] = m.place.column;
        entry["message"] = m.message;
        entry["hint"] = m.hint;
        entry["note"] = m.note;
        entry["excerpt"] = m.place.excerpt;
        json["errors"].push_back(std::move(entry));
    }
    if (error.stop()) {
        json["stopped_at_s"] = error.stop()->at_s;
    }
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace ebb
