// SPDX-License-Identifier: Apache-2.0
/// A sensor that may take only some elements of a sequence, and a network that runs on those it
/// took: mean power over the sequence.
///
///   P(n) = idle_w + (n (taken_j + compute_j) + (N - n) skipped_j) / (N period_s)      [W]
///
/// N elements, one each `period_s`; n of them are taken. Not modelled: what the network does at the
/// end of a level beyond its mean share in `compute_j`.
/// Source of form and constants: Kannan and Hoffmann, "Budget RNNs" (2021), energies measured on an
/// MSP430FR5994 (tejaskannan/budget-rnn @ad5acad, Apache-2.0); restated in
/// tests/decision/sampled_sequence_test.cpp.
#pragma once

namespace ebb {

struct SampledSequence {
    int elements = 1;        ///< N
    double period_s = 1.0;   ///< between two elements
    double idle_w = 0.0;     ///< all the time
    double taken_j = 0.0;    ///< to sense (and send) one element
    double skipped_j = 0.0;  ///< while one element is left out
    double compute_j = 0.0;  ///< of the network, per element taken
};

/// Mean power [W] with `taken` elements, 0 .. N.
[[nodiscard]] double mean_power_w(const SampledSequence& sequence, int taken) noexcept;

/// The most elements, a multiple of `step`, whose mean power is at most `budget_w`; 0 if not even
/// one step is.
[[nodiscard]] int most_taken_within(const SampledSequence& sequence, double budget_w,
                                    int step = 1) noexcept;

}  // namespace ebb
