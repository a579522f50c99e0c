// SPDX-License-Identifier: Apache-2.0
/// Decides which of the waiting jobs is next. A pure decision: jobs in, index out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/core/time.hpp"

namespace ebb {

/// A job that was released and is not done.
struct WaitingJob {
    std::int64_t number = 0;  ///< in order of release, from 0
    Time released;
    std::optional<Time> deadline;  ///< absolute
};

class Schedule {
public:
    virtual ~Schedule() = default;
    /// Index of the job to work on next. `waiting` is not empty and is in order of release.
    [[nodiscard]] virtual std::size_t next(const std::vector<WaitingJob>& waiting) const = 0;
};

}  // namespace ebb
