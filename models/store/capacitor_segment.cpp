// SPDX-License-Identifier: Apache-2.0
/// The store's node at one instant: which region of the law holds now, and where the terminal is.
///
///   y = Vc + r I(y),   I = a/y + b + c y + in/(y + s_in) - out/(y + s_out)        [V, A]
///
/// The terminal is the largest root, and never below 0: a current that would pull it under gets
/// what the capacitor gives into 0 V. A power that no y carries has collapsed the rail (double
/// root). On a border between two regions the side is the one towards which the terminal moves:
///   sign of  Vc' + r dI/dx x'      (x' is the slope of a straight-line trace, else 0)
#include <algorithm>
#include <limits>

#include "models/store/capacitor_walk.hpp"

namespace ebb {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// A terminal voltage this near to a border (relative) lies on it; which side counts is decided by
/// the direction of travel. Far below every promise, far above the rounding of the ESR map.
constexpr double kBorder = 1e-13;
constexpr int kMostSteps = 400;
constexpr int kMostCells = 1000;  // an efficiency table has tens
constexpr double kFaint =
    1e-6;  ///< [V] an empty store is left for more than this (energy_store.hpp)

bool on_border(double y, double border) { return std::fabs(y - border) <= kBorder * border; }

/// Sum of the elements at the terminal; loads negative, but for `out`.
struct Elements {
    Terms net;
    SupplyExtra in;
    RationalTerm out;

    [[nodiscard]] double current(double y) const {
        return (net.a_w != 0.0 ? net.a_w / y : 0.0) + net.b_a + net.c_s * y + in.current(y) -
               over(out.power_w, y + out.shift_v);
    }
    [[nodiscard]] double slope(double y) const {
        const double below_out = y + out.shift_v;
        return net.c_s - over(net.a_w, y * y) + in.slope(y) +
               over(out.power_w, below_out * below_out);
    }
    static double over(double p, double v) { return p != 0.0 ? p / v : 0.0; }
};

/// Newton from above, kept between `left` (left of the root) and `right` of it. Where a load's pole
/// makes the function positive again on its left, a falling slope says so.
double largest_root(double vc, double r, const Elements& e, double start, bool& collapsed) {
    double left = e.out.power_w != 0.0 ? std::max(-e.out.shift_v, 0.0) : 0.0;
    double right = start;
    bool negative = false;
    double y = start;
    for (int i = 0; i < kMostSteps && right - left > 4e-16 * right; ++i) {
        const double f = y - vc - r * e.current(y);
        const double slope = 1.0 - r * e.slope(y);
        if (f < 0.0) {
            left = y;
            negative = true;
        } else {
            (slope > 0.0 ? right : left) = y;
        }
        const double next = slope > 0.0 ? y - f / slope : left;
        if (slope > 0.0 && std::fabs(next - y) <= 4e-16 * y) {
            return next;
        }
        y = next > left && next < right ? next : 0.5 * (left + right);
    }
    collapsed = !negative;
    return right;
}

}  // namespace

double CapacitorStore::terminal_of(double vc, double r, const Terms& net, const SupplyExtra& in,
                                   const RationalTerm& out, bool& collapsed) noexcept {
    collapsed = false;
    if (r == 0.0) {
        return vc;
    }
    const double d = 1.0 - r * net.c_s;
    const double u = vc + r * net.b_a;
    if (in.none() && out.power_w == 0.0) {
        if (net.a_w == 0.0) {
            return std::max(u / d, 0.0);
        }
        const double disc = u * u + 4.0 * d * r * net.a_w;
        if (disc < 0.0 || (net.a_w < 0.0 && u <= 0.0)) {
            collapsed = true;
            return std::sqrt(-r * net.a_w / d);
        }
        const double root = std::sqrt(disc);
        return u >= 0.0 ? (u + root) / (2.0 * d) : 2.0 * r * net.a_w / (root - u);
    }
    if (net.a_w == 0.0 && out.power_w == 0.0 && u + r * in.current(0.0) <= 0.0) {
        return 0.0;
    }
    // Above this no root lies: d y <= u + r (a + in)/y there.
    const double above = std::max(u + r * in.most_a(), 0.0) / d +
                         std::sqrt(r * (std::max(net.a_w, 0.0) + in.rational.power_w) / d) +
                         std::max(0.0, -out.shift_v);
    return largest_root(vc, r, {net, in, out}, above * (1.0 + kBorder), collapsed);
}

