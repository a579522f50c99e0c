// SPDX-License-Identifier: Apache-2.0
#include "models/store/reference_node.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

constexpr double kOnBorder = 1e-12;  // relative distance at which the direction decides the side
constexpr double kEven = 1e-13;      // share of two flows below which they are the same
constexpr double kFaint = 1e-6;      // [V] an empty store is left for more (energy_store.hpp)
constexpr int kMostIterations = 200;

const Draw& draw_of(const LoadPhase& phase, const NodeRegion& region) {
    return region.regulated ? phase.regulated : phase.drop_out;
}

}  // namespace

double ReferenceNode::Elements::curve_a(double y) const {
    return curve != nullptr ? curve->at(y).current_a : 0.0;
}

double ReferenceNode::Elements::current(double y) const {
    const Terms sum = supply + load;
    double i = sum.b_a + sum.c_s * y + curve_a(y);
    if (sum.a_w != 0.0) {
        i += sum.a_w / y;
    }
    for (const RationalTerm& r : {in, out}) {
        if (r.power_w != 0.0) {
            i += r.power_w / (y + r.shift_v);
        }
    }
    return i;
}

double ReferenceNode::Elements::slope(double y) const {
    const Terms sum = supply + load;
    double s = sum.c_s - (sum.a_w != 0.0 ? sum.a_w / (y * y) : 0.0);
    s += curve != nullptr ? curve->at(y).slope_s : 0.0;
    for (const RationalTerm& r : {in, out}) {
        if (r.power_w != 0.0) {
            s -= r.power_w / ((y + r.shift_v) * (y + r.shift_v));
        }
    }
    return s;
}

ReferenceNode::Elements ReferenceNode::elements(double x, const LoadPhase& phase,
                                                const NodeRegion& region) const {
    const Draw& draw = draw_of(phase, region);
    Elements e;
    e.supply = shape_.tag == SupplyTag::cells ? region.cell.into
                                              : supply_terms(shape_, x, region.conducts);
    e.load = -draw.total;
    if (shape_.tag == SupplyTag::diode_power) {
        if (shape_.drop_v > 0.0) {
            e.in = {x, shape_.drop_v};
        } else {
            e.supply.a_w = x;
        }
    }
    e.out = {-draw.rational.power_w, draw.rational.shift_v};
    e.curve = region.cell.curve.get();
    return e;
}

double ReferenceNode::leak_a(double vc) const {
    const Leakage& leak = params_.leakage;
    return (leak.resistance_ohm ? vc / *leak.resistance_ohm : 0.0) + leak.current_a.value_or(0.0);
}

/// Largest root of y = vc + r I(y).
double ReferenceNode::solve(double vc, const Elements& e, bool& collapsed) const {
    const double r = params_.esr_ohm;
    collapsed = false;
    if (r == 0.0) {
        return vc;
    }
    const Terms sum = e.supply + e.load;
    const double d = 1.0 - r * sum.c_s;
    const double u = vc + r * sum.b_a;
    if (e.in.power_w == 0.0 && e.out.power_w == 0.0 && e.curve == nullptr) {
        if (sum.a_w == 0.0) {
            return std::max(u / d, 0.0);
        }
        const double k = 4.0 * d * r * sum.a_w;
        const double disc = u * u + k;
        if (disc < 0.0 || (u <= 0.0 && sum.a_w < 0.0)) {
            collapsed = true;
            return std::sqrt(-r * sum.a_w / d);
        }
        const double s = std::sqrt(disc);
        return u >= 0.0 ? (u + s) / (2.0 * d) : 2.0 * r * sum.a_w / (s - u);
    }
    const double most = std::max(e.curve_a(0.0), 0.0);
    const double through = e.in.power_w != 0.0 ? e.in.power_w / e.in.shift_v : 0.0;
    if (e.out.power_w == 0.0 && sum.a_w == 0.0 && u + r * (through + e.curve_a(0.0)) <= 0.0) {
        return 0.0;  // even at 0 V the currents drawn outweigh the supply
    }
    // Above `y` no root lies: d y = u + r (sum of p/(y + shift)) <= u + r (sum of supplies)/y.
    double y = std::max(u + r * most, 0.0) / d +
               std::sqrt(r * (std::max(sum.a_w, 0.0) + std::max(e.in.power_w, 0.0)) / d);
    const double pole = e.out.power_w < 0.0 ? std::max(-e.out.shift_v, 0.0) : 0.0;
    double below = pole;
    double above = y;
    for (int i = 0; i < kMostIterations; ++i) {
        if (!(y > pole)) {
            break;
        }
        const double off = y - vc - r * e.current(y);
        const double slope = 1.0 - r * e.slope(y);
        (off > 0.0 ? above : below) = y;
        const double next = slope > 0.0 ? y - off / slope : below;
        if (std::fabs(next - y) <= 1e-15 * y) {
            return next;
        }
        y = next > below && next <= above ? next : 0.5 * (below + above);
        if (above - below <= 1e-15 * above) {
            // Closed in from above on a point without a root: the load cannot be carried.
            collapsed = off > 1e-9 * y || slope <= 0.0;
            return y;
        }
    }
    collapsed = true;
    return std::max(y, pole);
}

