// SPDX-License-Identifier: Apache-2.0
#include "sim/result/recorder.hpp"

#include "models/core/error.hpp"

namespace ebb {

const char* name_of(DeviceState state) {
    switch (state) {
        case DeviceState::off:
            return "off";
        case DeviceState::boot:
            return "boot";
        case DeviceState::active:
            return "active";
        case DeviceState::sleep:
            return "sleep";
        case DeviceState::save:
            return "save";
        case DeviceState::restore:
            return "restore";
    }
    throw Defect("a device state without a name");
}

}  // namespace ebb
