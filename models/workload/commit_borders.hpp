// SPDX-License-Identifier: Apache-2.0
/// Puts the protocol's commit behind every unit, tile or layer of a program that has none.
///
/// A unit of work, a block marked as tile, or a whole nest is followed by the commit unit, which is
/// durable: behind it the work goes on after a power failure. Endless work has no border. In the
/// same places a policy may want to be asked: a unit that takes no time and is a boundary.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/workload/program.hpp"

namespace ebb {

void add_commits(Program& program, Granularity granularity);

/// The trigger is asked behind every unit, tile or layer; nothing becomes durable there.
void add_questions(Program& program, Granularity granularity);

/// The trigger is asked behind each commit.
void ask_behind_commits(Program& program);

/// Stretches of work end behind each durable unit.
void ask_behind_durable(Program& program);

}  // namespace ebb
