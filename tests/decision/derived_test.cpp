// SPDX-License-Identifier: Apache-2.0
// Is what is derived of a program what its accesses say, cell by cell?
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "models/runtime/sonic_loops.hpp"
#include "models/workload/access_runs.hpp"
#include "models/workload/derived.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "tests/support/random_program.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

using Cell = std::pair<std::size_t, std::int64_t>;

/// Reads and writes of each execution, in order of the phases.
struct Touch {
    bool write = false;
    std::vector<Cell> cells;
};
std::vector<std::vector<Touch>> touches(const Program& program) {
    const Nest& nest = program.nests.front();
    const NestIndex index(nest);
    std::vector<std::vector<Touch>> all;
    for (std::int64_t k = 0; k < index.length(); ++k) {
        const NestIndex::Spot spot = index.locate(k);
        all.emplace_back();
        for (const std::size_t phase : {0, 1}) {
            for (const bool write : {false, true}) {
                for (const Access& a : index.leaves()[spot.leaf].block->accesses) {
                    if (a.phase != phase || a.write != write) {
                        continue;
                    }
                    Touch touch;
                    touch.write = write;
                    for_each_range(a, place_of(a, program.buffers[a.buffer], spot.counter),
                                   [&](std::int64_t lo, std::int64_t len) {
                                       for (std::int64_t b = lo; b < lo + len; ++b) {
                                           touch.cells.emplace_back(a.buffer, b);
                                       }
                                   });
                    all.back().push_back(touch);
                }
            }
        }
    }
    return all;
}

std::set<Cell> cells_of(const std::vector<ByteRange>& ranges) {
    std::set<Cell> cells;
    for (const ByteRange& range : ranges) {
        for (std::int64_t b = range.lo; b < range.hi; ++b) {
            cells.emplace(range.buffer, b);
        }
    }
    return cells;
}

}  // namespace

TEST_CASE("first touches, dirty bytes, WAR distance and live bytes are what single cells say") {
    const unsigned seed = GENERATE(range(1U, 80U));
    CAPTURE(seed);
    std::mt19937 random(seed);
    const Program program = random_program(random, 1);
    const Nest& nest = program.nests.front();
    const auto all = touches(program);
    const auto n = static_cast<std::int64_t>(all.size());

    const auto first = first_touches(program, nest);
    REQUIRE(first.size() == all.size());
    std::set<Cell> written;
    std::map<Cell, std::int64_t> last_read;
    std::optional<std::int64_t> war;
    for (std::int64_t k = 0; k < n; ++k) {
        std::set<Cell> reads;
        std::set<Cell> writes;
        for (const Touch& touch : all[static_cast<std::size_t>(k)]) {
            for (const Cell& cell : touch.cells) {
                if (written.count(cell) == 0) {
                    (touch.write ? writes : reads).insert(cell);
                }
            }
            for (const Cell& cell : touch.cells) {
                if (!touch.write) {
                    last_read[cell] = k;
                    continue;
                }
                written.insert(cell);
                if (cell.first == 0 && last_read.count(cell) != 0) {
                    const std::int64_t distance = k - last_read[cell];
                    war = war ? std::min(*war, distance) : distance;
                }
                last_read.erase(cell);
            }
        }
        REQUIRE(cells_of(first[static_cast<std::size_t>(k)].reads) == reads);
        REQUIRE(cells_of(first[static_cast<std::size_t>(k)].writes) == writes);
    }
    CHECK(war_distance(program, nest) == war);

    const std::int64_t k1 = n / 3;
    const std::int64_t k2 = n - n / 4;
    std::set<Cell> dirty;
    std::set<std::int64_t> pages;
    for (std::int64_t k = k1; k < k2; ++k) {
        for (const Touch& touch : all[static_cast<std::size_t>(k)]) {
            for (const Cell& cell : touch.cells) {
                if (touch.write && cell.first == 0) {
                    dirty.insert(cell);
                    pages.insert(cell.second / 16);
                }
            }
        }
    }
    CHECK(dirty_bytes(program, nest, k1, k2) == static_cast<std::int64_t>(dirty.size()));
    CHECK(dirty_pages(program, nest, k1, k2, 16) == static_cast<std::int64_t>(pages.size()));

    std::set<Cell> made;
    std::set<Cell> live;
    for (std::int64_t k = 0; k < n; ++k) {
        for (const Touch& touch : all[static_cast<std::size_t>(k)]) {
            for (const Cell& cell : touch.cells) {
                if (cell.first != 1) {
                    continue;
                }
                if (touch.write) {
                    k < k2 ? static_cast<void>(made.insert(cell))
                           : static_cast<void>(made.erase(cell));
                } else if (k >= k2 && made.count(cell) != 0) {
                    live.insert(cell);
                }
            }
        }
    }
    CHECK(live_volatile_bytes(program, nest, k2) == static_cast<std::int64_t>(live.size()));
}

TEST_CASE("whole touches hold every cell, and end where single cells do or with all slots") {
    const unsigned seed = GENERATE(range(1U, 80U));
    CAPTURE(seed);
    std::mt19937 random(seed);
    const Program program = random_program(random, 1);
    std::set<Cell> reads;
    std::set<Cell> writes;
    for (const std::vector<Touch>& execution : touches(program)) {
        for (const Touch& touch : execution) {
            (touch.write ? writes : reads).insert(touch.cells.begin(), touch.cells.end());
        }
    }
    const WholeTouches whole = whole_touches(program, program.nests.front());
    for (const bool write : {false, true}) {
        const std::set<Cell>& cells = write ? writes : reads;
        const std::vector<ByteRange>& ranges = write ? whole.writes : whole.reads;
        const std::set<Cell> covered = cells_of(ranges);
        CHECK(std::includes(covered.begin(), covered.end(), cells.begin(), cells.end()));
        for (const ByteRange& range : ranges) {
            const bool all_slots = range.lo == 0 && range.hi == 128;
            CHECK((all_slots || cells.count({range.buffer, range.lo}) == 1));
            CHECK((all_slots || cells.count({range.buffer, range.hi - 1}) == 1));
        }
    }
}

TEST_CASE("planes that change places keep a read and the next write of a cell a pass apart") {
    const std::string table =
        "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,"
        "macs,params,weight_bytes,input_bytes,output_bytes,nonzero_weights,dense_weights\n"
        "0,conv,CONV,input,7,8,1,5,6,4,3,3,1,1,1080,36,72,112,240,,\n"
        "1,fc,SPFC,0,1,1,120,1,1,8,1,1,1,1,43,43,86,240,16,43,960\n";
    const Network network = parse_network(table, "net", "net.csv");
    const auto platform =
        read_platform("msp430fr5994_lea_intfram_estimate", "",
                      std::string(EBB_SOURCE_DIR) + "/models/workload/platforms", {});
    const std::optional<NvmParams> nvm = nvm_of(*platform->operations);
    const Program program = lower_sonic({network, *platform, "", nvm, {}, 0.0}, {});
    // Rows of 6 products and their end, 5 of them, and the end of the element: one pass.
    const std::int64_t pass = 5 * (6 + 1) + 1;
    // The next pass writes the plane that this one has read.
    CHECK(*war_distance(program, program.nests[0]) == pass);
    // Sparse fully connected layers add in place: only their undo log saves them.
    CHECK(*war_distance(program, program.nests[1]) == 0);
}
