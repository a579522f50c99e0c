// SPDX-License-Identifier: Apache-2.0
#include "models/store/piecewise_store.hpp"

#include "models/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace ebb {

namespace {

constexpr double kOnBorder = 1e-12;  // relative distance at which the direction decides the side
constexpr int kMostStandstills = 1000;
constexpr double kStandstill = 1e-16;  // [s] a wrong side is left again after less
constexpr int kMostCells = 1000;       // an efficiency table has tens
constexpr int kPointsInside = 15;      // of a piece, for timelines
constexpr double kVisible = 5e-4;      // of the maximum: a smaller swing is a straight line

}  // namespace

/// One call of walk(): where in the load it is.
struct PiecewiseStore::Walk {
    const Load& load;
    WalkResult& result;
    Time phase_start{};         ///< of the part of the phase that this walk sees
    double phase_base_s = 0.0;  ///< time spent in the phase before
    Time phase_end{};
    bool stopped = false;
    int standstills = 0;  ///< pieces of no notable duration in a row

    [[nodiscard]] const LoadPhase& phase() const { return load.phases[result.position.phase]; }
    void begin_phase(std::size_t index, double elapsed_s, Time now) {
        result.position.phase = index;
        phase_start = now;
        phase_base_s = elapsed_s;
        const double left = phase().duration_s - elapsed_s;
        // Longer than any run, or endless: no end that time could hold.
        phase_end = left < 9e9 ? now.plus(std::max(left, 0.0)) : Time::never();
    }
    void stop(Stop why, Time now) {
        result.stop = why;
        result.at = now;
        result.position.elapsed_s = phase_base_s + now.since(phase_start);
        stopped = true;
    }
    void end_phase(Time now) {
        const std::size_t next = result.position.phase + 1;
        if (load.phases[result.position.phase].keep || next == load.phases.size()) {
            result.tail.for_each([this](Sink s, double joules) { result.done[s] += joules; });
            result.tail.clear();
        }
        if (next < load.phases.size()) {
            begin_phase(next, 0.0, now);
            return;
        }
        ++result.position.unit;
        begin_phase(0, 0.0, now);
        if (result.position.unit >= load.count) {
            stop(Stop::load_done, now);
        }
    }
};

PiecewiseStore::PiecewiseStore(std::unique_ptr<StoreBody> body)
    : body_(std::move(body)), rails_(body_->rails() > 0) {
    body_->restart();
    initially_j_ = body_->stored_j();
}

PiecewiseStore::PiecewiseStore(const PiecewiseStore& other)
    : EnergyStore(other),
      body_(other.body_->clone()),
      rails_(other.rails_),
      initially_j_(other.initially_j_),
      supply_(other.supply_),
      cursor_(other.cursor_),
      now_(other.now_),
      ledger_(other.ledger_),
      segments_(other.segments_),
      result_(other.result_) {}

void PiecewiseStore::hang(const SwitchedCapacitor& capacitor) {
    body_->hang(capacitor);
    body_->restart();
    initially_j_ = body_->stored_j();
}

void PiecewiseStore::reset(const Supply& supply) {
    supply_ = &supply;
    now_ = Time();
    cursor_ = supply.seek(now_);
    body_->restart();
    ledger_ = Ledger();
    segments_ = 0;
}

void PiecewiseStore::feed_from(const Supply& supply) {
    supply_ = &supply;
    cursor_ = supply.seek(now_);
}

Piece PiecewiseStore::piece_for(const LoadPhase& phase, const Watches& watches,
                                double drop_out_below_v) const {
    const Supply& s = *supply_;
    Piece piece;
    piece.shape = s.shape();
    piece.phase = &phase;
    piece.watches = watches;
    piece.drop_out_below_v = drop_out_below_v;
    piece.max_v = body_->max_v();
    const Time end = s.end_of(cursor_);
    if (s.linear() && end != Time::never()) {
        const Time begin = s.begin_of(cursor_);
        const double* raw = s.raw() + cursor_.index;
        const double length = end.since(begin);
        const double share = std::clamp(now_.since(begin) / length, 0.0, 1.0);
        piece.line = {(1.0 - share) * raw[0] + share * raw[1], (raw[1] - raw[0]) / length,
                      piece.shape.factor, piece.shape.exponent};
    } else {
        piece.line.raw = s.x()[cursor_.index];
    }
    choose_sides(piece);
    return piece;
}

