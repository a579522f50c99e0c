// SPDX-License-Identifier: Apache-2.0
#include "models/workload/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "models/core/error.hpp"

namespace ebb {

namespace {

std::int64_t work_of(const Block& block, const std::vector<Unit>& units) noexcept {
    if (block.leaf()) {
        return units[block.unit].role == UnitRole::work ? block.n : 0;
    }
    std::int64_t sum = 0;
    for (const Block& inner : block.body) {
        sum += work_of(inner, units);
    }
    return block.n * sum;
}

/// Walks the leaves of one nest with the trip counts of the loops around them.
class NestCheck {
public:
    NestCheck(const Program& program, const Nest& nest) : program_(program), nest_(nest) {}

    std::int64_t written(const Block& block) {
        if (block.n < 1) {
            throw Defect(fmt::format("layer {}: a loop runs {} times", nest_.name, block.n));
        }
        if (trips_.size() == kNestDepth) {
            throw Defect(
                fmt::format("layer {}: loops nest deeper than {}", nest_.name, kNestDepth));
        }
        trips_.push_back(block.n);
        std::int64_t bytes = 0;
        if (block.leaf()) {
            bytes = leaf(block);
        }
        for (const Block& inner : block.body) {
            bytes += written(inner);
        }
        trips_.pop_back();
        return bytes;
    }

private:
    std::int64_t leaf(const Block& block) const {
        if (block.unit >= nest_.units.size()) {
            throw Defect(fmt::format("layer {}: a loop runs an unknown unit", nest_.name));
        }
        std::int64_t times = 1;
        for (const std::int64_t n : trips_) {
            times *= n;
        }
        std::int64_t bytes = 0;
        for (const Access& access : block.accesses) {
            check(access, nest_.units[block.unit]);
            const Buffer& buffer = program_.buffers[access.buffer];
            if (access.write && buffer.role == BufferRole::activation) {
                bytes += access.bytes() * times;
            }
        }
        return bytes;
    }

    void check(const Access& access, const Unit& unit) const {
        const Buffer& buffer = program_.buffers.at(access.buffer);
        std::int64_t low = access.lo.a0;
        std::int64_t high = access.lo.a0 + access.len;
        for (std::size_t d = 0; d < kNestDepth; ++d) {
            if (d >= trips_.size() && access.lo.a[d] != 0) {
                throw Defect(
                    fmt::format("layer {}: an access counts a loop that is not there", nest_.name));
            }
            const std::int64_t span = d < trips_.size() ? access.lo.a[d] * (trips_[d] - 1) : 0;
            (span < 0 ? low : high) += span;
        }
        for (const Rows& rows : {access.inner, access.outer}) {
            const std::int64_t span = rows.stride * (rows.n - 1);
            (span < 0 ? low : high) += span;
        }
        if (low < 0 || high > buffer.bytes || access.slot < 0 || access.slot >= buffer.slots) {
            throw Defect(fmt::format("layer {}: access [{}, {}) leaves buffer {} of {} bytes",
                                     nest_.name, low, high, buffer.name, buffer.bytes));
        }
        if (unit.role != UnitRole::commit && access.phase >= unit.phases.size()) {
            throw Defect(fmt::format("layer {}: an access belongs to no phase of unit {}",
                                     nest_.name, unit.name));
        }
    }

    const Program& program_;
    const Nest& nest_;
    std::vector<std::int64_t> trips_;
};

}  // namespace

std::int64_t Nest::work_units() const noexcept { return work_of(root, units); }

std::int64_t nvm_bytes(const Program& program) {
    std::int64_t sum = 0;
    for (const Buffer& buffer : program.buffers) {
        if (buffer.space == Space::nvm) {
            sum += buffer.bytes * buffer.slots;
        }
    }
    return sum;
}

Block loop(std::int64_t n, std::vector<Block> body) {
    Block block;
    block.n = n;
    block.body = std::move(body);
    return block;
}

Block repeat(std::int64_t n, std::size_t unit, std::vector<Access> accesses) {
    Block block;
    block.n = n;
    block.unit = unit;
    block.accesses = std::move(accesses);
    return block;
}

namespace {

void count_one_more(Block& block) {
    for (Access& access : block.accesses) {
        if (access.lo.a.back() != 0) {
            throw Defect(fmt::format("loops nest deeper than {}", kNestDepth));
        }
        std::rotate(access.lo.a.rbegin(), access.lo.a.rbegin() + 1, access.lo.a.rend());
        access.slot_by += access.slot_by >= 0 ? 1 : 0;
    }
    for (Block& inner : block.body) {
        count_one_more(inner);
    }
}

}  // namespace

Block inside(std::int64_t n, Block block) {
    count_one_more(block);
    return loop(n, {std::move(block)});
}

void check_program(const Program& program) {
    std::map<int, const TensorPlace*> place;
    for (const TensorPlace& tensor : program.tensors) {
        place[tensor.layer] = &tensor;
    }
    for (const Nest& nest : program.nests) {
        const std::int64_t written = NestCheck(program, nest).written(nest.root);
        const auto own = place.find(nest.layer);
        if (own != place.end() && written > 0 && written < own->second->bytes) {
            throw Defect(fmt::format("layer {}: {} of {} output bytes are written", nest.name,
                                     written, own->second->bytes));
        }
    }
}

}  // namespace ebb
