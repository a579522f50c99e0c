// SPDX-License-Identifier: Apache-2.0
#include "models/store/sample_block.hpp"

#include <cmath>

// Chosen when the program is loaded; SSE2 alone needs three times the instructions. Both round
// alike: nothing is contracted (-ffp-contract=off), and no sum runs in another order.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define EBB_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define EBB_WIDE
#endif

namespace ebb {

namespace {

/// Four runs of four samples side by side: entry k holds the samples k, 4 + k, 8 + k and 12 + k, so
/// that the sample before is in the same lane of the entry before.
using Lanes = double __attribute__((vector_size(32)));
constexpr std::size_t kRun = 4;

struct Block {
    Lanes at[kRun];
};

}  // namespace

SampleBlock::SampleBlock(const Terms& others, double capacitance_f, double h_s) noexcept
    : k_(2.0 / capacitance_f),
      others_w_(others.a_w),
      h_(h_s),
      beta_(k_ * others.b_a),
      lambda_(-k_ * others.c_s),
      b1_(h_s * phi1(lambda_ * h_s)),
      b2_(h_s * h_s * phi2(lambda_ * h_s)),
      d1_(std::exp(-lambda_ * h_s)) {}

PathIntegrals SampleBlock::integrals(const Sums& sums, double samples) const noexcept {
    const double p = k_ * (sums.x + samples * others_w_);
    return {h_ * sums.mean_v,
            b1_ * sums.y + b2_ * p + beta_ * (b2_ * sums.mean_v - h_ * h_ / 12.0 * sums.rise_v)};
}

EBB_WIDE bool SampleBlock::step(const double* x, double low_v, double high_v, State& state,
                                Sums& sums, Ends* ends) const noexcept {
    constexpr double kLeftOut = 1e-8;       // q W^2
    constexpr double kSteepest = 1e-3;      // W^2
    constexpr double kMostLeak = 1e-3;      // lambda h
    constexpr double kLeakLeftOut = 3e-11;  // q W lambda h: 1/30 of it is missing in int V^2
    constexpr double kRounding = 2e-15;
    constexpr double kMeanRounding = 1e-6;  // its square is what remains in the mean
    constexpr int kMostPasses = 4;
    const double y0 = state.y;
    const double v0 = state.v;

    // The current's share follows V, and V follows y: to first order that is a decay. With it in
    // the recurrence, what an end is off by is put right at once, up to how V bends over the block.
    const double current = beta_ * v0 * b1_;
    const double g = 0.25 * current / y0;  // of the y at either end of a sample
    const double over = 1.0 / (1.0 - g);
    const double d1 = (d1_ + g) * over;
    const double d2 = d1 * d1;
    const double d3 = d2 * d1;
    const double d4 = d2 * d2;

    // y at the samples' ends, each sample adding f to what decays; and where the runs begin.
    const auto follow = [&](const Block& f, Block& y, Lanes& begin) {
        Lanes u[kRun];
        u[0] = f.at[0];
        for (std::size_t i = 1; i < kRun; ++i) {
            u[i] = d1 * u[i - 1] + f.at[i];
        }
        const double y4 = d4 * y0 + u[3][0];
        const double y8 = d4 * y4 + u[3][1];
        const double y12 = d4 * y8 + u[3][2];
        begin = Lanes{y0, y4, y8, y12};
        y.at[0] = d1 * begin + u[0];
        y.at[1] = d2 * begin + u[1];
        y.at[2] = d3 * begin + u[2];
        y.at[3] = d4 * begin + u[3];
    };
    // What is at the beginning of each run: the end of the run before.
    const auto put_behind = [](double first, const Lanes& last, Lanes& before) {
        before = Lanes{first, last[0], last[1], last[2]};
    };
    const auto least_of = [](const Lanes& of) {
        const double a = of[0] < of[1] ? of[0] : of[1];
        const double b = of[2] < of[3] ? of[2] : of[3];
        return a < b ? a : b;
    };
    const auto largest = [](const Block& of) {
        Lanes most{};
        for (const Lanes& next : of.at) {
            const Lanes size = next < 0.0 ? -next : next;
            most = size > most ? size : most;
        }
        const double a = most[0] > most[1] ? most[0] : most[1];
        const double b = most[2] > most[3] ? most[2] : most[3];
        return a > b ? a : b;
    };

    Block p;
    Lanes sum_x{};
    for (std::size_t i = 0; i < kRun; ++i) {
        const Lanes powers{x[i], x[4 + i], x[8 + i], x[12 + i]};
        sum_x += powers;
        p.at[i] = b1_ * k_ * (powers + others_w_);
    }
    // Where the block plainly ends outside of the band, nothing else of it is worth reckoning.
    const Lanes gained = (p.at[0] + p.at[1]) + (p.at[2] + p.at[3]);
    const double ahead = y0 + (gained[0] + gained[1]) + (gained[2] + gained[3]) +
                         static_cast<double>(kSamples) * (current - lambda_ * h_ * y0);
    if (!(ahead > (low_v > 0.0 ? low_v * low_v : 0.0) && ahead < high_v * high_v)) {
        return false;
    }
    // First V by its tangent in y: off in the second order only.
    Block f;
    Block y;
    for (std::size_t i = 0; i < kRun; ++i) {
        f.at[i] = over * (p.at[i] + 0.5 * current);
    }
    Lanes begin;
    follow(f, y, begin);
    Lanes lowest = begin;
    Lanes highest = begin;
    for (const Lanes& next : y.at) {
        lowest = next < lowest ? next : lowest;
        highest = next > highest ? next : highest;
    }
    const double least = least_of(lowest);
    const double span = -least_of(-highest) - least;
    if (!(least > 0.0)) {
        return false;
    }
    Block v;
    Block inverse;
    for (std::size_t i = 0; i < kRun; ++i) {
        for (std::size_t lane = 0; lane < 4; ++lane) {
            v.at[i][lane] = std::sqrt(y.at[i][lane]);
        }
        inverse.at[i] = 0.5 / v.at[i];
    }
    Block mean;
    Block rise;
    Block tilt;  // how a mean moves with d
    Lanes before;
    put_behind(v0, v.at[3], before);
    for (std::size_t i = 0; i < kRun; ++i) {
        const Lanes d = 0.5 * (v.at[i] - before);
        rise.at[i] = 2.0 * d;
        // 1/m from 1/V at the sample's end: d/V is small, so three terms are plenty.
        const Lanes z = rise.at[i] * inverse.at[i];
        const Lanes over_m = 2.0 * inverse.at[i] * (1.0 + z * (1.0 + z * (1.0 + z)));
        mean.at[i] = (before + d) + d * ((d * (1.0 / 3.0) - h_ * beta_ / 12.0) * over_m +
                                         h_ * lambda_ * (1.0 / 6.0));
        tilt.at[i] = (d * (2.0 / 3.0) - h_ * beta_ / 12.0) * over_m + h_ * lambda_ * (1.0 / 6.0);
        f.at[i] = p.at[i] + beta_ * (b1_ * mean.at[i] + (lambda_ * h_ * h_ / 6.0) * d);
        before = v.at[i];
    }
    // What the ends were off by moves the means, that the ends, and so on: each time by the
    // current's share of a block, of which the recurrence knows all but the bend.
    const double q = std::fabs(current) / least;
    const double share = 0.5 * q * static_cast<double>(kSamples) * (span / least + q);
    for (int pass = 0;; ++pass) {
        Block better;
        Block moved;
        Block off;
        before = begin;
        for (std::size_t i = 0; i < kRun; ++i) {
            better.at[i] = over * (f.at[i] - g * (before + y.at[i]));
            before = y.at[i];
        }
        follow(better, better, begin);
        for (std::size_t i = 0; i < kRun; ++i) {
            off.at[i] = better.at[i] - y.at[i];
            moved.at[i] = off.at[i] * inverse.at[i];
            v.at[i] += moved.at[i];
            y.at[i] = better.at[i];
        }
        put_behind(0.0, moved.at[3], before);
        for (std::size_t i = 0; i < kRun; ++i) {
            const Lanes change =
                0.5 * ((before + moved.at[i]) + (moved.at[i] - before) * tilt.at[i]);
            mean.at[i] += change;
            f.at[i] += beta_ * b1_ * change;
            before = moved.at[i];
        }
        const double last = largest(off);
        if (last * share <= kRounding * least && last <= kMeanRounding * least) {
            break;
        }
        if (pass + 1 == kMostPasses) {
            return false;
        }
    }
    const double widest = largest(rise);
    const double w2 = 4.0 * widest * widest / least;
    const double leak = std::fabs(lambda_) * h_;
    if (!(q * w2 <= kLeftOut && w2 <= kSteepest && leak <= kMostLeak &&
          q * std::sqrt(w2) * leak <= kLeakLeftOut)) {
        return false;
    }
    Lanes outside{};
    for (const Lanes& end : v.at) {
        outside = end > low_v ? outside : Lanes{1.0, 1.0, 1.0, 1.0};
        outside = end < high_v ? outside : Lanes{1.0, 1.0, 1.0, 1.0};
    }
    if (outside[0] + outside[1] + outside[2] + outside[3] != 0.0) {
        return false;
    }
    const Lanes sum_y = (begin + y.at[0]) + (y.at[1] + y.at[2]);
    const Lanes sum_mean = (mean.at[0] + mean.at[1]) + (mean.at[2] + mean.at[3]);
    sums.y += (sum_y[0] + sum_y[1]) + (sum_y[2] + sum_y[3]);
    sums.x += (sum_x[0] + sum_x[1]) + (sum_x[2] + sum_x[3]);
    sums.mean_v += (sum_mean[0] + sum_mean[1]) + (sum_mean[2] + sum_mean[3]);
    sums.rise_v += v.at[3][3] - v0;
    if (ends != nullptr) {
        for (std::size_t i = 0; i < kSamples; ++i) {
            (*ends)[i] = v.at[i % kRun][i / kRun];
        }
    }
    state = {y.at[3][3], v.at[3][3]};
    return true;
}

}  // namespace ebb
