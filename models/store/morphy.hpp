// SPDX-License-Identifier: Apache-2.0
/// Morphy: a matrix of switches arranges eight equal capacitors C in eleven ways, from C/8 to 8 C.
///
///   C/8, C/7 .. C/2       a string of 8, 7 .. 2, the task capacitor one of them; the rest is off
///   8C/7  = C beside C-C-C-C-C-C-C         7C/5  = C beside C-2C-2C-2C
///   19C/7 = C beside 3C-4C                 8C
///
/// The controller has power of its own and starts in C/8; at each look it takes a step along this
/// row or none (polled_ladder.hpp). Equations and losses: array_store.hpp. The source writes 12C/7
/// for the last but one: that is 3C-4C without the task capacitor, which its own drawing has beside
/// it. Which capacitors of a shorter string are off is not in the source either: the last ones
/// here. Not modelled: resistance of the switches, what they draw, protection of a weak capacitor,
/// C(V). Source: FoRTE-Research/REACT-Artifact (fr5994_morphy_controller: states, order, 2.0 V and
/// 3.4 V; it looks every 0.1 s and lets three of four pass: 0.4 s); F. Yang et al., Morphy (SenSys
/// 2021) for the idea.
#pragma once

#include "models/store/array.hpp"

namespace ebb {

struct MorphyParams {
    double capacitance_f = 0.0;  ///< of each of the eight
    double initial_v = 0.0;      ///< of the terminal, in C/8
    double max_v = 0.0;
    std::optional<double> leak_time_s;
    PolledLadderParams controller{0.4, 3.4, 2.0, 0, 0.0};
};

/// The same as an array with a controller.
[[nodiscard]] ArrayParams array_of(const MorphyParams& params);

}  // namespace ebb
