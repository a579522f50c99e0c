// SPDX-License-Identifier: Apache-2.0
#include "models/workload/program.hpp"

#include <fmt/format.h>

#include <map>

#include "models/core/error.hpp"

namespace ebb {

namespace {

/// Smallest and largest byte that an access touches over its whole nest.
std::pair<std::int64_t, std::int64_t> extent(const Access& access, const Nest& nest) {
    std::int64_t low = access.lo.a0;
    std::int64_t high = access.lo.a0;
    for (std::size_t d = 0; d < nest.n.size(); ++d) {
        const std::int64_t span = access.lo.a[d] * (nest.n[d] - 1);
        (span < 0 ? low : high) += span;
    }
    return {low, high + access.len};
}

}  // namespace

std::int64_t nvm_bytes(const Program& program) {
    std::int64_t sum = 0;
    for (const Buffer& buffer : program.buffers) {
        if (buffer.space == Space::nvm) {
            sum += buffer.bytes * buffer.slots;
        }
    }
    return sum;
}

void check_program(const Program& program) {
    std::map<int, const TensorPlace*> place;
    for (const TensorPlace& tensor : program.tensors) {
        place[tensor.layer] = &tensor;
    }
    for (const Nest& nest : program.nests) {
        std::int64_t written = 0;
        for (const Access& access : nest.unit.accesses) {
            const auto [low, high] = extent(access, nest);
            const Buffer& buffer = program.buffers.at(access.buffer);
            if (low < 0 || high > buffer.bytes || access.slot >= buffer.slots) {
                throw Defect(fmt::format("layer {}: access [{}, {}) leaves buffer {} of {} bytes",
                                         nest.name, low, high, buffer.name, buffer.bytes));
            }
            if (access.write && buffer.role == BufferRole::activation) {
                written += access.len * nest.units();
            }
        }
        const auto own = place.find(nest.layer);
        if (own != place.end() && written > 0 && written < own->second->bytes) {
            throw Defect(fmt::format("layer {}: {} of {} output bytes are written", nest.name,
                                     written, own->second->bytes));
        }
    }
}

}  // namespace ebb
