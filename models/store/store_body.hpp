// SPDX-License-Identifier: Apache-2.0
/// What a store is made of, apart from the walk: the state and how it moves over a piece.
///
/// A piece is a stretch within one sample of the supply, one phase of the load and one side of
/// every border (drop-out, diode, clip, floor). PiecewiseStore finds the pieces and keeps the
/// account; a body follows its state through one of them, to the piece's end or its first event.
///
///   held at the clip   the terminal stays at max_v; what cannot be held is clipped
///   held at the floor  the terminal stays at 0 V: nothing is delivered and nothing is drawn
#pragma once

#include "models/core/ledger.hpp"
#include "models/core/load.hpp"
#include "models/core/supply.hpp"
#include "models/store/energy_store.hpp"
#include "models/store/node_law.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace ebb {

enum class Hold : unsigned char { free, clip, floor };

/// What may end a piece, in the order that decides at equal times.
enum class NodeEvent : unsigned char {
    falling,
    rising,
    collapse,
    drop_out,
    diode,
    cell_low,
    cell_high,
    clip,
    floor
};
inline constexpr std::size_t kNodeEvents = 9;

/// Integrals over a piece, booked by the walk.
enum Flow : std::size_t {
    kFlowY,          ///< terminal voltage [V s]
    kFlowY2,         ///< its square [V^2 s]
    kFlowRational,   ///< y/(y + shift) of the load's rational term [s]
    kFlowHarvested,  ///< supply's energy at the node, less what is clipped [J]
    kFlowLoss,       ///< converter [J]
    kFlowClipped,    ///< [J]
    kFlowLeak,       ///< [J]
    kFlowHeat,       ///< in the store's series resistances [J]
    kFlowSwitch,     ///< in its switches and diodes [J]
    kFlows
};
using Flows = std::array<double, kFlows>;

/// The supply's value while a piece lasts: x(t) = factor * (raw + per_s t)^exponent.
struct SupplyLine {
    double raw = 0.0, per_s = 0.0, factor = 1.0;
    int exponent = 1;
    [[nodiscard]] double at(double t) const noexcept {
        const double sample = raw + per_s * t;
        return factor * (exponent == 2 ? sample * sample : sample);
    }
    /// Change per second; at its lowest point a parabola is about to rise.
    [[nodiscard]] double slope(double t) const noexcept;
    [[nodiscard]] bool moves() const noexcept { return per_s != 0.0; }
};

struct Piece {
    SupplyShape shape;
    SupplyLine line;
    SupplyCell cell;  ///< of a supply by cells
    const LoadPhase* phase = nullptr;
    Watches watches{};
    double drop_out_below_v = 0.0;
    double max_v = 0.0;
    bool conducts = true;  ///< diode of a thevenin source
    bool regulated = true;
    Hold hold = Hold::free;

    [[nodiscard]] const Draw& draw() const noexcept {
        return regulated ? phase->regulated : phase->drop_out;
    }
    /// Quadratic terms of the supply at its value x.
    [[nodiscard]] Terms supply(double x) const noexcept;
    [[nodiscard]] NodeElements elements(double x) const noexcept;
    /// Voltage of the terminal if it is held.
    [[nodiscard]] double held_v() const noexcept { return hold == Hold::clip ? max_v : 0.0; }
    /// Terminal voltage at which an event lies; NaN: it is not armed, or none of the terminal.
    [[nodiscard]] double threshold(NodeEvent event, double t) const noexcept;
    /// Does the event happen as the terminal falls to its threshold?
    [[nodiscard]] bool falls(NodeEvent event) const noexcept;
    /// Positive until the event happens. y: the terminal that would be without a hold.
    [[nodiscard]] double distance(NodeEvent event, double y, bool collapsed,
                                  double t) const noexcept;
    /// Flows per second at the node: all but leak and heat. into_store_w: what the store takes at a
    /// clip.
    void flows_at(double x, double y, double into_store_w, Flows& out) const noexcept;
    /// The same as integrals, for a supply that does not move and terms without rational parts:
    /// from the terminal's end y1 and the integrals of y - y1 and (y - y1)^2. At an equilibrium the
    /// power at y1 is zero, and no digits are lost over however long a rest.
    void book_quadratic(double t, double y1, double off_dt, double off2_dt,
                        Flows& out) const noexcept;
};

/// Integral of a quadratic over a path that ends at y1 [J].
[[nodiscard]] inline double quadratic_integral(const Terms& terms, double t, double y1,
                                               double off_dt, double off2_dt) noexcept {
    return terms.power_at(y1) * t + (terms.b_a + 2.0 * terms.c_s * y1) * off_dt +
           terms.c_s * off2_dt;
}

struct PieceEnd {
    double t_s = 0.0;
    bool happened = false;  ///< an event came before the end of the piece
    NodeEvent event = NodeEvent::falling;
    Flows flows{};
    double rails_j = 0.0;  ///< drawn from terminals beside the node [J]
};

class StoreBody {
public:
    virtual ~StoreBody() = default;
    [[nodiscard]] virtual std::unique_ptr<StoreBody> clone() const = 0;
    virtual void restart() = 0;  ///< to the initial state
    [[nodiscard]] virtual double stored_j() const = 0;
    [[nodiscard]] virtual double inner_v() const = 0;
    [[nodiscard]] virtual double max_v() const = 0;

    /// Terminal voltage without clip; <= 0 where the currents leave nothing.
    [[nodiscard]] virtual double free_terminal(const NodeElements& node, bool& collapsed) const = 0;
    /// Its rate of change [V/s] while the supply's current at the terminal changes by
    /// pushed_a_per_s; 0 where what comes in and what goes out are even to rounding.
    [[nodiscard]] virtual double terminal_rate(const NodeElements& node, double pushed_a_per_s,
                                               bool at_clip) const = 0;
    /// Is the terminal held at 0 V? x_slope decides where flows are even.
    [[nodiscard]] virtual bool rests(const NodeElements& node, double x_slope) const = 0;
    /// Power that the store takes from a terminal held at the clip [W].
    [[nodiscard]] virtual double taken_w(const Piece& piece, double x) const = 0;
    /// As EnergyStore::take.
    virtual Withdrawn take(const Withdrawal& wanted);
    /// Terminals beside the node, and what is drawn from them until it is said anew. Only a body
    /// that has some is told and asked.
    [[nodiscard]] virtual std::size_t rails() const noexcept { return 0; }
    virtual void draw_from(const std::vector<RailDraw>& rails);
    /// As EnergyStore::rail_charged; and does a walk stop here for one of them?
    [[nodiscard]] virtual bool rail_charged(std::size_t rail) const;
    [[nodiscard]] virtual bool rail_stops(const Watches& watches);
    /// As EnergyStore::hang, join, part.
    virtual void hang(const SwitchedCapacitor& capacitor);
    virtual double join();
    virtual double part();
    /// Moves the state to the end of the piece or its first event.
    [[nodiscard]] virtual PieceEnd follow(const Piece& piece, double horizon_s) = 0;
};

}  // namespace ebb
