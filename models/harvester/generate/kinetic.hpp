// SPDX-License-Identifier: Apache-2.0
/// Acceleration of a body part of somebody who walks or runs, along the axis of a harvester and
/// without gravity: what drives a resonant generator.
///
///   bouts    moving / still with exponential dwells of means T_m, T_s; still: a = 0
///   steps    step k lasts (1 + j n_k)/f, no less than a third of 1/f;  n_k standard normal
///   strength A_k = A exp(s m_k - s^2),  m_k standard normal: E[A_k^2] = A^2
///   within   a = A_k sum_h w_h sin(2 pi h u),  u from 0 to 1 over the step, h = 1, 2, 3
///            sum of w_h^2 / 2 = 1: A is the root mean square while moving; 0 at each step's ends
///   samples  every 1/rate from the bout's start, each the value in its middle
///   rests    two rows, at the start and 1 us before the end: 0 between them, held or joined
///
/// Dwells, steps and samples are whole microseconds and values have 9 digits before they are used.
/// Defaults walk: root mean square as in recordings of walking (2.3 to 3.0 m/s^2 of the magnitude
/// behind 0.1 Hz, STMicroelectronics/stm32ai-wiki @5ed628a); running has 9.3 to 10.6 m/s^2 at about
/// 2.7 steps per second. Step rates, harmonics, jitter and bouts are our choice. Not modelled: the
/// foot's impact, turning, anything that lasts from step to step.
#pragma once

#include "models/harvester/generate/generator.hpp"

#include <cstdint>

namespace ebb {

struct KineticParams {
    std::int64_t seed = 1;
    double duration_s = 60.0;
    double mean_moving_s = 30.0;
    double mean_still_s = 10.0;
    double step_rate_hz = 1.9;     ///< f
    double step_jitter = 0.05;     ///< j
    double rms_m_s2 = 2.6;         ///< A
    double strength_spread = 0.1;  ///< s
    double second = 0.5;           ///< amplitude of the second harmonic, as a share of the first
    double third = 0.25;
    double rate_hz = 50.0;  ///< samples per second
};

[[nodiscard]] Series generate_kinetic(const KineticParams& params);

class KineticGenerator : public Generator {
public:
    explicit KineticGenerator(const KineticParams& params) : params_(params) {}
    [[nodiscard]] Series generate() const override { return generate_kinetic(params_); }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> stated() const override;

private:
    KineticParams params_;
};

}  // namespace ebb
