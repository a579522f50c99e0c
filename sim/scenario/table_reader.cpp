// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/table_reader.hpp"

#include <fmt/format.h>

#include <utility>

#include "models/core/nearest.hpp"
#include "sim/scenario/scalar_reader.hpp"

namespace ebb {

namespace {

std::string join(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
}

/// What a row takes, for "must be ...".
std::string expected(const Row& row) {
    switch (row.kind) {
        case RowKind::block:
            return fmt::format("a mapping of {}", joined(row.table->keys()));
        case RowKind::list:
            return fmt::format("a list of mappings with {}", joined(row.table->keys()));
        case RowKind::map:
            return "a mapping";
        case RowKind::choice:
            return fmt::format("a mapping with '{}'", row.tag);
        default:
            return row.table ? "a single value or a mapping" : "a single value";
    }
}

/// "store needs 'max', such as '1.8 V'": what could be written.
std::string example(const Row& row) {
    if (row.kind == RowKind::quantity) {
        return fmt::format("for example {}: {}", row.key, example_of(row.dimension));
    }
    if (row.kind == RowKind::name) {
        return fmt::format("{}: {}", row.key, joined(row.names, " | "));
    }
    return {};
}

std::string see(const std::string& topic) {
    return topic.empty() ? "see: ebb describe scenario" : "see: ebb describe " + topic;
}

/// Path without list indices: what `ebb describe` calls a block.
std::string topic_of(const std::string& path) {
    std::string topic;
    bool inside = false;
    for (const char c : path) {
        inside = c == '[' || (inside && c != ']');
        if (!inside && c != ']') {
            topic += c;
        }
    }
    return topic;
}

}  // namespace

TableReader::TableReader(const Registry& registry, MistakeList& mistakes, Facts& facts,
                         PartMerger parts, OriginText origin)
    : registry_(registry),
      mistakes_(mistakes),
      facts_(facts),
      parts_(std::move(parts)),
      origin_(std::move(origin)) {}

bool TableReader::read_top(const DocNode& map, const Table& table, void* params,
                           ResolvedNode& resolved) {
    return read_block(map, {table, params, "", "the scenario", "", "", "include", nullptr},
                      resolved);
}

bool TableReader::read_block(const DocNode& map, const Block& block, ResolvedNode& resolved) {
    bool good = true;
    for (const DocEntry& entry : map.entries) {
        if (block.table.find(entry.key) == nullptr && entry.key != block.tag) {
            report_unknown(entry, block);
            good = false;
        }
    }
    for (const Row& row : block.table.rows) {
        const DocEntry* entry = map.find(row.key);
        const bool right = entry == nullptr ? read_missing(row, map, block, resolved)
                                            : read_row(row, *entry, block, resolved);
        good = good && right;
    }
    return good;
}

void TableReader::report_unknown(const DocEntry& entry, const Block& block) {
    std::vector<std::string> keys = block.table.keys();
    if (!block.own_key.empty()) {
        keys.insert(keys.begin(), block.own_key);
    }
    std::string hint = did_you_mean(entry.key, keys);
    if (entry.key == "sweep" && block.path.empty()) {
        hint = "many runs: ebb sweep FILE";
    }
    if (entry.key == "$schema") {
        hint = "editors take the schema from a first line '# yaml-language-server: $schema=...'";
    }
    if (block.component != nullptr && hint.empty()) {
        for (const Component* other : registry_.of(block.component->info.kind)) {
            if (other->table->find(entry.key) != nullptr) {
                hint =
                    fmt::format("'{}' belongs to {}: {}", entry.key, block.tag, other->info.name);
            }
        }
    }
    const std::string takes = keys.empty() ? "no further keys" : joined(keys);
    const std::string subject = block.describe.empty() ? "a scenario" : block.describe;
    mistakes_.add(entry.spot.place(), fmt::format("unknown key '{}' in {}", entry.key, block.title),
                  hint, fmt::format("{} takes: {} ({})", subject, takes, see(block.describe)));
}

bool TableReader::mistyped(const DocNode& map, const Block& block, const std::string& key) {
    for (const DocEntry& entry : map.entries) {
        if (block.table.find(entry.key) == nullptr &&
            nearest(entry.key, block.table.keys()) == key) {
            return true;
        }
    }
    return false;
}

bool TableReader::read_row(const Row& row, const DocEntry& entry, const Block& block,
                           ResolvedNode& resolved) {
    const std::string path = join(block.path, row.key);
    facts_.set_given(path, entry.spot);
    if (entry.value.kind == DocNode::Kind::null) {
        mistakes_.add(entry.spot.place(), fmt::format("{} has no value", path),
                      row.presence == Presence::must ? "" : "leave the key out, or give a value",
                      example(row));
        return false;
    }
    const bool mapping = entry.value.kind == DocNode::Kind::map;
    switch (row.kind) {
        case RowKind::block:
            return read_nested(row, entry, block, resolved);
        case RowKind::list:
            return read_list(row, entry, block, resolved);
        case RowKind::map:
            return read_map(row, entry, block, resolved);
        case RowKind::choice:
            return read_choice(row, entry, block, resolved);
        default:
            return row.table && mapping ? read_nested(row, entry, block, resolved)
                                        : read_scalar(row, entry, block, resolved);
    }
}

bool TableReader::read_missing(const Row& row, const DocNode& map, const Block& block,
                               ResolvedNode& resolved) {
    const std::string path = join(block.path, row.key);
    if (row.presence != Presence::defaulted && mistyped(map, block, row.key)) {
        facts_.set_given(path, map.spot);  // the unknown key beside it was meant
        return false;
    }
    if (row.presence == Presence::must) {
        Place place = block.path.empty() ? Place{map.spot.source->name, 0, 0, {}, 1}
                                         : facts_.place(block.path);
        if (!block.path.empty() && block.path.back() == ']') {
            place = map.spot.place();
        }
        mistakes_.add(place, fmt::format("{} needs '{}': {}", block.title, row.key, row.text),
                      example(row), see(block.describe));
        return false;
    }
    if (row.fallback) {
        row.set(block.params, *row.fallback);
        slots_[path] = {&row, block.params, block.owner, block.in_list};
        facts_.set_default(path, *row.fallback);
        resolved.children.push_back(
            ResolvedNode::scalar(row.key, yaml_value(row, *row.fallback), "default"));
    }
    if (row.default_choice.empty()) {
        return true;
    }
    const Component* component = registry_.find(row.component_kind, row.default_choice);
    if (component == nullptr) {
        return true;  // a registry without this kind: read_scenario says what is missing
    }
    DocNode nothing;
    nothing.kind = DocNode::Kind::map;
    nothing.spot = map.spot;
    return make_component(row, *component, nothing, block, map.spot.place(),
                          ResolvedNode::branch(ResolvedNode::Kind::map, row.key, ""), resolved);
}

void TableReader::wrong_kind(const DocEntry& entry, const std::string& path,
                             const std::string& wanted) {
    mistakes_.add(entry.value.spot.place(),
                  fmt::format("{} must be {}, not {}", path, wanted, entry.value.kind_text()));
}

bool TableReader::read_scalar(const Row& row, const DocEntry& entry, const Block& block,
                              ResolvedNode& resolved) {
    const std::string path = join(block.path, row.key);
    if (entry.value.kind != DocNode::Kind::scalar) {
        wrong_kind(entry, path, expected(row));
        return false;
    }
    const ScalarResult result = read_scalar_text(row, entry.value.text);
    if (!result.value) {
        mistakes_.add(entry.value.spot.place(), fmt::format("{} {}", path, result.message),
                      result.hint, result.note);
        return false;
    }
    row.set(block.params, *result.value);
    slots_[path] = {&row, block.params, block.owner, block.in_list};
    facts_.set(path, *result.value, entry.value.spot);
    resolved.children.push_back(ResolvedNode::scalar(row.key, yaml_value(row, *result.value),
                                                     origin_(entry.value.spot, path)));
    return true;
}

bool TableReader::read_nested(const Row& row, const DocEntry& entry, const Block& block,
                              ResolvedNode& resolved) {
    const std::string path = join(block.path, row.key);
    if (entry.value.kind != DocNode::Kind::map) {
        wrong_kind(entry, path, expected(row));
        return false;
    }
    auto node = ResolvedNode::branch(ResolvedNode::Kind::map, row.key, "");
    bool good = true;
    DocNode map = entry.value;
    if (!row.part_kind.empty()) {
        good = read_part(row, map, path, node);
    }
    if (!good) {
        // Every key may have come from the part: nothing is missing for the checks between keys.
        for (const std::string& key : row.table->keys()) {
            facts_.set_given(join(path, key), entry.spot);
        }
        return false;
    }
    facts_.set_block(path);
    const std::string topic = topic_of(path);
    good = read_block(map,
                      {*row.table, row.open(block.params), path, topic, topic, "",
                       row.part_kind.empty() ? "" : "part", nullptr, block.owner, block.in_list},
                      node);
    resolved.children.push_back(std::move(node));
    return good;
}

bool TableReader::read_part(const Row& row, DocNode& map, const std::string& path,
                            ResolvedNode& node) {
    const DocEntry* given = map.find("part");
    if (given == nullptr) {
        return true;
    }
    const std::string part_path = join(path, "part");
    const DocEntry before = *given;  // merging moves the entries
    facts_.set_given(part_path, before.spot);
    if (!parts_(map, row)) {
        return false;
    }
    const std::string name = map.find("part")->value.text;
    facts_.set(part_path, name, before.value.spot);
    node.children.push_back(
        ResolvedNode::scalar("part", yaml_text(name), origin_(before.value.spot, part_path)));
    map.entries.erase(map.entries.begin() + (map.find("part") - map.entries.data()));
    return true;
}

bool TableReader::read_list(const Row& row, const DocEntry& entry, const Block& block,
                            ResolvedNode& resolved) {
    const std::string path = join(block.path, row.key);
    if (entry.value.kind != DocNode::Kind::list) {
        wrong_kind(entry, path, expected(row));
        return false;
    }
    const std::size_t count = entry.value.items.size();
    bool good = true;
    if (count < row.least || count > row.most) {
        mistakes_.add(entry.value.spot.place(), fmt::format("{} has {} entries, outside {} .. {}",
                                                            path, count, row.least, row.most));
        good = false;
    }
    auto node = ResolvedNode::branch(ResolvedNode::Kind::list, row.key, "");
    for (std::size_t i = 0; i < count && i < row.most; ++i) {
        const DocNode& item = entry.value.items[i];
        const std::string item_path = fmt::format("{}[{}]", path, i);
        if (item.kind != DocNode::Kind::map) {
            mistakes_.add(item.spot.place(),
                          fmt::format("{} must be a mapping of {}, not {}", item_path,
                                      joined(row.table->keys()), item.kind_text()));
            good = false;
            continue;
        }
        facts_.set_given(item_path, item.spot);
        auto child = ResolvedNode::branch(ResolvedNode::Kind::map, "", "");
        DocNode map = item;
        void* const into = row.open(block.params);  // also if it fails: places count from 0
        if (!row.part_kind.empty() && !read_part(row, map, item_path, child)) {
            for (const std::string& key : row.table->keys()) {
                facts_.set_given(join(item_path, key), item.spot);
            }
            good = false;
            continue;
        }
        const Block inner{*row.table,
                          into,
                          item_path,
                          item_path,
                          topic_of(path),
                          "",
                          row.part_kind.empty() ? "" : "part",
                          nullptr,
                          block.owner,
                          true};
        good = read_block(map, inner, child) && good;
        node.children.push_back(std::move(child));
    }
    resolved.children.push_back(std::move(node));
    return good;
}

bool TableReader::read_map(const Row& row, const DocEntry& entry, const Block& block,
                           ResolvedNode& resolved) {
    const std::string path = join(block.path, row.key);
    if (entry.value.kind != DocNode::Kind::map) {
        wrong_kind(entry, path, expected(row));
        return false;
    }
    bool good = true;
    auto node = ResolvedNode::branch(ResolvedNode::Kind::map, row.key, "");
    for (const DocEntry& pair : entry.value.entries) {
        if (pair.value.kind != DocNode::Kind::scalar) {
            wrong_kind(pair, join(path, pair.key), "a single value");
            good = false;
            continue;
        }
        row.pair(block.params, pair.key, pair.value.text);
        facts_.set(join(path, pair.key), pair.value.text, pair.value.spot);
        facts_.set_given(join(path, pair.key), pair.spot);
        node.children.push_back(ResolvedNode::scalar(
            pair.key, yaml_text(pair.value.text), origin_(pair.value.spot, join(path, pair.key))));
    }
    resolved.children.push_back(std::move(node));
    return good;
}

const TableReader::Slot* TableReader::slot(const std::string& path) const {
    const auto found = slots_.find(path);
    return found == slots_.end() ? nullptr : &found->second;
}

std::vector<std::string> TableReader::paths() const {
    std::vector<std::string> all;
    for (const auto& [path, slot] : slots_) {
        all.push_back(path);
    }
    return all;
}

void TableReader::remake(std::size_t component) {
    for (std::size_t at = component; at != kNoComponent; at = made_[at].owner) {
        const Made& made = made_[at];
        made.row->put(made.into, made.component->make(made.params.get()));
    }
}

}  // namespace ebb
