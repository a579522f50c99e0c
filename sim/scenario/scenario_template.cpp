// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/scenario_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "sim/scenario/scenario_reading.hpp"
#include "sim/trace/sha256.hpp"

namespace ebb {

namespace {

bool starts_with(std::string_view text, std::string_view head) {
    return text.substr(0, head.size()) == head;
}

/// Numbers from which something is loaded, lowered or generated while reading.
bool shapes_files(std::string_view path) {
    constexpr std::array<std::string_view, 6> kHeads = {
        "workload.", "source.trace", "source.dt", "source.rate", "source.length", "more_sources"};
    return std::any_of(kHeads.begin(), kHeads.end(),
                       [&](std::string_view head) { return starts_with(path, head); });
}

/// Every value of the tree as "path=text", in its order.
void add_lines(const ResolvedNode& node, const std::string& path,
               std::vector<std::pair<std::string, std::string>>& lines) {
    std::size_t index = 0;
    for (const ResolvedNode& child : node.children) {
        const std::string at = node.kind == ResolvedNode::Kind::list
                                   ? fmt::format("{}[{}]", path, index++)
                                   : (path.empty() ? child.key : path + "." + child.key);
        if (child.kind == ResolvedNode::Kind::scalar) {
            lines.emplace_back(at, child.text);
        } else {
            lines.emplace_back(at, "");
            add_lines(child, at, lines);
        }
    }
}

Value value_of(const Row& row, double x) {
    return row.kind == RowKind::integer ? Value(static_cast<std::int64_t>(x)) : Value(x);
}

}  // namespace

struct ScenarioTemplate::Opened {
    std::string path;
    const TableReader::Slot* slot = nullptr;
    std::optional<std::size_t> line;
    bool dirty = false;
};

ScenarioTemplate::ScenarioTemplate(const DocNode& root, const Registry& registry,
                                   ReadOptions options, const std::vector<Setting>& settings)
    : options_(std::move(options)),
      reading_(std::make_unique<ScenarioReading>(registry, options_)) {
    if (root.spot.source) {
        reading_->files_.note_input("scenario", root.spot.source->name, root.spot.source->text);
    }
    reading_->read(root, settings);
    notes_ = reading_->files_.notes().size();
    flatten();
}

ScenarioTemplate::~ScenarioTemplate() = default;

std::vector<Mistake> ScenarioTemplate::mistakes_of_form(const DocNode& root,
                                                        const Registry& registry,
                                                        const ReadOptions& options,
                                                        const std::vector<Setting>& settings) {
    ScenarioReading reading(registry, options);
    try {
        DocNode document = root;
        if (reading.compose(document, settings)) {
            reading.reader_.read_top(document, *scenario_table().view(), &reading.form_,
                                     reading.resolved_);
        }
        reading.mistakes_.throw_if_any();
    } catch (const InputError& error) {
        return error.mistakes();
    }
    return {};
}

const Scenario& ScenarioTemplate::scenario() const { return reading_->scenario_; }

const Row* ScenarioTemplate::row(const std::string& path) const {
    const TableReader::Slot* slot = reading_->reader_.slot(path);
    return slot == nullptr ? nullptr : slot->row;
}

bool ScenarioTemplate::plain(const std::string& path) const {
    const TableReader::Slot* slot = reading_->reader_.slot(path);
    if (slot == nullptr || slot->in_list || shapes_files(path) ||
        (slot->row->kind != RowKind::quantity && slot->row->kind != RowKind::integer)) {
        return false;
    }
    return true;
}

std::vector<std::string> ScenarioTemplate::plain_paths() const {
    std::vector<std::string> paths = reading_->reader_.paths();
    paths.erase(std::remove_if(paths.begin(), paths.end(),
                               [this](const std::string& path) { return !plain(path); }),
                paths.end());
    return paths;
}

std::optional<double> ScenarioTemplate::number(const std::string& path) const {
    return reading_->facts_.number(path);
}

/// Path and value of every line, with holes for numbers that will be set; a file's place on this
/// machine is no part of a run, its content is.
void ScenarioTemplate::flatten() {
    std::vector<std::pair<std::string, std::string>> all;
    add_lines(reading_->resolved_, "", all);
    const auto& absolute = reading_->files_.absolute();
    for (auto& [path, text] : all) {
        if (path == "name" || starts_with(path, "expect")) {
            continue;
        }
        const auto file = absolute.find(path);
        if (file != absolute.end()) {
            text = std::filesystem::path(file->second).filename().string();
        }
        lines_.push_back(fmt::format("{}={}\n", path, text));
    }
    for (const InputFile& input : reading_->files_.inputs()) {
        // Of these every value has been resolved.
        if (input.role != "scenario" && input.role != "include" && input.role != "part") {
            files_ += fmt::format("{} {}\n", input.role, input.sha256);
        }
    }
}

ScenarioTemplate::Slot ScenarioTemplate::open(const std::string& path) {
    if (!plain(path)) {
        throw Defect("'" + path + "' is no number that can be set again");
    }
    Opened opened;
    opened.path = path;
    opened.slot = reading_->reader_.slot(path);
    const std::string head = path + "=";
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        if (starts_with(lines_[i], head)) {
            opened.line = i;
        }
    }
    opened_.push_back(std::move(opened));
    return opened_.size() - 1;
}