double ReferenceNode::free_terminal(double vc, double x, const LoadPhase& phase,
                                    const NodeRegion& region, bool& collapsed) const {
    return solve(vc, elements(x, phase, region), collapsed);
}

double ReferenceNode::inner_for(double y, double x, const LoadPhase& phase,
                                const NodeRegion& region) const {
    if (params_.esr_ohm == 0.0) {
        return y;
    }
    return std::max(y - params_.esr_ohm * elements(x, phase, region).current(y), 0.0);
}

NodeFlow ReferenceNode::flow(double vc, double gap, double x, const LoadPhase& phase,
                             const NodeRegion& region) const {
    NodeFlow f;
    if (region.empty) {
        return f;
    }
    const Elements e = elements(x, phase, region);
    const double r = params_.esr_ohm;
    const double y = region.clipped ? params_.max_v : solve(vc, e, f.collapsed);
    f.terminal_v = y;
    f.supply_w = e.supply.power_at(y) + e.in.power_at(y) + y * e.curve_a(y);
    f.load_w = -(e.load.power_at(y) + e.out.power_at(y));
    switch (shape_.tag) {
        case SupplyTag::power:
            f.loss_w = shape_.efficiency > 0.0 ? f.supply_w * (1.0 / shape_.efficiency - 1.0) : 0.0;
            break;
        case SupplyTag::current:
            f.loss_w = x * shape_.drop_v;
            break;
        case SupplyTag::thevenin:
            f.loss_w = shape_.drop_v * (e.supply.b_a + e.supply.c_s * y);
            break;
        case SupplyTag::diode_power:
            f.loss_w = e.in.power_w != 0.0 ? x * shape_.drop_v / (y + shape_.drop_v) : 0.0;
            break;
        case SupplyTag::cells:
            f.loss_w = region.cell.offered_at(y) - f.supply_w;
            break;
    }
    const double leak = leak_a(vc);
    f.leak_w = vc * leak;
    if (r > 0.0) {
        f.into_terminal_a = region.clipped ? gap / r : y == 0.0 ? -vc / r : e.current(y);
        f.capacitor_a = f.into_terminal_a - leak;
        f.esr_w = r * f.into_terminal_a * f.into_terminal_a;
        if (region.clipped) {
            f.clipped_w = f.supply_w - f.load_w - y * f.into_terminal_a;
        }
    } else if (region.clipped) {
        f.clipped_w = f.supply_w - f.load_w - f.leak_w;
    } else if (vc > 0.0 || e.supply.a_w + e.load.a_w == 0.0) {
        f.capacitor_a = e.current(vc) - leak;
    }
    f.capacitor_w = r > 0.0 ? vc * f.capacitor_a : f.supply_w - f.load_w - f.leak_w - f.clipped_w;
    return f;
}

/// Does what comes in outweigh what goes out? If they are even, the supply's change says what they
/// are about to be.
bool ReferenceNode::outweighs(double in, double out, double x_slope) {
    return std::fabs(in - out) > kEven * (std::fabs(in) + std::fabs(out)) ? in > out
                                                                          : x_slope > 0.0;
}

bool ReferenceNode::can_leave_zero(const Elements& e, double x_slope) const {
    if (e.out.power_w != 0.0) {
        return false;  // a power through a drop-out finds nothing at 0 V
    }
    const double leak = leak_a(0.0);
    const double r = params_.esr_ohm;
    const Terms sum = e.supply + e.load;
    if (r > 0.0 && sum.a_w != 0.0) {
        bool collapsed = false;
        const double y = solve(0.0, e, collapsed);
        return !collapsed && outweighs(y / r, leak, x_slope);
    }
    if (sum.a_w != 0.0 || (r == 0.0 && shape_.tag == SupplyTag::power)) {
        // A power is an endless current at 0 V; what counts is whether it reaches a notable
        // voltage.
        return outweighs(e.supply.a_w, -e.load.a_w + kFaint * (leak - e.load.b_a), x_slope);
    }
    // What leaks comes through the resistance: the terminal stands at r I then.
    const double in = (e.in.power_w != 0.0 ? e.in.power_w / (e.in.shift_v + r * leak) : 0.0) +
                      e.curve_a(r * leak);
    return outweighs(e.supply.b_a + in, -e.load.b_a + leak * (1.0 - r * sum.c_s), x_slope);
}

