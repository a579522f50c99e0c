// SPDX-License-Identifier: Apache-2.0
// What the MCU draws from the rail in its states.
#include <algorithm>

#include "models/core/error.hpp"
#include "models/workload/plan.hpp"

namespace ebb {

RailLoads::RailLoads(const McuParams& mcu, const std::optional<NvmParams>& nvm, std::size_t point)
    : mcu_(mcu), nvm_(nvm), point_(mcu.clocking ? &mcu.clocking->points.at(point) : nullptr) {}

std::size_t operating_points(const McuParams& mcu) {
    return mcu.clocking ? mcu.clocking->points.size() : 1;
}

double RailLoads::slowdown() const noexcept {
    return point_ == nullptr ? 1.0 : mcu_.clocking->work_at_hz / point_->clock_hz;
}

double RailLoads::load_factor() const noexcept {
    if (point_ == nullptr) {
        return 1.0;
    }
    const ActiveParams& active = *mcu_.active;
    return active.power_w     ? *point_->power_w / *active.power_w
           : active.current_a ? *point_->current_a / *active.current_a
                              : *point_->current_per_volt_s / *active.current_per_volt_s;
}

std::vector<RailLoad> RailLoads::active(Sink sink) const {
    if (!mcu_.active) {
        throw InputError(
            "mcu.active is needed: the device draws it while it waits, moves data to or from "
            "non-volatile memory, or runs a task without a load of its own");
    }
    if (point_ != nullptr) {
        return {{sink, point_->current_a.value_or(0.0), point_->current_per_volt_s.value_or(0.0),
                 point_->power_w.value_or(0.0)}};
    }
    return {{sink, mcu_.active->current_a.value_or(0.0),
             mcu_.active->current_per_volt_s.value_or(0.0), mcu_.active->power_w.value_or(0.0)}};
}

std::vector<RailLoad> RailLoads::standby() const {
    if (!nvm_ || nvm_->standby_a == 0.0) {
        return {};
    }
    return {{Sink::idle, nvm_->standby_a, 0.0, 0.0}};
}

const SleepParams* RailLoads::sleep_state(const std::string& name) const noexcept {
    for (const SleepParams& state : mcu_.sleep_states) {
        if (!name.empty() && state.name == name) {
            return &state;
        }
    }
    return mcu_.sleep ? &*mcu_.sleep : nullptr;
}

LoadPhase RailLoads::waking(const SleepParams& state) const {
    std::vector<RailLoad> rail = {{Sink::idle, 0.0, 0.0, 0.0}};
    if (!state.wake_charge_c) {
        rail = active(Sink::idle);
    } else if (state.wake_s > 0.0) {
        rail.front().current_a = *state.wake_charge_c / state.wake_s;
    }
    for (const RailLoad& s : standby()) {
        rail.push_back(s);
    }
    return phase(rail, true, state.wake_s);
}

LoadPhase RailLoads::converting(const AdcParams& adc) const {
    std::vector<RailLoad> rail = active(Sink::checkpoint);
    rail.push_back(
        {Sink::checkpoint, 0.0, 0.0, adc.time_s > 0.0 ? adc.energy_j / adc.time_s : 0.0});
    for (const RailLoad& s : standby()) {
        rail.push_back(s);
    }
    return phase(rail, true, adc.time_s);
}

std::vector<RailLoad> RailLoads::sleep(const SleepParams& state) const {
    std::vector<RailLoad> rail = {{Sink::sleep, state.current_a, 0.0, 0.0}};
    if (nvm_ && nvm_->sleep_a > 0.0) {
        rail.push_back({Sink::sleep, nvm_->sleep_a, 0.0, 0.0});
    }
    return rail;
}

double RailLoads::drop_out_below_v() const noexcept { return mcu_.regulator->drop_out_below_v(); }

RailLoad RailLoads::peripherals(bool powered, const std::vector<PeripheralDraw>& in_use) const {
    RailLoad sum;
    sum.sink = Sink::peripherals;
    for (std::size_t i = 0; i < mcu_.peripherals.size(); ++i) {
        const PeripheralParams& p = mcu_.peripherals[i];
        if (p.terminal) {
            continue;
        }
        const auto used = std::find_if(in_use.begin(), in_use.end(),
                                       [i](const PeripheralDraw& d) { return d.peripheral == i; });
        if (used != in_use.end()) {
            sum.current_a += used->current_a;
            sum.power_w += used->power_w;
        } else if (powered || p.always_on) {
            sum.current_a += p.standby_a;
        }
    }
    return sum;
}

/// What those with a capacitor of their own draw from it.
std::vector<RailDraw> RailLoads::beside(bool powered,
                                        const std::vector<PeripheralDraw>& in_use) const {
    std::vector<RailDraw> draws;
    for (std::size_t i = 0; i < mcu_.peripherals.size(); ++i) {
        const PeripheralParams& p = mcu_.peripherals[i];
        if (!p.terminal) {
            continue;
        }
        const auto used = std::find_if(in_use.begin(), in_use.end(),
                                       [i](const PeripheralDraw& d) { return d.peripheral == i; });
        if (used != in_use.end()) {
            draws.push_back({*p.terminal, used->current_a, true});
        } else if ((powered || p.always_on) && p.standby_a > 0.0) {
            draws.push_back({*p.terminal, p.standby_a, false});
        }
    }
    return draws;
}

LoadPhase RailLoads::phase(const std::vector<RailLoad>& rail, bool powered, double duration_s,
                           const std::vector<PeripheralDraw>& in_use) const {
    LoadPhase p;
    p.duration_s = duration_s;
    std::vector<RailLoad> all = rail;
    p.rails = beside(powered, in_use);
    const RailLoad at_rail = peripherals(powered, in_use);
    if (at_rail.current_a > 0.0 || at_rail.power_w > 0.0) {
        all.push_back(at_rail);
    }
    mcu_.regulator->draw(all, powered, p.regulated, p.drop_out);
    for (Draw* draw : {&p.regulated, &p.drop_out}) {
        draw->add({Sink::quiescent, {0.0, mcu_.charger_a, 0.0}, {}});
    }
    return p;
}

std::vector<LoadPhase> RailLoads::boot_phases() const {
    const BootParams& boot = mcu_.boot;
    const auto drawing = [this](double current_a, double time_s, double power_w = 0.0) {
        std::vector<RailLoad> rail = standby();
        rail.insert(rail.begin(), {Sink::boot, current_a, 0.0, power_w});
        return phase(rail, true, time_s);
    };
    std::vector<LoadPhase> phases;
    if (!boot.profile) {
        const double per_s = boot.time_s > 0.0 ? 1.0 / boot.time_s : 0.0;
        phases.push_back(
            drawing(boot.charge_c * per_s, boot.time_s, boot.energy_j.value_or(0.0) * per_s));
        return phases;
    }
    for (std::size_t i = 0; i + 1 < boot.profile->bound_ns.size(); ++i) {
        phases.push_back(drawing(boot.profile->value[i], boot.profile->seconds(i)));
    }
    return phases;
}

}  // namespace ebb
