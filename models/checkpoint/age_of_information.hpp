// SPDX-License-Identifier: Apache-2.0
/// Age of information of a node that takes a sample, works on it through power failures, delivers,
/// idles, and takes the next: the mean of the age just before a delivery (peak age).
///
///   peak = I + 2 T;  T: mean time from a sample to its delivery. All times in one unit (ticks)
///   mixed memory       T = P + D h + f (R + V + (D+1)/2 + P/(2h))     h checkpoints per update
///   non-volatile only  T = P + f R                   nothing is lost, nothing saved
///   volatile only      T = P + f (R + P/2 + I)       half of the work is lost, and idle time again
///   best h             sqrt(f P/(2 D))
///
///   P processing, I idle, R recharge, V restore, D a checkpoint, f failures expected per update.
/// A failure falls uniformly into the P/h of work behind a checkpoint, which is done again, and
/// loses 1 to D ticks of a checkpoint. The age just before a delivery spans the update before it,
/// the pause, and the update itself; the two updates' times are independent. Claims hold for this
/// failure process only. Source: Broadhead, Pawelczak, ISIT 2021 (arXiv 2102.01572),
/// TUDSSL/intermittency-aoi @963bcde.
#pragma once

namespace ebb {

struct AgeModel {
    double processing = 0.0;  ///< P
    double idle = 0.0;        ///< I
    double recharge = 0.0;    ///< R
    double restore = 0.0;     ///< V
    double checkpoint = 0.0;  ///< D
    double failures = 0.0;    ///< f
};

/// `h` > 0.
[[nodiscard]] double peak_age_mixed(const AgeModel& m, double h) noexcept;
[[nodiscard]] double peak_age_non_volatile(const AgeModel& m) noexcept;
[[nodiscard]] double peak_age_volatile(const AgeModel& m) noexcept;

/// The least of peak_age_mixed, as a real number; `checkpoint` > 0.
[[nodiscard]] double best_checkpoints(const AgeModel& m) noexcept;
/// The whole number of them that is best, at least 1.
[[nodiscard]] double best_whole_checkpoints(const AgeModel& m) noexcept;

}  // namespace ebb
