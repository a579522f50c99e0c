// SPDX-License-Identifier: Apache-2.0
/// Hears what the device decides and which state it is in; models know nothing of files.
#pragma once

#include <string_view>

#include "models/core/time.hpp"

namespace ebb {

/// States of the device as timelines show them.
enum class DeviceState : unsigned char { off, boot, active, sleep, save, restore };

class DecisionObserver {
public:
    virtual ~DecisionObserver() = default;
    /// A decision: `event` is one of the fixed words boot, ready, brown_out, task_done, task_cut,
    /// job_released, job_done, job_dropped, save, saved, save_torn, restore, restored, sleep, wake,
    /// end; `detail` names the task or layer.
    virtual void event(Time t, std::string_view event, std::string_view detail,
                       double terminal_v) = 0;
    /// The device's state from `t` on.
    virtual void state(Time t, DeviceState state) = 0;
};

}  // namespace ebb
