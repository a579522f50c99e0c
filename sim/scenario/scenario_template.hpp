// SPDX-License-Identifier: Apache-2.0
/// A scenario read once, whose plain numbers can be set again: what a sweep runs thousands of
/// times.
///
/// set() writes into the structs that reading filled; settle() makes the components that hold them
/// again, repeats every rule between keys and the components' own checks, and fills the Scenario.
/// No YAML is parsed and no file is opened. A number is plain if nothing was loaded, lowered or
/// generated from it: those of the workload, of generated traces and of lists are not, and want a
/// new template. A template that was set equals one that was read with the same values, bit by bit.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/component.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/merge.hpp"
#include "sim/scenario/read_scenario.hpp"

namespace ebb {

class ScenarioReading;

class ScenarioTemplate {
public:
    /// `root` is the scenario's document. Throws InputError with every mistake. The registry must
    /// outlive the template.
    ScenarioTemplate(const DocNode& root, const Registry& registry, ReadOptions options,
                     const std::vector<Setting>& settings);
    ~ScenarioTemplate();
    ScenarioTemplate(const ScenarioTemplate&) = delete;
    ScenarioTemplate& operator=(const ScenarioTemplate&) = delete;

    /// What is wrong with these values whatever the others are: kinds, units, ranges, names,
    /// unknown keys; not the rules between keys.
    [[nodiscard]] static std::vector<Mistake> mistakes_of_form(
        const DocNode& root, const Registry& registry, const ReadOptions& options,
        const std::vector<Setting>& settings);

    [[nodiscard]] const Scenario& scenario() const;

    /// The row of the value at a path; null if none was read there.
    [[nodiscard]] const Row* row(const std::string& path) const;
    /// Can the number at this path be set again?
    [[nodiscard]] bool plain(const std::string& path) const;
    /// Every path that plain() is true for.
    [[nodiscard]] std::vector<std::string> plain_paths() const;
    /// A number that was read, defaults included, in SI.
    [[nodiscard]] std::optional<double> number(const std::string& path) const;

    /// A plain number; the handle stays good for the template's life. Throws Defect if it is none.
    using Slot = std::size_t;
    [[nodiscard]] Slot open(const std::string& path);
    /// Throws InputError, placed at `spot`, if the row's range does not hold it.
    void set(Slot slot, double value, const Spot& spot);
    /// After set(): throws InputError with every rule that the values break; then, too, the
    /// template can be set again.
    void settle();

    /// SHA-256 (its first 128 bits, in hexadecimal) over every resolved value and the content of
    /// every file that a value stands for, and `more`. Names of scenario and files, comments and
    /// expectations do not count: they cannot change a run.
    [[nodiscard]] std::string identity(std::string_view more) const;

private:
    struct Opened;
    void flatten();

    ReadOptions options_;
    std::unique_ptr<ScenarioReading> reading_;
    std::vector<Opened> opened_;
    std::vector<std::string> lines_;  ///< "path=value\n"
    std::string files_;               ///< what stands behind the values
    std::size_t notes_ = 0;
    bool couple_again_ = false;
};

}  // namespace ebb
