// SPDX-License-Identifier: Apache-2.0
/// yaml-cpp's events become our tree. Events, not YAML::Node: every mark is there, duplicate keys
/// are seen, depth and size can be bounded, and nothing is converted behind our back.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>
#include <utility>

#include "models/core/nearest.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/mistake_list.hpp"

namespace ebb {

namespace {

constexpr std::size_t kMostBytes = 4000000;
constexpr std::size_t kMostNodes = 200000;
constexpr std::size_t kMostDepth = 60;

/// Ends the parse after a mistake that was noted.
struct Enough {};

class TreeBuilder : public YAML::EventHandler {
public:
    TreeBuilder(SourceRef source, int first_column, MistakeList& mistakes)
        : source_(std::move(source)), first_column_(first_column), mistakes_(mistakes) {}

    [[nodiscard]] std::optional<DocNode> take() { return std::move(root_); }
    [[nodiscard]] bool started() const { return started_; }
    [[nodiscard]] Spot start() const { return start_; }
    /// Collections as keys, once the text has turned out to be YAML.
    void report_odd_keys() {
        for (const Spot& key : odd_keys_) {
            mistakes_.add(key.place(), "a key must be a word, not a list or mapping");
        }
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        started_ = true;
        start_ = spot(mark);
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        leaf(DocNode::Kind::null, mark, "", "", anchor);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        leaf(DocNode::Kind::scalar, mark, tag, value, anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto known = anchors_.find(anchor);
        DocNode node;
        if (known == anchors_.end()) {
            node.spot = spot(mark);
            mistakes_.add(node.spot.place(), "this alias stands inside of what it names");
        } else {
            count(known->second.size, mark);
            node = known->second.node;
        }
        place(std::move(node), mark);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(DocNode::Kind::list, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(DocNode::Kind::map, mark, tag, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        DocNode node;
        YAML::anchor_t anchor;
        std::size_t nodes_before;
        bool has_key = false;
        bool drop = false;    ///< the value of a key that was refused
        bool is_key = false;  ///< a collection where a key should be
        DocEntry entry{};
    };
    struct Anchored {
        DocNode node;
        std::size_t size;
    };

    [[nodiscard]] Spot spot(const YAML::Mark& mark) const {
        const int shift = mark.line == 0 ? first_column_ : 1;
        return {source_, mark.line + 1, mark.column + shift};
    }

    void count(std::size_t nodes, const YAML::Mark& mark) {
        nodes_ += nodes;
        if (nodes_ > kMostNodes) {
            mistakes_.add(
                spot(mark).place(),
                fmt::format("more than {} values; a scenario is a small text", kMostNodes));
            throw Enough{};
        }
    }

    void check_tag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!") {
            mistakes_.add(spot(mark).place(),
                          fmt::format("the YAML tag '{}' is not used here", tag), "leave it out");
        }
    }

    void leaf(DocNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
              const std::string& value, YAML::anchor_t anchor) {
        count(1, mark);
        check_tag(mark, tag);
        DocNode node;
        node.kind = kind;
        node.text = value;
        node.spot = spot(mark);
        if (anchor != YAML::NullAnchor) {
            anchors_[anchor] = {node, 1};
        }
        place(std::move(node), mark);
    }

    void open(DocNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
              YAML::anchor_t anchor) {
        count(1, mark);
        check_tag(mark, tag);
        if (frames_.size() == kMostDepth) {
            mistakes_.add(spot(mark).place(),
                          fmt::format("nested deeper than {} levels", kMostDepth));
            throw Enough{};
        }
        bool is_key = false;
        if (!frames_.empty() && frames_.back().node.kind == DocNode::Kind::map &&
            !frames_.back().has_key) {
            // An open bracket further on can make any list look like a key: said only if all is
            // well.
            odd_keys_.push_back(spot(mark));
            is_key = true;
        }
        Frame frame{{}, anchor, nodes_, false, false, is_key, {}};
        frame.node.kind = kind;
        frame.node.spot = spot(mark);
        frames_.push_back(std::move(frame));
    }

    void close() {
        Frame frame = std::move(frames_.back());
        frames_.pop_back();
        if (frame.anchor != YAML::NullAnchor) {
            anchors_[frame.anchor] = {frame.node, nodes_ - frame.nodes_before + 1};
        }
        if (frame.is_key) {
            frames_.back().has_key = true;
            frames_.back().drop = true;
            return;
        }
        put(std::move(frame.node));
    }

    void place(DocNode node, const YAML::Mark& mark) {
        if (!frames_.empty() && frames_.back().node.kind == DocNode::Kind::map &&
            !frames_.back().has_key) {
            begin_key(node, mark);
            return;
        }
        put(std::move(node));
    }

    void begin_key(const DocNode& key, const YAML::Mark& mark) {
        Frame& frame = frames_.back();
        frame.has_key = true;
        frame.drop = true;
        frame.entry = {key.text, spot(mark), {}};
        const Place place = frame.entry.spot.place();
        if (key.kind != DocNode::Kind::scalar || key.text.empty()) {
            mistakes_.add(place, "a key must be a word");
        } else if (key.text == "<<") {
            mistakes_.add(place, "merge keys are not used here",
                          "include: takes keys from another file, part: from a data sheet");
        } else if (const DocEntry* first = frame.node.find(key.text)) {
            mistakes_.add(place, fmt::format("key '{}' is given twice; first in line {}", key.text,
                                             first->spot.line));
        } else {
            frame.drop = false;
        }
    }

    void put(DocNode node) {
        if (frames_.empty()) {
            root_ = std::move(node);
            return;
        }
        Frame& frame = frames_.back();
        if (frame.node.kind == DocNode::Kind::list) {
            frame.node.items.push_back(std::move(node));
            return;
        }
        if (!frame.drop) {
            frame.entry.value = std::move(node);
            frame.node.entries.push_back(std::move(frame.entry));
        }
        frame.has_key = false;
    }

    SourceRef source_;
    int first_column_;
    MistakeList& mistakes_;
    bool started_ = false;
    Spot start_;
    std::vector<Frame> frames_;
    std::vector<Spot> odd_keys_;
    std::map<YAML::anchor_t, Anchored> anchors_;
    std::size_t nodes_ = 0;
    std::optional<DocNode> root_;
};

/// Is the text valid UTF-8? Gives the offset of the first byte that is not.
std::optional<std::size_t> not_utf8(std::string_view s) {
    for (std::size_t i = 0; i < s.size();) {
        const auto c = static_cast<unsigned char>(s[i]);
        const std::size_t n = c < 0x80U                   ? 1
                              : (c >= 0xC2U && c < 0xE0U) ? 2
                              : (c >= 0xE0U && c < 0xF0U) ? 3
                              : (c >= 0xF0U && c < 0xF5U) ? 4
                                                          : 0;
        if (n == 0 || i + n > s.size()) {
            return i;
        }
        for (std::size_t k = 1; k < n; ++k) {
            if ((static_cast<unsigned char>(s[i + k]) & 0xC0U) != 0x80U) {
                return i;
            }
        }
        i += n;
    }
    return std::nullopt;
}

/// What no YAML parser need see: binary files, other encodings, tabs as indentation.
bool is_text(const SourceRef& source, MistakeList& mistakes) {
    const std::string& text = source->text;
    const Place whole{source->name, 0, 0, {}, 1};
    if (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF") {
        mistakes.add(whole, "the file is UTF-16; a scenario is UTF-8");
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if ((c < 0x20U && c != '\n' && c != '\t' && c != '\r') || c == 0x7FU) {
            mistakes.add(whole, fmt::format("not a text file: byte 0x{:02x} at offset {}", c, i));
            return false;
        }
    }
    if (const auto at = not_utf8(text)) {
        mistakes.add(whole, fmt::format("not UTF-8: byte 0x{:02x} at offset {}",
                                        static_cast<unsigned char>(text[*at]), *at));
        return false;
    }
    bool good = true;
    for (std::size_t i = 0; i < source->begin.size(); ++i) {
        const std::string_view line = source->line(static_cast<int>(i) + 1);
        const std::size_t first = line.find_first_not_of(" \t");
        const std::size_t tab = line.find('\t');
        if (first != std::string_view::npos && tab < first) {
            mistakes.add(Spot{source, static_cast<int>(i) + 1, static_cast<int>(tab) + 1}.place(),
                         "a tab indents this line; YAML indents by spaces");
            good = false;
        }
    }
    return good;
}

void add_yaml_error(const YAML::Exception& error, const SourceRef& source, int first_column,
                    MistakeList& mistakes) {
    Spot spot{source, error.mark.line + 1,
              error.mark.column + (error.mark.line == 0 ? first_column : 1)};
    std::string message = error.msg;
    if (message == "end of map not found" || message == "end of sequence not found") {
        message =
            "a line is indented differently from the ones it belongs to, or a bracket is missing";
    } else if (message == "illegal map value") {
        message = "a second ': ' in one value; put the text in quotes";
    }
    mistakes.add(error.mark.is_null() ? Place{source->name, 0, 0, {}, 1} : spot.place(),
                 "not valid YAML: " + message);
}

std::optional<DocNode> parse(const SourceRef& source, const std::string& text, int first_column,
                             MistakeList& mistakes) {
    std::istringstream in(text);
    TreeBuilder builder(source, first_column, mistakes);
    try {
        YAML::Parser parser(in);
        parser.HandleNextDocument(builder);
        builder.report_odd_keys();
        TreeBuilder second(source, first_column, mistakes);
        if (parser.HandleNextDocument(second) && second.started()) {
            mistakes.add(second.start().place(), "a second document begins here; a scenario is one",
                         "remove the line '---'");
        }
    } catch (const YAML::Exception& error) {
        add_yaml_error(error, source, first_column, mistakes);
        return std::nullopt;
    } catch (const Enough&) {
        return std::nullopt;
    }
    return builder.take();
}

}  // namespace

std::optional<DocNode> parse_document(const SourceRef& source, MistakeList& mistakes) {
    if (source->text.size() > kMostBytes) {
        mistakes.add(Place{source->name, 0, 0, {}, 1},
                     "larger than 4 MB; a scenario is a small text, traces are files of their own");
        return std::nullopt;
    }
    if (!is_text(source, mistakes)) {
        return std::nullopt;
    }
    const std::size_t before = mistakes.count();
    auto root = parse(source, source->text, 1, mistakes);
    if (mistakes.count() == before && (!root || root->kind == DocNode::Kind::null)) {
        mistakes.add(Place{source->name, 0, 0, {}, 1}, "the file is empty");
        return std::nullopt;
    }
    return root;
}

std::optional<DocNode> parse_value(const SourceRef& source, int column, MistakeList& mistakes) {
    const std::string text = source->text.substr(static_cast<std::size_t>(column) - 1);
    const std::size_t first = text.find_first_not_of(" \t\n");
    if (first == std::string::npos) {
        DocNode nothing;
        nothing.spot = {source, 1, column};
        return nothing;
    }
    if (std::string_view("[{\"'").find(text[first]) != std::string_view::npos) {
        return is_text(source, mistakes) ? parse(source, text, column, mistakes) : std::nullopt;
    }
    DocNode word;
    const bool null = text == "null" || text == "~";
    word.kind = null ? DocNode::Kind::null : DocNode::Kind::scalar;
    word.text = text.substr(first, text.find_last_not_of(" \t\n") + 1 - first);
    word.spot = {source, 1, column + static_cast<int>(first)};
    return word;
}

std::optional<std::string> read_text_file(const std::string& path, const Place& where,
                                          MistakeList& mistakes) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (!fs::exists(path, error)) {
        std::vector<std::string> beside;
        fs::path folder = fs::path(path).parent_path();
        for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, error)) {
            beside.push_back(entry.path().filename().string());
        }
        mistakes.add(where, fmt::format("there is no file '{}'", path),
                     did_you_mean(fs::path(path).filename().string(), beside));
        return std::nullopt;
    }
    if (fs::is_directory(path, error)) {
        mistakes.add(where, fmt::format("'{}' is a folder, not a file", path));
        return std::nullopt;
    }
    std::ifstream in(path, std::ios::binary);
    // Piece by piece: a device has no size, and a file is rarely as long as one may be.
    std::string text;
    std::array<char, 16384> piece;
    do {
        in.read(piece.data(), piece.size());
        text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    } while (in && text.size() <= kMostBytes);
    if (!in.is_open() || in.bad()) {
        mistakes.add(where, fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
        return std::nullopt;
    }
    return text;
}

}  // namespace ebb
