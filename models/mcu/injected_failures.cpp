// SPDX-License-Identifier: Apache-2.0
#include "models/mcu/injected_failures.hpp"

#include <algorithm>
#include <utility>

namespace ebb {

namespace {
constexpr std::uint32_t kStream = 0xfa11;
constexpr double kMicrosecond = 1e-6;
}  // namespace

InjectedFailures::InjectedFailures(FailureParams params, std::uint64_t seed)
    : params_(std::move(params)), random_(seed, kStream) {
    std::sort(params_.times.begin(), params_.times.end(),
              [](const FailureTime& a, const FailureTime& b) { return a.at_s < b.at_s; });
    if (params_.mean_s) {
        random_s_ = kMicrosecond *
                    static_cast<double>(whole_microseconds(random_.exponential(*params_.mean_s)));
    }
}

std::optional<Time> InjectedFailures::next() {
    std::optional<double> listed;
    std::optional<double> periodic;
    std::optional<double> at_random;
    if (listed_ < params_.times.size()) {
        listed = params_.times[listed_].at_s;
    }
    if (params_.every_s) {  // counted from the first one, so that it does not drift
        periodic = params_.first_s.value_or(*params_.every_s) +
                   static_cast<double>(periods_) * *params_.every_s;
    }
    if (params_.mean_s) {
        at_random = random_s_;
    }
    std::optional<double> first;
    for (const std::optional<double>& t : {listed, periodic, at_random}) {
        if (t && (!first || *t < *first)) {
            first = t;
        }
    }
    if (!first) {
        return std::nullopt;
    }
    listed_ += listed && *listed <= *first ? 1 : 0;
    periods_ += periodic && *periodic <= *first ? 1 : 0;
    if (at_random && *at_random <= *first) {
        random_s_ += kMicrosecond *
                     static_cast<double>(whole_microseconds(random_.exponential(*params_.mean_s)));
    }
    return Time::from_seconds(*first);
}

}  // namespace ebb
