// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/reference.hpp"

#include "models/core/nearest.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/scenario/named_file.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "sim/trace/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace ebb {

namespace {

constexpr NamedFileKind kPartKind{"part", ".yaml"};

/// Visits every row of the scenario that can name a part, with its path.
void each_part_row(const Table& table, const std::string& path,
                   const std::function<void(const Row&, const std::string&)>& visit) {
    for (const Row& row : table.rows) {
        const std::string here = join_path(path, row.key);
        if (!row.part_kind.empty()) {
            visit(row, here);
        }
        if (row.kind == RowKind::block) {
            each_part_row(*row.table, here, visit);
        }
    }
}

std::string text_of(const DocNode* map, std::string_view key) {
    const DocEntry* entry = map == nullptr ? nullptr : map->find(key);
    return entry == nullptr ? std::string() : entry->value.text;
}

const DocNode* node_of(const DocNode* map, std::string_view key) {
    const DocEntry* entry = map == nullptr ? nullptr : map->find(key);
    return entry == nullptr ? nullptr : &entry->value;
}

void add_part_values(std::vector<PartValue>& out, const Table& table, const DocNode& values,
                     const DocNode* evidence, const std::string& path) {
    for (const Row& row : table.rows) {
        const DocNode* value = node_of(&values, row.key);
        if (value == nullptr) {
            continue;
        }
        const std::string here = join_path(path, row.key);
        if (value->kind == DocNode::Kind::map && row.table) {
            add_part_values(out, *row.table, *value, evidence, here);
        } else if (value->kind == DocNode::Kind::list && row.table) {
            for (std::size_t i = 0; i < value->items.size(); ++i) {
                add_part_values(out, *row.table, value->items[i], evidence,
                                fmt::format("{}[{}]", here, i));
            }
        } else if (value->kind == DocNode::Kind::scalar) {
            const DocNode* why = node_of(evidence, here);
            if (why == nullptr) {  // a list may rest on one document as a whole
                why = node_of(evidence, here.substr(0, here.find('[')));
            }
            const std::string kind = text_of(why, "kind");
            const char* unstated = row.kind == RowKind::text ? "name" : "not stated";
            out.push_back({here, value->text, kind.empty() ? unstated : kind, text_of(why, "why")});
        }
    }
}

/// The comment lines at the head of a data file, without the licence line.
std::vector<std::string> head_comments(const std::string& text) {
    std::vector<std::string> lines;
    for (int i = 1;; ++i) {
        const std::string line = line_of(text, i);
        if (line.empty() || line.front() != '#') {
            return lines;
        }
        if (line.find("SPDX") == std::string::npos) {
            lines.push_back(line.substr(std::min(line.size(), line.find_first_not_of("# "))));
        }
    }
}

}  // namespace

std::string DataFolders::parts(const std::string& kind) const {
    return models + "/" + kind + "/parts";
}
std::string DataFolders::networks() const { return models + "/workload/networks"; }
std::string DataFolders::platforms() const { return models + "/workload/platforms"; }

std::string join_path(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
}

std::string presence_text(const Row& row) {
    if (row.presence == Presence::must) {
        return "required";
    }
    const std::string fallback = default_text(row);
    return fallback.empty() ? "optional" : "default " + fallback;
}

std::string value_kind_text(const Row& row) {
    switch (row.kind) {
        case RowKind::quantity: {
            const std::string unit = si_unit(row.dimension);
            const std::string kind = unit.empty()
                                         ? name_of(row.dimension)
                                         : fmt::format("{} [{}]", name_of(row.dimension), unit);
            return kind + (row.dbm ? " or dBm" : "") + (row.unlimited ? " or unlimited" : "");
        }
        case RowKind::integer:
            return "whole number";
        case RowKind::boolean:
            return "true or false";
        case RowKind::text:
            return row.table ? "text or mapping" : "text";
        case RowKind::file:
            return "path of a file";
        case RowKind::name:
            return joined(row.names, " | ") + (row.table ? " or mapping" : "");
        case RowKind::block:
            return "mapping";
        case RowKind::list:
            return "list of mappings";
        case RowKind::map:
            return "mapping of texts";
        case RowKind::choice:
            return fmt::format("mapping, picked by {}", row.tag);
    }
    return "";
}

std::string row_facts(const Row& row) {
    std::vector<std::string> facts = {presence_text(row)};
    if (row.kind == RowKind::quantity || row.kind == RowKind::integer) {
        const auto dimension = row.kind == RowKind::integer ? Dimension::number : row.dimension;
        const std::string range = row.range.text(dimension);
        facts.insert(facts.begin(), value_kind_text(row));
        if (!range.empty()) {
            facts.insert(facts.begin() + 1, range);
        }
    }
    return joined(facts, "; ");
}

std::vector<std::string> Reference::part_names(const std::string& kind) const {
    return names_in(folders.parts(kind), kPartKind);
}

PartSheet Reference::part(const Row& block, const std::string& name) const {
    const NamedFile file = load_named_file(name, "", folders.parts(block.part_kind), kPartKind, {});
    MistakeList mistakes;
    const auto root =
        parse_document(make_source(SourceText::Role::part, file.path, file.text), mistakes);
    mistakes.throw_if_any();
    const DocNode* source = node_of(&*root, "source");
    PartSheet sheet;
    sheet.head = head_comments(file.text);
    sheet.document = text_of(source, "document");
    const Table* table = block.table.get();
    if (block.kind == RowKind::choice) {
        const Component* component =
            registry->find(block.component_kind, text_of(&*root, block.tag));
        table = component == nullptr ? nullptr : component->table.get();
    }
    if (table != nullptr) {
        add_part_values(sheet.values, *table, *root, node_of(source, "values"), "");
    }
    return sheet;
}

std::vector<std::string> Reference::part_kinds() const {
    std::vector<std::string> kinds;
    each_part_row(*scenario, "",
                  [&](const Row& row, const std::string&) { kinds.push_back(row.part_kind); });
    return kinds;
}

Suggestions Reference::suggestions() const {
    Suggestions all;
    each_part_row(*scenario, "", [&](const Row& row, const std::string& path) {
        all[join_path(path, "part")] = part_names(row.part_kind);
    });
    if (!folders.catalog.empty()) {
        all["source.trace"] = Catalog::read(folders.catalog).ids();
    }
    all["workload.network"] = network_names(folders.networks());
    all["workload.platform"] = platform_names(folders.platforms());
    return all;
}

}  // namespace ebb