double CapacitorStore::current_of(double vc, double y, double r, const Terms& net,
                                  const SupplyExtra& in, const RationalTerm& out) noexcept {
    if (y > 0.0) {
        return Elements{net, in, out}.current(y);
    }
    if (r > 0.0) {
        return -vc / r;  // the terminal is held at 0 V
    }
    // An empty store without a series resistance: a power is an endless current there.
    return net.a_w != 0.0 ? std::copysign(kInfinity, net.a_w) : net.b_a + in.current(0.0);
}

double CapacitorStore::terminal_v(const Draw& draw) const {
    if (params_.esr_ohm == 0.0) {
        return vc_;
    }
    const SupplyShape& shape = supply_->shape();
    const double x = value_at(0.0);
    bool collapsed = false;
    if (shape.tag == SupplyTag::cells) {
        return std::min(terminal_among_cells(draw), params_.max_v);
    }
    const SupplyExtra in = extra_of({}, x);
    double y = terminal_of(vc_, params_.esr_ohm, supply_terms(shape, x, true) + -draw.total, in,
                           draw.rational, collapsed);
    if (shape.diode && y > x - shape.drop_v) {
        y = terminal_of(vc_, params_.esr_ohm, -draw.total, in, draw.rational, collapsed);
    }
    return std::min(y, params_.max_v);
}

/// Terminal voltage under a supply by cells: cell after cell until it lies in its own.
double CapacitorStore::terminal_among_cells(const Draw& draw) const {
    const SupplyCells& cells = *supply_->shape().cells;
    SupplyCell cell = cells.at(cursor_.index, vc_, true);
    for (int moves = 0;; ++moves) {
        bool collapsed = false;
        const double y = terminal_of(vc_, params_.esr_ohm, cell.into + -draw.total,
                                     extra_of(cell, 0.0), draw.rational, collapsed);
        if (moves == kMostCells || (y >= cell.low_v && y <= cell.high_v)) {
            return y;
        }
        cell = y > cell.high_v ? cells.at(cursor_.index, cell.high_v, true)
                               : cells.at(cursor_.index, cell.low_v, false);
    }
}

/// Slope of the supply's value [x/s] within the present sample.
double CapacitorStore::value_slope() const noexcept {
    if (!supply_->linear() || sample_end_ == Time::never()) {
        return 0.0;
    }
    const double* const raw = supply_->raw() + cursor_.index;
    const double length = sample_end_.since(supply_->begin_of(cursor_));
    const SupplyShape& shape = supply_->shape();
    const double per_s = shape.factor * (raw[1] - raw[0]) / length;
    if (shape.exponent == 1) {
        return per_s;
    }
    const double share = now_.since(supply_->begin_of(cursor_)) / length;
    return 2.0 * per_s * (raw[0] + (raw[1] - raw[0]) * share);
}

/// Terms of the supply's value in a segment's region.
Terms CapacitorStore::supply_of(const Segment& s, double x) const noexcept {
    const SupplyShape& shape = supply_->shape();
    return shape.tag == SupplyTag::cells ? s.cell.into : supply_terms(shape, x, s.conducts);
}

/// What it gives besides.
SupplyExtra CapacitorStore::extra_of(const SupplyCell& cell, double x) const noexcept {
    const SupplyShape& shape = supply_->shape();
    return {shape.tag == SupplyTag::diode_power ? RationalTerm{x, shape.drop_v} : RationalTerm{},
            cell.curve.get()};
}

/// C times the rate at which the inner voltage rises [A].
double CapacitorStore::charging_a(const Segment& s) const noexcept {
    return current_of(vc_, s.y0, params_.esr_ohm, s.net, s.in, s.draw->rational) + leak_.b_a +
           leak_.c_s * vc_;
}

/// Positive where the terminal is about to rise, negative where it is about to fall.
double CapacitorStore::terminal_rate(const Segment& s) const noexcept {
    const double rate = charging_a(s);
    const double slope = value_slope();
    if (slope == 0.0 || (supply_->shape().diode && !s.conducts)) {
        return rate;
    }
    const SupplyShape& shape = supply_->shape();
    double per_x = 1.0;  // dI/dx
    if (shape.tag == SupplyTag::thevenin) {
        per_x = 1.0 / shape.resistance_ohm;
    } else if (shape.tag != SupplyTag::current) {
        per_x = 1.0 / (s.y0 + (shape.tag == SupplyTag::diode_power ? shape.drop_v : 0.0));
    }
    const double sum = rate + params_.capacitance_f * params_.esr_ohm * per_x * slope;
    return sum != 0.0 ? sum : slope;
}

