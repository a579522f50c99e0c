// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace ebb {

namespace {

const Table* table_below(const Row* row) { return row == nullptr ? nullptr : row->table.get(); }

/// Do two mappings of a choice pick different components?
bool picks_another(const DocNode& over, const DocNode& under, const Row* row) {
    if (row == nullptr || row->kind != RowKind::choice) {
        return false;
    }
    const DocEntry* a = over.find(row->tag);
    const DocEntry* b = under.find(row->tag);
    return a != nullptr && b != nullptr && a->value.text != b->value.text;
}

/// One step of a --set path.
struct Step {
    std::string key;
    std::optional<std::size_t> index;  ///< tasks[2]
    int column = 0;                    ///< byte in the argument, from 1
};

/// Splits "workload.tasks[0].time". Gives nothing if it is no path.
std::optional<std::vector<Step>> split_path(std::string_view path) {
    std::vector<Step> steps;
    std::size_t begin = 0;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        std::string_view part = path.substr(begin, end - begin);
        Step step;
        step.column = static_cast<int>(begin) + 1;
        const std::size_t bracket = part.find('[');
        if (bracket != std::string_view::npos) {
            const std::string_view digits = part.substr(bracket + 1, part.size() - bracket - 2);
            std::size_t index = 0;
            const auto [stop, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), index);
            if (part.back() != ']' || error != std::errc() ||
                stop != digits.data() + digits.size()) {
                return std::nullopt;
            }
            step.index = index;
            part = part.substr(0, bracket);
        }
        if (part.empty()) {
            return std::nullopt;
        }
        // Blanks around '=' belong to nobody.
        step.key = std::string(part.substr(0, part.find_last_not_of(' ') + 1));
        steps.push_back(std::move(step));
        begin = end + 1;
    }
    return steps;
}

class Setter {
public:
    /// `start`: where the first step of the path stands.
    Setter(DocNode& root, const Table& table, Spot start, MistakeList& mistakes)
        : node_(&root), table_(&table), start_(std::move(start)), mistakes_(mistakes) {}

    void run(std::vector<Step> steps, DocNode value) {
        for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
            const Row* row = table_ == nullptr ? nullptr : table_->find(steps[i].key);
            if (!descend(steps[i])) {
                return;
            }
            table_ = table_below(row);
            if (row != nullptr && row->kind == RowKind::map) {
                join_rest(steps, i + 1);  // free keys may hold points: expect.work.jobs_done
            }
        }
        assign(steps.back(), std::move(value));
    }

private:
    static void join_rest(std::vector<Step>& steps, std::size_t first) {
        while (steps.size() > first + 1) {
            steps[first].key += "." + steps[first + 1].key;
            steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(first) + 1);
        }
    }

    [[nodiscard]] Spot spot(const Step& step) const {
        return {start_.source, start_.line, start_.column + step.column - 1};
    }

    bool in_mapping(const Step& step) {
        if (node_->kind == DocNode::Kind::map) {
            return true;
        }
        mistakes_.add(spot(step).place(), fmt::format("'{}' cannot be set: what is above it is {}",
                                                      step.key, node_->kind_text()));
        return false;
    }

    DocNode* item(DocNode& list, const Step& step) {
        if (list.kind == DocNode::Kind::list && *step.index < list.items.size()) {
            return &list.items[*step.index];
        }
        mistakes_.add(spot(step).place(),
                      fmt::format("there is no {}[{}]: {} has {} entries, counted from 0", step.key,
                                  *step.index, step.key, list.items.size()));
        return nullptr;
    }

    /// The entry of a key, made if it is missing.
    DocEntry& entry(const Step& step) {
        if (DocEntry* known = node_->find(step.key)) {
            return *known;
        }
        DocEntry made;
        made.key = step.key;
        made.spot = spot(step);
        made.value.kind = DocNode::Kind::map;
        made.value.spot = made.spot;
        node_->entries.push_back(std::move(made));
        return node_->entries.back();
    }

    bool descend(const Step& step) {
        if (!in_mapping(step)) {
            return false;
        }
        if (step.index && node_->find(step.key) == nullptr) {
            DocNode none;
            none.kind = DocNode::Kind::list;
            return item(none, step) != nullptr;
        }
        DocNode& below = entry(step).value;
        node_ = step.index ? item(below, step) : &below;
        return node_ != nullptr;
    }

    void assign(const Step& step, DocNode value) {
        if (!in_mapping(step)) {
            return;
        }
        DocEntry& target = entry(step);
        if (step.index) {
            if (DocNode* place = item(target.value, step)) {
                *place = std::move(value);
            }
            return;
        }
        target.spot = spot(step);
        target.value = std::move(value);
    }

    DocNode* node_;
    const Table* table_;
    Spot start_;
    MistakeList& mistakes_;
};

}  // namespace

void merge_under(DocNode& over, const DocNode& under, const Table* table) {
    for (const DocEntry& entry : under.entries) {
        DocEntry* mine = over.find(entry.key);
        if (mine == nullptr) {
            over.entries.push_back(entry);
            continue;
        }
        const Row* row = table == nullptr ? nullptr : table->find(entry.key);
        const bool both_maps =
            mine->value.kind == DocNode::Kind::map && entry.value.kind == DocNode::Kind::map;
        const bool whole = row != nullptr && row->whole;
        if (both_maps && !whole && !picks_another(mine->value, entry.value, row)) {
            merge_under(mine->value, entry.value, table_below(row));
        }
    }
}

void apply_set(DocNode& root, const std::string& argument, const Table& table,
               MistakeList& mistakes) {
    auto source = make_source(SourceText::Role::argument, "--set", argument);
    const std::size_t equals = source->text.find('=');
    const auto steps =
        equals == std::string::npos ? std::nullopt : split_path(source->text.substr(0, equals));
    if (!steps) {
        mistakes.add(Spot{source, 1, 1}.place(), "--set takes path=value",
                     "for example store.capacitance=47uF or workload.tasks[0].time=2ms");
        return;
    }
    auto value = parse_value(source, static_cast<int>(equals + 2), mistakes);
    if (value) {
        Setter(root, table, {source, 1, 1}, mistakes).run(*steps, std::move(*value));
    }
}

void apply_setting(DocNode& root, const Setting& setting, const Table& table,
                   MistakeList& mistakes) {
    const auto steps = split_path(setting.path);
    if (!steps) {
        mistakes.add(setting.spot.place(),
                     fmt::format("'{}' is no path into a scenario", setting.path),
                     "for example store.capacitance or workload.tasks[0].time");
        return;
    }
    Setter(root, table, setting.spot, mistakes).run(*steps, setting.value);
}

}  // namespace ebb
