// SPDX-License-Identifier: Apache-2.0
/// A sweep that fits its scenario: axes with units, and every point as a function of its number.
///
/// Points are numbered from 0 over all combinations, the first-named axis slowest, whether `where`
/// wants them or not; a run is (point, repeat), numbered point * repeats + repeat. Nothing is held
/// per point. Computed numbers (ranges, samples, draws) are rounded to nine significant digits, so
/// that they read well and are the same on every machine; the ends of a range are kept as given.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "sim/scenario/scenario_template.hpp"
#include "sim/sweep/draws.hpp"
#include "sim/sweep/formula.hpp"
#include "sim/sweep/sweep_spec.hpp"

namespace ebb {

/// An axis, its values in SI where they are numbers.
struct Axis {
    AxisSpec spec;
    std::string column;  ///< "store.capacitance_f"; of words the path itself
    std::string unit;    ///< "F"
    bool number = false, integer = false;
    bool plain = false;   ///< set without reading the scenario again
    bool broken = false;  ///< wrong in every point: the sample is read without it
    Dimension dimension = Dimension::number;
    std::vector<double> numbers;     ///< listed, or of a series
    double from = 0.0, to = 0.0;     ///< range
    std::vector<std::string> texts;  ///< of listed values that are no numbers

    [[nodiscard]] std::uint64_t size() const;  ///< 0: any number between `from` and `to`
};

/// The value of an axis in a point.
struct AxisValue {
    double number = 0.0;    ///< if the axis has numbers
    std::size_t index = 0;  ///< of a listed value
};

/// A key that repeats vary: by a share of its value, or to a number drawn.
struct Varied {
    enum class Kind { start, seed, tolerance };
    Kind kind = Kind::tolerance;
    std::string path;
    std::string column;  ///< "repeat.store.capacitance_f"
    std::string unit;
    PartTolerance tolerance;
    std::uint32_t lane = 0;           ///< of the draws
    std::optional<std::size_t> axis;  ///< the axis that sets the same key
};

class SweepPlan {
public:
    /// Throws InputError for what is wrong in every point, together with the mistakes that reading
    /// the file has `found`. Registry must outlive the plan.
    SweepPlan(SweepSpec spec, const Registry& registry, ReadOptions options,
              MistakeList found = {});
    ~SweepPlan();
    SweepPlan(const SweepPlan&) = delete;
    SweepPlan& operator=(const SweepPlan&) = delete;

    [[nodiscard]] const SweepSpec& spec() const { return spec_; }
    [[nodiscard]] const Registry& registry() const { return registry_; }
    [[nodiscard]] const ReadOptions& options() const { return options_; }
    [[nodiscard]] const std::vector<Axis>& axes() const { return axes_; }
    [[nodiscard]] const std::vector<Varied>& varied() const { return varied_; }
    /// A scenario of the sweep that could be read: for names and what is the same in all.
    [[nodiscard]] const ScenarioTemplate& sample() const { return *sample_; }

    /// Names of the tasks in the sample.
    [[nodiscard]] std::vector<std::string> tasks() const;
    /// Paths whose columns are not known because of a mistake.
    [[nodiscard]] const std::vector<std::string>& doubtful() const { return doubtful_; }
    [[nodiscard]] bool has_sample() const { return sample_ != nullptr; }

    [[nodiscard]] std::uint64_t points() const { return points_; }
    [[nodiscard]] std::uint64_t repeats() const { return spec_.repeats.count; }
    /// The values of all axes in a point.
    void values_of(std::uint64_t point, std::vector<AxisValue>& out) const;
    /// Do the conditions want it?
    [[nodiscard]] bool wanted(std::uint64_t point) const;
    /// How many they want of points first, first + step, ...
    [[nodiscard]] std::uint64_t count_wanted(std::uint64_t first, std::uint64_t step) const;

    /// What sets an axis to a value.
    [[nodiscard]] Setting setting(std::size_t axis, const AxisValue& value) const;
    /// Changes if points are numbered or columns named otherwise.
    [[nodiscard]] std::string signature() const;

private:
    void find_sample();
    [[nodiscard]] bool read_sample(std::vector<Mistake>& wrong);
    [[nodiscard]] bool blames_a_gap(const Mistake& mistake) const;
    [[nodiscard]] std::vector<Setting> probe(std::size_t attempt) const;
    void bind_axes();
    void bind_numbers(Axis& axis, const Row& row);
    void check_words();
    void check_value(const Axis& axis, const DocNode& value);
    void check_path(const std::string& path, const Spot& spot);
    void check_lengths();
    void count_points();
    void bind_repeats();
    void bind_conditions();
    [[nodiscard]] AxisValue drawn(const Wheel& wheel, std::size_t wheel_index, const Axis& axis,
                                  std::uint64_t entry, std::size_t lane) const;

    SweepSpec spec_;
    const Registry& registry_;
    ReadOptions options_;
    std::vector<Axis> axes_;
    std::vector<std::uint64_t> wheel_sizes_;
    std::vector<std::size_t> first_axis_;  ///< of each wheel
    std::vector<std::unique_ptr<Sobol>> sobol_;
    std::vector<Varied> varied_;
    std::vector<ColumnFormula> conditions_;
    std::vector<std::vector<double>> codes_;  ///< by axis: what stands for its texts in them
    std::vector<std::string> doubtful_;
    std::unique_ptr<ScenarioTemplate> sample_;
    std::vector<Setting> sample_settings_;
    std::uint64_t points_ = 1;
    MistakeList mistakes_;
};

/// "_f", "_v", "_s": what a column's name says of its unit; empty for plain numbers.
[[nodiscard]] std::string unit_suffix(Dimension d);

}  // namespace ebb