/// A border that moves: is the terminal about to rise above the diode's edge? (diode off)
bool CapacitorStore::leaves_edge(const Segment& s) const noexcept {
    const double r = params_.esr_ohm;
    const double stiffness =
        1.0 - r * Elements{s.net, s.in, s.draw->rational}.slope(s.y0 > 0.0 ? s.y0 : 1.0);
    return charging_a(s) / params_.capacitance_f / stiffness >= value_slope();
}

/// What an empty store would take in under this supply value, as a share of what flows there:
/// positive if it fills, 0 where supply and loads are even.
double CapacitorStore::inflow_at_zero(const Segment& s, double x) const noexcept {
    const SupplyShape& shape = supply_->shape();
    const SupplyCell cell =
        shape.tag == SupplyTag::cells ? shape.cells->at(cursor_.index, 0.0, true) : SupplyCell{};
    const Terms supply = shape.tag == SupplyTag::cells
                             ? cell.into
                             : supply_terms(shape, x, x > shape.drop_v);  // a diode at 0 V
    const Terms& load = s.draw->total;
    const Terms net = supply + -load;
    const SupplyExtra in = extra_of(cell, x);
    const double r = params_.esr_ohm;
    bool collapsed = false;
    const double y = terminal_of(0.0, r, net, in, s.draw->rational, collapsed);
    if (collapsed || s.draw->rational.power_w != 0.0) {
        return -1.0;
    }
    // Without a series resistance a power is an endless current at 0 V. It has to outweigh the
    // currents at a voltage that is something: below, the store would only follow P/I.
    if (r == 0.0 && (net.a_w != 0.0 || shape.tag == SupplyTag::power)) {
        const double out = load.a_w + kFaint * (load.b_a - leak_.b_a);
        const double flows = std::fabs(supply.a_w) + std::fabs(out);
        return flows > 0.0 ? (supply.a_w - out) / flows : 0.0;
    }
    double inflow = net.b_a + in.current(0.0);
    double flows = std::fabs(supply.b_a) + std::fabs(load.b_a) + std::fabs(inflow - net.b_a);
    if (y > 0.0) {
        inflow = y / r;
        flows = std::max(flows, inflow);
    }
    inflow += leak_.b_a;
    flows += std::fabs(leak_.b_a);
    return flows > 0.0 ? inflow / flows : 0.0;
}

bool CapacitorStore::rests(const Segment& s) const noexcept {
    if (vc_ > 0.0) {
        return false;
    }
    const double inflow = inflow_at_zero(s, x_);
    if (std::fabs(inflow) > kTie || !supply_->linear() || sample_end_ == Time::never()) {
        return inflow <= 0.0;
    }
    // Supply and loads are even; a straight line may be about to rise.
    return value_slope() < 0.0 || inflow_at_zero(s, supply_->x()[cursor_.index + 1]) <= kTie;
}

/// Without a series resistance and at the clip: does it hold? Where supply and loads are even, what
/// a straight line is about to do decides.
bool CapacitorStore::clips_when_full(const Segment& s) const noexcept {
    const double slope = value_slope();
    if (slope == 0.0) {
        return terminal_rate(s) > 0.0;
    }
    const double v = params_.max_v;
    const double in = s.supply.power_at(v) + s.in.power(v);
    const double out = s.draw->total.power_at(v) + s.draw->rational.power_at(v) - leak_.power_at(v);
    const double surplus = in - out;
    return std::fabs(surplus) > kTie * (std::fabs(in) + std::fabs(out)) ? surplus > 0.0
                                                                        : slope > 0.0;
}

