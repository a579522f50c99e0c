// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/eh_model.hpp"

#include <algorithm>
#include <cmath>

#include "models/core/error.hpp"

namespace ebb {

namespace {

/// Omega - eps_C/sigma.
double net_j_per_b(const EhModel& m, const EhTransfer& t) noexcept {
    return t.energy_j_per_b - m.charge_j / t.bytes_in_a_cycle;
}

double net_cycle_j(const EhModel& m) noexcept { return m.cycle_j - m.charge_j; }

double progress(const EhModel& m, double tau, double dead_j, double restore_j) noexcept {
    const double left = 1.0 - dead_j / m.supply_j - restore_j / m.supply_j;
    const double overhead = 1.0 + eh_backup_j(m, tau) / (net_cycle_j(m) * tau);
    return std::max(0.0, left) / (overhead * (1.0 - m.charge_j / m.cycle_j));
}

}  // namespace

double eh_backup_j(const EhModel& m, double tau) noexcept {
    return net_j_per_b(m, m.backup) * (m.backup.bytes + m.backup.bytes_per_cycle * tau);
}

double eh_dead_j(const EhModel& m, double dead) noexcept { return net_cycle_j(m) * dead; }

double eh_restore_j(const EhModel& m, double dead) noexcept {
    return net_j_per_b(m, m.restore) * (m.restore.bytes + m.restore.bytes_per_cycle * dead);
}

double eh_progress(const EhModel& m, double tau, double share) noexcept {
    const double dead = share * tau;
    return progress(m, tau, eh_dead_j(m, dead), eh_restore_j(m, dead));
}

double eh_refined_progress(const EhModel& m, double tau) noexcept {
    const double dead_j = 0.5 * (net_cycle_j(m) * tau + eh_backup_j(m, tau));
    return progress(m, tau, dead_j, eh_restore_j(m, 0.5 * tau));
}

double eh_single_backup_progress(const EhModel& m) noexcept {
    const double fixed = eh_backup_j(m, 0.0) + eh_restore_j(m, 0.0);
    const double per_progress = net_j_per_b(m, m.backup) * m.backup.bytes_per_cycle / m.cycle_j;
    return std::max(0.0, 1.0 - fixed / m.supply_j) / (1.0 - m.charge_j / m.cycle_j + per_progress);
}

double eh_exact_progress(const EhModel& m, double tau) {
    if (m.charge_j != 0.0 || m.restore.bytes_per_cycle != 0.0) {
        throw Defect("the exact form of the EH model knows no charging and no growing restore");
    }
    const double rounds =
        std::floor((m.supply_j - eh_restore_j(m, 0.0)) / (m.cycle_j * tau + eh_backup_j(m, tau)));
    return std::max(0.0, rounds) * m.cycle_j * tau / m.supply_j;
}

double eh_best_period(const EhModel& m, double share) noexcept {
    const double e = net_cycle_j(m);
    const double b = net_j_per_b(m, m.backup);
    const double r = net_j_per_b(m, m.restore);
    const double fixed = b * m.backup.bytes / e;
    const double growth = 1.0 + b * m.backup.bytes_per_cycle / e;
    const double left = 1.0 - r * m.restore.bytes / m.supply_j;
    const double lost = share * (e + r * m.restore.bytes_per_cycle) / m.supply_j;
    if (!(left > 0.0)) {
        return 0.0;
    }
    return (std::sqrt(fixed * fixed + growth * left * fixed / lost) - fixed) / growth;
}

double eh_young_period(const EhModel& m) noexcept {
    return std::sqrt(2.0 * m.supply_j * eh_backup_j(m, 0.0)) / m.cycle_j;
}

double eh_longest_period(const EhModel& m) noexcept {
    const double left = m.supply_j - eh_restore_j(m, 0.0) - eh_backup_j(m, 0.0);
    const double per_cycle = net_cycle_j(m) + net_j_per_b(m, m.backup) * m.backup.bytes_per_cycle;
    return std::max(0.0, left) / per_cycle;
}

}  // namespace ebb
