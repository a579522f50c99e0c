// SPDX-License-Identifier: Apache-2.0
// What the work moves to and from non-volatile memory, by run-lengths: payload bytes, wear, and
// what a cut leaves (whole words before it, nothing behind it).
#include <algorithm>
#include <cmath>

#include "models/workload/progress.hpp"

namespace ebb {

PhaseTraffic WorkProgress::traffic_until(const Step& s, std::size_t phase, double elapsed_s) const {
    PhaseTraffic sum;
    for (std::size_t i = 0; i < phase && i < s.traffic.size(); ++i) {
        sum.read_b += s.traffic[i].read_b;
        sum.write_b += s.traffic[i].write_b;
    }
    if (phase < s.traffic.size() && elapsed_s > 0.0) {
        const double share = elapsed_s / s.fresh.phases[phase].duration_s;
        // Whole words only: the word in hand is not moved.
        const auto words = [&](double bytes) {
            return atomic_b_ * std::floor(share * bytes / atomic_b_);
        };
        sum.read_b += words(s.traffic[phase].read_b);
        sum.write_b += words(s.traffic[phase].write_b);
    }
    return sum;
}

void WorkProgress::book_unit_traffic(std::int64_t count) {
    const Step& s = step();
    const PhaseTraffic unit = traffic_until(s, s.traffic.size(), 0.0);
    const auto n = static_cast<double>(count);
    nvm_.read(n * unit.read_b - counted_.read_b);
    nvm_.written(n * unit.write_b - counted_.write_b);
    counted_ = {};
    if (s.write_len > 0) {
        nvm_.wear(arena_, s.write_lo + position_.unit * s.write_len, count * s.write_len, 1);
    }
}

void WorkProgress::book_partial_traffic() {
    const Step& s = step();
    const PhaseTraffic part = traffic_until(s, position_.phase, position_.elapsed_s);
    nvm_.read(std::max(0.0, part.read_b - counted_.read_b));
    const double written = std::max(0.0, part.write_b - counted_.write_b);
    nvm_.written(written);
    if (s.write_len > 0 && written >= 1.0) {
        nvm_.wear(arena_, s.write_lo + position_.unit * s.write_len,
                  static_cast<std::int64_t>(written), 1);
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
            share = i < until.phase    ? 1.0
                    : i == until.phase ? until.elapsed_s / operations.load.phases[i].duration_s
                                       : 0.0;
        }
        const auto words = [&](double bytes) {
            return share >= 1.0 ? bytes : atomic_b_ * std::floor(share * bytes / atomic_b_);
        };
        nvm_.read(times * words(operations.traffic[i].read_b));
        const double w = words(operations.traffic[i].write_b);
        nvm_.written(times * w);
        written += w;
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
