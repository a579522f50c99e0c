// SPDX-License-Identifier: Apache-2.0
/// Many samples under one lasting phase: off, sleep, an endless task. One loop per kind of law, no
/// call per sample; a sample in which a threshold would be reached is left to the general step,
/// which finds the crossing.
///
///   b = 0   E' = A E + B p,  A = e^(-lambda dt), B = dt phi1(lambda dt), four samples at a time
///           or a whole node of the series' index at once (series_index.hpp)
///   else    the same with the currents' share corrected (sample_block.hpp); where that is refused,
///           the power series of V(t), accepted by its own last term
#include <algorithm>
#include <array>
#include <cmath>

#include "models/store/capacitor_walk.hpp"
#include "models/store/sample_block.hpp"
#include "models/store/short_series.hpp"

namespace ebb {

namespace {

/// Below this many whole samples the general step is as good.
constexpr std::size_t kFew = 3;
/// Sums of one block are plain doubles; blocks add up compensated.
constexpr std::size_t kBlock = 1024;

}  // namespace

bool CapacitorStore::run_samples(Walk& walk) {
    const Supply& supply = *supply_;
    if (params_.esr_ohm != 0.0 || supply.linear() || supply.shape().tag != SupplyTag::power ||
        supply.uniform_ns() == 0 || vc_ <= 0.0 || now_ != supply.begin_of(cursor_)) {
        return false;
    }
    const double dt = static_cast<double>(supply.uniform_ns()) * 1e-9;
    const double room_s = std::min(walk.phase_end, walk.until).since(now_);
    // One sample of slack: the last one is cut by the general step, where limits are exact.
    const double whole = std::floor(room_s / dt) - 1.0;
    if (whole < static_cast<double>(kFew)) {
        return false;
    }
    const std::size_t in_pass = supply.size() - cursor_.index;
    std::size_t most = std::min({in_pass, static_cast<std::size_t>(std::min(whole, 1e9))});
    if (supply.bound_ns(cursor_.index + std::min(most, kBlock)) == INT64_MAX) {
        return false;  // held for ever behind the last sample
    }
    const double border = walk.load.drop_out_below_v;
    const bool below = border > 0.0 && vc_ < border;
    const LoadPhase& phase = walk.phase();
    const Draw& draw = below ? phase.drop_out : phase.regulated;
    if (draw.rational.power_w != 0.0 || (border > 0.0 && vc_ == border)) {
        return false;
    }
    Band band;
    band.low_v = std::fmax(walk.watches.falling_v, !below && border > 0.0 ? border : 0.0);
    band.high_v =
        std::fmin(walk.watches.rising_v, below ? std::min(border, params_.max_v) : params_.max_v);
    const bool affine = draw.total.b_a == 0.0 && leak_.b_a == 0.0 && no_currents(draw);
    const bool full = vc_ >= params_.max_v;
    std::size_t done = affine && !full ? run_nodes(walk, draw, band, most) : 0;
    if (done == 0) {
        // Values that have to be reckoned: a walk that ends among them has no use for the rest.
        most = std::min(most, supply.x().in_place() ? kBlock : walk.at_once);
        walk.at_once = std::min(kBlock, 4 * walk.at_once);
        if (affine && supply.index() != nullptr) {
            // To the border of a node, where the next leap may begin.
            most = std::min(most, SeriesNode::kSamples - cursor_.index % SeriesNode::kSamples);
        }
        std::array<double, kBlock> room;
        const double* const x = supply.x().block(cursor_.index, most, room.data());
        done = full     ? run_samples_clipped(walk, draw, x, most)
               : affine ? run_samples_affine(walk, draw, band, x, most)
                        : run_samples_series(walk, draw, band, x, most);
    }
    if (done == 0) {
        return false;
    }
    segments_ += done;
    cursor_.index += done - 1;
    supply.advance(cursor_);
    now_ = supply.begin_of(cursor_);
    sample_end_ = supply.end_of(cursor_);
    x_ = supply.x()[cursor_.index];
    return true;
}

bool CapacitorStore::no_currents(const Draw& draw) noexcept {
    for (int i = 0; i < draw.count; ++i) {
        if (draw.shares[static_cast<std::size_t>(i)].drawn.b_a != 0.0) {
            return false;
        }
    }
    return true;
}

void CapacitorStore::book_samples(Walk& walk, const Draw& draw, double t, double y, double y2,
                                  double supplied, double clipped) {
    const bool below = &draw == &walk.phase().drop_out;
    PhaseAccount& account = walk.accounts[2 * walk.result.position.phase + (below ? 1 : 0)];
    account.t += t;
    account.y += y;
    account.y2 += y2;
    ledger_.add(Sink::leakage, -(leak_.b_a * y + leak_.c_s * y2));
    ledger_.add_harvested(supplied - clipped);
    if (clipped != 0.0) {
        ledger_.add_clipped(clipped);
    }
    const double efficiency = supply_->shape().efficiency;
    const double loss = efficiency > 0.0 ? supplied * (1.0 / efficiency - 1.0) : 0.0;
    if (loss != 0.0) {
        ledger_.add_converter_loss(loss);
    }
    ledger_.add_offered(supplied + loss);
}

/// Whole nodes of the index, as long as no sample's end in one can leave the band.
std::size_t CapacitorStore::run_nodes(Walk& walk, const Draw& draw, const Band& band,
                                      std::size_t most) {
    constexpr std::size_t kSamples = SeriesNode::kSamples;
    constexpr std::size_t kTerms = SeriesNode::kMoments - 1;
    constexpr double kMostDecay = 0.02;  // six moments leave 1e-13 out
    constexpr double kLeftOut = 1e-17;
    constexpr std::size_t kAtOnce = 4096;  // then the keeper of a mapped series hears of it
    const SeriesIndex* const index = supply_->index();
    if (index == nullptr || cursor_.index % kSamples != 0) {
        return 0;
    }
    const double t = static_cast<double>(supply_->uniform_ns()) * 1e-9 * kSamples;
    const double lambda = 2.0 * (draw.total.c_s - leak_.c_s) / params_.capacitance_f;
    const double decay = lambda * t;
    if (!(decay >= 0.0 && decay <= kMostDecay)) {
        return 0;
    }
    // Terms of the series in -lambda; the first that is nothing ends it.
    std::array<double, kTerms> scale{};
    std::size_t terms = 0;
    for (double s = supply_->index_factor() * t; terms < kTerms; ++terms, s *= -decay) {
        if (std::fabs(s) <= kLeftOut * std::fabs(supply_->index_factor() * t)) {
            break;
        }
        scale[terms] = s;
    }
    const double A = std::exp(-decay);
    const double lost = std::expm1(-decay);
    const double drawn = draw.total.a_w;
    const double paid = drawn * t * phi1(decay);
    const double mean = t * phi1(decay);
    const double mean_paid = drawn * t * t * phi2(decay);
    const double low = band.low_v > 0.0 ? half_c_ * band.low_v * band.low_v : 0.0;
    const double high = half_c_ * band.high_v * band.high_v;
    const double down = std::fmax(0.0, drawn * t);
    const double up = std::fmax(0.0, -drawn * t);
    double e = half_c_ * vc_ * vc_;
    Sum integral_e;
    Sum supplied;
    const SeriesNode* const first = index->nodes + cursor_.index / kSamples;
    const std::size_t whole = index->count - std::min(index->count, cursor_.index / kSamples);
    const std::size_t nodes = std::min({most / kSamples, whole, kAtOnce});
    std::size_t done = 0;
    for (; done < nodes; ++done) {
        const auto& m = first[done].moment;
        const double brought = scale[0] * m[0];
        // Whatever the order of what comes and goes inside the node.
        if (!(e * A - down + std::fmin(0.0, brought) > low &&
              e + up + std::fmax(0.0, brought) < high)) {
            break;
        }
        double added = 0.0;
        double risen = 0.0;
        for (std::size_t j = terms; j-- > 0;) {
            added += scale[j] * m[j];
            risen += scale[j] * m[j + 1];
        }
        if (observer_ != nullptr) {
            show_node(draw, cursor_.index + done * kSamples, e, A);
        }
        integral_e.add(e * mean - mean_paid + risen * t);
        supplied.add(brought);
        e += lost * e + (added - paid);
    }
    if (done == 0) {
        return 0;
    }
    vc_ = std::sqrt(e / half_c_);
    book_samples(walk, draw, static_cast<double>(done) * t, 0.0, integral_e.value() / half_c_,
                 supplied.value(), 0.0);
    return done * kSamples;
}

/// The samples inside a node, for timelines only.
void CapacitorStore::show_node(const Draw& draw, std::size_t first, double energy,
                               double node_decay) {
    const double dt = static_cast<double>(supply_->uniform_ns()) * 1e-9;
    const double a = std::pow(node_decay, 1.0 / static_cast<double>(SeriesNode::kSamples));
    const double b = dt * phi1(-std::log(a));
    for (std::size_t k = first; k < first + SeriesNode::kSamples; ++k) {
        const double x = supply_->x()[k];
        energy = a * energy + (x - draw.total.a_w) * b;
        observer_->point(supply_->end_of({k, cursor_.pass_ns}), std::sqrt(energy / half_c_), x,
                         draw.total.a_w + draw.total.c_s * energy / half_c_);
    }
}

std::size_t CapacitorStore::run_samples_affine(Walk& walk, const Draw& draw, const Band& band,
                                               const double* x, std::size_t most) {
    const double dt = static_cast<double>(supply_->uniform_ns()) * 1e-9;
    const double lambda = 2.0 * (draw.total.c_s - leak_.c_s) / params_.capacitance_f;
    const double A = std::exp(-lambda * dt);
    // What is lost of an energy over one to four samples. Added to it, and not A^n times it: the
    // rounding of A would be the same in every sample, and add up.
    const double lost1 = std::expm1(-lambda * dt);
    const double lost2 = std::expm1(-2.0 * lambda * dt);
    const double lost3 = std::expm1(-3.0 * lambda * dt);
    const double lost4 = std::expm1(-4.0 * lambda * dt);
    const double B = dt * phi1(lambda * dt);
    const double G = dt * dt * phi2(lambda * dt);
    const double drawn = draw.total.a_w;
    const double low = band.low_v > 0.0 ? half_c_ * band.low_v * band.low_v : 0.0;
    const double high = half_c_ * band.high_v * band.high_v;
    double e = half_c_ * vc_ * vc_;
    double sum_e = 0.0;
    double sum_x = 0.0;
    const bool shown = observer_ != nullptr;
    const auto show = [&](std::size_t k, double energy) {
        observer_->point(supply_->end_of({cursor_.index + k, cursor_.pass_ns}),
                         std::sqrt(energy / half_c_), x[k],
                         drawn + draw.total.c_s * energy / half_c_);
    };
    const auto inside = [&](double energy) { return energy > low && energy < high; };
    // Four samples at a time: each energy from the first, so that none waits for the one before.
    std::size_t i = 0;
    for (; i + 4 <= most; i += 4) {
        const double u0 = (x[i] - drawn) * B;
        const double u1 = A * u0 + (x[i + 1] - drawn) * B;
        const double u2 = A * u1 + (x[i + 2] - drawn) * B;
        const double u3 = A * u2 + (x[i + 3] - drawn) * B;
        const double e1 = e + (lost1 * e + u0);
        const double e2 = e + (lost2 * e + u1);
        const double e3 = e + (lost3 * e + u2);
        const double e4 = e + (lost4 * e + u3);
        if (!(inside(e1) && inside(e2) && inside(e3) && inside(e4))) {
            break;
        }
        sum_e += (e + e1) + (e2 + e3);
        sum_x += (x[i] + x[i + 1]) + (x[i + 2] + x[i + 3]);
        e = e4;
        if (shown) {
            show(i, e1);
            show(i + 1, e2);
            show(i + 2, e3);
            show(i + 3, e4);
        }
    }
    for (; i < most; ++i) {
        const double next = e + (lost1 * e + (x[i] - drawn) * B);
        if (!inside(next)) {
            break;
        }
        sum_e += e;
        sum_x += x[i];
        e = next;
        if (shown) {
            show(i, e);
        }
    }
    if (i == 0) {
        return 0;
    }
    const auto n = static_cast<double>(i);
    const double integral_e = B * sum_e + G * (sum_x - n * drawn);
    vc_ = std::sqrt(e / half_c_);
    book_samples(walk, draw, n * dt, 0.0, integral_e / half_c_, sum_x * dt, 0.0);
    return i;
}

namespace {

/// A run over samples with currents: where it is and what it has gathered.
struct CurrentRun {
    const double* x;
    double dt, low_v, high_v;
    std::size_t most;
    double v;
    std::size_t done = 0;
    double sum_x = 0.0;
    PathIntegrals sum{};
    bool leaves = false;  ///< the band, in the next sample

