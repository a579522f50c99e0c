// SPDX-License-Identifier: Apache-2.0
/// The samples of a held trace as a run meets them: from simulated time 0, with the offset into the
/// trace, its scale and its end rule; and a list of operating points in the making.
#pragma once

#include "models/harvester/operating.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace ebb {

class SampleWalk {
public:
    explicit SampleWalk(const OperatingSpan& span);

    /// The sample that holds at the present moment, and until when (simulated ns).
    [[nodiscard]] double value() const noexcept { return value_; }
    [[nodiscard]] std::int64_t until_ns() const noexcept { return until_ns_; }
    /// Moves to the sample after the present one; only if until_ns() lies before the end.
    void advance();
    /// End of what has to be laid out: of the run, or of the trace if that ends it.
    [[nodiscard]] std::int64_t end_ns() const noexcept { return end_ns_; }

private:
    void take();
    OperatingSpan span_;
    std::size_t index_ = 0;
    std::int64_t pass_ns_ = 0;
    std::int64_t until_ns_ = 0;
    std::int64_t end_ns_ = 0;
    double value_ = 0.0;
};

/// Appends stretches; equal neighbours become one.
class StretchList {
public:
    explicit StretchList(bool follows_trace) { series_.follows_trace = follows_trace; }
    void reserve(std::size_t count) {
        series_.bound_ns.reserve(count + 1);
        series_.voltage_v.reserve(count);
        series_.current_a.reserve(count);
    }
    void add(std::int64_t begin_ns, double v, double i) {
        if (!series_.voltage_v.empty() && series_.voltage_v.back() == v &&
            series_.current_a.back() == i) {
            return;
        }
        series_.bound_ns.push_back(begin_ns);
        series_.voltage_v.push_back(v);
        series_.current_a.push_back(i);
    }
    [[nodiscard]] OperatingSeries finish(std::int64_t end_ns) {
        series_.bound_ns.push_back(end_ns);
        return std::move(series_);
    }

private:
    OperatingSeries series_;
};

}  // namespace ebb
