// SPDX-License-Identifier: Apache-2.0
/// Random programs to compare what is derived of one, or said of its memory, with single cells.
#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "models/workload/program.hpp"

namespace ebb::test {

/// So many nests over two buffers of two slots: loops around two leaves that read and write here
/// and there. The second buffer is volatile, or of several nests it may be.
inline Program random_program(std::mt19937& random, int nests) {
    const auto up_to = [&random](std::int64_t n) {
        return std::uniform_int_distribution<std::int64_t>(0, n)(random);
    };
    Program program;
    program.buffers.resize(2);
    for (Buffer& buffer : program.buffers) {
        buffer.bytes = 64;
        buffer.slots = 2;
        buffer.role = BufferRole::partial;
    }
    program.buffers[1].space = nests == 1 || up_to(1) == 0 ? Space::sram : Space::nvm;
    const auto leaf = [&] {
        std::vector<Access> accesses;
        for (int i = 0; i < 3; ++i) {
            Access access;
            access.buffer = static_cast<std::size_t>(up_to(1));
            access.lo.a0 = up_to(10);
            access.lo.a = {up_to(6), up_to(4), up_to(3), 0, 0, 0};
            access.len = 1 + up_to(3);
            access.inner = {1 + up_to(1), 5};
            access.slot_step[1] = static_cast<int>(up_to(1));
            access.write = up_to(1) == 0;
            access.phase = static_cast<std::size_t>(up_to(1));
            accesses.push_back(access);
        }
        return repeat(1 + up_to(2), 0, std::move(accesses));
    };
    for (int i = 0; i < nests; ++i) {
        Nest nest;
        nest.units.resize(1);
        nest.units[0].phases.resize(2);
        nest.root = loop(2, {loop(1 + up_to(2), {leaf(), leaf()})});
        program.nests.push_back(std::move(nest));
    }
    check_program(program);
    return program;
}

}  // namespace ebb::test
