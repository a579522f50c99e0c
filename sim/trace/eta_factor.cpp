// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/series_builder.hpp"
#include "sim/trace/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace ebb {
namespace {

constexpr std::size_t kMostSlots = 1000;
constexpr std::size_t kFewestSlots = 100;
constexpr std::size_t kLongestRun = 20;
constexpr std::size_t kFewestSeen = 10;  // below, a share is mostly chance

/// After `length` or more equal slots: how often, and how often an event came next.
struct After {
    std::size_t seen = 0;
    std::size_t events = 0;
};
using Conditional = std::array<After, kLongestRun>;

/// First Wasserstein distance between two samples of equal size: the mean of what it takes to move
/// the sorted one onto the sorted other.
double distance(std::vector<double> a, std::vector<double> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::fabs(a[i] - b[i]);
    return sum / static_cast<double>(a.size());
}

void count(const std::vector<bool>& events, Conditional& after_events, Conditional& after_none) {
    std::size_t run = 0;  // equal slots that end just before slot i
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (run > 0) {
            Conditional& after = events[i - 1] ? after_events : after_none;
            for (std::size_t n = 0; n < std::min(run, kLongestRun); ++n) {
                ++after[n].seen;
                after[n].events += events[i] ? 1 : 0;
            }
        }
        run = i > 0 && events[i] == events[i - 1] ? run + 1 : 1;
    }
}

}  // namespace

std::optional<EtaFactor> eta_factor(const Series& series) {
    const bool uniform = series.bound_ns.step() != 0;
    const std::size_t slots = uniform ? std::min(kMostSlots, series.value.size()) : kMostSlots;
    if (slots < kFewestSlots)
        return std::nullopt;
    const std::vector<double> means = means_of(series, slots);
    EtaFactor result;
    result.threshold =
        std::accumulate(means.begin(), means.end(), 0.0) / static_cast<double>(slots);
    result.slot_s = static_cast<double>(series.duration_ns()) / 1e9 / static_cast<double>(slots);
    std::vector<bool> events;
    for (const double mean : means)
        events.push_back(mean >= result.threshold);
    const auto with_event = std::count(events.begin(), events.end(), true);
    if (with_event == 0 || with_event == static_cast<std::ptrdiff_t>(slots))
        return std::nullopt;
    Conditional after_events{};
    Conditional after_none{};
    count(events, after_events, after_none);
    std::vector<double> h;
    std::vector<double> persistent;
    const auto add = [&](const Conditional& after, double ideal) {
        for (const After& a : after) {
            if (a.seen < kFewestSeen)
                continue;
            h.push_back(static_cast<double>(a.events) / static_cast<double>(a.seen));
            persistent.push_back(ideal);
        }
    };
    add(after_events, 1.0);
    add(after_none, 0.0);
    if (h.empty())
        return std::nullopt;
    const double share = static_cast<double>(with_event) / static_cast<double>(slots);
    const double random = distance(std::vector<double>(h.size(), share), persistent);
    result.eta = (random - distance(h, persistent)) / random;
    return result;
}

}  // namespace ebb
