// SPDX-License-Identifier: Apache-2.0
#include "models/workload/commit_borders.hpp"

#include <utility>

namespace ebb {

namespace {

/// The block with the commit behind it, once per execution.
Block followed(Block block, std::size_t commit, std::size_t depth) {
    Block pair = inside(1, std::move(block), depth);
    pair.body.push_back(repeat(1, commit));
    return pair;
}

/// The commit behind every trip of a leaf.
Block followed_each(Block leaf, std::size_t commit) {
    const std::int64_t n = leaf.n;
    Block once = std::move(leaf);
    once.n = 1;
    Block pair = loop(n, {std::move(once), repeat(1, commit)});
    pair.tile = pair.body.front().tile;
    return pair;
}

Block with_commits(Block block, Granularity granularity, std::size_t commit,
                   const std::vector<Unit>& units, std::size_t depth) {
    if (granularity == Granularity::tile && block.tile) {
        return followed(std::move(block), commit, depth);
    }
    if (block.leaf()) {
        const bool each =
            granularity == Granularity::unit && units[block.unit].role == UnitRole::work;
        return each ? followed_each(std::move(block), commit) : block;
    }
    for (Block& inner : block.body) {
        inner = with_commits(std::move(inner), granularity, commit, units, depth + 1);
    }
    return block;
}

/// `border` behind every unit, tile or layer.
void add_borders(Program& program, Granularity granularity, const Unit& border) {
    if (granularity == Granularity::never) {
        return;
    }
    for (Nest& nest : program.nests) {
        if (nest.endless) {
            continue;
        }
        const std::size_t commit = nest.units.size();
        nest.units.push_back(border);
        nest.root = granularity == Granularity::layer
                        ? followed(std::move(nest.root), commit, 0)
                        : with_commits(std::move(nest.root), granularity, commit, nest.units, 0);
    }
    check_program(program);
}

}  // namespace

void add_commits(Program& program, Granularity granularity) {
    Unit unit;
    unit.name = "commit";
    unit.role = UnitRole::commit;
    unit.durable = true;
    add_borders(program, granularity, unit);
}

void add_questions(Program& program, Granularity granularity) {
    Unit unit;
    unit.name = "question";
    unit.role = UnitRole::upkeep;
    unit.boundary = true;
    unit.phases.emplace_back();
    unit.phases.back().kind = PhaseKind::poll;
    unit.phases.back().replaces_active = true;
    add_borders(program, granularity, unit);
}

void ask_behind_commits(Program& program) {
    for (Nest& nest : program.nests) {
        for (Unit& unit : nest.units) {
            unit.boundary = unit.boundary || unit.role == UnitRole::commit;
        }
    }
}

void ask_behind_durable(Program& program) {
    for (Nest& nest : program.nests) {
        for (Unit& unit : nest.units) {
            unit.boundary = unit.boundary || unit.durable;
        }
    }
}

}  // namespace ebb
