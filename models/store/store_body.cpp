// SPDX-License-Identifier: Apache-2.0
#include "models/store/store_body.hpp"

#include <cmath>
#include <limits>

namespace ebb {

double SupplyLine::slope(double t) const noexcept {
    if (exponent == 1) {
        return factor * per_s;
    }
    const double sample = raw + per_s * t;
    return sample == 0.0 ? std::fabs(per_s) : 2.0 * factor * sample * per_s;
}

Terms Piece::supply(double x) const noexcept {
    if (shape.tag == SupplyTag::cells) {
        return cell.into;
    }
    if (shape.tag == SupplyTag::diode_power) {
        return {shape.drop_v > 0.0 ? 0.0 : x, 0.0, 0.0};
    }
    return supply_terms(shape, x, conducts);
}

NodeElements Piece::elements(double x) const noexcept {
    NodeElements e;
    const Draw& drawn = draw();
    if (shape.tag == SupplyTag::diode_power && shape.drop_v > 0.0) {
        e.in.rational = {x, shape.drop_v};
    }
    e.in.curve = cell.curve.get();
    const Terms given = supply(x);
    const Terms& load = drawn.total;
    e.net = given + -load;
    e.gross = {std::fabs(given.a_w) + std::fabs(load.a_w),
               std::fabs(given.b_a) + std::fabs(load.b_a),
               std::fabs(given.c_s) + std::fabs(load.c_s)};
    e.out = {-drawn.rational.power_w, drawn.rational.shift_v};
    return e;
}

double Piece::threshold(NodeEvent event, double t) const noexcept {
    constexpr double kNever = std::numeric_limits<double>::quiet_NaN();
    switch (event) {
        case NodeEvent::falling:
            return watches.falling_v;
        case NodeEvent::rising:
            return watches.rising_v;
        case NodeEvent::collapse:
            return kNever;
        case NodeEvent::drop_out:
            return drop_out_below_v > 0.0 ? drop_out_below_v : kNever;
        case NodeEvent::diode:
            return shape.tag == SupplyTag::thevenin && shape.diode ? line.at(t) - shape.drop_v
                                                                   : kNever;
        case NodeEvent::cell_low:
            return shape.tag == SupplyTag::cells ? cell.low_v : kNever;
        case NodeEvent::cell_high:
            return shape.tag == SupplyTag::cells ? cell.high_v : kNever;
        case NodeEvent::clip:
            return max_v;
        case NodeEvent::floor:
            return 0.0;
    }
    return kNever;
}

bool Piece::falls(NodeEvent event) const noexcept {
    switch (event) {
        case NodeEvent::falling:
        case NodeEvent::collapse:
        case NodeEvent::cell_low:
            return true;
        case NodeEvent::drop_out:
            return regulated;
        case NodeEvent::diode:
            return !conducts;
        case NodeEvent::clip:
            return hold == Hold::clip;
        case NodeEvent::floor:
            return hold != Hold::floor;
        case NodeEvent::rising:
        case NodeEvent::cell_high:
            break;
    }
    return false;
}

double Piece::distance(NodeEvent event, double y, bool collapsed, double t) const noexcept {
    const NodeEvent release = hold == Hold::clip ? NodeEvent::clip : NodeEvent::floor;
    if (hold != Hold::free && event != release) {
        return 1.0;  // the terminal stands: only its release counts
    }
    if (event == NodeEvent::collapse) {
        return collapsed ? -1.0 : 1.0;
    }
    const double off = y - threshold(event, t);
    return std::isnan(off) ? 1.0 : falls(event) ? off : -off;
}

void Piece::flows_at(double x, double y, double into_store_w, Flows& out) const noexcept {
    out = {};
    if (hold == Hold::floor) {
        return;
    }
    const NodeElements e = elements(x);
    const Draw& drawn = draw();
    const Terms given = supply(x);
    const double supply_w = given.power_at(y) + e.in.power(y);
    out[kFlowY] = y;
    out[kFlowY2] = y * y;
    out[kFlowRational] = drawn.rational.power_w != 0.0 ? y / (y + drawn.rational.shift_v) : 0.0;
    out[kFlowHarvested] = supply_w;
    switch (shape.tag) {
        case SupplyTag::power:
            out[kFlowLoss] =
                shape.efficiency > 0.0 ? supply_w * (1.0 / shape.efficiency - 1.0) : 0.0;
            break;
        case SupplyTag::current:
            out[kFlowLoss] = x * shape.drop_v;
            break;
        case SupplyTag::thevenin:
            out[kFlowLoss] = shape.drop_v * (given.b_a + given.c_s * y);
            break;
        case SupplyTag::diode_power:
            out[kFlowLoss] = x - supply_w;
            break;
        case SupplyTag::cells:
            out[kFlowLoss] = cell.offered_at(y) - supply_w;
            break;
    }
    if (hold == Hold::clip) {
        const double load_w = drawn.total.power_at(y) + drawn.rational.power_at(y);
        // What is used, and not supply less clipped: beside a large surplus that would cost digits.
        out[kFlowHarvested] = load_w + into_store_w;
        out[kFlowClipped] = supply_w - out[kFlowHarvested];
    }
}

void Piece::book_quadratic(double t, double y1, double off_dt, double off2_dt,
                           Flows& out) const noexcept {
    const double x = line.at(0.0);
    const Terms given = supply(x);
    const auto integral = [&](const Terms& terms) {
        return quadratic_integral(terms, t, y1, off_dt, off2_dt);
    };
    double loss = 0.0;
    switch (shape.tag) {
        case SupplyTag::power:
            loss = shape.efficiency > 0.0 ? x * (1.0 / shape.efficiency - 1.0) * t : 0.0;
            break;
        case SupplyTag::current:
            loss = x * shape.drop_v * t;
            break;
        case SupplyTag::thevenin:
            loss = shape.drop_v * ((given.b_a + given.c_s * y1) * t + given.c_s * off_dt);
            break;
        case SupplyTag::diode_power:
            break;  // only without a drop
        case SupplyTag::cells:
            loss = integral(cell.offered) - integral(given);
            break;
    }
    out[kFlowY] = y1 * t + off_dt;
    out[kFlowY2] = y1 * (y1 * t + 2.0 * off_dt) + off2_dt;
    out[kFlowHarvested] = integral(given);
    out[kFlowLoss] = loss;
}

}  // namespace ebb
