// SPDX-License-Identifier: Apache-2.0
#include "sim/device/job_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

/// Nearest-rank percentile; reorders the values (linear in their number).
double percentile(std::vector<double>& values, double p) {
    const auto rank = static_cast<std::size_t>(std::ceil(p * static_cast<double>(values.size())));
    const auto nth =
        values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

}  // namespace

decltype(Result::work) jobs_of(const JobStats& jobs) {
    decltype(Result::work) r;
    r.jobs_released = jobs.released;
    r.jobs_done = jobs.done;
    r.jobs_late = jobs.late;
    r.jobs_dropped = jobs.dropped;
    r.first_done_s = jobs.first_done_s;
    if (!jobs.latencies_s.empty()) {
        std::vector<double> values = jobs.latencies_s;
        r.latency_mean_s =
            std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
        r.latency_max_s = *std::max_element(values.begin(), values.end());
        r.latency_p95_s = percentile(values, 0.95);
        r.latency_p50_s = percentile(values, 0.50);
    }
    return r;
}

void add_notes(const Scenario& scenario, const PolicyFacts& facts, std::int64_t plug_pulled,
               std::vector<std::string>& notes) {
    if (const auto save_v = scenario.checkpoint->save_at_v(facts)) {
        notes.push_back(fmt::format("checkpoint.save_at: {}; on this device a snapshot needs {}",
                                    engineering(*save_v, "V"), engineering(facts.snapshot_v, "V")));
    }
    if (scenario.failures) {
        notes.push_back(fmt::format("failures: the plug was pulled {} time{}", plug_pulled,
                                    plug_pulled == 1 ? "" : "s"));
    }
}

}  // namespace ebb
