// SPDX-License-Identifier: Apache-2.0
/// The parts of findings.cpp that need more than a line: what the supply can never do
/// (finding_supply.cpp), a converter that never runs (finding_converter.cpp), a store that loses
/// much to its switches (finding_switching.cpp), and work that never comes to an end
/// (finding_progress.cpp).
#pragma once

#include <cstdint>

#include "sim/device/device.hpp"
#include "sim/device/run.hpp"

namespace ebb {

/// So many power cycles in a row without anything durable are no chance any more.
inline constexpr std::int64_t kIdleCycles = 3;

/// The device never turned on: no energy, too little, or not yet.
void find_hopeless_supply(const Scenario& scenario, const Device& device, Result& result);
/// The source never reaches what the converter needs to run, or to begin.
void find_idle_converter(const Scenario& scenario, const Device& device, Result& result);
/// The source asks the converter, or its own rectifier, for more than their tables hold.
void find_outside_table(const Scenario& scenario, const Device& device, Result& result);
/// Turn-on lies where the store comes to rest.
void find_near_equilibrium(const Scenario& scenario, const Device& device, Result& result);
/// At every boot the regulator's output capacitor empties the store. True: progress has its reason.
bool find_inrush(const Scenario& scenario, const Device& device, Result& result);
/// The device sleeps until a voltage that does not come. True if it never can come: what is said
/// about progress then has its reason here.
bool find_endless_sleep(const Scenario& scenario, const Device& device, Result& result);

/// A task waits to the end for a capacitor of its peripherals.
void find_never_charged(const Scenario& scenario, const Device& device, Result& result);

/// The store loses much of what comes in where its parts are switched together.
void find_much_switched(Result& result);

/// A guard waits for a voltage above the store's maximum. True: progress has its reason.
bool find_guard_out_of_reach(const Scenario& scenario, const Device& device, Result& result);

/// Power cycle after power cycle nothing became durable.
void find_no_progress(const Scenario& scenario, const Device& device, Result& result);

}  // namespace ebb
