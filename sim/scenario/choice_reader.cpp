// SPDX-License-Identifier: Apache-2.0
/// The part of the table reader that picks components by their tag, makes them and lets them check
/// themselves against the rest of the scenario.
#include <fmt/format.h>

#include <utility>

#include "models/core/nearest.hpp"
#include "sim/scenario/table_reader.hpp"

namespace ebb {

namespace {

class ComponentCheck : public CheckContext {
public:
    ComponentCheck(const Facts& facts, MistakeList& mistakes, std::vector<std::string>& notes,
                   std::string path)
        : facts_(facts), mistakes_(mistakes), notes_(notes), path_(std::move(path)) {}

    [[nodiscard]] std::optional<double> number(std::string_view path) const override {
        return facts_.number(path);
    }
    [[nodiscard]] bool given(std::string_view path) const override { return facts_.given(path); }
    void mistake(std::string_view key, std::string message, std::string hint) override {
        mistakes_.add(facts_.place(path_ + "." + std::string(key)), std::move(message),
                      std::move(hint));
    }
    void note(std::string message) override { notes_.push_back(std::move(message)); }

private:
    const Facts& facts_;
    MistakeList& mistakes_;
    std::vector<std::string>& notes_;
    std::string path_;
};

std::string join(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
}

}  // namespace

const Component* TableReader::pick(const Row& row, const DocNode& map, const std::string& path,
                                   const Place& where) {
    const std::vector<std::string> names = registry_.names_of(row.component_kind);
    const std::string choices =
        fmt::format("{}: {} (see: ebb describe {})", row.tag, joined(names), row.component_kind);
    const DocEntry* tag = map.find(row.tag);
    if (tag == nullptr) {
        mistakes_.add(where, fmt::format("{} needs '{}': which one it is", path, row.tag), "",
                      choices);
        return nullptr;
    }
    if (tag->value.kind != DocNode::Kind::scalar) {
        mistakes_.add(tag->spot.place(),
                      fmt::format("{}.{} must be a single value, not {}", path, row.tag,
                                  tag->value.kind_text()),
                      "", choices);
        return nullptr;
    }
    facts_.set_given(join(path, row.tag), tag->spot);
    const Component* component = registry_.find(row.component_kind, tag->value.text);
    if (component == nullptr) {
        mistakes_.add(tag->value.spot.place(),
                      fmt::format("{}.{} cannot be '{}'", path, row.tag, tag->value.text),
                      did_you_mean(tag->value.text, names), choices);
        return nullptr;
    }
    facts_.set(join(path, row.tag), tag->value.text, tag->value.spot);
    return component;
}

bool TableReader::read_choice(const Row& row, const DocEntry& entry, const Block& block,
                              ResolvedNode& resolved) {
    const std::string path = join(block.path, row.key);
    if (entry.value.kind != DocNode::Kind::map) {
        const std::string hint =
            entry.value.kind == DocNode::Kind::scalar
                ? fmt::format("write {}: {{{}: {}}}", row.key, row.tag, entry.value.text)
                : "";
        mistakes_.add(entry.value.spot.place(),
                      fmt::format("{} must be a mapping with '{}', not {}", path, row.tag,
                                  entry.value.kind_text()),
                      hint);
        return false;
    }
    DocNode map = entry.value;
    auto part = ResolvedNode::branch(ResolvedNode::Kind::map, row.key, "");
    if (!row.part_kind.empty() && !read_part(row, map, path, part)) {
        facts_.set_given(join(path, row.tag), entry.spot);
        return false;
    }
    const Component* component = pick(row, map, path, entry.spot.place());
    return component != nullptr &&
           make_component(row, *component, map, block, entry.spot.place(), part, resolved);
}

bool TableReader::make_component(const Row& row, const Component& component, const DocNode& map,
                                 const Block& outer, const Place& where, ResolvedNode node,
                                 ResolvedNode& resolved) {
    const std::string path = join(outer.path, row.key);
    const ComponentInfo& info = component.info;
    const DocEntry* tag = map.find(row.tag);
    const std::string tag_path = join(path, row.tag);
    if (tag == nullptr) {
        facts_.set_default(tag_path, info.name);
    }
    node.children.push_back(ResolvedNode::scalar(
        row.tag, info.name, tag == nullptr ? "default" : origin_(tag->value.spot, tag_path)));
    const std::shared_ptr<void> params = component.make_params();
    const std::string title = fmt::format("{} ({}: {})", path, row.tag, info.name);
    const std::size_t self = made_.size();
    made_.push_back({&component, params, &row, outer.params, outer.owner});
    const bool good =
        read_block(map,
                   {*component.table, params.get(), path, title, info.kind + "." + info.name,
                    row.tag, "", &component, self, outer.in_list},
                   node);
    resolved.children.push_back(std::move(node));
    if (!good) {
        return false;
    }
    try {
        row.put(outer.params, component.make(params.get()));
    } catch (const InputError& error) {
        mistakes_.add(error, where);
        return false;
    }
    if (component.check) {
        checks_.push_back({&component, params, path});
    }
    return true;
}

void TableReader::run_checks(std::vector<std::string>& notes) {
    for (const Check& check : checks_) {
        ComponentCheck context(facts_, mistakes_, notes, check.path);
        check.component->check(check.params.get(), context);
    }
}

}  // namespace ebb
