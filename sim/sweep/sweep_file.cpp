// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <utility>

#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/sweep/axis_reader.hpp"
#include "sim/sweep/draws.hpp"
#include "sim/sweep/sweep_spec.hpp"
#include "sim/trace/sha256.hpp"

namespace ebb {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMostRepeats = 1000000;
constexpr double kMostSeed = 9e15;
constexpr double kMostSeconds = 1e7;
constexpr double kMostBytes = 1e15;

class SweepReader {
public:
    explicit SweepReader(MistakeList& mistakes) : mistakes_(mistakes) {}
    SweepSpec run(const std::string& text, const std::string& path);

private:
    [[nodiscard]] bool read_scenario_key(DocNode& root);
    void read_sweep(const DocNode& sweep);
    void read_grid(const DocNode& node);
    void read_zip(const DocNode& node);
    void read_list(const DocNode& node);
    void read_sample(const DocNode& node);
    void read_where(const DocNode& node);
    void read_derive(const DocNode& node);
    void read_repeats(const DocEntry& entry);
    void read_starts(const DocNode& node);
    void read_tolerances(const DocNode& node);
    void read_limits(const DocNode& node);
    void check_paths();

    SweepSpec spec_;
    MistakeList& mistakes_;
    NodeReader read_{mistakes_};
};

/// False if there is no scenario to look anything up in.
bool SweepReader::read_scenario_key(DocNode& root) {
    const DocEntry* given = root.find("scenario");
    if (given == nullptr) {
        spec_.scenario = root;  // the scenario's keys stand beside `sweep:`
        return true;
    }
    read_.keys(root, "a sweep file with 'scenario'", {"scenario", "sweep"});
    if (given->value.kind == DocNode::Kind::map) {
        spec_.scenario = given->value;
        return true;
    }
    const auto name = read_.text(*given, "scenario");
    if (!name) {
        return false;
    }
    const fs::path file(*name);
    const std::string path =
        file.is_absolute() ? *name : (fs::path(given->value.spot.source->folder) / file).string();
    const auto text = read_text_file(path, given->value.spot.place(), mistakes_);
    if (!text) {
        return false;
    }
    auto scenario = parse_document(make_source(SourceText::Role::scenario, path, *text), mistakes_);
    if (!scenario || scenario->kind != DocNode::Kind::map) {
        if (scenario) {
            mistakes_.add(
                scenario->spot.place(),
                fmt::format("a scenario must be a mapping of keys, not {}", scenario->kind_text()));
        }
        return false;
    }
    // A scenario may bring a sweep of its own; this one counts.
    auto& entries = scenario->entries;
    entries.erase(std::remove_if(entries.begin(), entries.end(),
                                 [](const DocEntry& e) { return e.key == "sweep"; }),
                  entries.end());
    spec_.scenario = std::move(*scenario);
    return true;
}

void SweepReader::read_grid(const DocNode& node) {
    for (const DocEntry& entry : read_.map(node, "sweep.grid")) {
        Wheel wheel;
        wheel.axes.push_back(read_.axis(entry, false));
        spec_.wheels.push_back(std::move(wheel));
    }
}

void SweepReader::read_zip(const DocNode& node) {
    Wheel wheel;
    for (const DocEntry& entry : read_.map(node, "sweep.zip")) {
        wheel.axes.push_back(read_.axis(entry, false));
    }
    if (!wheel.axes.empty()) {
        spec_.wheels.push_back(std::move(wheel));
    }
}

void SweepReader::read_list(const DocNode& node) {
    Wheel wheel;
    if (node.kind != DocNode::Kind::list || node.items.empty()) {
        mistakes_.add(node.spot.place(),
                      fmt::format("sweep.list must be a list of points, not {}", node.kind_text()),
                      "for example - {store.capacitance: 47 uF, mcu.turn_on: 3 V}");
        return;
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const DocNode& item = node.items[i];
        const auto& entries = read_.map(item, fmt::format("sweep.list[{}]", i));
        for (const DocEntry& entry : entries) {
            auto axis = std::find_if(wheel.axes.begin(), wheel.axes.end(),
                                     [&](const AxisSpec& a) { return a.path == entry.key; });
            if (axis == wheel.axes.end()) {
                if (i > 0) {
                    mistakes_.add(entry.spot.place(),
                                  fmt::format("the points of a list set the same keys, but '{}' "
                                              "is missing in the first",
                                              entry.key));
                    wheel.uneven = true;
                    continue;
                }
                AxisSpec made;
                made.path = entry.key;
                made.spot = entry.spot;
                axis = wheel.axes.insert(wheel.axes.end(), std::move(made));
            }
            axis->values.push_back(entry.value);
        }
        for (const AxisSpec& axis : wheel.axes) {
            if (item.kind == DocNode::Kind::map && item.find(axis.path) == nullptr) {
                mistakes_.add(item.spot.place(),
                              fmt::format("the points of a list set the same keys, but this one "
                                          "has no '{}'",
                                          axis.path));
                wheel.uneven = true;
            }
        }
    }
    spec_.wheels.push_back(std::move(wheel));
}

void SweepReader::read_sample(const DocNode& node) {
    Wheel wheel;
    const auto& entries = read_.map(node, "sweep.sample");
    read_.keys(node, "sweep.sample", {"method", "count", "over"});
    const auto method = read_.word(node, "sweep.sample", "method",
                                   {"random", "latin_hypercube", "sobol", "saltelli"});
    wheel.kind = method == "sobol"             ? Wheel::Kind::sobol
                 : method == "saltelli"        ? Wheel::Kind::saltelli
                 : method == "latin_hypercube" ? Wheel::Kind::latin
                                               : Wheel::Kind::random;
    wheel.count =
        static_cast<std::uint64_t>(read_.whole(node, "sweep.sample", "count", 1, 1e12).value_or(1));
    const DocEntry* over = node.find("over");
    if (over == nullptr) {
        if (!entries.empty()) {
            mistakes_.add(node.spot.place(), "sweep.sample needs 'over': what is drawn",
                          "for example over: {store.capacitance: {range: {from: 10 uF, to: 1 mF, "
                          "scale: log}}}");
        }
        return;
    }
    for (const DocEntry& entry : read_.map(over->value, "sweep.sample.over")) {
        wheel.axes.push_back(read_.axis(entry, true));
    }
    const std::size_t most =
        wheel.kind == Wheel::Kind::saltelli ? Sobol::kMostLanes / 2 : Sobol::kMostLanes;
    if ((wheel.kind == Wheel::Kind::sobol || wheel.kind == Wheel::Kind::saltelli) &&
        wheel.axes.size() > most) {
        mistakes_.add(over->spot.place(), fmt::format("{} takes at most {} axes, not {}", *method,
                                                      most, wheel.axes.size()));
    }
    if (!wheel.axes.empty()) {
        spec_.wheels.push_back(std::move(wheel));
    }
}

void SweepReader::read_where(const DocNode& node) {
    const std::vector<DocNode> all =
        node.kind == DocNode::Kind::list ? node.items : std::vector<DocNode>{node};
    for (const DocNode& item : all) {
        if (item.kind != DocNode::Kind::scalar) {
            mistakes_.add(item.spot.place(),
                          fmt::format("sweep.where takes conditions, not {}", item.kind_text()),
                          "for example \"mcu.turn_on_v > mcu.turn_off_v + 0.2\"");
            continue;
        }
        spec_.where.push_back({"", item.text, item.spot});
    }
}

void SweepReader::read_derive(const DocNode& node) {
    for (const DocEntry& entry : read_.map(node, "sweep.derive")) {
        if (const auto text = read_.text(entry, "sweep.derive." + entry.key)) {
            spec_.derive.push_back({entry.key, *text, entry.value.spot});
        }
    }
}

void SweepReader::read_starts(const DocNode& node) {
    RepeatSpec& repeats = spec_.repeats;
    std::string word = node.text;
    if (node.kind == DocNode::Kind::map) {
        read_.keys(node, "sweep.repeats.starts", {"block"});
        const DocEntry* block = node.find("block");
        const auto length = block == nullptr ? std::nullopt
                                             : read_.quantity(*block, "sweep.repeats.starts.block",
                                                              Dimension::time, 1e-6, 9.2e9);
        repeats.block_s = length.value_or(1.0);
        repeats.starts = RepeatStarts::block;
        return;
    }
    if (word == "circular") {
        repeats.starts = RepeatStarts::circular;
    } else if (word == "random") {
        repeats.starts = RepeatStarts::random;
    } else {
        mistakes_.add(node.spot.place(), fmt::format("sweep.repeats.starts cannot be '{}'", word),
                      did_you_mean(word, {"circular", "random"}),
                      "starts: circular | random | {block: 1 h}");
    }
}

void SweepReader::read_tolerances(const DocNode& node) {
    for (const DocEntry& entry : read_.map(node, "sweep.repeats.tolerances")) {
        PartTolerance tolerance;
        tolerance.path = entry.key;
        tolerance.spot = entry.spot;
        const std::string path = "sweep.repeats.tolerances." + entry.key;
        const DocEntry* width = &entry;
        if (entry.value.kind == DocNode::Kind::map) {
            read_.keys(entry.value, path, {"uniform", "normal"});
            tolerance.normal = entry.value.find("normal") != nullptr;
            width = entry.value.find(tolerance.normal ? "normal" : "uniform");
            if (width == nullptr || entry.value.entries.size() != 1) {
                mistakes_.add(entry.value.spot.place(), fmt::format("{} takes one width", path),
                              "20 %, {uniform: 20 %} or {normal: 5 %}");
                continue;
            }
        }
        tolerance.width =
            read_.quantity(*width, path, Dimension::ratio, 0.0, 0.999999).value_or(0.0);
        spec_.repeats.tolerances.push_back(std::move(tolerance));
    }
}

void SweepReader::read_repeats(const DocEntry& entry) {
    RepeatSpec& repeats = spec_.repeats;
    repeats.spot = entry.spot;
    const DocNode& node = entry.value;
    static_cast<void>(read_.map(node, "sweep.repeats"));
    read_.keys(node, "sweep.repeats", {"count", "starts", "seeds", "tolerances"});
    repeats.count = static_cast<std::uint64_t>(
        read_.whole(node, "sweep.repeats", "count", 1, static_cast<double>(kMostRepeats))
            .value_or(1));
    if (const DocEntry* starts = node.find("starts")) {
        read_starts(starts->value);
    }
    if (node.find("seeds") != nullptr) {
        repeats.seeds =
            read_.word(node, "sweep.repeats", "seeds", {"true", "false"}).value_or("") == "true";
    }
    if (const DocEntry* tolerances = node.find("tolerances")) {
        read_tolerances(tolerances->value);
    }
    if (repeats.starts == RepeatStarts::as_is && !repeats.seeds && repeats.tolerances.empty() &&
        repeats.count > 1) {
        mistakes_.add(entry.spot.place(), "the repeats would all be the same run",
                      "say what varies: starts, seeds or tolerances");
    }
}

void SweepReader::read_limits(const DocNode& node) {
    static_cast<void>(read_.map(node, "sweep.limits"));
    read_.keys(node, "sweep.limits", {"time", "memory"});
    if (const DocEntry* time = node.find("time")) {
        spec_.limit_s =
            read_.quantity(*time, "sweep.limits.time", Dimension::time, 1e-3, kMostSeconds);
    }
    if (const DocEntry* memory = node.find("memory")) {
        spec_.limit_bytes =
            read_.quantity(*memory, "sweep.limits.memory", Dimension::bytes, 1e6, kMostBytes);
    }
}

/// One key cannot have two values in one point.
void SweepReader::check_paths() {
    std::vector<std::string> seen;
    for (Wheel& wheel : spec_.wheels) {
        for (AxisSpec& axis : wheel.axes) {
            if (std::find(seen.begin(), seen.end(), axis.path) != seen.end()) {
                mistakes_.add(axis.spot.place(), fmt::format("'{}' is an axis twice", axis.path));
                axis.sound = false;
            }
            seen.push_back(axis.path);
        }
    }
}

void SweepReader::read_sweep(const DocNode& sweep) {
    struct Block {
        const char* key;
        std::function<void(const DocEntry&)> read;
    };
    const std::vector<Block> blocks = {
        {"grid", [this](const DocEntry& e) { read_grid(e.value); }},
        {"zip", [this](const DocEntry& e) { read_zip(e.value); }},
        {"list", [this](const DocEntry& e) { read_list(e.value); }},
        {"sample", [this](const DocEntry& e) { read_sample(e.value); }},
        {"where", [this](const DocEntry& e) { read_where(e.value); }},
        {"derive", [this](const DocEntry& e) { read_derive(e.value); }},
        {"repeats", [this](const DocEntry& e) { read_repeats(e); }},
        {"limits", [this](const DocEntry& e) { read_limits(e.value); }},
        {"seed", [](const DocEntry&) {}},
    };
    std::vector<std::string> keys;
    for (const Block& block : blocks) {
        keys.emplace_back(block.key);
    }
    const auto& entries = read_.map(sweep, "sweep");
    read_.keys(sweep, "sweep", keys);
    for (const DocEntry& entry : entries) {  // in the order of the file: it is that of the points
        for (const Block& block : blocks) {
            if (entry.key == block.key) {
                block.read(entry);
            }
        }
    }
    if (sweep.find("seed") != nullptr) {
        spec_.seed = static_cast<std::uint64_t>(
            read_.whole(sweep, "sweep", "seed", 0, kMostSeed).value_or(1));
    }
    check_paths();
}

SweepSpec SweepReader::run(const std::string& text, const std::string& path) {
    spec_.file = path;
    spec_.sha256 = sha256_of(text);
    auto root = parse_document(make_source(SourceText::Role::scenario, path, text), mistakes_);
    if (!root) {
        mistakes_.throw_if_any();
    }
    if (!root || root->kind != DocNode::Kind::map) {
        throw InputError({{root ? root->spot.place() : Place{path, 0, 0, {}, 1},
                           "a sweep file must be a mapping with 'sweep'", "", ""}});
    }
    const DocEntry* given = root->find("sweep");
    if (given == nullptr) {
        throw InputError({{{path, 0, 0, {}, 1},
                           "a sweep file needs 'sweep': what varies",
                           "for example sweep: {grid: {store.capacitance: [47 uF, 100 uF]}}",
                           "see docs/sweeps.md"}});
    }
    const DocNode sweep = given->value;
    root->entries.erase(root->entries.begin() + (given - root->entries.data()));
    const bool readable = read_scenario_key(*root);
    read_sweep(sweep);
    if (!readable) {
        mistakes_.throw_if_any();
    }
    spec_.sweep_text = flow_text(sweep);
    return std::move(spec_);
}

}  // namespace

SweepSpec read_sweep_text(const std::string& text, const std::string& path) {
    MistakeList mistakes;
    SweepSpec spec = SweepReader(mistakes).run(text, path);
    mistakes.throw_if_any();
    return spec;
}

SweepSpec read_sweep_file(const std::string& path, MistakeList& mistakes) {
    const auto text = read_text_file(path, {path, 0, 0, {}, 1}, mistakes);
    if (!text) {
        mistakes.throw_if_any();
    }
    return SweepReader(mistakes).run(*text, path);
}

}  // namespace ebb
