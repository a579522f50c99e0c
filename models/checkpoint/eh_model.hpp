// SPDX-License-Identifier: Apache-2.0
/// The EH model: how much of the energy of an active period becomes progress under backups every
/// tau cycles.
///
///   E       energy of an active period [J]; eps of a cycle of work, eps_C charged in a cycle [J]
///   (4)  e_B = (Omega_B - eps_C/sigma_B)(A_B + alpha_B tau)       a backup                  [J]
///   (5)  e_D = (eps - eps_C) tau_D      dead; tau_D = 0 best, tau/2 average, tau worst      [J]
///   (8)  e_R = (Omega_R - eps_C/sigma_R)(A_R + alpha_R tau_D)     a restore                 [J]
///   (9)  p = (1 - e_D/E - e_R/E) / ((1 + e_B/((eps - eps_C) tau)) (1 - eps_C/eps))
///   single backup, at the end:  p = (1 - e_B/E - e_R/E) / (1 - eps_C/eps), e_B at tau = p E/eps
///   exact, E the same in every period, eps_C = 0, alpha_R = 0:
///        p = floor((E - e_R)/(eps tau + e_B)) eps tau / E
///   refined: what is too little for a last backup is dead as well, uniform on
///        [0, (eps - eps_C) tau + e_B]; (9) with the mean of it as e_D
///   tau that is best in (9), with e = eps - eps_C, b, r the brackets of (4) and (8):
///        a = b A_B/e, B = 1 + b alpha_B/e, K = 1 - r A_R/E, k = c (e + r alpha_R)/E,
///        c = 1/2 on average, 1 at worst:   tau = (-a + sqrt(a^2 + B K a/k))/B
///        a -> 0: Young's sqrt(2 E e_B)/eps, e_B at tau = 0
///
/// "Cycle" is any unit of work: with powers in place of energies per cycle, tau is a time. p is
/// held at 0 where a restore alone takes more than E. Not in it: boots, leaks, the voltage that
/// energy is taken at. Sources: San Miguel et al., The EH Model, MICRO 2018, equations as in
/// charleyXuTO/thumbulator @487dfac eh-sim/src/scheme/eh_model.hpp; exact and refined forms and the
/// optimum are derived here and compared with simulation.
#pragma once

#include <limits>

namespace ebb {

/// A backup or a restore: A bytes and alpha bytes per cycle since the last one.
struct EhTransfer {
    double bytes = 0.0;            ///< A [B]
    double bytes_per_cycle = 0.0;  ///< alpha [B]
    double energy_j_per_b = 0.0;   ///< Omega [J/B]
    /// sigma [B/cycle]; only with charging it matters how long a transfer takes
    double bytes_in_a_cycle = std::numeric_limits<double>::infinity();
};

struct EhModel {
    double supply_j = 0.0;  ///< E > 0
    double cycle_j = 0.0;   ///< eps > eps_C
    double charge_j = 0.0;  ///< eps_C >= 0
    EhTransfer backup, restore;
};

/// How much of a period between backups is lost with the power: tau_D = share * tau.
inline constexpr double kEhBest = 0.0;
inline constexpr double kEhAverage = 0.5;
inline constexpr double kEhWorst = 1.0;

[[nodiscard]] double eh_backup_j(const EhModel& m, double tau) noexcept;    ///< (4)
[[nodiscard]] double eh_dead_j(const EhModel& m, double dead) noexcept;     ///< (5), tau_D
[[nodiscard]] double eh_restore_j(const EhModel& m, double dead) noexcept;  ///< (8), tau_D
[[nodiscard]] double eh_progress(const EhModel& m, double tau, double share) noexcept;  ///< (9)
[[nodiscard]] double eh_single_backup_progress(const EhModel& m) noexcept;
/// Throws Defect unless eps_C and alpha_R are 0.
[[nodiscard]] double eh_exact_progress(const EhModel& m, double tau);
[[nodiscard]] double eh_refined_progress(const EhModel& m, double tau) noexcept;

/// The best tau of (9); `share` > 0, A_B > 0. 0 if a restore alone takes more than E.
[[nodiscard]] double eh_best_period(const EhModel& m, double share) noexcept;
/// Young's; for an E that differs from period to period, a small e_B, and nothing to restore.
[[nodiscard]] double eh_young_period(const EhModel& m) noexcept;
/// The whole charge in one go: (E - e_R - e_B(tau))/eps, best where E is always the same.
[[nodiscard]] double eh_longest_period(const EhModel& m) noexcept;

}  // namespace ebb