/// dy/dt [V/s] while the supply's value moves at x_slope: dy (1 - r dI/dy) = dVc + r dI/dx dx.
/// I is linear in x, so that a step of any size gives dI/dx.
double ReferenceNode::terminal_rate(double vc, double x, double x_slope, const LoadPhase& phase,
                                    const NodeRegion& region) const {
    const NodeFlow now = flow(vc, x, phase, region);
    const double y = now.terminal_v;
    double rate = now.capacitor_a / params_.capacitance_f;
    if (params_.esr_ohm > 0.0 && y > 0.0) {
        const Elements e = elements(x, phase, region);
        const double pushed =
            x_slope != 0.0 ? elements(x + x_slope, phase, region).current(y) - e.current(y) : 0.0;
        rate = (rate + params_.esr_ohm * pushed) / (1.0 - params_.esr_ohm * e.slope(y));
    }
    return rate;
}

/// The cell in which the terminal lies; on a border the upper one, unless the terminal falls there.
void ReferenceNode::find_cell(double vc, double x, const LoadPhase& phase,
                              NodeRegion& region) const {
    const SupplyCells& cells = *shape_.cells;
    region.cell = cells.at(sample_, vc, true);
    for (int moves = 0; moves < kMostIterations; ++moves) {
        bool collapsed = false;
        const double y = std::min(free_terminal(vc, x, phase, region, collapsed), params_.max_v);
        const auto meets = [&](double border) {
            return std::fabs(y - border) <= kOnBorder * std::fabs(border);
        };
        const SupplyCell here = region.cell;
        if (here.high_v < params_.max_v && (y > here.high_v || meets(here.high_v))) {
            region.cell = cells.at(sample_, here.high_v, true);
            if (meets(here.high_v) && terminal_rate(vc, x, 0.0, phase, region) < 0.0) {
                region.cell = here;
                return;
            }
        } else if (y < here.low_v && !meets(here.low_v)) {
            region.cell = cells.at(sample_, here.low_v, false);
        } else {
            if (meets(here.low_v) && terminal_rate(vc, x, 0.0, phase, region) < 0.0) {
                region.cell = cells.at(sample_, here.low_v, false);
            }
            return;
        }
    }
}

NodeRegion ReferenceNode::region(double vc, double x, double x_slope, const LoadPhase& phase,
                                 double drop_out_below_v) const {
    NodeRegion region;
    bool collapsed = false;
    // The terminal where the borders between regions are continuous: any side's terms give the same
    // y on a border, so each is tried with the others settled so far.
    const auto side = [&](double border, double border_slope, bool& above, bool when_above) {
        above = when_above;
        const double y = free_terminal(vc, x, phase, region, collapsed);
        if (std::fabs(y - border) > kOnBorder * std::fabs(border)) {
            above = (y > border) == when_above;
            return;
        }
        double rate = terminal_rate(vc, x, x_slope, phase, region) - border_slope;
        if (rate == 0.0 && border_slope == 0.0) {
            rate = x_slope;
        }
        above = rate >= 0.0 ? when_above : !when_above;
    };
    if (shape_.tag == SupplyTag::cells) {
        find_cell(vc, x, phase, region);
    }
    if (drop_out_below_v > 0.0) {
        side(drop_out_below_v, 0.0, region.regulated, true);
    }
    if (shape_.tag == SupplyTag::thevenin && shape_.diode) {
        side(x - shape_.drop_v, x_slope, region.conducts, false);
        if (drop_out_below_v >
            0.0) {  // the diode's current may have lifted the rail over the border
            side(drop_out_below_v, 0.0, region.regulated, true);
        }
    }
    if (shape_.tag == SupplyTag::cells) {
        find_cell(vc, x, phase, region);
    }
    if (vc <= 0.0) {
        region.empty = !can_leave_zero(elements(x, phase, region), x_slope);
        if (region.empty) {
            return region;
        }
    }
    const double y = free_terminal(vc, x, phase, region, collapsed);
    const double max = params_.max_v;
    if (y > max * (1.0 + kOnBorder)) {
        region.clipped = true;
    } else if (y >= max * (1.0 - kOnBorder)) {
        if (params_.esr_ohm == 0.0) {
            const NodeFlow f = flow(vc, x, phase, region);
            region.clipped = outweighs(f.supply_w, f.load_w + f.leak_w, x_slope);
        } else {
            const double rate = terminal_rate(vc, x, x_slope, phase, region);
            region.clipped = rate > 0.0 || (rate == 0.0 && x_slope > 0.0);
        }
    }
    return region;
}

}  // namespace ebb
