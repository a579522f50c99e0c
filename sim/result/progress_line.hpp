// SPDX-License-Identifier: Apache-2.0
/// One line that says how far a long run is: simulated time, share, time left, speed.
///
///   12.3 s of 60 s   20.5 %   3.1 s left   4,900 times real time
///
/// Shown only if asked for (the caller knows whether stderr is a terminal), after one second, and
/// at most ten times a second. update() may be called very often: it looks at the clock only every
/// so many calls, as many as fit into about 20 ms.
#pragma once

#include "models/core/time.hpp"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

namespace ebb {

class ProgressLine {
public:
    using Clock = std::function<double()>;  ///< seconds, steady
    using Output = std::function<void(const std::string&)>;

    /// `duration_s`: of the simulated time, at most; `until_may_end`: the run may end sooner.
    ProgressLine(double duration_s, bool until_may_end, Output output, Clock clock);
    /// On stderr by the steady clock; does nothing unless stderr is a terminal and not `quiet`.
    static ProgressLine on_stderr(double duration_s, bool until_may_end, bool quiet);

    void update(Time reached) {
        if (output_ && ++calls_ >= calls_per_look_) {
            look(reached);
        }
    }
    /// Wipes the line, if there is one.
    void finish();

private:
    void look(Time reached);
    [[nodiscard]] std::string line(double reached_s, double elapsed_s) const;

    double duration_s_;
    bool until_may_end_;
    Output output_;
    Clock clock_;
    double started_s_ = 0.0, looked_s_ = 0.0, shown_s_ = 0.0;
    std::uint32_t calls_ = 0, calls_per_look_ = 1;
    bool shown_ = false;
};

}  // namespace ebb