void ScenarioTemplate::set(Slot slot, double value, const Spot& spot) {
    Opened& opened = opened_.at(slot);
    const Row& row = *opened.slot->row;
    if (!row.range.contains(value)) {
        throw InputError(
            {{spot.place(),
              fmt::format("{} is {}, outside {}", opened.path,
                          value_text(row, value_of(row, value)), row.range.text(row.dimension)),
              "", ""}});
    }
    const Value typed = value_of(row, value);
    row.set(opened.slot->params, typed);
    reading_->facts_.set(opened.path, typed, spot);
    opened.dirty = true;
    if (opened.line) {
        lines_[*opened.line] = fmt::format("{}={}\n", opened.path, yaml_value(row, typed));
    }
}

void ScenarioTemplate::settle() {
    ScenarioReading& r = *reading_;
    r.mistakes_ = MistakeList();
    r.files_.notes().resize(notes_);
    std::set<std::size_t> owners;
    for (Opened& opened : opened_) {
        if (!opened.dirty) {
            continue;
        }
        opened.dirty = false;
        couple_again_ = couple_again_ || starts_with(opened.path, "source.model") ||
                        starts_with(opened.path, "converter");
        if (opened.slot->owner != TableReader::kNoComponent) {
            owners.insert(opened.slot->owner);
        }
    }
    for (const std::size_t owner : owners) {
        try {
            r.reader_.remake(owner);
        } catch (const InputError& error) {
            r.mistakes_.add(error, r.facts_.top.place());
        }
    }
    r.reader_.run_checks(r.files_.notes());
    r.check_between();
    if (r.scenario_.source.series) {
        r.files_.check_series(*r.scenario_.source.series, r.form_.source, "source", r.facts_,
                              r.scenario_.source.at_end);
    }
    for (std::size_t i = 0; i < r.form_.more_sources.size(); ++i) {
        SourceParams& source = r.scenario_.more_sources[i];
        if (source.series) {
            r.files_.check_series(*source.series, r.form_.more_sources[i],
                                  fmt::format("more_sources[{}]", i), r.facts_, source.at_end);
        }
    }
    if (couple_again_ && !r.mistakes_.any()) {
        r.couple();
        couple_again_ = r.mistakes_.any();
    }
    r.mistakes_.throw_if_any();
    r.fill();
}

std::string ScenarioTemplate::identity(std::string_view more) const {
    std::string all(more);
    all += '\n';
    for (const std::string& line : lines_) {
        all += line;
    }
    all += files_;
    constexpr std::size_t kDigits = 32;
    return sha256_of(all).substr(0, kDigits);
}

}  // namespace ebb
