// SPDX-License-Identifier: Apache-2.0
/// A sweep file as its keys say it, before paths and units are looked up in a scenario.
///
///   scenario: base.yaml          # a file, or the scenario itself; or its keys beside `sweep:`
///   sweep:
///     grid: {store.capacitance: [47 uF, 100 uF], mcu.turn_on: {range: {from: 2 V, to: 3 V, count:
///     5}}} zip: {...}  list: [{...}]  sample: {method: sobol, count: 100, over: {...}} where:
///     [...]  derive: {...}  repeats: {...}  limits: {...}  seed: 1
///
/// Blocks multiply: the points are all combinations of one entry of each, the first-named slowest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/document.hpp"

namespace ebb {

struct AxisSpec {
    enum class Kind { values, range, series };
    std::string path;
    Spot spot;  ///< of the path
    Kind kind = Kind::values;
    std::vector<DocNode> values;
    DocNode from, to;        ///< range, series
    std::int64_t count = 0;  ///< range; 0 in samples: any number between
    bool log = false;
    int series = 0;
    bool sound = true;  ///< false: its values or its name are a mistake, which was told
};

/// Axes that move together, one entry after the other.
struct Wheel {
    enum class Kind { walk, random, latin, sobol, saltelli };
    Kind kind = Kind::walk;
    std::vector<AxisSpec> axes;
    bool uneven = false;      ///< its axes differ in length, which was told
    std::uint64_t count = 0;  ///< samples, saltelli: blocks; of a walk the axes say it
};

enum class RepeatStarts { as_is, circular, random, block };

struct PartTolerance {
    std::string path;
    Spot spot;
    bool normal = false;  ///< else uniform
    double width = 0.0;   ///< share to either side; normal: one standard deviation
};

struct RepeatSpec {
    std::uint64_t count = 1;
    RepeatStarts starts = RepeatStarts::as_is;
    double block_s = 0.0;
    bool seeds = false;
    std::vector<PartTolerance> tolerances;
    Spot spot;
};

struct ExpressionSpec {
    std::string name;  ///< of a derived column; empty for conditions
    std::string text;
    Spot spot;
};

struct SweepSpec {
    DocNode scenario;
    std::vector<Wheel> wheels;
    std::vector<ExpressionSpec> where, derive;
    RepeatSpec repeats;
    std::uint64_t seed = 1;
    std::optional<double> limit_s, limit_bytes;
    std::string file;        ///< as the user named it
    std::string sha256;      ///< of the sweep file
    std::string sweep_text;  ///< the sweep block, for the plan's signature
};

/// Mistakes of the file join the list as long as its scenario can be read, so that what that shows
/// can be told with them; else throws InputError with all.
[[nodiscard]] SweepSpec read_sweep_file(const std::string& path, MistakeList& mistakes);
/// A text that stands for the file. Throws InputError with every mistake that it alone shows.
[[nodiscard]] SweepSpec read_sweep_text(const std::string& text, const std::string& path);

/// A value of a document on one line: "policy: jit, margin: 0 V", "47 uF".
[[nodiscard]] std::string flow_text(const DocNode& node);

}  // namespace ebb
