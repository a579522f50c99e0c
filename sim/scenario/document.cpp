// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/document.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace ebb {

namespace {

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // not a UTF-8 continuation
    }));
}

/// Bytes of the word, number or quoted text that begins at the front.
std::size_t word_length(std::string_view rest) {
    if (rest.empty()) {
        return 1;
    }
    if (rest.front() == '"' || rest.front() == '\'') {
        const std::size_t end = rest.find(rest.front(), 1);
        return end == std::string_view::npos ? rest.size() : end + 1;
    }
    if (rest.front() == '{' || rest.front() == '[') {
        return 1;
    }
    std::size_t end = rest.size();
    for (const std::string_view stop : {": ", " #", ", ", "}", "]", "="}) {
        end = std::min(end, rest.find(stop));
    }
    std::string_view word = rest.substr(0, end);
    while (!word.empty() && (word.back() == ' ' || word.back() == ':' || word.back() == ',')) {
        word.remove_suffix(1);
    }
    return std::max<std::size_t>(1, word.size());
}

}  // namespace

SourceRef make_source(SourceText::Role role, std::string name, std::string_view text,
                      std::string label) {
    auto source = std::make_shared<SourceText>();
    source->role = role;
    source->name = std::move(name);
    source->label = std::move(label);
    // A path in an argument starts where the user stands, one in a file at the file's folder.
    if (role != SourceText::Role::argument) {
        source->folder = std::filesystem::path(source->name).parent_path().string();
    }
    if (text.substr(0, 3) == "\xEF\xBB\xBF") {
        text.remove_prefix(3);
    }
    source->text.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
            continue;
        }
        source->text += text[i];
    }
    source->begin.push_back(0);
    for (std::size_t i = 0; i < source->text.size(); ++i) {
        if (source->text[i] == '\n') {
            source->begin.push_back(i + 1);
        }
    }
    return source;
}

std::string_view SourceText::line(int number) const {
    if (number < 1 || static_cast<std::size_t>(number) > begin.size()) {
        return {};
    }
    const std::string_view rest =
        std::string_view(text).substr(begin[static_cast<std::size_t>(number) - 1]);
    return rest.substr(0, rest.find('\n'));
}

Place Spot::place() const {
    Place place;
    if (!source) {
        return place;
    }
    place.file = source->name;
    place.line = source->role == SourceText::Role::argument ? 0 : line;
    const std::string_view text = source->line(line);
    place.excerpt = std::string(text);
    if (column > 0) {
        const std::size_t at = std::min(text.size(), static_cast<std::size_t>(column) - 1);
        const std::string_view rest = text.substr(at);
        place.column = static_cast<int>(characters(text.substr(0, at))) + 1;
        place.length = static_cast<int>(characters(rest.substr(0, word_length(rest))));
        place.length = std::max(1, place.length);
    }
    return place;
}

const DocEntry* DocNode::find(std::string_view key) const {
    for (const DocEntry& entry : entries) {
        if (entry.key == key) {
            return &entry;
        }
    }
    return nullptr;
}

DocEntry* DocNode::find(std::string_view key) {
    return const_cast<DocEntry*>(std::as_const(*this).find(key));
}

const char* DocNode::kind_text() const {
    switch (kind) {
        case Kind::null:
            return "nothing";
        case Kind::scalar:
            return "a single value";
        case Kind::list:
            return "a list";
        case Kind::map:
            return "a mapping";
    }
    return "";
}

}  // namespace ebb
