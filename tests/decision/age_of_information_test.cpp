// SPDX-License-Identifier: Apache-2.0
/// Are the ages of a node that checkpoints those of the published formula, and those of updates
/// that random failures really hit?
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>

#include "models/checkpoint/age_of_information.hpp"
#include "models/core/random_stream.hpp"

using namespace ebb;

namespace {

AgeModel node(double recharge, double failures) {
    return {500.0, 200.0, recharge, 10.0, 5.0, failures};
}

TEST_CASE("are optimum and age those of the published parameters?") {
    CHECK(best_whole_checkpoints(node(50, 15)) == 27.0);
    CHECK(peak_age_mixed(node(50, 15), 27) == Approx(3637.78).margin(5e-3));
    CHECK(best_whole_checkpoints(node(75, 6)) == 17.0);
    CHECK(peak_age_mixed(node(75, 6), 17) == Approx(2602.47).margin(5e-3));
}

TEST_CASE("are the three memory structures those of the published figure?") {
    const AgeModel m = node(50, 10);
    CHECK(peak_age_mixed(m, 10) == Approx(3060.0).epsilon(1e-15));
    CHECK(peak_age_non_volatile(m) == Approx(2200.0).epsilon(1e-15));
    CHECK(peak_age_volatile(m) == Approx(11200.0).epsilon(1e-15));
}

TEST_CASE("is no number of checkpoints better than the optimum?") {
    for (const double f : {0.1, 1.0, 6.0, 15.0, 200.0}) {
        const AgeModel m = node(60, f);
        const double best = best_whole_checkpoints(m);
        for (double h = 1.0; h < 200.0; h += 1.0) {
            CHECK(peak_age_mixed(m, h) >= peak_age_mixed(m, best));
        }
        CHECK(std::fabs(best - best_checkpoints(m)) <= 1.0);
    }
}

/// Updates hit by failures, tick by tick: work comes in h sections with a checkpoint behind each;
/// how many failures an update meets is a Poisson number; each falls into a section, at a uniform
/// place, and loses 1 .. D ticks of a checkpoint.
class Updates {
public:
    Updates(const AgeModel& m, int h, std::uint64_t seed)
        : m_(m), h_(h), count_(seed, 1), place_(seed, 2) {}

    /// From the sample to its delivery.
    double next() {
        double t = 0.0;
        std::int64_t left = poisson();
        failures_ += left;
        for (int section = 0; section < h_; ++section) {
            // Failures are spread evenly over the sections that are still to come.
            while (left > 0 && place_.uniform() * (h_ - section) <= 1.0) {
                const double done = place_.uniform() * m_.processing / h_;
                const double torn = std::ceil(place_.uniform() * m_.checkpoint);
                t += done + torn + m_.recharge + m_.restore;
                --left;
            }
            if (section == h_ - 1) {
                for (; left > 0; --left) {
                    t += place_.uniform() * m_.processing / h_ +
                         std::ceil(place_.uniform() * m_.checkpoint) + m_.recharge + m_.restore;
                }
            }
            t += m_.processing / h_ + m_.checkpoint;
        }
        return t;
    }
    [[nodiscard]] std::int64_t failures() const noexcept { return failures_; }

private:
    std::int64_t poisson() {
        std::int64_t n = 0;
        for (double t = count_.exponential(1.0); t < m_.failures; t += count_.exponential(1.0)) {
            ++n;
        }
        return n;
    }

    AgeModel m_;
    int h_;
    RandomStream count_, place_;
    std::int64_t failures_ = 0;
};

TEST_CASE("is the mean age just before a delivery that of the formula, over 1e4 failures?") {
    struct Case {
        AgeModel m;
        int h;
    };
    for (const Case& c : {Case{node(50, 15), 27}, Case{node(75, 6), 17}, Case{node(50, 10), 10}}) {
        Updates updates(c.m, c.h, 11);
        double sum = 0.0;
        double squares = 0.0;
        std::int64_t n = 0;
        // Every second peak: neighbours share an update, and would not be independent.
        while (updates.failures() < 40000) {
            const double peak = updates.next() + c.m.idle + updates.next();
            sum += peak;
            squares += peak * peak;
            ++n;
        }
        const auto count = static_cast<double>(n);
        const double mean = sum / count;
        const double error = std::sqrt((squares / count - mean * mean) / count);
        CAPTURE(n, mean, error);
        CHECK(std::fabs(mean - peak_age_mixed(c.m, c.h)) < 3.0 * error);
        CHECK(error < 0.01 * mean);
    }
}

}  // namespace
