// SPDX-License-Identifier: Apache-2.0
/// Inside of the exact walker: one call of walk(), and one segment of constant coefficients.
/// Shared by capacitor_store.cpp (any segment) and the fast paths (walk_samples, walk_units).
///
/// The end of a phase is fixed when it begins: what is left of it is a difference of times, never a
/// sum of pieces, so that ends which coincide in decimal stay coincident.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "models/store/capacitor_store.hpp"

namespace ebb {

/// Flows that outweigh each other by no more than this share of them are even: a sum of a few
/// rounded terms says nothing there, and what a straight line is about to do decides.
constexpr double kTie = 1e-13;

struct CapacitorStore::Walk {
    const Load& load;
    const Watches& watches;
    const Time until;
    WalkResult& result;
    std::vector<PhaseAccount>& accounts;  ///< of the repetition in progress: 2 per phase
    Time phase_start{};                   ///< of the part of the phase that this walk sees
    double phase_base_s = 0.0;            ///< time spent in the phase before
    Time phase_end{};
    bool stopped = false;
    std::size_t flushed = 0;  ///< phases of the repetition in progress that are booked
    bool unit_law_known = false;
    bool phases_known = false;  ///< net phases of the leap under a constant supply
    /// In the whole sample that begins then a threshold is met: what looks for the contrary need
    /// not be tried. A hint; nothing depends on its being right.
    Time leaves_band_at = Time::never();
    std::size_t at_once = 64;  ///< samples whose value is reckoned next; more as the walk goes on

    [[nodiscard]] const LoadPhase& phase() const { return load.phases[result.position.phase]; }
    [[nodiscard]] bool at_unit_start(Time now) const {
        return result.position.phase == 0 && now == phase_start && phase_base_s == 0.0;
    }
    void begin_phase(std::size_t index, double elapsed_s, Time now) {
        constexpr double kEndless = 9e9;  // [s] longer than time can hold
        result.position.phase = index;
        phase_start = now;
        phase_base_s = elapsed_s;
        const double left = phase().duration_s - elapsed_s;
        phase_end = left < kEndless ? now.plus(std::max(left, 0.0)) : Time::never();
    }
    void stop(Stop why, Time at) {
        result.stop = why;
        result.at = at;
        result.position.elapsed_s = phase_base_s + at.since(phase_start);
        stopped = true;
    }
    /// Books the accounts of the repetition in progress that are not booked yet and clears them.
    void flush(SinkEnergies& into) { book(2 * flushed, accounts.size(), into); }
    void book(std::size_t from, std::size_t to, SinkEnergies& into) {
        for (std::size_t i = from; i < to; ++i) {
            const PhaseAccount& account = accounts[i];
            if (account.t == 0.0) {
                continue;
            }
            const LoadPhase& p = load.phases[i / 2];
            const Draw& draw = i % 2 == 0 ? p.regulated : p.drop_out;
            for (int k = 0; k < draw.count; ++k) {
                const Share& share = draw.shares[static_cast<std::size_t>(k)];
                into[share.sink] += share.drawn.a_w * account.t + share.drawn.b_a * account.y +
                                    share.drawn.c_s * account.y2 +
                                    share.rational.power_w * account.rational;
            }
            accounts[i] = PhaseAccount{};
        }
    }
    /// The phase in progress is over: next phase, next repetition, or the end of the load.
    void finish_phase(Time at) {
        LoadPosition& position = result.position;
        if (position.phase + 1 < load.phases.size()) {
            if (phase().keep) {
                book(2 * flushed, 2 * (position.phase + 1), result.done);
                flushed = position.phase + 1;
            }
            begin_phase(position.phase + 1, 0.0, at);
            return;
        }
        flush(result.done);
        flushed = 0;
        begin_phase(0, 0.0, at);
        ++position.unit;
        if (position.unit >= load.count) {
            stop(Stop::load_done, at);
        }
    }
};

struct CapacitorStore::Segment {
    enum class Kind : unsigned char { quadratic, hold, general };
    Kind kind = Kind::quadratic;
    const Draw* draw = nullptr;
    bool below_drop_out = false;
    bool conducts = true;
    bool clipping = false;
    bool empty = false;      ///< Vc rests at 0: nothing flows
    bool collapsed = false;  ///< the ESR cannot carry the load's power
    bool fixed = false;      ///< terminal held (at the clip, or at 0 V) while Vc moves
    SupplyCell cell;         ///< of a supply by cells
    Terms supply;            ///< at the terminal
    Terms net;               ///< supply - load, at the terminal
    SupplyExtra in;          ///< diode_power supply, or the cell's curve
    Terms inner;             ///< law of Vc, leak included
    double alpha = 1.0;      ///< y = alpha Vc + beta
    double beta = 0.0;
    double y0 = 0.0;        ///< terminal voltage at the start
    double exit_vc = -1.0;  ///< Vc at which a fixed terminal is free again
};

/// What a repeated load amounts to, if its phases differ in constant power only: the currents and
/// conductances (per sink) are the same throughout. f(s) is the energy drawn since the unit's start
/// beyond what its mean power would have drawn by then (zero at both ends).
struct CapacitorStore::UnitLaw {
    bool valid = false;
    double tau_s = 0.0;        ///< duration of a unit
    double drawn_j = 0.0;      ///< W: energy of the constant powers over a unit
    Terms common;              ///< drawn beside them: {0, b, c}, leak included
    double lambda = 0.0;       ///< of the resistive part
    double deficit_j = 0.0;    ///< D1: what a unit leaves missing at its end (with decay)
    double integral_js = 0.0;  ///< integral of D over one unit from D = 0
    double f1 = 0.0, f2 = 0.0, f3 = 0.0;  ///< integrals of f, f^2, f^3 over a unit
    double f_moment = 0.0;                ///< integral of s f(s) ds, s from the unit's start
    double f_max = 0.0;
    std::array<double, kSinkCount> powers{};    ///< joules per unit and sink
    std::array<double, kSinkCount> currents{};  ///< amperes per sink, drawn in every phase
    std::array<double, kSinkCount> conductances{};
};

/// What feeds a leap over units: the powers of a trace, sample by sample, or the terms of the cell
/// in hand as far as its sample and its borders reach.
struct CapacitorStore::Feed {
    bool samples = true;
    Terms into, offered;  ///< of the cell, unless the samples feed
    Terms drain;  ///< drawn beside the units' powers, less what the cell gives by V: {0, b, c}
    double low_v = 0.0;
    double high_v = std::numeric_limits<double>::infinity();
};

/// The mean path of an averaged leap (walk_average.cpp), and where it has been.
struct CapacitorStore::Averaged {
    Unloaded u;  ///< energy, integral of y^2, supplied, cursor, pieces; t_s = time reached
    double v = 0.0;
    double y_dt = 0.0;
    double y2_dt = 0.0;
    double deviation_j = 0.0;  ///< of the energy, by the terms in <g^2> and <g^3>
    double jumps_w2 = 0.0;     ///< sum of the squares of the supply's jumps
    double lowest_v = 0.0;
    Time at;  ///< reached
    void deviate(const Terms& drain, const Ripple& ripple, double c, double h, double middle_v);
};

struct CapacitorStore::Trail {
    std::vector<Averaged> points;
};

}  // namespace ebb
