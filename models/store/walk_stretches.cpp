// SPDX-License-Identifier: Apache-2.0
/// Whole samples of a supply whose steps differ or whose terms go by cells of the voltage, under
/// one lasting phase: an operating point with a timetable of its own, a boost converter. Sample
/// after sample by the law's own series or closed form, with what does not change between them
/// looked up once; a sample in which a threshold would be reached, or a border decides, is left to
/// the general step.
#include <algorithm>
#include <cmath>

#include "models/store/capacitor_walk.hpp"
#include "models/store/short_series.hpp"

namespace ebb {

namespace {

/// Relative distance from a threshold, below which the general step decides.
constexpr double kPlain = 1e-9;
/// Sums of so many samples are plain doubles; then they are booked.
constexpr std::size_t kBooked = 1024;

/// A step of V that no threshold interrupts, and its integrals.
struct PlainStep {
    double v = 0.0;
    PathIntegrals integrals;

    PlainStep(const Terms& q, double c_f, double v0, double h, bool powers_only) {
        const StoreLaw law(q, c_f);
        SeriesStep step;
        if (powers_only) {
            v = law.advance(v0, h);
            integrals.v2_dt = law.v2_dt(v0, h);
        } else if (short_series(q, c_f, v0, h, step) || law.series(v0, h, step)) {
            v = v0 + step.dv_v;
            integrals = step.integrals;
        } else {
            v = law.advance(v0, h);
            wants_panels = true;
        }
    }
    bool wants_panels = false;
};

}  // namespace

/// What one lasting phase draws between two thresholds, and the sums over its samples.
struct CapacitorStore::Stretch {
    const Draw& draw;
    double low_v, high_v;  ///< nearest thresholds, cells apart
    Terms others;          ///< beside the supply, at the node
    bool currents;         ///< somebody asks for the integral of V
    std::size_t samples = 0;
    double t = 0.0, y = 0.0, y2 = 0.0;
    double harvested = 0.0, offered = 0.0, clipped = 0.0;

