// SPDX-License-Identifier: Apache-2.0
/// The store's whole job: given a supply, a load and the watches, where does the voltage go next?
///
/// `walk` moves the state from its present time to the first of
///   - a watch that is met                      (Stop::falling, Stop::rising)
///   - a terminal beside the node that is empty in use, or charged as awaited   (Stop::rail)
///   - the end of the load's last repetition    (Stop::load_done)
///   - `until`                                  (Stop::until)
/// and books every joule on the way. At equal exact times a watch comes before the end of the load,
/// and that before `until`: a unit that ends exactly at the turn-off threshold counts as cut.
///
/// A watch is met when the terminal voltage is at its threshold or beyond it in its direction; one
/// that is already met when the walk begins stops it at once, with zero duration.
///
/// An empty store (0 V) stays empty, and nothing is drawn, until what comes in outweighs what goes
/// out; a power must do so at 1 uV, since at 0 V it would outweigh any current. On a border (clip,
/// floor, diode, drop-out) the side is the one towards which the state moves. Where supply and
/// loads are even to rounding, what a straight-line supply is about to do decides.
///
/// Two implementations share this contract: the exact one (closed forms, leaps) and the slow
/// reference (one sample, one phase at a time, error-controlled integration).
#pragma once

#include "models/core/ledger.hpp"
#include "models/core/load.hpp"
#include "models/core/supply.hpp"
#include "models/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ebb {

/// Nearest thresholds of the terminal voltage. NaN = not armed.
struct Watches {
    double falling_v;  ///< met when y <= falling_v
    double rising_v;   ///< met when y >= rising_v
    /// A terminal beside the node (RailDraw): met when it is charged. Only a store that has some.
    std::optional<std::size_t> rail = std::nullopt;
};

enum class Stop : unsigned char { until, load_done, falling, rising, rail };

/// Where in the load a walk ended.
struct LoadPosition {
    std::int64_t unit = 0;   ///< whole repetitions done in this walk (a resumed first one included)
    std::size_t phase = 0;   ///< phase in progress
    double elapsed_s = 0.0;  ///< time spent in that phase
};

struct WalkResult {
    Stop stop = Stop::until;
    Time at;
    LoadPosition position;
    /// Load energy [J] of the whole repetitions, and of the one in progress up to its last phase
    /// with `keep`.
    SinkEnergies done;
    SinkEnergies tail;  ///< the rest (all of it for endless phases)
};

/// Receives points of the voltage between decisions, for timelines. Calls come in order of time.
class PathObserver {
public:
    virtual ~PathObserver() = default;
    virtual void point(Time t, double terminal_v, double harvest_w, double load_w) = 0;
    /// Is a stretch of this length worth points inside, so that its curve can be drawn?
    [[nodiscard]] virtual bool wants_curve(double length_s) const noexcept {
        return length_s > 0.0;
    }
};

/// What is to be taken at one instant: a charge, or else an energy, at the store's own voltage.
struct Withdrawal {
    double charge_c = 0.0;
    double energy_j = 0.0;
    double lowest_v = 0.0;  ///< what would go below this stays in the store
};

struct Withdrawn {
    double charge_c = 0.0, energy_j = 0.0;
    bool whole = true;  ///< all that was wanted
};

/// A capacitor at the terminal behind the device's own switch.
struct SwitchedCapacitor {
    double capacitance_f = 0.0;
    bool joined = false;  ///< at the start of the run, and as full as the terminal
};

class EnergyStore {
public:
    virtual ~EnergyStore() = default;

    virtual void reset(const Supply& supply) = 0;  ///< to the initial state at time 0
    /// Another supply from the present instant on; the state is kept. A store that keeps what it
    /// derived from a supply does so per load: a load is always walked under the same supply.
    virtual void feed_from(const Supply& supply) = 0;
    /// The result stays where it is until the next walk.
    virtual const WalkResult& walk(const Load& load, const Watches& watches, Time until) = 0;

    [[nodiscard]] virtual Time now() const noexcept = 0;
    /// Terminal voltage under a load at the present instant (an ESR makes it depend on the load).
    [[nodiscard]] virtual double terminal_v(const Draw& draw) const = 0;
    [[nodiscard]] virtual double inner_v() const noexcept = 0;
    [[nodiscard]] virtual double stored_j() const noexcept = 0;
    [[nodiscard]] virtual double initially_stored_j() const noexcept = 0;
    /// Harvest, leakage, ESR loss and clipping since reset; load sinks are booked by walk's caller.
    [[nodiscard]] virtual const Ledger& ledger() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t segments() const noexcept = 0;
    virtual void observe(PathObserver* observer) noexcept = 0;

    /// Takes a charge or an energy at the present instant, out of the capacitor that answers first:
    /// the one at the node, or else the one behind the (smallest) series resistance. Nothing is
    /// lost on the way: the charging is taken as short against everything but that resistance. What
    /// is taken is the caller's to book. A store without such a capacitor refuses.
    virtual Withdrawn take(const Withdrawal& wanted);

    /// Is a terminal beside the node charged, so that what needs it may begin? A store that has
    /// none refuses.
    [[nodiscard]] virtual bool rail_charged(std::size_t rail) const;

    /// Names the capacitor that `join` and `part` move; before `reset`. While it is joined it is
    /// part of the store and of what is stored. A store that has no capacitor at its terminal
    /// refuses (StoreModel::stands_at_terminal).
    virtual void hang(const SwitchedCapacitor& capacitor);
    /// Joins it, empty, at the present instant: the terminal falls from y to y C/(C + C_out), C
    /// being what is at the terminal. Returns the heat, 1/2 C C_out/(C + C_out) y^2 [J] and what
    /// moves in the store at once; the caller's to book.
    virtual double join();
    /// Takes it off at the present instant with what is on it; that is returned [J], the caller's
    /// to book.
    virtual double part();
};

}  // namespace ebb
