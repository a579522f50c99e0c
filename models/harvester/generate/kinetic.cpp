// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/generate/kinetic.hpp"

#include "models/core/component.hpp"
#include "models/core/quantity.hpp"
#include "models/core/random_stream.hpp"
#include "models/harvester/generate/sample_limit.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr std::int64_t kNsPerUs = 1000;
constexpr double kShortestStep = 1.0 / 3.0;  // of the mean

enum Stream : std::uint32_t { kDwells = 21, kSteps = 22, kStrength = 23 };

/// One step after another; times in microseconds.
class Steps {
public:
    explicit Steps(const KineticParams& p)
        : p_(p),
          scale_(std::sqrt(2.0 / (1.0 + p.second * p.second + p.third * p.third))),
          steps_(static_cast<std::uint64_t>(p.seed), kSteps),
          strength_(static_cast<std::uint64_t>(p.seed), kStrength) {}

    /// A bout begins with a new step.
    void begin(std::int64_t us) { next_step(us); }

    /// At increasing times of a bout.
    double at(std::int64_t us) {
        while (us >= start_us_ + length_us_)
            next_step(start_us_ + length_us_);
        const double u = static_cast<double>(us - start_us_) / static_cast<double>(length_us_);
        return amplitude_ * scale_ *
               (std::sin(2 * kPi * u) + p_.second * std::sin(4 * kPi * u) +
                p_.third * std::sin(6 * kPi * u));
    }

private:
    void next_step(std::int64_t us) {
        start_us_ = us;
        const double stretch = std::max(kShortestStep, 1.0 + p_.step_jitter * steps_.normal());
        length_us_ = whole_microseconds(stretch / p_.step_rate_hz);
        const double s = p_.strength_spread;
        amplitude_ = round_significant(p_.rms_m_s2 * std::exp(s * strength_.normal() - s * s));
    }

    const KineticParams& p_;
    double scale_;
    RandomStream steps_, strength_;
    std::int64_t start_us_ = 0;
    std::int64_t length_us_ = 1;
    double amplitude_ = 0.0;
};

const ParamTable<KineticParams>& table() {
    static const ParamTable<KineticParams> rows = {
        param("seed", &KineticParams::seed, 1, at_least(0), "another seed, another walk"),
        param("duration", &KineticParams::duration_s, unit::second, 60.0, above_up_to(0, 3.2e7),
              "length of the trace"),
        param("mean_moving", &KineticParams::mean_moving_s, unit::second, 30.0, above(0),
              "mean length of a walk"),
        param("mean_still", &KineticParams::mean_still_s, unit::second, 10.0, above(0),
              "mean length of a rest"),
        param("step_rate", &KineticParams::step_rate_hz, unit::hertz, 1.9, range(0.1, 100),
              "steps per second; about 2.7 Hz for running"),
        param("step_jitter", &KineticParams::step_jitter, unit::ratio, 0.05, range(0, 0.3),
              "standard deviation of a step's length, as a share of it"),
        param("rms", &KineticParams::rms_m_s2, unit::number, 2.6, range(0, 1e4),
              "root mean square while moving, in m/s^2; about 10 for running"),
        param("strength_spread", &KineticParams::strength_spread, unit::number, 0.1, range(0, 1),
              "standard deviation of the logarithm of a step's strength"),
        param("second", &KineticParams::second, unit::ratio, 0.5, range(0, 10),
              "amplitude of the second harmonic, as a share of the first"),
        param("third", &KineticParams::third, unit::ratio, 0.25, range(0, 10),
              "amplitude of the third harmonic, as a share of the first"),
        param("rate", &KineticParams::rate_hz, unit::hertz, 50.0, range(1, 1e5),
              "samples per second while moving"),
    };
    return rows;
}

}  // namespace

Series generate_kinetic(const KineticParams& p) {
    require_few_samples(p.duration_s, 1.0 / p.rate_hz);
    const std::int64_t end = whole_microseconds(p.duration_s);
    const std::int64_t sample = whole_microseconds(1.0 / p.rate_hz);
    RandomStream dwells(static_cast<std::uint64_t>(p.seed), kDwells);
    Steps steps(p);
    Series series;
    series.quantity = Quantity::acceleration_m_s2;
    const auto add = [&series](std::int64_t us, double value) {
        if (!series.value.empty() && series.value.back() == value)
            return;  // nothing changes here
        series.bound_ns.push_back(us * kNsPerUs);
        series.value.push_back(value);
    };
    // Whoever joins the rows by lines would begin the next walk with the rest.
    const auto close_rest = [&series](std::int64_t us) {
        series.bound_ns.push_back(us * kNsPerUs);
        series.value.push_back(0.0);
    };
    bool moving = dwells.uniform() <= p.mean_moving_s / (p.mean_moving_s + p.mean_still_s);
    for (std::int64_t t = 0; t < end; moving = !moving) {
        const std::int64_t dwell =
            whole_microseconds(dwells.exponential(moving ? p.mean_moving_s : p.mean_still_s));
        const std::int64_t until = std::min(end, t + dwell);
        if (moving) {
            steps.begin(t);
            for (std::int64_t at = t; at < until; at += sample)
                add(at, round_significant(steps.at(at + sample / 2)));
        } else {
            add(t, 0.0);
            if (until < end && until - t > 1)
                close_rest(until - 1);
        }
        t = until;
    }
    series.bound_ns.push_back(end * kNsPerUs);
    return series;
}

std::vector<std::pair<std::string, std::string>> KineticGenerator::stated() const {
    const auto show = [](double x, Dimension d) { return format_quantity(x, d); };
    return {{"seed", std::to_string(params_.seed)},
            {"duration", show(params_.duration_s, Dimension::time)},
            {"mean_moving", show(params_.mean_moving_s, Dimension::time)},
            {"mean_still", show(params_.mean_still_s, Dimension::time)},
            {"step_rate", show(params_.step_rate_hz, Dimension::frequency)},
            {"step_jitter", show(params_.step_jitter, Dimension::ratio)},
            {"rms", show(params_.rms_m_s2, Dimension::number)},
            {"strength_spread", show(params_.strength_spread, Dimension::number)},
            {"second", show(params_.second, Dimension::ratio)},
            {"third", show(params_.third, Dimension::ratio)},
            {"rate", show(params_.rate_hz, Dimension::frequency)}};
}

void register_harvester_generate_kinetic(Registry& registry) {
    registry.add<Generator>(
        {"generator", "kinetic", "acceleration of somebody who walks or runs, with rests",
         "Steps with jitter and three harmonics, in bouts with exponential dwells. Gives "
         "acceleration_m_s2, without gravity. Strength as in recordings of walking "
         "(STMicroelectronics/stm32ai-wiki @5ed628a)."},
        table(), [](const KineticParams& p) { return std::make_shared<KineticGenerator>(p); });
}

}  // namespace ebb