CapacitorStore::Segment CapacitorStore::make_segment(const Walk& walk) const {
    const SupplyShape& shape = supply_->shape();
    const LoadPhase& phase = walk.phase();
    const double r = params_.esr_ohm;
    Segment s;

    const auto settle = [&](bool below, bool conducts) {
        s.below_drop_out = below;
        s.conducts = conducts;
        s.draw = below ? &phase.drop_out : &phase.regulated;
        s.supply = supply_of(s, x_);
        s.in = extra_of(s.cell, x_);
        s.net = s.supply + -s.draw->total;
        s.y0 = r == 0.0 ? vc_ : terminal_of(vc_, r, s.net, s.in, s.draw->rational, s.collapsed);
    };
    // Powers are continuous at both borders, so the first guess settles a side that is clear. The
    // diode's current may lift the terminal over the drop-out border: that one is looked at last.
    const double border = walk.load.drop_out_below_v;
    const bool by_cells = shape.tag == SupplyTag::cells;
    if (by_cells) {
        s.cell = cell_at(vc_);
    }
    settle(border > 0.0 && vc_ < border, true);
    const auto find_cell = [&] {
        for (int moves = 0; moves < kMostCells; ++moves) {
            const double y = std::min(s.y0, params_.max_v);  // at the clip the cell below it counts
            const bool up =
                s.cell.high_v < params_.max_v && (y > s.cell.high_v || on_border(y, s.cell.high_v));
            const bool below = y < s.cell.low_v && !on_border(y, s.cell.low_v);
            if (!up && !below && !(on_border(y, s.cell.low_v) && terminal_rate(s) < 0.0)) {
                break;
            }
            // Upwards onto a border: into the cell above, and out of it again if that one drains.
            s.cell = shape.cells->at(cursor_.index, up ? s.cell.high_v : s.cell.low_v, up);
            settle(s.below_drop_out, s.conducts);
            if (up && on_border(s.y0, s.cell.low_v) && terminal_rate(s) < 0.0) {
                s.cell = shape.cells->at(cursor_.index, s.cell.low_v, false);
                settle(s.below_drop_out, s.conducts);
                break;
            }
            if (!up && !below) {
                break;
            }
        }
    };
    if (by_cells) {
        find_cell();
    }
    if (shape.diode) {
        const double edge = x_ - shape.drop_v;
        if (on_border(s.y0, edge)) {
            settle(s.below_drop_out, false);
            settle(s.below_drop_out, !leaves_edge(s));
        } else if (s.y0 > edge) {
            settle(s.below_drop_out, false);
        }
    }
    if (border > 0.0) {
        if (on_border(s.y0, border)) {
            settle(terminal_rate(s) < 0.0, s.conducts);
        } else if ((s.y0 < border) != s.below_drop_out) {
            settle(!s.below_drop_out, s.conducts);
        }
        if (by_cells) {  // the terminal may have moved into another cell
            find_cell();
        }
    }
    classify(s);
    return s;
}

/// Clip, floor, and which law moves the inner voltage.
void CapacitorStore::classify(Segment& s) const {
    const double r = params_.esr_ohm;
    const double max = params_.max_v;
    const bool rational = !s.in.none() || s.draw->rational.power_w != 0.0;
    const bool general = supply_->linear() || rational || (r != 0.0 && s.net.a_w != 0.0);
    s.empty = rests(s);
    s.clipping =
        r == 0.0 ? vc_ >= max && clips_when_full(s)
                 : s.y0 > max * (1.0 + kBorder) || (on_border(s.y0, max) && terminal_rate(s) > 0.0);
    if (s.clipping && r > 0.0) {
        s.y0 = max;
    }
    if (general) {
        s.kind = Segment::Kind::general;
        return;
    }
    if (r == 0.0) {
        s.inner = s.net + leak_;
    } else {
        s.alpha = 1.0 / (1.0 - r * s.net.c_s);
        s.beta = r * s.net.b_a * s.alpha;
        s.inner = Terms{0.0, s.net.b_a + s.net.c_s * s.beta, s.net.c_s * s.alpha} + leak_;
        const bool grounded = s.y0 <= kBorder * vc_ && s.inner.power_at(vc_) < 0.0;
        if (s.clipping || grounded) {
            s.exit_vc = s.clipping ? (max - s.beta) / s.alpha : 0.0;
            s.fixed = true;
            s.alpha = 0.0;
            s.beta = s.clipping ? max : 0.0;
            s.inner = Terms{0.0, s.beta / r, -1.0 / r} + leak_;
        }
    }
    const bool stands = s.inner.power_at(vc_) == 0.0 && !(vc_ == 0.0 && s.inner.b_a > 0.0);
    if (s.empty || stands || (s.clipping && r == 0.0)) {
        s.kind = Segment::Kind::hold;
    }
}

}  // namespace ebb
