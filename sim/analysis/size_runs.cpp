// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/size_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/core/error.hpp"
#include "sim/analysis/statistics.hpp"
#include "sim/device/run.hpp"

namespace ebb {

namespace {

constexpr std::size_t kFewest = 30;  // fewer tell too little of a trace, whatever is asked

std::string first_of(const InputError& error) {
    const Mistake& mistake = error.mistakes().front();
    return mistake.hint.empty() ? mistake.message
                                : fmt::format("{} ({})", mistake.message, mistake.hint);
}

}  // namespace

SizeRuns::SizeRuns(Read read, const std::string& goal, SizeOptions options)
    : SizeRuns(read, read({}), goal, std::move(options)) {}

SizeRuns::SizeRuns(Read read, const Scenario& own, const std::string& goal, SizeOptions options)
    : read_(std::move(read)),
      options_(std::move(options)),
      goal_(goal, own, options_.on_average),
      places_(own),
      certain_(places_.single()) {
    if (certain_) {
        return;
    }
    if (options_.on_average) {
        starts_ = options_.starts == 0 ? kFewest : options_.starts;
        return;
    }
    const std::size_t fewest = fewest_runs(options_.share, options_.confidence, 0);
    starts_ = options_.starts == 0
                  ? std::max(kFewest, fewest_runs(options_.share, options_.confidence, 1))
                  : options_.starts;
    const auto allowed = allowed_failures(starts_, options_.share, options_.confidence);
    if (!allowed) {
        throw InputError(
            fmt::format("{} starts cannot show {:.4g} % with {:.4g} % confidence, even if all meet "
                        "the goal: it "
                        "takes {} at least (--starts)",
                        starts_, 100.0 * options_.share, 100.0 * options_.confidence, fewest));
    }
    allowed_ = *allowed;
}

std::string SizeRuns::setting(double value) const {
    return options_.path + "=" + format_quantity(value, options_.dimension);
}

Trial SizeRuns::try_value(double value, std::size_t from, std::size_t count) {
    Trial trial;
    trial.value = value;
    std::vector<double> margins;
    try {
        const Scenario scenario = read_({setting(value)});
        for (std::size_t k = 0; k < count; ++k) {
            const Result result = run(places_.placed(scenario, from + k), {}, nullptr);
            ++trial.runs;
            ++runs_;
            if (step_) {
                step_(runs_);
            }
            if (options_.on_average) {
                margins.push_back(goal_.margin(result));
                if (std::isnan(margins.back())) {
                    trial.misses = 1;
                    trial.lower_bound = std::numeric_limits<double>::quiet_NaN();
                    return trial;  // one run without a value, and there is no mean
                }
                trial.misses += margins.back() < 0.0 ? 1 : 0;
            } else if (!goal_.met(result) && ++trial.misses > allowed_) {
                trial.lower_bound = binomial_lower_bound(trial.runs - trial.misses, trial.runs,
                                                         options_.confidence);
                return trial;
            }
        }
    } catch (const InputError& error) {
        trial.why_not = first_of(error);
        return trial;
    }
    if (certain_) {
        trial.lower_bound = options_.on_average ? margins.front() : (trial.misses == 0 ? 1.0 : 0.0);
    } else if (options_.on_average) {
        trial.lower_bound = mean_lower_bound(margins, options_.confidence);
    } else {
        trial.lower_bound =
            binomial_lower_bound(trial.runs - trial.misses, trial.runs, options_.confidence);
    }
    trial.meets = options_.on_average ? trial.lower_bound >= 0.0 : trial.misses <= allowed_;
    return trial;
}

Trial SizeRuns::judge(double value) { return try_value(value, 0, starts_); }

Trial SizeRuns::confirm(double value) { return try_value(value, certain_ ? 0 : starts_, starts_); }

void SizeRuns::take_more_starts() {
    starts_ *= 2;
    if (!options_.on_average && !certain_) {
        allowed_ = allowed_failures(starts_, options_.share, options_.confidence).value_or(0);
    }
}

}  // namespace ebb
