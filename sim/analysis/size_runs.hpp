// SPDX-License-Identifier: Apache-2.0
/// Does a scenario meet a goal at a value of one of its keys? Found out by running it.
///
/// Runs begin at other places of the recording (starts.hpp). Every value sees the same starts, so
/// that a comparison of values is not one of luck. Verdicts:
///   per run       the true share of starts at which the goal is met lies above `share` with
///                 `confidence`: one-sided bound of Clopper and Pearson; runs end as soon as too
///                 many have missed
///   on average    the true mean margin lies above 0: one-sided Student-t bound
/// Where there is one start only, one run decides, and the verdict is certain.
///
/// The bound holds for a value that was chosen beforehand. One that a search has chosen with these
/// starts is confirmed with `fresh` ones.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"
#include "sim/analysis/goal.hpp"
#include "sim/analysis/size_search.hpp"
#include "sim/analysis/starts.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

struct SizeOptions {
    std::string path = "store.capacitance";  ///< the key that varies
    Dimension dimension = Dimension::capacitance;
    double confidence = 0.95, share = 0.9;
    std::size_t starts = 0;  ///< 0: as many as leave room for one miss, at least 30
    bool on_average = false;
};

class SizeRuns {
public:
    /// The scenario with these overrides, as `--set` reads them.
    using Read = std::function<Scenario(const std::vector<std::string>&)>;
    using Step = std::function<void(std::size_t runs)>;

    /// Throws InputError if so many starts cannot show the share, or the goal is none.
    SizeRuns(Read read, const std::string& goal, SizeOptions options);

    [[nodiscard]] bool certain() const noexcept { return certain_; }
    [[nodiscard]] std::size_t starts() const noexcept { return starts_; }
    [[nodiscard]] std::size_t allowed_misses() const noexcept { return allowed_; }
    [[nodiscard]] std::size_t runs() const noexcept { return runs_; }
    [[nodiscard]] const Goal& goal() const noexcept { return goal_; }
    [[nodiscard]] const SizeOptions& options() const noexcept { return options_; }
    /// "path=value unit", as a user would set it.
    [[nodiscard]] std::string setting(double value) const;

    void on_run(Step step) { step_ = std::move(step); }
    [[nodiscard]] Trial judge(double value);
    /// With as many starts that no value was judged by.
    [[nodiscard]] Trial confirm(double value);
    /// From now on values are judged by these and as many more starts, confirmed by yet others.
    void take_more_starts();

private:
    [[nodiscard]] Trial try_value(double value, std::size_t from, std::size_t count);
    SizeRuns(Read read, const Scenario& own, const std::string& goal, SizeOptions options);

    Read read_;
    SizeOptions options_;
    Goal goal_;
    Starts places_;
    bool certain_;
    std::size_t starts_ = 1, allowed_ = 0, runs_ = 0;
    Step step_;
};

}  // namespace ebb