/// The side of every border; on a border the one towards which the terminal moves. Any side's terms
/// give the same terminal on a border, so each is tried with the others settled so far.
void PiecewiseStore::choose_sides(Piece& piece) const {
    const double x = piece.line.at(0.0);
    const double x_slope = piece.line.moves() ? piece.line.slope(0.0) : 0.0;
    bool collapsed = false;
    const auto rate = [&](bool at_clip) {
        const NodeElements node = piece.elements(x);
        double pushed = 0.0;
        if (x_slope != 0.0) {  // the current is linear in x, so a step of any size gives dI/dx
            const double y = body_->free_terminal(node, collapsed);
            pushed = y > 0.0 ? piece.elements(x + x_slope).current(y) - node.current(y) : 0.0;
        }
        return body_->terminal_rate(node, pushed, at_clip);
    };
    const auto side = [&](double border, double border_slope, bool& which, bool when_above) {
        which = when_above;
        const double y = body_->free_terminal(piece.elements(x), collapsed);
        if (std::fabs(y - border) > kOnBorder * std::fabs(border)) {
            which = (y > border) == when_above;
            return;
        }
        double off = rate(false) - border_slope;
        if (off == 0.0 && border_slope == 0.0) {
            off = x_slope;
        }
        which = off >= 0.0 ? when_above : !when_above;
    };
    if (piece.drop_out_below_v > 0.0) {
        side(piece.drop_out_below_v, 0.0, piece.regulated, true);
    }
    if (piece.shape.tag == SupplyTag::thevenin && piece.shape.diode) {
        side(x - piece.shape.drop_v, x_slope, piece.conducts, false);
        if (piece.drop_out_below_v > 0.0) {  // the diode's current may have lifted the rail
            side(piece.drop_out_below_v, 0.0, piece.regulated, true);
        }
    }
    if (piece.shape.tag == SupplyTag::cells) {
        choose_cell(piece);
        if (piece.drop_out_below_v > 0.0) {  // only now is the supply's current known
            side(piece.drop_out_below_v, 0.0, piece.regulated, true);
            choose_cell(piece);
        }
    }
    const NodeElements node = piece.elements(x);
    if (body_->rests(node, x_slope)) {
        piece.hold = Hold::floor;
        return;
    }
    const double y = body_->free_terminal(node, collapsed);
    if (y > piece.max_v * (1.0 + kOnBorder)) {
        piece.hold = Hold::clip;
    } else if (y >= piece.max_v * (1.0 - kOnBorder)) {
        const double r = rate(true);
        piece.hold = r > 0.0 || (r == 0.0 && x_slope > 0.0) ? Hold::clip : Hold::free;
    }
}

/// The cell of the supply in which the terminal lies; on a border the upper one, unless the
/// terminal falls there.
void PiecewiseStore::choose_cell(Piece& piece) const {
    const SupplyCells& cells = *piece.shape.cells;
    const double max = piece.max_v;
    bool collapsed = false;
    const auto terminal_now = [&] {
        return std::min(body_->free_terminal(piece.elements(0.0), collapsed), max);
    };
    const auto falls = [&] { return body_->terminal_rate(piece.elements(0.0), 0.0, false) < 0.0; };
    piece.cell = cells.at(cursor_.index, body_->inner_v(), true);
    for (int moves = 0; moves < kMostCells; ++moves) {
        const SupplyCell here = piece.cell;
        const double y = terminal_now();
        const auto meets = [&](double border) {
            return std::fabs(y - border) <= kOnBorder * std::fabs(border);
        };
        if (here.high_v < max && (y > here.high_v || meets(here.high_v))) {
            piece.cell = cells.at(cursor_.index, here.high_v, true);
            if (meets(here.high_v) && falls()) {
                piece.cell = here;
                return;
            }
        } else if (y < here.low_v && !meets(here.low_v)) {
            piece.cell = cells.at(cursor_.index, here.low_v, false);
        } else {
            if (meets(here.low_v) && falls()) {
                piece.cell = cells.at(cursor_.index, here.low_v, false);
            }
            return;
        }
    }
}

double PiecewiseStore::terminal(const Piece& piece, const StoreBody& body, double x,
                                bool& collapsed) const {
    collapsed = false;
    return piece.hold != Hold::free ? piece.held_v()
                                    : body.free_terminal(piece.elements(x), collapsed);
}

double PiecewiseStore::terminal_v(const Draw& draw) const {
    LoadPhase phase;
    phase.regulated = draw;
    phase.drop_out = draw;
    constexpr double kUnarmed = std::numeric_limits<double>::quiet_NaN();
    const Piece piece = piece_for(phase, {kUnarmed, kUnarmed}, 0.0);
    bool collapsed = false;
    return terminal(piece, *body_, piece.line.at(0.0), collapsed);
}

