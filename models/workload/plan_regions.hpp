// SPDX-License-Identifier: Apache-2.0
/// What must be done between two power failures: the stretch from behind one durable unit to the
/// end of the next one, over all loops of a plan, in closed form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/workload/plan.hpp"

namespace ebb {

/// A stretch of a plan without anything durable inside; what ends it belongs to it.
struct Region {
    double weight = 0.0;
    std::int64_t work_units = 0;
    std::size_t step = 0;    ///< where its first unit is
    std::int64_t first = 0;  ///< units of work of that step that come before it
};

/// The heaviest region of a plan. `weight` gives what one execution of a unit counts, an energy or
/// a time; a job without any durable unit is one region, its end included. Endless steps count
/// nothing: whatever they have drawn was their work.
[[nodiscard]] Region heaviest_region(const Plan& plan,
                                     const std::function<double(const UnitPlan&)>& weight);

/// The same between units that `ends` says end a region, in place of the durable ones.
[[nodiscard]] Region heaviest_region(const Plan& plan,
                                     const std::function<double(const UnitPlan&)>& weight,
                                     const std::function<bool(const UnitPlan&)>& ends);

/// Per step, the heaviest region that begins in it; one that reaches into later steps counts whole.
[[nodiscard]] std::vector<Region> heaviest_regions(
    const Plan& plan, const std::function<double(const UnitPlan&)>& weight);

}  // namespace ebb
