// SPDX-License-Identifier: Apache-2.0
/// First in, first out: jobs are done in the order of their release, late ones too.
#pragma once

#include <cstddef>
#include <vector>

#include "models/schedule/schedule.hpp"

namespace ebb {

class Fifo : public Schedule {
public:
    [[nodiscard]] std::size_t next(const std::vector<WaitingJob>& waiting) const override;
};

}  // namespace ebb
