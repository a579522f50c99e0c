// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/scenario_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "sim/scenario/merge.hpp"
#include "sim/scenario/named_file.hpp"
#include "sim/scenario/resolved.hpp"

namespace ebb {

namespace fs = std::filesystem;

namespace {

/// The entry is taken out of the mapping.
void erase(DocNode& map, std::string_view key) {
    DocEntry* entry = map.find(key);
    map.entries.erase(map.entries.begin() + (entry - map.entries.data()));
}

std::string scalar_of(const DocNode& map, std::string_view key) {
    const DocEntry* entry = map.find(key);
    return entry != nullptr && entry->value.kind == DocNode::Kind::scalar ? entry->value.text
                                                                          : std::string();
}

/// `source: {document, values: {active.power: {kind, why}}}` of a data sheet, as words by key.
std::map<std::string, std::string> origins_of(const DocNode& source) {
    std::map<std::string, std::string> origins;
    const DocEntry* values = source.find("values");
    if (values == nullptr) {
        return origins;
    }
    for (const DocEntry& entry : values->value.entries) {
        const std::string kind = scalar_of(entry.value, "kind");
        const std::string why = scalar_of(entry.value, "why");
        std::string words = kind + (kind.empty() || why.empty() ? "" : ": ") + why;
        std::replace(words.begin(), words.end(), '\n', ' ');  // it becomes a comment of one line
        origins[entry.key] = std::move(words);
    }
    return origins;
}

}  // namespace

std::string absolute_path(const std::string& folder, const std::string& path) {
    const fs::path full = fs::path(path).is_absolute() ? fs::path(path) : fs::path(folder) / path;
    return fs::absolute(full).lexically_normal().string();
}

std::string folder_of(const Facts& facts, const std::string& path) {
    const SourceRef source = facts.source_of(path);
    return source ? source->folder : std::string();
}

void ScenarioFiles::note_input(const std::string& role, const std::string& path,
                               const std::string& text) {
    const bool known = std::any_of(inputs_.begin(), inputs_.end(), [&](const InputFile& f) {
        return f.role == role && f.path == path;
    });
    if (!known) {
        inputs_.push_back({role, path, loaded_->sha256(text)});
    }
}

std::optional<DocNode> ScenarioFiles::scenario(const std::string& name, const std::string& text) {
    note_input("scenario", name, text);
    return loaded_->document(SourceText::Role::scenario, name, text, "", mistakes_);
}

std::optional<DocNode> ScenarioFiles::read_include(const std::string& path, const Place& where,
                                                   const Table& table) {
    std::error_code error;
    const std::string real = fs::weakly_canonical(path, error).string();
    if (std::find(open_includes_.begin(), open_includes_.end(), real) != open_includes_.end()) {
        mistakes_.add(where, fmt::format("'{}' includes itself", path));
        return std::nullopt;
    }
    const auto text = read_text_file(path, where, mistakes_);
    if (!text) {
        return std::nullopt;
    }
    note_input("include", path, *text);
    auto node = loaded_->document(SourceText::Role::include, path, *text, "", mistakes_);
    if (!node) {
        return std::nullopt;
    }
    if (node->kind != DocNode::Kind::map) {
        mistakes_.add(node->spot.place(),
                      fmt::format("an included file must be a mapping, not {}", node->kind_text()));
        return std::nullopt;
    }
    open_includes_.push_back(real);
    merge_includes(*node, table);
    open_includes_.pop_back();
    return node;
}

void ScenarioFiles::merge_includes(DocNode& root, const Table& table) {
    const DocEntry* include = root.find("include");
    if (include == nullptr) {
        return;
    }
    const DocNode value = include->value;
    erase(root, "include");
    const std::vector<DocNode> files =
        value.kind == DocNode::Kind::list ? value.items : std::vector<DocNode>{value};
    for (const DocNode& file : files) {
        if (file.kind != DocNode::Kind::scalar) {
            mistakes_.add(file.spot.place(), fmt::format("include takes a file or a list of files, "
                                                         "not {}",
                                                         file.kind_text()));
            continue;
        }
        const fs::path given(file.text);
        const std::string path =
            given.is_absolute() ? file.text : (fs::path(file.spot.source->folder) / given).string();
        if (auto under = read_include(path, file.spot.place(), table)) {
            merge_under(root, *under, &table);
        }
    }
}

bool ScenarioFiles::merge_part(DocNode& block, const Row& row) {
    DocNode& part = block.find("part")->value;
    const std::size_t before = mistakes_.count();
    if (part.kind != DocNode::Kind::scalar) {
        mistakes_.add(part.spot.place(), fmt::format("{}.part must be a name or a file, not {}",
                                                     row.key, part.kind_text()));
        return false;
    }
    const NamedFile* file = nullptr;
    try {
        file = &loaded_->named(part.text, part.spot.source->folder,
                               options_.parts_folder + "/" + row.part_kind + "/parts",
                               {"part", ".yaml"}, part.spot.place());
    } catch (const InputError& error) {
        mistakes_.add(error, part.spot.place());
        return false;
    }
    note_input("part", file->path, file->text);
    auto sheet =
        loaded_->document(SourceText::Role::part, file->path, file->text, file->name, mistakes_);
    if (sheet && sheet->kind != DocNode::Kind::map) {
        mistakes_.add(sheet->spot.place(),
                      fmt::format("a data sheet must be a mapping, not {}", sheet->kind_text()));
    }
    if (!sheet || mistakes_.count() != before) {
        return false;
    }
    if (const DocEntry* origins = sheet->find("source")) {
        part_origins_[sheet->spot.source.get()] = origins_of(origins->value);
        erase(*sheet, "source");
    }
    if (part.text != file->name) {
        part.text = absolute_path("", file->path);
    }
    merge_under(block, *sheet, row.table.get());
    return true;
}

std::string ScenarioFiles::origin(const Spot& spot, const std::string& path) const {
    if (!spot.source) {
        return "default";
    }
    switch (spot.source->role) {
        case SourceText::Role::argument:
            return "--set";
        case SourceText::Role::include:
            return fmt::format("included {}:{}", spot.source->name, spot.line);
        case SourceText::Role::part: {
            const auto known = part_origins_.find(spot.source.get());
            if (known == part_origins_.end()) {
                return fmt::format("part {}", spot.source->label);
            }
            // The part's block may lie deep in the scenario: its keys are the ends of the path.
            for (auto dot = path.find('.'); dot != std::string::npos;
                 dot = path.find('.', dot + 1)) {
                const auto words = known->second.find(path.substr(dot + 1));
                if (words != known->second.end()) {
                    return fmt::format("part {} ({})", spot.source->label, words->second);
                }
            }
            return fmt::format("part {}", spot.source->label);
        }
        case SourceText::Role::scenario:
            break;
    }
    return fmt::format("line {}", spot.line);
}

}  // namespace ebb
