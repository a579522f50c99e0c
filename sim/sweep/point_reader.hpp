// SPDX-License-Identifier: Apache-2.0
/// Makes the scenario of a run from its number. Scenarios that differ in plain numbers only are set
/// on one that was read (scenario_template.hpp); another part, policy, trace or word is read once
/// per combination and kept, the most recent 32 of them.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario_template.hpp"
#include "sim/sweep/sweep_plan.hpp"

namespace ebb {

class PointReader {
public:
    /// The plan must outlive the reader. `salt` joins every identity.
    PointReader(const SweepPlan& plan, std::string salt);
    ~PointReader();
    PointReader(const PointReader&) = delete;
    PointReader& operator=(const PointReader&) = delete;

    /// Throws InputError if the combination is wrong; the reader stays usable. The scenario lives
    /// until the next call.
    const Scenario& read(std::uint64_t run);
    /// Of the scenario that was read last.
    [[nodiscard]] std::string identity() const;
    /// Numbers that the repeat varies, by SweepPlan::varied().
    [[nodiscard]] const std::vector<double>& varied() const { return varied_; }
    /// Scenarios read so far: distinct combinations, not runs.
    [[nodiscard]] std::uint64_t readings() const { return readings_; }

private:
    struct Kept;
    Kept& find(const std::string& key, const std::vector<Setting>& extra);
    void set_axes(Kept& kept);
    [[nodiscard]] double vary(const Kept& kept, std::size_t which, std::uint64_t repeat) const;
    [[nodiscard]] double start(const Kept& kept, double own_s, std::uint64_t repeat) const;
    [[nodiscard]] std::vector<Setting> settings() const;

    const SweepPlan& plan_;
    std::string salt_;
    std::list<std::unique_ptr<Kept>> kept_;  ///< most recent first
    Kept* last_ = nullptr;
    std::vector<AxisValue> values_;
    std::vector<double> varied_;
    std::uint64_t readings_ = 0;
};

}  // namespace ebb
