// SPDX-License-Identifier: Apache-2.0
#include "sim/result/progress_line.hpp"

#include "sim/result/text_format.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <chrono>

namespace ebb {

namespace {

constexpr double kQuietS = 1.0;    // shorter runs need no line
constexpr double kBetweenS = 0.1;  // a person cannot read faster
constexpr double kLookS = 0.02;    // aim between two looks at the clock
constexpr std::uint32_t kMostCalls = 1U << 20;

constexpr const char* kWipe = "\r\x1b[K";

}  // namespace

ProgressLine::ProgressLine(double duration_s, bool until_may_end, Output output, Clock clock)
    : duration_s_(duration_s),
      until_may_end_(until_may_end),
      output_(std::move(output)),
      clock_(std::move(clock)) {
    if (output_) {
        started_s_ = looked_s_ = clock_();
        shown_s_ = started_s_ + kQuietS - kBetweenS;
    }
}

ProgressLine ProgressLine::on_stderr(double duration_s, bool until_may_end, bool quiet) {
    Output output;
    if (!quiet && isatty(STDERR_FILENO) == 1) {
        output = [](const std::string& text) {
            std::fputs(text.c_str(), stderr);
            std::fflush(stderr);
        };
    }
    return ProgressLine(duration_s, until_may_end, std::move(output), [] {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        return std::chrono::duration<double>(now).count();
    });
}

void ProgressLine::look(Time reached) {
    const double now_s = clock_();
    const double since_s = now_s - looked_s_;
    looked_s_ = now_s;
    calls_ = 0;
    if (since_s < kLookS / 2.0) {
        calls_per_look_ = std::min(calls_per_look_ * 2, kMostCalls);
    } else if (since_s > kLookS * 2.0) {
        // The work got slower: come back at once rather than by halves.
        const double ratio = kLookS / since_s;
        calls_per_look_ = std::max(1U, static_cast<std::uint32_t>(calls_per_look_ * ratio));
    }
    if (now_s - shown_s_ >= kBetweenS) {
        shown_s_ = now_s;
        shown_ = true;
        output_(kWipe + line(reached.seconds(), now_s - started_s_));
    }
}

std::string ProgressLine::line(double reached_s, double elapsed_s) const {
    const double share = duration_s_ > 0.0 ? std::min(1.0, reached_s / duration_s_) : 1.0;
    std::string text =
        fmt::format("{} of {}{}   {:.1f} %", duration_text(reached_s),
                    until_may_end_ ? "at most " : "", duration_text(duration_s_), 100.0 * share);
    if (share > 0.0) {
        text += fmt::format("   {} left", duration_text(elapsed_s * (1.0 - share) / share));
    }
    return text + fmt::format("   {}", speed_text(reached_s, elapsed_s));
}

void ProgressLine::finish() {
    if (output_ && shown_) {
        output_(kWipe);
    }
    shown_ = false;
}

}  // namespace ebb