    [[nodiscard]] bool inside(double at_v) const { return at_v > low_v && at_v < high_v; }

    /// Blocks, as long as they are accepted and stay clear of the band's edges.
    template <class Show>
    void walk_blocks(const SampleBlock& block, bool shown, const Show& show) {
        constexpr std::size_t kSamples = SampleBlock::kSamples;
        SampleBlock::Sums sums;
        SampleBlock::State state{v * v, v};
        SampleBlock::Ends ends;
        const std::size_t first = done;
        while (done + kSamples <= most &&
               block.step(x + done, low_v, high_v, state, sums, shown ? &ends : nullptr)) {
            for (std::size_t k = 0; shown && k < kSamples; ++k) {
                show(done + k, ends[k]);
            }
            done += kSamples;
        }
        if (done > first) {
            const PathIntegrals walked = block.integrals(sums, static_cast<double>(done - first));
            sum.v_dt += walked.v_dt;
            sum.v2_dt += walked.v2_dt;
            sum_x += sums.x;
            v = std::sqrt(state.y);
        }
    }

    /// At most `count` samples one by one; false where the next would leave the band or no series
    /// converges.
    template <class Show>
    bool walk_singles(Terms others, double c_f, std::size_t count, const Show& show) {
        const double others_w = others.a_w;
        for (const std::size_t last = std::min(most, done + count); done < last; ++done) {
            others.a_w = others_w + x[done];
            SeriesStep step;
            if (!short_series(others, c_f, v, dt, step) &&
                !StoreLaw(others, c_f).series(v, dt, step)) {
                return false;
            }
            const double next = v + step.dv_v;
            if (!inside(next)) {
                leaves = true;
                return false;
            }
            v = next;
            sum_x += x[done];
            sum.v_dt += step.integrals.v_dt;
            sum.v2_dt += step.integrals.v2_dt;
            show(done, v);
        }
        return true;
    }
};

}  // namespace

std::size_t CapacitorStore::run_samples_series(Walk& walk, const Draw& draw, const Band& band,
                                               const double* x, std::size_t most) {
    constexpr std::size_t kBetween = 16;  // samples before a refused block is tried again
    const double dt = static_cast<double>(supply_->uniform_ns()) * 1e-9;
    const Terms others = leak_ + -draw.total;
    const auto show = [&](std::size_t k, double v) {
        if (observer_ != nullptr) {
            observer_->point(supply_->end_of({cursor_.index + k, cursor_.pass_ns}), v, x[k],
                             draw.total.power_at(v));
        }
    };
    const SampleBlock block(others, params_.capacitance_f, dt);
    CurrentRun run{x, dt, band.low_v, band.high_v, most, vc_};
    do {
        run.walk_blocks(block, observer_ != nullptr, show);
    } while (run.walk_singles(others, params_.capacitance_f, kBetween, show) && run.done < most);
    if (run.leaves) {
        walk.leaves_band_at = supply_->begin_of({cursor_.index + run.done, cursor_.pass_ns});
    }
    if (run.done == 0) {
        return 0;
    }
    vc_ = run.v;
    book_samples(walk, draw, static_cast<double>(run.done) * dt, run.sum.v_dt, run.sum.v2_dt,
                 run.sum_x * dt, 0.0);
    return run.done;
}

}  // namespace ebb
