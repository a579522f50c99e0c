// SPDX-License-Identifier: Apache-2.0
#include "models/workload/backup_borders.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace ebb {

namespace {

/// Shares of a period below this are rounding.
constexpr double kTiny = 1e-9;

bool counts(const Nest& nest) { return !nest.endless && !nest.once_per_boot; }

double time_of(const Block& block, const std::vector<Unit>& units) {
    double trip = 0.0;
    if (block.leaf()) {
        trip = unit_time_s(units[block.unit]);
    }
    for (const Block& inner : block.body) {
        trip += time_of(inner, units);
    }
    return static_cast<double>(block.n) * trip;
}

bool may_stop_anywhere(const Nest& nest) {
    const Block& root = nest.root;
    if (nest.atomic || !root.leaf() || root.n != 1 || !root.accesses.empty()) {
        return false;
    }
    const std::vector<Phase>& phases = nest.units[root.unit].phases;
    return std::all_of(phases.begin(), phases.end(), [](const Phase& p) {
        return p.preempt == Preempt::any && p.overlap_group == 0;
    });
}

int moved_slot(const Access& access, const Buffer& buffer, std::size_t d, std::int64_t trips) {
    const std::int64_t slots = buffer.slots;
    const std::int64_t slot = (access.slot + trips * access.slot_step[d]) % slots;
    return static_cast<int>((slot + slots) % slots);
}

/// Cuts the nests of one program.
class Cutter {
public:
    Cutter(Program& program, double period_s, double check_share)
        : program_(program), period_s_(period_s), check_share_(check_share) {}

    void cut() {
        Nest* last = nullptr;
        for (Nest& nest : program_.nests) {
            if (counts(nest)) {
                enter(nest);
                set_root(may_stop_anywhere(nest) ? slices() : borders(nest.root, 0, period_s_));
                last = &nest;
            }
        }
        if (last != nullptr && since_s_ > kTiny * period_s_) {
            enter(*last);
            std::vector<Block> all = {last->root};
            append(all, border());
            set_root(std::move(all));
        }
    }

private:
    void enter(Nest& nest) {
        nest_ = &nest;
        units_.clear();
    }

    std::size_t add(Unit unit) {
        nest_->units.push_back(std::move(unit));
        return nest_->units.size() - 1;
    }

    static void append(std::vector<Block>& to, std::vector<Block> more) {
        for (Block& block : more) {
            to.push_back(std::move(block));
        }
    }

    /// The nest becomes the blocks, one behind the other.
    void set_root(std::vector<Block> blocks) {
        if (blocks.size() == 1) {
            nest_->root = std::move(blocks.front());
            return;
        }
        std::vector<Block> body;
        for (Block& block : blocks) {
            body.push_back(std::move(inside(1, std::move(block)).body.front()));
        }
        nest_->root = loop(1, std::move(body));
        nest_->root.tile = true;
    }

    /// Checks of the work since the last border, and the commit. The nest's units are made once per
    /// length.
    std::vector<Block> border() {
        std::vector<Block> blocks;
        if (check_share_ > 0.0) {
            const auto found = units_.find(since_s_);
            if (found == units_.end()) {
                Unit checks;
                checks.name = "checks";
                checks.role = UnitRole::upkeep;
                Phase phase;
                phase.time_s = check_share_ * since_s_;
                phase.clocked = true;
                checks.phases.push_back(phase);
                units_[since_s_] = add(std::move(checks));
            }
            blocks.push_back(repeat(1, units_[since_s_]));
        }
        const auto own = std::find_if(nest_->units.begin(), nest_->units.end(),
                                      [](const Unit& u) { return u.role == UnitRole::commit; });
        auto commit = static_cast<std::size_t>(own - nest_->units.begin());
        if (own == nest_->units.end()) {
            Unit unit;
            unit.name = "commit";
            unit.role = UnitRole::commit;
            unit.durable = true;
            commit = add(std::move(unit));
        }
        blocks.push_back(repeat(1, commit));
        since_s_ = 0.0;
        return blocks;
    }