const WalkResult& PiecewiseStore::walk(const Load& load, const Watches& watches, Time until) {
    result_ = WalkResult{};
    Walk walk{load, result_};
    walk.begin_phase(load.first_phase, load.first_elapsed_s, now_);
    while (!walk.stopped) {
        while (now_ >= supply_->end_of(cursor_) && supply_->advance(cursor_)) {
        }
        if (rails_) {
            body_->draw_from(walk.phase().rails);
        }
        const Piece piece = piece_for(walk.phase(), watches, load.drop_out_below_v);
        bool collapsed = false;
        const double y = terminal(piece, *body_, piece.line.at(0.0), collapsed);
        if (y <= watches.falling_v || (collapsed && !std::isnan(watches.falling_v))) {
            walk.stop(Stop::falling, now_);
        } else if (collapsed) {
            throw Defect("the terminal collapsed under a power load and no brown-out is armed");
        } else if (y >= watches.rising_v) {
            walk.stop(Stop::rising, now_);
        } else if (rails_ && body_->rail_stops(watches)) {
            walk.stop(Stop::rail, now_);
        } else if (now_ >= walk.phase_end) {
            walk.end_phase(now_);
        } else if (now_ >= until) {
            walk.stop(Stop::until, now_);
        } else {
            follow(walk, piece, std::min({walk.phase_end, until, supply_->end_of(cursor_)}));
        }
    }
    return result_;
}

/// Points at the start (where a step of the load has put the terminal), inside and at the end.
void PiecewiseStore::observe_piece(const Piece& piece, StoreBody& before, double length) const {
    bool collapsed = false;
    const auto report = [&](const StoreBody& body, double t) {
        const double x = piece.line.at(t);
        const double y = terminal(piece, body, x, collapsed);
        Flows flow{};
        piece.flows_at(x, y, body.taken_w(piece, x), flow);
        const double load_w = piece.hold == Hold::floor ? 0.0
                                                        : piece.draw().total.power_at(y) +
                                                              piece.draw().rational.power_at(y);
        observer_->point(now_.plus(t), y, flow[kFlowHarvested], load_w);
    };
    const double first = terminal(piece, before, piece.line.at(0.0), collapsed);
    const double last = terminal(piece, *body_, piece.line.at(length), collapsed);
    report(before, 0.0);
    if (std::fabs(last - first) > kVisible * piece.max_v || piece.line.moves()) {
        for (int i = 1; i <= kPointsInside; ++i) {
            const double t = length * i / (kPointsInside + 1);
            const auto there = before.clone();
            (void)there->follow(piece, t);
            report(*there, t);
        }
    }
    report(*body_, length);
}

/// Follows the state to `limit` or to the first event, whichever comes first.
void PiecewiseStore::follow(Walk& walk, const Piece& piece, Time limit) {
    const double horizon_s = limit.since(now_);
    const std::unique_ptr<StoreBody> before = observer_ != nullptr ? body_->clone() : nullptr;
    const PieceEnd end = body_->follow(piece, horizon_s);
    book(walk, piece, end);
    ++segments_;
    if (before != nullptr) {
        observe_piece(piece, *before, end.t_s);
    }
    const Time reached = end.t_s >= horizon_s ? limit : std::min(now_.plus(end.t_s), limit);
    walk.standstills = reached.since(now_) > kStandstill ? 0 : walk.standstills + 1;
    if (walk.standstills > kMostStandstills) {
        throw Defect("the store stands still between two regions");
    }
    now_ = reached;
    if (!end.happened || end.event > NodeEvent::collapse) {
        return;
    }
    if (end.event == NodeEvent::collapse && std::isnan(piece.watches.falling_v)) {
        throw Defect("the terminal collapsed under a power load and no brown-out is armed");
    }
    walk.stop(end.event == NodeEvent::rising ? Stop::rising : Stop::falling, now_);
}

void PiecewiseStore::book(Walk& walk, const Piece& piece, const PieceEnd& end) {
    const Flows& f = end.flows;
    ledger_.add_offered(f[kFlowHarvested] + f[kFlowClipped] + f[kFlowLoss]);
    ledger_.add_harvested(f[kFlowHarvested]);
    ledger_.add_converter_loss(f[kFlowLoss]);
    ledger_.add_clipped(f[kFlowClipped]);
    ledger_.add(Sink::leakage, f[kFlowLeak]);
    ledger_.add(Sink::esr_loss, f[kFlowHeat]);
    ledger_.add(Sink::switch_loss, f[kFlowSwitch]);
    if (end.rails_j != 0.0) {
        walk.result.tail[Sink::peripherals] += end.rails_j;
    }
    if (piece.hold == Hold::floor) {
        return;  // nothing is drawn
    }
    const Draw& draw = piece.draw();
    for (int i = 0; i < draw.count; ++i) {
        const Share& share = draw.shares[static_cast<std::size_t>(i)];
        walk.result.tail[share.sink] += share.drawn.a_w * end.t_s + share.drawn.b_a * f[kFlowY] +
                                        share.drawn.c_s * f[kFlowY2] +
                                        share.rational.power_w * f[kFlowRational];
    }
}

}  // namespace ebb
