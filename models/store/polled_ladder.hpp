// SPDX-License-Identifier: Apache-2.0
/// A controller that looks at the store's terminal now and then and takes steps on a ladder of
/// arrangements, one at a time.
///
///   every `period` while it has power:  V < down: a step down;  else V > up: a step up
///   behind a step `cooldown` looks are let pass; a step that the ladder does not have is none
///
/// Each look takes `energy` [J] out of the store (booked as quiescent). Looks are arithmetic: the
/// walk pauses there, nothing is integrated for them.
/// Source: FoRTE-Research/REACT-Artifact (fr5994_react_sense/main.c, fr5994_morphy_controller).
#pragma once

#include "models/core/component.hpp"
#include "models/core/time.hpp"

#include <cstdint>

namespace ebb {

struct PolledLadderParams {
    double period_s = 0.1;
    double up_v = 3.4;
    double down_v = 2.0;
    std::int64_t cooldown = 3;
    double energy_j = 0.0;
};

class PolledLadder {
public:
    enum class Step : unsigned char { none, up, down };

    PolledLadder() = default;
    explicit PolledLadder(const PolledLadderParams& params) : params_(params) {}

    /// It has power from here on: the first look is one period away.
    void start(Time now) {
        next_ = now.plus(params_.period_s);
        rests_ = 0;
    }
    void stop() noexcept { next_ = Time::never(); }
    [[nodiscard]] bool runs() const noexcept { return next_ != Time::never(); }
    [[nodiscard]] Time next() const noexcept { return next_; }
    [[nodiscard]] double energy_j() const noexcept { return params_.energy_j; }
    /// The look that is due, at the terminal's voltage.
    [[nodiscard]] Step look(double v) {
        next_ = next_.plus(params_.period_s);
        if (rests_ > 0) {
            --rests_;
            return Step::none;
        }
        return v < params_.down_v ? Step::down : v > params_.up_v ? Step::up : Step::none;
    }
    /// The step has been taken.
    void stepped() noexcept { rests_ = params_.cooldown; }

private:
    PolledLadderParams params_;
    Time next_ = Time::never();
    std::int64_t rests_ = 0;
};

[[nodiscard]] ParamTable<PolledLadderParams> polled_ladder_table(
    const PolledLadderParams& defaults);
/// Mistakes in the block store.controller.
void check_polled_ladder(const PolledLadderParams& params, double max_v, CheckContext& context);

}  // namespace ebb
