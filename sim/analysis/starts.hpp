// SPDX-License-Identifier: Apache-2.0
/// Places of a recording to begin at, so that one scenario gives as many runs as one likes.
///
/// Start k lies anywhere in the trace (over its length where it loops, else over the places from
/// which the run still fits):
///   drawn    uniformly, independent of all others, from (seed, k): what a bound on a share asks
///   for spread   evenly, however many: a first place by the seed, the next further by the golden
///   ratio;
///            means over them vary less
/// All sources are shifted together, and the run has the seed + k. Without a trace to start
/// elsewhere in and without random power failures nothing is left to chance: then there is one
/// start, the scenario as it is.
#pragma once

#include <cstdint>

#include "sim/scenario/scenario.hpp"

namespace ebb {

class Starts {
public:
    enum class Kind { drawn, spread };
    explicit Starts(const Scenario& scenario, Kind kind = Kind::drawn);

    /// Is there one start only?
    [[nodiscard]] bool single() const noexcept { return single_; }
    /// The scenario, beginning at start k.
    [[nodiscard]] Scenario placed(const Scenario& scenario, std::size_t k) const;

private:
    Kind kind_;
    std::uint64_t seed_;
    double room_s_;
    bool single_;
};

}  // namespace ebb