    // ---- tasks

    std::vector<Block> slices() {
        const Unit whole = nest_->units[nest_->root.unit];
        const Block untouched = nest_->root;
        std::vector<Block> blocks;
        Unit slice = whole;
        slice.phases.clear();
        for (const Phase& phase : whole.phases) {
            double left_s = phase.time_s;
            const auto part = [&phase](double seconds) {
                Phase p = phase;
                p.time_s = seconds;
                p.bytes *= phase.time_s > 0.0 ? seconds / phase.time_s : 1.0;
                return p;
            };
            while (left_s > kTiny * period_s_) {
                const double periods = std::floor(left_s / period_s_ * (1.0 + kTiny));
                if (since_s_ == 0.0 && periods >= 1.0) {
                    blocks.push_back(whole_periods(whole, part(period_s_), periods));
                    left_s = std::max(0.0, left_s - periods * period_s_);
                    continue;
                }
                const double room_s = period_s_ - since_s_;
                const bool full = left_s >= room_s * (1.0 - kTiny);
                slice.phases.push_back(part(full ? room_s : left_s));
                since_s_ += slice.phases.back().time_s;
                left_s -= slice.phases.back().time_s;
                if (full) {
                    blocks.push_back(repeat(1, add(slice)));
                    append(blocks, border());
                    slice.phases.clear();
                }
            }
        }
        if (blocks.empty()) {
            return {untouched};
        }
        if (!slice.phases.empty()) {
            blocks.push_back(repeat(1, add(slice)));
        }
        return blocks;
    }

    Block whole_periods(const Unit& like, const Phase& phase, double periods) {
        Unit slice = like;
        slice.phases = {phase};
        std::vector<Block> trip = {repeat(1, add(std::move(slice)))};
        since_s_ = period_s_;
        append(trip, border());
        return loop(static_cast<std::int64_t>(periods), std::move(trip));
    }

    // ---- anything else

    /// The block with borders in it, or behind it; `depth`: loops around it.
    std::vector<Block> borders(const Block& block, std::size_t depth, double period_s) {
        const double all_s = time_of(block, nest_->units);
        const double trip_s = all_s / static_cast<double>(block.n);
        if (since_s_ + all_s < period_s * (1.0 - kTiny)) {
            since_s_ += all_s;
            return {block};
        }
        if (trip_s > period_s && !block.leaf()) {
            std::vector<Block> blocks;
            if (since_s_ > 0.0) {
                append(blocks, border());
            }
            blocks.push_back(divided(block, depth, period_s));
            return blocks;
        }
        return grouped(block, depth, period_s, trip_s);
    }

    /// Each trip is longer than a period: evenly divided, the last border at its end.
    Block divided(const Block& block, std::size_t depth, double period_s) {
        const double trip_s = time_of(block, nest_->units) / static_cast<double>(block.n);
        const double even_s = trip_s / std::ceil(trip_s / period_s * (1.0 - kTiny));
        std::vector<Block> body;
        for (const Block& inner : block.body) {
            append(body, borders(inner, depth + 1, even_s));
        }
        if (since_s_ > kTiny * even_s) {
            append(body, border());
        }
        Block out = block;
        out.body = std::move(body);
        return out;
    }

