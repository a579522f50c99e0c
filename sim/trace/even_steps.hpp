// SPDX-License-Identifier: Apache-2.0
/// Stamps of rows that come at equal times, for files without a column of time: `dt` or `rate`.
#pragma once

#include "sim/trace/trace_format.hpp"

#include <cstddef>
#include <cstdint>

namespace ebb {

class EvenSteps {
public:
    /// Mistake of the request unless exactly one of `dt` and `rate` is there, and sensible.
    EvenSteps(const ReadRequest& request, const char* preset, const char* example);

    /// When row `row` begins, rounded to 1 ns; exact for whole nanoseconds and whole hertz, however
    /// long the file is.
    [[nodiscard]] std::int64_t stamp_ns(std::size_t row) const;

    /// Rows above this would not fit into 64 bits of nanoseconds.
    [[nodiscard]] bool fits(std::size_t row) const;

private:
    double step_ns_ = 0.0;
    std::int64_t whole_step_ns_ = 0;  ///< 0 = the step is no whole number
    std::int64_t whole_rate_hz_ = 0;  ///< 0 = the rate is no whole number
};

}  // namespace ebb
