// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/sample_walk.hpp"

#include <algorithm>

#include "models/core/error.hpp"

namespace ebb {

SampleWalk::SampleWalk(const OperatingSpan& span) : span_(span), end_ns_(span.duration_ns) {
    if (span.series == nullptr) {
        value_ = span.constant;
        until_ns_ = INT64_MAX;
        return;
    }
    const Series& series = *span.series;
    if (series.interpolation != Interpolation::hold) {
        throw Defect("operating points belong to held samples");
    }
    const std::int64_t period = series.duration_ns();
    const std::int64_t start = span.at_end == AtEnd::loop ? span.start_ns % period : span.start_ns;
    index_ = std::min(series.bound_ns.after(start) - 1, series.value.size() - 1);
    pass_ns_ = -start;
    if (span.at_end == AtEnd::stop) {
        end_ns_ = std::min(end_ns_, period - start);
    }
    take();
}

void SampleWalk::take() {
    const Series& series = *span_.series;
    value_ = span_.scale * series.value[index_];
    const bool last = index_ + 1 == series.value.size();
    until_ns_ =
        last && span_.at_end != AtEnd::loop ? INT64_MAX : pass_ns_ + series.bound_ns[index_ + 1];
}

void SampleWalk::advance() {
    if (until_ns_ == INT64_MAX) {
        throw Defect("the last sample of a trace has none after it");
    }
    if (++index_ == span_.series->value.size()) {
        index_ = 0;
        pass_ns_ += span_.series->duration_ns();
    }
    take();
}

}  // namespace ebb
