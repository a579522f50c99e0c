// SPDX-License-Identifier: Apache-2.0
/// An inference on a supply that fades: its active time and its latency at another mean power, in
/// another preservation scheme, from one measured run. For devices of which neither the store nor
/// the recording of the supply is known; where they are, a run is the better answer.
///
/// Power balance: what comes in is spent while the device is on,
///
///   active_w = supply_w latency / active       [W]
///
/// Failures: the supply fades at random moments, nu times per second of wall time, whatever its
/// mean power (a recording that is scaled keeps its fades). The device is on for supply_w/active_w
/// of the time, so that per second of active time it fails
///
///   lambda = nu active_w / supply_w            [1/s]
///
/// times, without memory. Each failure costs a recovery of r, which can be cut itself. A piece that
/// takes L without failures and must be done in one go then takes on average (Daly 2006)
///
///   T(L) = e^(lambda r) (e^(lambda L) - 1) / lambda     [s],   and L e^(lambda r) for L -> 0
///
/// so that work preserved at a fine grain takes active = continuous e^(nu r active_w / supply_w).
///
/// From one fine-grained run follow active_w and nu r: everything that fine-grained schemes need.
/// Coarse-grained ones need nu itself, from one coarse-grained run of any network on the same
/// supply. Taken as equal: r in all fine-grained schemes of a network, active_w in all schemes.
/// Not modelled: a store (on-times have no upper bound: a long piece always finishes some day),
/// leakage and quiescent power, recoveries that grow with progress.
///
/// Worth on NodPA's board: docs/models/fading_supply.md.
#pragma once

#include <vector>

namespace ebb {

/// One run of an inference, averaged over many.
struct IntermittentRun {
    double supply_w = 0.0;      ///< mean power of the supply
    double continuous_s = 0.0;  ///< the same work, same scheme, on continuous power
    double active_s = 0.0;
    double latency_s = 0.0;
};

struct IntermittentTimes {
    double active_s = 0.0;
    double latency_s = 0.0;
};

/// What a fine-grained run says about network and device.
struct FadeCalibration {
    double active_w = 0.0;        ///< drawn while on
    double recovery_per_s = 0.0;  ///< nu r: recovery time per second of wall time
};

/// Throws InputError unless 0 < continuous <= active <= latency and the supply is above 0.
[[nodiscard]] FadeCalibration calibrate_fades(const IntermittentRun& fine_grained);

/// Work preserved at a fine grain.
[[nodiscard]] IntermittentTimes predict_fine_grained(const FadeCalibration& calibration,
                                                     double supply_w, double continuous_s) noexcept;

/// Work in pieces that begin again when they are cut; `pieces_s` on continuous power.
[[nodiscard]] IntermittentTimes predict_coarse_grained(const FadeCalibration& calibration,
                                                       double supply_w,
                                                       const std::vector<double>& pieces_s,
                                                       double fades_per_s) noexcept;

/// nu [1/s of wall time] with which the pieces take the run's active time: found by bisection to
/// the last bit. Throws InputError if the run was no slower than its recoveries alone explain.
[[nodiscard]] double fit_fades_per_s(const FadeCalibration& calibration,
                                     const IntermittentRun& coarse_grained,
                                     const std::vector<double>& pieces_s);

/// The crudest prediction, for comparison: the measured run's ratio of active to continuous time,
/// and its power while on, hold everywhere.
[[nodiscard]] IntermittentTimes predict_by_ratio(const IntermittentRun& measured, double supply_w,
                                                 double continuous_s) noexcept;

}  // namespace ebb
