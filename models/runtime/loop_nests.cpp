// SPDX-License-Identifier: Apache-2.0
#include "models/runtime/loop_nests.hpp"

#include <utility>

namespace ebb {

namespace {

// Depths of the loops: filter, element, row, unit.
constexpr std::size_t kFilter = 0, kElement = 1, kRow = 2, kUnit = 3;

/// Builds the passes of one filter.
class Passes {
public:
    Passes(const PlanePass& pass, std::int64_t first) : p_(pass), first_(first) {}

    [[nodiscard]] Block block(std::int64_t filters) const {
        const std::int64_t plane = p_.rows * p_.row_len * p_.element_bytes;
        const bool copies = p_.elements % 2 == 0;
        const std::int64_t middle = p_.elements - (copies ? 1 : 2);
        std::vector<Block> body;
        if (p_.elements == 1) {
            body.push_back(once(false, to_output(plane), p_.last_end));
            return loop(filters, std::move(body));
        }
        body.push_back(once(false, to_plane(0, false), p_.element_end));
        if (middle > 0 && !copies) {
            body.push_back(some(middle, p_.element_end));
        }
        if (copies) {
            if (middle > 1) {
                body.push_back(some(middle - 1, p_.element_end));
            }
            body.push_back(once(true, to_plane(1, false), p_.last_end, 0));
            body.push_back(copy(plane));
        } else {
            body.push_back(once(true, to_output(plane), p_.last_end, 1));
        }
        return loop(filters, std::move(body));
    }

private:
    [[nodiscard]] Access at_unit(std::size_t buffer, std::int64_t lo, std::int64_t len) const {
        Access access;
        access.buffer = buffer;
        access.lo.a0 = lo;
        access.lo.a[kRow] = p_.row_len * p_.element_bytes;
        access.lo.a[kUnit] = len * p_.element_bytes;
        access.len = len * p_.element_bytes;
        return access;
    }
    /// A slot of the planes; `moves`: with the element loop.
    [[nodiscard]] Access to_plane(int slot, bool moves) const {
        Access access = at_unit(p_.planes, 0, p_.len);
        access.slot = slot;
        access.slot_step[kElement] = moves ? 1 : 0;
        access.write = true;
        access.phase = p_.write_phase;
        return access;
    }
    [[nodiscard]] Access from_plane(int slot, bool moves) const {
        Access access = to_plane(slot, moves);
        access.write = false;
        access.phase = 0;
        return access;
    }
    [[nodiscard]] Access to_output(std::int64_t plane) const {
        Access access = at_unit(p_.output.buffer, p_.output.lo + first_ * plane, p_.len);
        access.lo.a[kFilter] = plane;
        access.write = true;
        access.phase = p_.write_phase;
        return access;
    }

    /// One pass that reads plane `from` (if it adds to anything) and stores by `to`.
    [[nodiscard]] Block once(bool adds, Access to, std::size_t end, int from = 0) const {
        std::vector<Access> accesses = {p_.input, p_.weights};
        if (adds) {
            accesses.push_back(from_plane(from, false));
        }
        return pass(1, std::move(accesses), to, end);
    }
    /// `n` passes after the first: they begin with reading plane 0 and writing plane 1.
    [[nodiscard]] Block some(std::int64_t n, std::size_t end) const {
        return pass(n, {p_.input, p_.weights, from_plane(0, true)}, to_plane(1, true), end);
    }
    [[nodiscard]] Block pass(std::int64_t n, std::vector<Access> accesses, const Access& to,
                             std::size_t end) const {
        accesses.push_back(to);
        accesses.insert(accesses.end(), p_.counters.begin(), p_.counters.end());
        return loop(n, {loop(p_.rows, {repeat(p_.trips, p_.unit, std::move(accesses)),
                                       repeat(1, p_.row_end, p_.row_counters)}),
                        repeat(1, end)});
    }
    [[nodiscard]] Block copy(std::int64_t plane) const {
        Access from = at_unit(p_.planes, 0, 1);
        from.slot = 1;
        Access to = at_unit(p_.output.buffer, p_.output.lo + first_ * plane, 1);
        to.lo.a[kFilter] = plane;
        to.write = true;
        to.phase = p_.copy_write_phase;
        return loop(1, {loop(p_.rows, {repeat(p_.row_len, p_.copy, {from, to}),
                                       repeat(1, p_.row_end, p_.row_counters)})});
    }

    const PlanePass& p_;
    std::int64_t first_;
};

}  // namespace

Block plane_passes(const PlanePass& pass, std::int64_t filters, std::int64_t first) {
    return Passes(pass, first).block(filters);
}

std::size_t add_planes(Program& program, std::int64_t bytes, std::int64_t element_bytes) {
    Buffer planes;
    planes.name = "planes";
    planes.bytes = bytes;
    planes.element_bytes = static_cast<int>(element_bytes);
    planes.slots = 2;
    planes.role = BufferRole::partial;
    program.buffers.push_back(planes);
    return program.buffers.size() - 1;
}

}  // namespace ebb
