// SPDX-License-Identifier: Apache-2.0
/// Where on its curve a source is operated, over a run: what a cell with a tracking rule gives to a
/// converter.
///
///   P(t) = V_op(t) I_op(t)     [W]     at the converter's input
///
/// A rule that looks at the present sample only (maximum power, a fixed voltage) keeps the trace's
/// bounds. A rule with a timetable of its own (an open-circuit voltage sampled every 16 s, perturb
/// and observe) writes one stretch per change from time zero to the end of the run: the timetable
/// does not start anew with a looped trace.
#pragma once

#include <cstdint>
#include <vector>

#include "models/core/series.hpp"

namespace ebb {

/// The trace and the part of it that a run sees.
struct OperatingSpan {
    const Series* series = nullptr;  ///< null: `constant` holds throughout
    double constant = 0.0;
    double scale = 1.0;  ///< sample = scale * value
    std::int64_t start_ns = 0;
    AtEnd at_end = AtEnd::unspecified;
    std::int64_t duration_ns = 0;  ///< of the run
    /// Who takes nothing but the power wants no more of it than that, and a trace's equal steps
    /// kept: stores walk those fastest. A rule that cannot give it gives points.
    bool power_only = false;
};

struct OperatingSeries {
    /// The bounds are those of the trace (start, end rule and loop apply as to the trace itself);
    /// else they are simulated time from 0 to the end of the run or beyond; at_end: stop ends them,
    /// and the run, where the trace ends.
    bool follows_trace = true;
    Bounds bound_ns;                ///< one more than points; strictly increasing
    std::vector<double> voltage_v;  ///< 0 where the source is disconnected
    std::vector<double> current_a;  ///< >= 0
    /// Instead of both, where only the power is wanted.
    std::vector<double> power_w = {};
};

}  // namespace ebb
