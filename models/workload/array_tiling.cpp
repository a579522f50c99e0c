// SPDX-License-Identifier: Apache-2.0
#include "models/core/error.hpp"
#include "models/workload/systolic_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace ebb {

namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) noexcept { return (a + b - 1) / b; }

/// The most filters whose block fits the buffer with so many output rows; 0 if none does.
std::int64_t most_filters(const ConvShape& s, std::int64_t rows, const SystolicArrayParams& a) {
    const double first = block_bytes(s, {1, rows, true}, a);
    const double each = block_bytes(s, {2, rows, true}, a) - first;
    if (first > a.buffer_b) {
        return 0;
    }
    const double further = each > 0.0 ? std::floor((a.buffer_b - first) / each) : 0.0;
    return each > 0.0 && further < static_cast<double>(s.filters - 1)
               ? 1 + static_cast<std::int64_t>(further)
               : s.filters;
}

std::set<std::int64_t> filters_to_try(const ConvShape& s, std::int64_t most,
                                      const SystolicArrayParams& a) {
    std::set<std::int64_t> out = {most};
    for (std::int64_t blocks = 1; blocks <= s.filters; ++blocks) {
        const std::int64_t even = ceil_div(s.filters, blocks);
        if (even <= most) {
            out.insert(even);
        }
    }
    const std::int64_t together =
        a.dataflow == Dataflow::row_stationary ? filters_held(s, a) : a.columns;
    for (std::int64_t m = together; together > 1 && m <= most; m += together) {
        out.insert(m);
    }
    return out;
}

double by_energy(const ArrayCounts& n, const SystolicArrayParams& a) {
    return a.mac_j > 0.0 ? array_energy(n, a).total_j() : memory_bytes(n, a);
}
double by_latency(const ArrayCounts& n, const SystolicArrayParams& /*a*/) {
    return static_cast<double>(n.cycles());
}
double by_energy_delay(const ArrayCounts& n, const SystolicArrayParams& a) {
    return by_energy(n, a) * by_latency(n, a);
}
using Score = double (*)(const ArrayCounts&, const SystolicArrayParams&);
Score score_of(TilingGoal goal) noexcept {
    static constexpr Score kScores[] = {by_energy_delay, by_energy, by_latency, memory_bytes};
    return kScores[static_cast<std::size_t>(goal)];
}

}  // namespace

ArrayTiling choose_tiling(const ConvShape& s, const SystolicArrayParams& a) {
    require_filter_row(s, a);
    std::optional<ArrayTiling> best;
    double best_score = 0.0;
    std::int64_t best_blocks = 0;
    for (std::int64_t p = s.out_h; p >= 1; --p) {
        const std::int64_t most = most_filters(s, p, a);
        if (most < 1) {
            continue;
        }
        for (const std::int64_t m : filters_to_try(s, most, a)) {
            const std::int64_t blocks = ceil_div(s.filters, m) * ceil_div(s.out_h, p);
            for (const bool filters_outermost : {true, false}) {
                const ArrayTiling t{m, p, filters_outermost};
                const double score = score_of(a.goal)(count_accesses(s, t, a), a);
                if (!best || score < best_score || (score == best_score && blocks < best_blocks)) {
                    best = t;
                    best_score = score;
                    best_blocks = blocks;
                }
            }
        }
    }
    if (!best) {
        throw InputError(fmt::format(
            "the array's buffer holds {:.0f} B, and one filter over one output row takes {:.0f} B",
            a.buffer_b, block_bytes(s, {1, 1, true}, a)));
    }
    return *best;
}

}  // namespace ebb
