// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/resolved.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string_view>

namespace ebb {

namespace {

constexpr std::size_t kCommentColumn = 44;

bool plain_is_safe(const std::string& text) {
    constexpr std::array<std::string_view, 9> kWords = {"null", "true", "false", "yes", "no",
                                                        "on",   "off",  "y",     "n"};
    if (text.empty() || std::isalnum(static_cast<unsigned char>(text.front())) == 0 ||
        text.back() == ' ') {
        return false;
    }
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) {
        return false;
    }
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view(" _-./+(),").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20U) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    return out + "\"";
}

void append_line(std::string& out, std::string line, const std::string& origin) {
    if (!origin.empty()) {
        line.resize(std::max(line.size() + 2, kCommentColumn), ' ');
        line += "# " + origin;
    }
    out += line + "\n";
}

void write_children(std::string& out, const ResolvedNode& node, std::size_t indent);

/// One entry. `lead` is what stands before the key: blanks, or "- " for the first key of a list
/// item.
void write_entry(std::string& out, const ResolvedNode& node, const std::string& lead,
                 std::size_t indent) {
    const std::string head = lead + (node.key.empty() ? "" : yaml_text(node.key) + ":");
    if (node.kind == ResolvedNode::Kind::scalar) {
        append_line(out, head + " " + node.text, node.origin);
    } else if (node.children.empty()) {
        append_line(out, head + (node.kind == ResolvedNode::Kind::map ? " {}" : " []"),
                    node.origin);
    } else {
        append_line(out, head, node.origin);
        write_children(out, node, indent + 2);
    }
}

void write_children(std::string& out, const ResolvedNode& node, std::size_t indent) {
    const std::string blanks(indent, ' ');
    for (const ResolvedNode& child : node.children) {
        if (node.kind == ResolvedNode::Kind::map) {
            write_entry(out, child, blanks, indent);
            continue;
        }
        bool first = true;
        for (const ResolvedNode& entry : child.children) {
            write_entry(out, entry, first ? blanks + "- " : blanks + "  ", indent + 2);
            first = false;
        }
    }
}

}  // namespace

ResolvedNode* ResolvedNode::find(std::string_view path) {
    ResolvedNode* node = this;
    while (node != nullptr && !path.empty()) {
        const std::size_t cut = std::min(path.find_first_of(".[]", 1), path.size());
        std::string_view step = path.substr(0, cut);
        path.remove_prefix(cut);
        ResolvedNode* next = nullptr;
        if (step.front() == '[') {
            std::size_t index = 0;
            std::from_chars(step.data() + 1, step.data() + step.size(), index);
            next = index < node->children.size() ? &node->children[index] : nullptr;
            path.remove_prefix(std::min<std::size_t>(1, path.size()));  // ]
        } else {
            for (ResolvedNode& child : node->children) {
                next = child.key == step ? &child : next;
            }
        }
        if (!path.empty() && path.front() == '.') {
            path.remove_prefix(1);
        }
        node = next;
    }
    return node;
}

std::string yaml_text(const std::string& text) { return plain_is_safe(text) ? text : quoted(text); }

std::string yaml_value(const Row& row, const Value& value) {
    const bool word = std::holds_alternative<std::string>(value);
    return word ? yaml_text(std::get<std::string>(value)) : value_text(row, value);
}

std::string write_resolved(const ResolvedNode& root, const std::string& head) {
    std::string out = head;
    write_children(out, root, 0);
    return out;
}

}  // namespace ebb
