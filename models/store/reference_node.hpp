// SPDX-License-Identifier: Apache-2.0
/// What happens at the store node at one instant, for the reference walker: terminal voltage,
/// currents and powers of a capacitor behind its ESR, under a supply and a load.
///
///   y = Vc + r I(y),  I(y) = a/y + b + c y + sum of p/(y + shift) + curve(y)     [V, A]
///
/// The terminal is the largest root (the state that a rail reaches from a healthy one). Where a
/// power asks for more than the ESR can carry there is none: the rail has collapsed, and lies below
/// every threshold. A current that would pull y below 0 gets what the capacitor can give at y = 0.
///
/// Written apart from the exact walker on purpose: it is the witness.
#pragma once

#include "models/core/load.hpp"
#include "models/core/supply.hpp"
#include "models/store/capacitor_params.hpp"

namespace ebb {

/// Regions of the node within which powers are smooth. A path is cut where one ends.
struct NodeRegion {
    bool conducts = true;   ///< diode of a thevenin source
    SupplyCell cell;        ///< of a supply by cells
    bool regulated = true;  ///< load above its drop-out
    bool clipped = false;   ///< terminal held at max_v
    bool empty = false;     ///< Vc held at 0, nothing flows
};

/// Currents and powers at one instant [V, A, W].
struct NodeFlow {
    double terminal_v = 0.0;
    bool collapsed = false;
    double into_terminal_a = 0.0;  ///< through the ESR, towards the capacitor
    double supply_w = 0.0;         ///< supply's power at the node, before clipping
    double loss_w = 0.0;           ///< converter
    double clipped_w = 0.0;
    double load_w = 0.0;
    double leak_w = 0.0;
    double esr_w = 0.0;
    /// What changes the capacitor: its power, and its current (finite at Vc = 0 unless r = 0, a >
    /// 0).
    double capacitor_w = 0.0;
    double capacitor_a = 0.0;
};

class ReferenceNode {
public:
    /// `sample`: index of the supply's sample, for a supply by cells.
    ReferenceNode(const CapacitorParams& params, const SupplyShape& shape, std::size_t sample)
        : params_(params), shape_(shape), sample_(sample) {}

    /// Flows at inner voltage vc with supply value x.
    [[nodiscard]] NodeFlow flow(double vc, double x, const LoadPhase& phase,
                                const NodeRegion& region) const {
        return flow(vc, params_.max_v - vc, x, phase, region);
    }
    /// The same with max_v - vc as a number of its own: behind a small resistance vc is too coarse
    /// for the current of a clipped terminal.
    [[nodiscard]] NodeFlow flow(double vc, double gap, double x, const LoadPhase& phase,
                                const NodeRegion& region) const;

    /// Terminal voltage that supply and load would give, without the clip.
    [[nodiscard]] double free_terminal(double vc, double x, const LoadPhase& phase,
                                       const NodeRegion& region, bool& collapsed) const;

    /// Region at an instant; on a border, the side towards which the terminal moves (against the
    /// border, if that moves too). Where flows are even (to 1e-13) what the supply is about to do
    /// decides. `x_slope`: change of the supply value per second; any positive number where a
    /// parabola is about to rise.
    [[nodiscard]] NodeRegion region(double vc, double x, double x_slope, const LoadPhase& phase,
                                    double drop_out_below_v) const;

    /// Inner voltage that gives a terminal voltage (the inverse of free_terminal).
    [[nodiscard]] double inner_for(double y, double x, const LoadPhase& phase,
                                   const NodeRegion& region) const;

private:
    struct Elements {
        Terms supply, load;                  ///< load negative
        RationalTerm in, out;                ///< supply, load (negative power)
        const SupplyCurve* curve = nullptr;  ///< supply
        [[nodiscard]] double curve_a(double y) const;
        [[nodiscard]] double current(double y) const;
        [[nodiscard]] double slope(double y) const;  ///< dI/dy
    };
    [[nodiscard]] Elements elements(double x, const LoadPhase& phase,
                                    const NodeRegion& region) const;
    [[nodiscard]] double solve(double vc, const Elements& e, bool& collapsed) const;
    [[nodiscard]] double leak_a(double vc) const;
    [[nodiscard]] double terminal_rate(double vc, double x, double x_slope, const LoadPhase& phase,
                                       const NodeRegion& region) const;
    void find_cell(double vc, double x, const LoadPhase& phase, NodeRegion& region) const;
    [[nodiscard]] bool can_leave_zero(const Elements& e, double x_slope) const;
    static bool outweighs(double in, double out, double x_slope);

    const CapacitorParams& params_;
    const SupplyShape& shape_;
    std::size_t sample_;
};

}  // namespace ebb
