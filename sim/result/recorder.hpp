// SPDX-License-Identifier: Apache-2.0
/// Listens to a run: decisions as they are made, and the voltage between them. Change points only.
#pragma once

#include "models/core/decision_observer.hpp"
#include "models/core/time.hpp"
#include "models/store/energy_store.hpp"

#include <string_view>

namespace ebb {

[[nodiscard]] const char* name_of(DeviceState state);

/// point(t, ...) carries the voltage at `t` and the powers of the stretch that ends there; a first
/// point at time 0 gives the initial voltage.
class Recorder : public PathObserver, public DecisionObserver {
public:
    /// Called now and then with the simulated time reached, for progress lines.
    virtual void progress(Time t) = 0;
    /// False: nobody reads the voltage between decisions, so the store need not be observed.
    [[nodiscard]] virtual bool wants_points() const noexcept { return true; }
};

}  // namespace ebb
