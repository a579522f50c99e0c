// SPDX-License-Identifier: Apache-2.0
// What the work moves to and from non-volatile memory, by run-lengths: payload bytes, wear, and
// what a cut leaves (whole words before it, nothing behind it).
#include <algorithm>
#include <cmath>

#include "models/workload/access_runs.hpp"
#include "models/workload/progress.hpp"

namespace ebb {

PhaseTraffic WorkProgress::traffic_until(const UnitPlan& unit, std::size_t phase,
                                         double elapsed_s) const {
    PhaseTraffic sum;
    for (std::size_t i = 0; i < phase && i < unit.traffic.size(); ++i) {
        sum.read_b += unit.traffic[i].read_b;
        sum.write_b += unit.traffic[i].write_b;
    }
    if (phase < unit.traffic.size() && elapsed_s > 0.0) {
        const double share = elapsed_s / unit.fresh[phase].duration_s;
        // Whole words only: the word in hand is not moved.
        const auto words = [&](double bytes) {
            return atomic_b_ * std::floor(share * bytes / atomic_b_);
        };
        sum.read_b += words(unit.traffic[phase].read_b);
        sum.write_b += words(unit.traffic[phase].write_b);
    }
    return sum;
}

const std::vector<PhaseTraffic>& WorkProgress::traffic_in_hand() {
    return rest_only_ ? unit_here().traffic
                      : plan_->steps[position_.step].traffic_of(stretch_.node);
}

PhaseTraffic WorkProgress::left_of_unit() const {
    const PhaseTraffic moved = traffic_until(unit_here(), position_.phase, position_.elapsed_s);
    const PhaseTraffic& whole = unit_here().whole;
    return {whole.read_b - moved.read_b, whole.write_b - moved.write_b};
}

double WorkProgress::written_before_phase() const {
    return traffic_until(unit_here(), position_.phase, 0.0).write_b;
}

void WorkProgress::book_partial_traffic() {
    const NestIndex::Spot spot = step().index.locate(position_.unit);
    const PhaseTraffic part =
        traffic_until(step().unit(spot.leaf), position_.phase, position_.elapsed_s);
    const UnitPlan& unit = step().unit(spot.leaf);
    LayerBook& layer = counts_.layers[position_.step];
    for (std::size_t i = 0; i <= position_.phase && i < unit.kinds.size(); ++i) {
        const double seconds = i < position_.phase ? unit.fresh[i].duration_s : position_.elapsed_s;
        layer.seconds[static_cast<std::size_t>(unit.kinds[i])] += seconds;
    }
    nvm_.read(std::max(0.0, part.read_b - counted_.read_b));
    const double written = std::max(0.0, part.write_b - counted_.write_b);
    nvm_.written(written);
    auto left = static_cast<std::int64_t>(written);
    for (const Access& access : step().index.leaves()[spot.leaf].block->accesses) {
        if (access.write && left > 0) {
            wear_out(access, spot.counter, left, 1);
            left -= std::min(left, access.bytes());
        }
    }
}

/// A recovery has put back what the product cut behind its log had written over.
void WorkProgress::wear_put_back(std::int64_t bytes) {
    if (!behind_log_) {
        return;
    }
    const NestIndex& index = plan_->steps[behind_log_->step].index;
    const NestIndex::Spot spot = index.locate(behind_log_->unit);
    for (const Access& access : index.leaves()[spot.leaf].block->accesses) {
        if (access.write && bytes > 0) {
            wear_out(access, spot.counter, bytes, 1);
            bytes -= std::min(bytes, access.bytes());
        }
    }
}

/// What one execution of an access writes, at most so many bytes of it.
void WorkProgress::wear_out(const Access& access,
                            const std::array<std::int64_t, kNestDepth>& counter,
                            std::int64_t most_bytes, std::int64_t times) {
    const std::size_t number = buffers_[access.buffer];
    if (number == kNoBuffer) {
        return;
    }
    const Buffer& buffer = plan_->buffers[access.buffer];
    for_each_range(access, place_of(access, buffer, counter),
                   [&](std::int64_t lo, std::int64_t len) {
                       const std::int64_t part = std::min(most_bytes, len);
                       nvm_.wear(number, lo, part, part > 0 ? times : 0);
                       most_bytes -= part;
                   });
}

void WorkProgress::close() {
    for (std::size_t i = 0; i < wear_.size(); ++i) {
        const NestIndex& index = plan_->steps[i].index;
        for (std::size_t leaf = 0; leaf < wear_[i].size(); ++leaf) {
            for (const Access& access : index.leaves()[leaf].block->accesses) {
                if (!access.write || buffers_[access.buffer] == kNoBuffer) {
                    continue;
                }
                const Buffer& buffer = plan_->buffers[access.buffer];
                wear_[i][leaf].for_each([&](std::int64_t k0, std::int64_t k1, std::int64_t times) {
                    for_each_run(index, leaf, access, buffer, k0, k1,
                                 [&](std::int64_t lo, std::int64_t len) {
                                     nvm_.wear(buffers_[access.buffer], lo, len, times);
                                 });
                });
            }
        }
    }
}

void WorkProgress::book_operations(const Operations& operations, const LoadPosition& until,
                                   bool complete) {
    const double times =
        complete ? static_cast<double>(std::max<std::int64_t>(until.unit, 1)) : 1.0;
    double written = 0.0;
    for (std::size_t i = 0; i < operations.traffic.size(); ++i) {
        double share = 1.0;
        if (!complete) {
            const double whole_s = operations.load.phases[i].duration_s;
            share = i < until.phase                     ? 1.0
                    : i == until.phase && whole_s > 0.0 ? until.elapsed_s / whole_s
                                                        : 0.0;
        }
        const auto words = [&](double bytes) {
            return share >= 1.0 ? bytes : atomic_b_ * std::floor(share * bytes / atomic_b_);
        };
        nvm_.read(times * words(operations.traffic[i].read_b));
        const double w = words(operations.traffic[i].write_b);
        nvm_.written(times * w);
        if (i < operations.growth.size() && operations.growth[i] == Growth::put_back) {
            wear_put_back(static_cast<std::int64_t>(w));
        } else {
            written += w;
        }
    }
    if (written < 1.0) {
        return;
    }
    // Two slots in turn; a torn one is written again by the next attempt.
    const bool snapshot = &operations == &plan_->snapshot;
    const std::size_t buffer = snapshot ? snapshots_ : records_;
    const std::int64_t slot_bytes = snapshot ? plan_->snapshot_bytes : plan_->record_bytes;
    const std::int64_t done = snapshot ? snapshot_writes_ : record_writes_;
    const auto n = static_cast<std::int64_t>(times);
    const auto len = static_cast<std::int64_t>(written);
    const std::int64_t first = done % 2;
    nvm_.wear(buffer, first * slot_bytes, len, (n + 1) / 2);
    nvm_.wear(buffer, (1 - first) * slot_bytes, len, n / 2);
    if (!snapshot && complete) {
        record_writes_ += n;
    }
}

}  // namespace ebb
