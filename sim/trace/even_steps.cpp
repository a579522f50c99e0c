// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/even_steps.hpp"

#include "sim/trace/file_mistakes.hpp"

#include <cmath>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr double kNsPerSecond = 1e9;
constexpr double kMostNs = 2.3e18;  // 73 years, as for stamps that are read

/// 0 if it is none; what a decimal loses as a double (0.001 s as 1e6 ns) does not count.
std::int64_t whole(double x) {
    const double rounded = std::round(x);
    return std::fabs(x - rounded) <= 1e-15 * std::fabs(x) ? static_cast<std::int64_t>(rounded) : 0;
}

}  // namespace

EvenSteps::EvenSteps(const ReadRequest& request, const char* preset, const char* example) {
    if (!request.dt_s && !request.rate_hz)
        throw_option_needed(request, preset, "dt' or 'rate",
                            "the file does not say when its rows are", example);
    if (request.dt_s && request.rate_hz)
        throw_mistake(request_place(request), "'dt' and 'rate' say the same thing twice",
                      "leave one of them out");
    step_ns_ = request.dt_s ? *request.dt_s * kNsPerSecond : kNsPerSecond / *request.rate_hz;
    if (!(step_ns_ >= 1.0) || !(step_ns_ < kMostNs))
        throw_mistake(request_place(request),
                      fmt::format("a step of {:g} s between rows cannot be used", step_ns_ / 1e9),
                      "expected 1 ns or more");
    whole_step_ns_ = whole(step_ns_);
    if (request.rate_hz)
        whole_rate_hz_ = whole(*request.rate_hz);
}

std::int64_t EvenSteps::stamp_ns(std::size_t row) const {
    const auto n = static_cast<std::int64_t>(row);
    constexpr std::int64_t kSecond = 1'000'000'000;
    if (whole_step_ns_ > 0)
        return n * whole_step_ns_;
    if (whole_rate_hz_ > 0)
        return n / whole_rate_hz_ * kSecond +
               (n % whole_rate_hz_ * kSecond + whole_rate_hz_ / 2) / whole_rate_hz_;
    return std::llround(static_cast<double>(n) * step_ns_);
}

bool EvenSteps::fits(std::size_t row) const {
    return static_cast<double>(row) * step_ns_ < kMostNs;
}

}  // namespace ebb
