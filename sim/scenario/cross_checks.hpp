// SPDX-License-Identifier: Apache-2.0
/// Rules between several keys of a scenario that no single table can state. A rule that needs a
/// value which was wrong itself is passed over. Rules of one component live in the component.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/facts.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/scenario/scenario_form.hpp"

namespace ebb {

/// mcu.clocking.use: the clock follows the store's voltage.
inline constexpr const char* kByVoltage = "by_voltage";

struct CheckSubject {
    const ScenarioForm& form;
    const Facts& facts;
    MistakeList& mistakes;
    std::vector<std::string>& notes;
};

void check_thresholds(const CheckSubject& s);
void check_mcu(const CheckSubject& s);
/// What the device switches to the store's terminal must find a capacitor there.
void check_beside_store(const CheckSubject& s);
void check_tasks(const CheckSubject& s);
void check_peripherals(const CheckSubject& s);
/// Operating points: names, order, the form of their loads.
void check_clocking(const CheckSubject& s);
/// Sleep states: their names, and who names them.
void check_sleep(const CheckSubject& s);
/// Failures beside those of the physics: something must say when.
void check_failures(const CheckSubject& s);
/// Energy modes that tasks name: the store has them, and the policy connects them.
void check_energy_modes(const CheckSubject& s);
/// Capacitors of their own that peripherals name: the store has them; and tasks that wait for them.
void check_own_capacitors(const CheckSubject& s);
void check_workload(const CheckSubject& s);
/// Which keys of the source fit its model; not the trace's own length and quantity.
void check_source(const CheckSubject& s);

/// How a source's samples are joined. What is generated is made for its model: left out, in the
/// way that the model takes.
[[nodiscard]] Interpolation joined_as(const SourceForm& source, const std::string& path,
                                      const Facts& facts);

/// The peripheral and state that a task names; empty if there is none of that name.
[[nodiscard]] std::optional<PeripheralUse> find_use(
    const UseForm& use, const std::vector<PeripheralParams>& peripherals);
/// The store's number for each capacitor that a peripheral names.
void number_terminals(std::vector<PeripheralParams>& peripherals, const StoreModel& store);

}  // namespace ebb
