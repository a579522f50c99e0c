// SPDX-License-Identifier: Apache-2.0
/// Rules that choose the operating point of a source with a curve, and their layout over a run.
///
///   mpp              the point of largest V I of the present sample
///   direct           no rule: the source is wired to the store, whose voltage is its own
///                    (direct_curve.hpp)
///   voltage          a fixed V; I = max(0, I(V)): above the open circuit nothing flows
///   voc_fraction     every `period` from time 0 the source is open for `blackout`; at its end
///                    V = fraction Voc(sample then), held until the next one
///   perturb_observe  every `period` V moves by `step`; after a fall of V I (or at no current) the
///                    direction turns. The power compared is that at the end of a period. With
///                    `growth` the step is multiplied after each rise and begins anew at a turn;
///                    with `retreat` V goes down by so many steps where no current flows, and rises
///                    from there; `highest` turns it round.
///
/// The first two look at the present sample only and keep the trace's bounds (equal neighbours
/// become one). The others are laid out from time 0 to the end of the run, exactly: a change of the
/// sample between two of their own moments is a change of its own. Time in whole nanoseconds.
///
/// Not modelled: settling times, noise and resolution of the measurement, energy of the tracker.
#pragma once

#include "models/core/param_table.hpp"
#include "models/core/single_diode.hpp"
#include "models/harvester/operating.hpp"

#include <optional>

namespace ebb {

class CheckContext;

/// The curves of a source, one per value of the sample.
class CurveFamily {
public:
    virtual ~CurveFamily() = default;
    [[nodiscard]] virtual OperatingPoint max_power(double sample) const = 0;
    [[nodiscard]] virtual double open_circuit_v(double sample) const = 0;
    /// At V >= 0; may be negative above the open circuit.
    [[nodiscard]] virtual double current(double sample, double v) const = 0;
    /// Is max_power smooth in the sample above 0? Then long traces are compiled to polynomials.
    [[nodiscard]] virtual bool smooth() const noexcept { return false; }
};

struct VocFraction {
    double fraction = 0.0;
    double period_s = 0.0;
    double blackout_s = 0.0;
};

struct PerturbObserve {
    double step_v = 0.0;
    double period_s = 0.0;
    double start_v = 0.0;
    double growth = 1.0;
    std::optional<double> retreat_steps = {};
    std::optional<double> highest_v = {};
};

enum class OperatingWord { mpp, direct };

struct OperatingForm {
    std::optional<double> voltage_v;
    std::optional<VocFraction> voc_fraction;
    std::optional<PerturbObserve> perturb_observe;
};

/// `word` counts where no mapping was given.
struct OperatingRule {
    OperatingWord word = OperatingWord::mpp;
    std::optional<OperatingForm> form;
    [[nodiscard]] bool direct() const noexcept { return !form && word == OperatingWord::direct; }
};

[[nodiscard]] const ParamTable<OperatingForm>& operating_table();

/// The row `operate` of a component whose Params hold `word` and `form`.
template <class P>
RowOf<P> operating_row(OperatingWord P::*word, std::optional<OperatingForm> P::*form) {
    return or_block(
        param("operate", word,
              Names<OperatingWord>{{"mpp", OperatingWord::mpp}, {"direct", OperatingWord::direct}},
              required,
              "where on the curve: mpp; direct, where the store's voltage puts it "
              "(converter none or diode); or a mapping with one rule"),
        form, operating_table());
}

/// Exactly one rule, and a blackout that ends before the next begins.
void check_operating(const std::optional<OperatingForm>& form, CheckContext& context);

/// Throws InputError if the rule's own timetable has too many moments for memory.
[[nodiscard]] OperatingSeries lay_out(const CurveFamily& curves, const OperatingRule& rule,
                                      const OperatingSpan& span);

}  // namespace ebb
