// SPDX-License-Identifier: Apache-2.0
#include "models/schedule/fifo.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

std::size_t Fifo::next(const std::vector<WaitingJob>& /*waiting*/) const { return 0; }

void register_schedule_fifo(Registry& registry) {
    registry.add<Schedule>({"schedule", "fifo", "jobs in the order of their release",
                            "a late job is still done; nothing is dropped but by a full queue"},
                           ParamTable<NoParams>{},
                           [](const NoParams&) { return std::make_shared<Fifo>(); });
}

}  // namespace ebb
