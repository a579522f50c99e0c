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

void count_one_more(Block& block, std::size_t depth) {
    for (Access& access : block.accesses) {
        if (access.lo.a.back() != 0) {
            throw Defect(fmt::format("loops nest deeper than {}", kNestDepth));
        }
        const auto at = static_cast<std::ptrdiff_t>(depth);
        std::rotate(access.lo.a.begin() + at, access.lo.a.end() - 1, access.lo.a.end());
        std::rotate(access.slot_step.begin() + at, access.slot_step.end() - 1,
                    access.slot_step.end());
    }
    for (Block& inner : block.body) {
        count_one_more(inner, depth);
    }
}

}  // namespace

Block inside(std::int64_t n, Block block, std::size_t depth) {
    count_one_more(block, depth);
    return loop(n, {std::move(block)});
}

namespace {

struct Span {
    std::size_t buffer = 0;
    std::int64_t low = 0, high = 0;
    bool write = false;
};

/// The range that each access of a nest touches over all loops.
void spans_of(const Block& block, std::vector<std::int64_t>& trips, std::vector<Span>& spans) {
    trips.push_back(block.n);
    for (const Access& access : block.accesses) {
        Span span{access.buffer, access.lo.a0, access.lo.a0 + access.len, access.write};
        const auto widen = [&span](std::int64_t by) { (by < 0 ? span.low : span.high) += by; };
        for (std::size_t d = 0; d < trips.size(); ++d) {
            widen(access.lo.a[d] * (trips[d] - 1));
        }
        widen(access.inner.stride * (access.inner.n - 1));
        widen(access.outer.stride * (access.outer.n - 1));
        spans.push_back(span);
    }
    for (const Block& inner : block.body) {
        spans_of(inner, trips, spans);
    }
    trips.pop_back();
}

/// Follows which tensors are whole while the nests run one after the other.
void check_dataflow(const Program& program) {
    std::vector<const TensorPlace*> whole;
    std::map<int, const TensorPlace*> place;
    for (const TensorPlace& tensor : program.tensors) {
        place[tensor.layer] = &tensor;
        if (tensor.layer < 0) {
            whole.push_back(&tensor);
        }
    }
    for (const Nest& nest : program.nests) {
        const auto found = place.find(nest.layer);
        const TensorPlace* own = found == place.end() ? nullptr : found->second;
        std::vector<Span> spans;
        std::vector<std::int64_t> trips;
        spans_of(nest.root, trips, spans);
        const auto covers = [](const TensorPlace& t, const Span& s) {
            return t.buffer == s.buffer && t.lo <= s.low && s.high <= t.lo + t.bytes;
        };
        for (const Span& span : spans) {
            if (program.buffers[span.buffer].role != BufferRole::activation) {
                continue;
            }
            const bool in_own = own != nullptr && covers(*own, span);
            if (span.write) {
                if (!in_own) {
                    throw Defect(fmt::format("layer {} writes outside of its output", nest.name));
                }
                continue;
            }
            if (!in_own && std::none_of(whole.begin(), whole.end(),
                                        [&](const TensorPlace* t) { return covers(*t, span); })) {
                throw Defect(fmt::format(
                    "layer {} reads [{}, {}) of {}, which no layer before it has left there",
                    nest.name, span.low, span.high, program.buffers[span.buffer].name));
            }
        }
        if (own != nullptr) {
            whole.erase(std::remove_if(whole.begin(), whole.end(),
                                       [own](const TensorPlace* t) {
                                           return t->buffer == own->buffer &&
                                                  t->lo < own->lo + own->bytes &&
                                                  own->lo < t->lo + t->bytes;
                                       }),
                        whole.end());
            whole.push_back(own);
        }
    }
}

}  // namespace

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
    check_dataflow(program);
}

}  // namespace ebb
