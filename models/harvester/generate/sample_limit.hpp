// SPDX-License-Identifier: Apache-2.0
/// Stops a generator before it fills the memory: a slip of a prefix can ask for 1e12 samples.
#pragma once

#include "models/core/error.hpp"

#include <string>

namespace ebb {

inline constexpr double kMostGeneratedSamples = 5e7;

/// Throws InputError if a trace of this length with this step would be too long.
inline void require_few_samples(double duration_s, double step_s) {
    if (duration_s / step_s <= kMostGeneratedSamples)
        return;
    throw InputError(
        "the generated trace would have more than 50 million samples: choose a shorter "
        "duration or a longer step");
}

}  // namespace ebb