    /// So many trips, and a border.
    std::vector<Block> grouped(const Block& block, std::size_t depth, double period_s,
                               double trip_s) {
        std::vector<Block> blocks;
        const auto fit = [trip_s](double room_s) {
            return std::max<std::int64_t>(
                1, static_cast<std::int64_t>(std::floor(room_s / trip_s * (1.0 + kTiny))));
        };
        std::int64_t done = 0;
        if (since_s_ > 0.0 && block.n > 0) {
            if (since_s_ + trip_s > period_s * (1.0 + kTiny)) {
                append(blocks, border());
            } else {
                done = std::min(fit(period_s - since_s_), block.n);
                blocks.push_back(trips(block, depth, 0, done));
                since_s_ += static_cast<double>(done) * trip_s;
                append(blocks, border());
            }
        }
        if (depth + height(block) + 2 >= kNestDepth) {  // no room for a loop of loops
            append(blocks, tight(trips(block, depth, done, block.n - done)));
            return blocks;
        }
        const std::int64_t group = fit(period_s);
        if (const std::int64_t groups = (block.n - done) / group; groups > 0) {
            const Block some = trips(block, depth, done, groups * group);
            std::vector<Block> trip = {regrouped(some, depth, group)};
            since_s_ = static_cast<double>(group) * trip_s;
            append(trip, border());
            blocks.push_back(loop(groups, std::move(trip)));
            done += groups * group;
        }
        if (done < block.n) {
            blocks.push_back(trips(block, depth, done, block.n - done));
            since_s_ = static_cast<double>(block.n - done) * trip_s;
        }
        return blocks;
    }

    /// Without another loop around: a border at the end of each trip, or behind a leaf.
    std::vector<Block> tight(Block block) {
        since_s_ = time_of(block, nest_->units);
        if (block.leaf()) {
            std::vector<Block> blocks = {std::move(block)};
            append(blocks, border());
            return blocks;
        }
        since_s_ /= static_cast<double>(block.n);
        append(block.body, border());
        return {std::move(block)};
    }

    static std::size_t height(const Block& block) {
        std::size_t most = 0;
        for (const Block& inner : block.body) {
            most = std::max(most, 1 + height(inner));
        }
        return most;
    }

    /// Only the trips [from, from + n) of a loop.
    Block trips(Block block, std::size_t depth, std::int64_t from, std::int64_t n) const {
        block.n = n;
        for_each_access(block, [&](Access& access) {
            access.slot = moved_slot(access, program_.buffers[access.buffer], depth, from);
            access.lo.a0 += from * access.lo.a[depth];
        });
        return block;
    }

    /// `group` trips of a loop, seen from a new loop around them that counts the groups.
    static Block regrouped(Block block, std::size_t depth, std::int64_t group) {
        block.n = group;
        for_each_access(block, [&](Access& access) {
            const auto d = static_cast<std::ptrdiff_t>(depth);
            std::copy_backward(access.lo.a.begin() + d, access.lo.a.end() - 1, access.lo.a.end());
            std::copy_backward(access.slot_step.begin() + d, access.slot_step.end() - 1,
                               access.slot_step.end());
            access.lo.a[depth] *= group;
            access.slot_step[depth] *= static_cast<int>(group);
        });
        return block;
    }

    template <class F>
    static void for_each_access(Block& block, const F& f) {
        for (Access& access : block.accesses) {
            f(access);
        }
        for (Block& inner : block.body) {
            for_each_access(inner, f);
        }
    }

    Program& program_;
    double period_s_;
    double check_share_;
    Nest* nest_ = nullptr;
    double since_s_ = 0.0;                 ///< work since the last border
    std::map<double, std::size_t> units_;  ///< of checks, by the work that they belong to
};

}  // namespace

double unit_time_s(const Unit& unit) {
    double sum = 0.0;
    for (std::size_t i = 0; i < unit.phases.size();) {
        const int group = unit.phases[i].overlap_group;
        double longest = unit.phases[i++].time_s;
        for (; group != 0 && i < unit.phases.size() && unit.phases[i].overlap_group == group; ++i) {
            longest = std::max(longest, unit.phases[i].time_s);
        }
        sum += longest;
    }
    return sum;
}

double counted_work_s(const Program& program) {
    double sum = 0.0;
    for (const Nest& nest : program.nests) {
        sum += counts(nest) ? time_of(nest.root, nest.units) : 0.0;
    }
    return sum;
}

void add_periodic_commits(Program& program, double period_s, double check_share) {
    Cutter(program, period_s, check_share).cut();
    check_program(program);
}

}  // namespace ebb
