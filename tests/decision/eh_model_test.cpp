// SPDX-License-Identifier: Apache-2.0
/// Do the equations of the EH model give its figures, and is the optimum one? Truth: the table of
/// parameter sets below (optimum by golden-section search, published sweep of eh-sim), and a walk
/// through periods with random energies.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/checkpoint/eh_model.hpp"
#include "models/core/error.hpp"
#include "models/core/random_stream.hpp"

using namespace ebb;

namespace {

constexpr double kJ = 1e-9;  // the figures are in nanojoules

/// Backup and restore of 80 B of flash, as thumbulator has them.
EhModel chip(double supply_nj, double alpha = 0.0) {
    EhModel m;
    m.supply_j = supply_nj * kJ;
    m.cycle_j = 0.2925 * kJ;
    m.backup = {80.0, alpha, 9.9288 * kJ};
    m.restore = {80.0, 0.0, 9.9288 * kJ};
    return m;
}

EhModel plain(double backup_bytes) {
    EhModel m;
    m.supply_j = 100.0;
    m.cycle_j = 1.0;
    m.backup = {backup_bytes, 0.0, 1.0};
    m.restore = {0.0, 0.0, 1.0};
    return m;
}

EhModel monte_carlo_set() {
    EhModel m;
    m.supply_j = 1e4;
    m.cycle_j = 1.0;
    m.backup = {80.0, 0.05, 1.0};
    m.restore = {80.0, 0.0, 1.0};
    return m;
}

double best_in(const EhModel& m, double share) { return eh_best_period(m, share); }

/// The best tau by golden-section search.
double searched(const EhModel& m, double share, double (*form)(const EhModel&, double, double)) {
    const double g = 0.5 * (std::sqrt(5.0) - 1.0);
    double low = 0.0;
    double high = m.supply_j / m.cycle_j;
    for (int i = 0; i < 200; ++i) {
        const double x = high - g * (high - low);
        const double y = low + g * (high - low);
        (form(m, x, share) > form(m, y, share) ? high : low) =
            form(m, x, share) > form(m, y, share) ? y : x;
    }
    return 0.5 * (low + high);
}

TEST_CASE("are the optimal periods and their progress those of the table?") {
    struct Row {
        EhModel m;
        double average, p_average, worst, p_worst, young;
    };
    for (const Row& row : {Row{chip(101250), 40558, 0.8750, 27944, 0.8307, 43359},
                           Row{chip(101250, 0.01), 35345, 0.6645, 24438, 0.6353, 43359},
                           Row{chip(4758.75), 6284, 0.4469, 3931, 0.3498, 9400}}) {
        CAPTURE(row.average);
        CHECK(std::round(best_in(row.m, kEhAverage)) == row.average);
        CHECK(std::round(best_in(row.m, kEhWorst)) == row.worst);
        CHECK(std::round(eh_young_period(row.m)) == row.young);
        CHECK(eh_progress(row.m, row.average, kEhAverage) == Approx(row.p_average).margin(5e-5));
        CHECK(eh_progress(row.m, row.worst, kEhWorst) == Approx(row.p_worst).margin(5e-5));
    }
}

TEST_CASE("does the optimum follow the size of a backup as in the table?") {
    struct Row {
        double bytes, tau, p;
    };
    for (const Row& row : {Row{0.1, 4.373, 0.9563}, Row{1, 13.177, 0.8682}, Row{2, 18.10, 0.8190},
                           Row{5, 27.02, 0.7298}, Row{10, 35.83, 0.6417}}) {
        const EhModel m = plain(row.bytes);
        CHECK(best_in(m, kEhAverage) == Approx(row.tau).margin(row.tau < 15 ? 5e-4 : 5e-3));
        CHECK(eh_progress(m, best_in(m, kEhAverage), kEhAverage) == Approx(row.p).margin(5e-5));
    }
}

TEST_CASE("is the closed optimum the one that a search finds, charging included?") {
    int sets = 0;
    for (const double charge : {0.0, 0.1, 0.3}) {
        for (const double alpha : {0.0, 0.02, 0.2}) {
            for (const double restored : {0.0, 40.0}) {
                for (const double share : {kEhAverage, kEhWorst}) {
                    EhModel m = monte_carlo_set();
                    m.charge_j = charge;
                    m.backup = {80.0, alpha, 1.0, 2.0};
                    m.restore = {restored, 0.5 * alpha, 1.2, 2.0};
                    const double tau = best_in(m, share);
                    CHECK(tau == Approx(searched(m, share, eh_progress)).epsilon(1e-6));
                    ++sets;
                }
            }
        }
    }
    CHECK(sets == 36);
}

TEST_CASE("do (9) and the refined form give the published sweep and its correction?") {
    const EhModel m = chip(101250);
    const double tau[] = {250, 500, 1000, 2000, 2750};
    const double published[] = {0.0836, 0.1542, 0.2666, 0.4196, 0.4972};
    const double refined[] = {0.0833, 0.1536, 0.2656, 0.4179, 0.4952};
    for (int i = 0; i < 5; ++i) {
        CHECK(eh_progress(m, tau[i], kEhAverage) == Approx(published[i]).margin(5e-5));
        CHECK(eh_refined_progress(m, tau[i]) == Approx(refined[i]).margin(5e-5));
        CHECK(eh_progress(m, tau[i], kEhBest) > eh_progress(m, tau[i], kEhAverage));
        CHECK(eh_progress(m, tau[i], kEhWorst) < eh_progress(m, tau[i], kEhAverage));
    }
}

TEST_CASE("is one backup per charge best where the energy is always the same?") {
    CHECK(eh_exact_progress(chip(101250), 40558) == Approx(0.820).margin(5e-4));
    const EhModel large = chip(101250);
    CHECK(eh_exact_progress(large, 340717) == Approx(0.984).margin(5e-4));
    CHECK(eh_longest_period(large) == Approx(340717).epsilon(3e-5));
    const EhModel small = chip(4758.75);
    CHECK(eh_longest_period(small) == Approx(10838).margin(0.5));
    CHECK(eh_exact_progress(small, std::floor(eh_longest_period(small))) ==
          Approx(0.666).margin(5e-4));
    CHECK(eh_exact_progress(small, std::ceil(eh_longest_period(small))) == 0.0);
    CHECK(eh_single_backup_progress(small) ==
          Approx(eh_exact_progress(small, eh_longest_period(small) * (1.0 - 1e-12))));
    EhModel growing = monte_carlo_set();
    CHECK(eh_single_backup_progress(growing) ==
          Approx(eh_exact_progress(growing, eh_longest_period(growing) * (1.0 - 1e-12))));
}

TEST_CASE("does the exact form refuse what it does not know?") {
    EhModel charging = monte_carlo_set();
    charging.charge_j = 0.1;
    CHECK_THROWS_AS(eh_exact_progress(charging, 100.0), Defect);
    EhModel growing = monte_carlo_set();
    growing.restore.bytes_per_cycle = 0.1;
    CHECK_THROWS_AS(eh_exact_progress(growing, 100.0), Defect);
}

TEST_CASE("do (9) and the refined form err as measured over periods of random energy?") {
    const EhModel m = monte_carlo_set();
    struct Row {
        double tau, walked, plain, refined;
    };
    for (const Row& row : {Row{100, 0.5312, 0.5335, 0.5312}, Row{800, 0.8208, 0.8278, 0.8226},
                           Row{3000, 0.767, 0.7820, 0.7714}}) {
        CHECK(eh_progress(m, row.tau, kEhAverage) == Approx(row.plain).margin(5e-5));
        CHECK(eh_refined_progress(m, row.tau) == Approx(row.refined).margin(5e-5));
        RandomStream draw(7, 1);
        double supplied = 0.0;
        double kept = 0.0;
        for (int i = 0; i < 200000; ++i) {
            const double e = m.supply_j * (0.8 + 0.4 * draw.uniform());
            supplied += e;
            EhModel period = m;
            period.supply_j = e;
            kept += eh_exact_progress(period, row.tau) * e;
        }
        CHECK(kept / supplied == Approx(row.walked).epsilon(row.tau < 3000 ? 4e-4 : 2e-3));
    }
}

}  // namespace
