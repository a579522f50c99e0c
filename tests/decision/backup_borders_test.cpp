// SPDX-License-Identifier: Apache-2.0
/// Where do the backups of a timer come in a program, and is everything else left as it was?
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "models/workload/backup_borders.hpp"
#include "models/workload/nest_index.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

Nest task(const std::string& name, std::vector<double> phases_s) {
    Nest nest;
    nest.name = name;
    Unit unit;
    unit.name = name;
    for (const double s : phases_s) {
        Phase phase;
        phase.time_s = s;
        unit.phases.push_back(phase);
    }
    nest.units = {unit};
    nest.root = repeat(1, 0);
    return nest;
}

/// Work between one commit and the next, walked execution by execution; the last entry is what
/// comes behind the last commit.
std::vector<double> regions_of(const Program& program) {
    std::vector<double> regions = {0.0};
    for (const Nest& nest : program.nests) {
        const NestIndex index(nest);
        for (std::int64_t u = 0; u < index.length(); ++u) {
            const Unit& unit = nest.units[index.leaves()[index.locate(u).leaf].block->unit];
            if (unit.role == UnitRole::commit) {
                regions.push_back(0.0);
            } else if (unit.role == UnitRole::work && !nest.once_per_boot) {
                regions.back() += unit_time_s(unit);
            }
        }
    }
    return regions;
}

TEST_CASE("is a long task one loop of slices with a commit behind each?") {
    Program p;
    p.nests = {task("long", {1000.0})};
    add_periodic_commits(p, 1e-3, 0.0);
    CHECK(NestIndex(p.nests[0]).length() == 2000000);
    CHECK(NestIndex(p.nests[0]).leaves().size() == 2);
    CHECK(counted_work_s(p) == Approx(1000.0).epsilon(1e-12));
}

TEST_CASE("does the timer count on from task to task, and does the job end with a commit?") {
    Program p;
    p.nests = {task("a", {0.3, 0.4}), task("b", {0.5}), task("c", {2.1}), task("d", {0.2})};
    add_periodic_commits(p, 1.0, 0.0);
    const std::vector<double> regions = regions_of(p);
    // 3.5 in all: 1, 1, 1, 0.5 and nothing behind
    REQUIRE(regions.size() == 5);
    for (const std::size_t i : {0, 1, 2}) {
        CHECK(regions[i] == Approx(1.0).epsilon(1e-12));
    }
    CHECK(regions[3] == Approx(0.5).epsilon(1e-9));
    CHECK(regions[4] == 0.0);
}

TEST_CASE("is a task that must not be cut left whole, and one that is endless without a commit?") {
    Program p;
    p.nests = {task("send", {0.7}), task("send", {0.7}), task("burn", {1.0})};
    p.nests[0].atomic = p.nests[1].atomic = true;
    p.nests[2].endless = true;
    add_periodic_commits(p, 1.0, 0.0);
    const std::vector<double> regions = regions_of(p);
    REQUIRE(regions.size() == 3);
    CHECK(regions[0] == Approx(0.7));
    CHECK(regions[1] == Approx(0.7));
    CHECK(p.nests[2].units.size() == 1);
}

TEST_CASE("does once-per-boot work count no time?") {
    Program p;
    p.nests = {task("init", {0.9}), task("work", {0.9})};
    p.nests[0].once_per_boot = true;
    add_periodic_commits(p, 1.0, 0.0);
    CHECK(regions_of(p).size() == 2);
    CHECK(p.nests[0].units.size() == 1);
}

/// A layer of two levels of loops whose accesses count both: 6 rows of 5, two slots in turn.
Program layer() {
    Program p;
    Buffer data;
    data.name = "data";
    data.bytes = 300;
    data.slots = 2;
    data.role = BufferRole::partial;
    p.buffers = {data};
    Nest nest = task("layer", {0.1});
    Access access;
    access.lo.a[0] = 50;
    access.lo.a[1] = 10;
    access.len = 10;
    access.write = true;
    access.slot_step[0] = 1;
    access.slot_step[1] = 1;
    nest.root = loop(6, {repeat(5, 0, {access})});
    nest.atomic = true;
    p.nests = {nest};
    return p;
}

/// What each execution of a unit of work touches: first byte and slot.
std::vector<std::pair<std::int64_t, int>> touched(const Program& p) {
    std::vector<std::pair<std::int64_t, int>> all;
    for (const Nest& nest : p.nests) {
        const NestIndex index(nest);
        for (std::int64_t u = 0; u < index.length(); ++u) {
            const NestIndex::Spot spot = index.locate(u);
            for (const Access& a : index.leaves()[spot.leaf].block->accesses) {
                std::int64_t lo = a.lo.a0;
                std::int64_t slot = a.slot;
                for (std::size_t d = 0; d < kNestDepth; ++d) {
                    lo += a.lo.a[d] * spot.counter[d];
                    slot += a.slot_step[d] * spot.counter[d];
                }
                all.emplace_back(lo, static_cast<int>(slot % p.buffers[a.buffer].slots));
            }
        }
    }
    return all;
}

TEST_CASE("does a layer that is cut behind units touch the same bytes in the same order?") {
    const auto before = touched(layer());
    REQUIRE(before.size() == 30);
    CHECK(before[7] == std::pair<std::int64_t, int>(70, 1));
    // Fewer and more than a row; one unit; more than the layer.
    for (const double period : {0.05, 0.1, 0.21, 0.35, 0.5, 0.75, 1.0, 1.3, 2.9, 3.0, 4.0}) {
        Program p = layer();
        add_periodic_commits(p, period, 0.0);
        CAPTURE(period);
        CHECK(touched(p) == before);
        const std::vector<double> regions = regions_of(p);
        CHECK(regions.back() == 0.0);
        for (const double region : regions) {
            CHECK(region <= std::max(period, 0.1) * (1.0 + 1e-9));
        }
        // Not twice as many as there must be.
        CHECK(static_cast<double>(regions.size()) <= 2.0 * std::ceil(3.0 / period) + 2.0);
    }
}

TEST_CASE("does a network under a timer do the same work as without, beside its backups?") {
    const std::string text =
        "name: net\nduration: 20 s\n"
        "source: {model: {type: constant_power, power: 100 mW}}\n"
        "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 5 V}\n"
        "mcu: {part: stm32u385, turn_on: 3.0 V, turn_off: 1.8 V, initial: powered}\n"
        "nvm: {part: mb85rs256ty}\n"
        "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385, arrival: {every: 100 "
        "s}}\n";
    const Result plain = result_of(text, {"checkpoint={policy: none}"});
    const Result timer = result_of(text, {"checkpoint={policy: periodic, period: 3 ms}"});
    REQUIRE(plain.work.jobs_done == 1);
    CHECK(timer.work.jobs_done == 1);
    CHECK(timer.work.units_done == plain.work.units_done);
    CHECK(timer.nvm.read_bytes == Approx(plain.nvm.read_bytes).epsilon(1e-12));
    CHECK(timer.energy_j.sinks[Sink::compute] ==
          Approx(plain.energy_j.sinks[Sink::compute]).epsilon(1e-9));
    CHECK(timer.checkpoint.completed > 10);
    CHECK(timer.kernel.decisions < 2000);
}

}  // namespace