    void add(const SupplyCell& cell, double h, const PathIntegrals& path, double clipped_j) {
        const double in =
            cell.into.a_w * h + cell.into.b_a * path.v_dt + cell.into.c_s * path.v2_dt;
        ++samples;
        t += h;
        y += path.v_dt;
        y2 += path.v2_dt;
        harvested += in - clipped_j;
        clipped += clipped_j;
        offered +=
            cell.offered.a_w * h + cell.offered.b_a * path.v_dt + cell.offered.c_s * path.v2_dt;
    }
};

/// The cell of the present sample, or what a plain power amounts to.
const SupplyCell& CapacitorStore::cell_at(double v) const {
    const bool known = cell_index_ == cursor_.index && v > cell_.low_v && v < cell_.high_v;
    if (!known) {
        cell_ = supply_->shape().cells->at(cursor_.index, v, true);
        cell_index_ = cursor_.index;
    }
    return cell_;
}

/// One whole rest of the present sample; false where it is the general step's.
bool CapacitorStore::pass_sample(Stretch& stretch, double h) {
    const SupplyShape& shape = supply_->shape();
    SupplyCell power;
    if (shape.tag == SupplyTag::power) {
        power.into.a_w = x_;
        power.offered.a_w = shape.efficiency > 0.0 ? x_ / shape.efficiency : x_;
    }
    const SupplyCell& cell = shape.tag == SupplyTag::power ? power : cell_at(vc_);
    if (cell.curve || !(vc_ > cell.low_v && vc_ < cell.high_v)) {
        return false;
    }
    const Terms q = cell.into + stretch.others;
    const Time from = now_;
    const double v0 = vc_;
    if (vc_ == params_.max_v) {
        const double surplus_w = q.power_at(vc_);
        const double flows_w = cell.into.power_at(vc_) - stretch.others.power_at(vc_);
        if (!(surplus_w > kTie * std::fabs(flows_w))) {
            return false;
        }
        stretch.add(cell, h, {vc_ * h, vc_ * vc_ * h}, surplus_w * h);
    } else {
        const bool powers_only = !stretch.currents && cell.into.b_a == 0.0;
        const double low = std::fmax(stretch.low_v, cell.low_v);
        const double high = std::fmin(stretch.high_v, cell.high_v);
        // Where the power of now would lead decides whether the step is worth reckoning.
        const double led = vc_ * vc_ + 2.0 * h / params_.capacitance_f * q.power_at(vc_);
        if (!(led > low * low && led < high * high)) {
            return false;
        }
        const PlainStep step(q, params_.capacitance_f, vc_, h, powers_only);
        if (!(step.v > low * (1.0 + kPlain) && step.v < high * (1.0 - kPlain) && step.v > 0.0)) {
            return false;
        }
        stretch.add(cell, h,
                    step.wants_panels ? StoreLaw(q, params_.capacitance_f).integrals(vc_, step.v, h)
                                      : step.integrals,
                    0.0);
        vc_ = step.v;
    }
    now_ = sample_end_;
    if (observer_ != nullptr) {
        Segment shown;
        shown.draw = &stretch.draw;
        shown.supply = cell.into;
        shown.inner = q;
        shown.kind = v0 == vc_ ? Segment::Kind::hold : Segment::Kind::quadratic;
        observe_segment(shown, from, v0);
    }
    return true;
}

void CapacitorStore::book_stretch(Walk& walk, Stretch& s) {
    const bool below = &s.draw == &walk.phase().drop_out;
    PhaseAccount& account = walk.accounts[2 * walk.result.position.phase + (below ? 1 : 0)];
    account.t += s.t;
    account.y += s.y;
    account.y2 += s.y2;
    StoreFlow flow;
    flow.leakage = -(leak_.b_a * s.y + leak_.c_s * s.y2);
    flow.harvested = s.harvested;
    flow.clipped = s.clipped;
    flow.offered = s.offered;
    flow.converter_loss = s.offered - s.harvested - s.clipped;
    flow.book_in(ledger_);
    segments_ += s.samples;
    s.samples = 0;
    s.t = s.y = s.y2 = s.harvested = s.offered = s.clipped = 0.0;
}

bool CapacitorStore::run_stretches(Walk& walk) {
    const Supply& supply = *supply_;
    const SupplyTag tag = supply.shape().tag;
    if (params_.esr_ohm != 0.0 || supply.linear() || vc_ <= 0.0 ||
        !(tag == SupplyTag::cells || (tag == SupplyTag::power && supply.uniform_ns() == 0))) {
        return false;
    }
    const Time limit = std::min(walk.until, walk.phase_end);
    const double border = walk.load.drop_out_below_v;
    const bool below = border > 0.0 && vc_ < border;
    const Draw& draw = below ? walk.phase().drop_out : walk.phase().regulated;
    if (!(sample_end_ < limit) || draw.rational.power_w != 0.0 || (border > 0.0 && vc_ == border)) {
        return false;
    }
    Stretch stretch{draw, std::fmax(walk.watches.falling_v, !below && border > 0.0 ? border : 0.0),
                    std::fmin(walk.watches.rising_v, params_.max_v), leak_ + -draw.total,
                    leak_.b_a != 0.0 || draw.total.b_a != 0.0 || !no_currents(draw)};
    if (below) {
        stretch.high_v = std::min(stretch.high_v, border);
    }
    bool moved = false;
    while (sample_end_ < limit && pass_sample(stretch, sample_end_.since(now_))) {
        moved = true;
        next_sample_if_due();
        if (stretch.samples == kBooked) {
            book_stretch(walk, stretch);
        }
    }
    if (stretch.samples > 0) {
        book_stretch(walk, stretch);
    }
    return moved;
}

}  // namespace ebb
