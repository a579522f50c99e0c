// SPDX-License-Identifier: Apache-2.0
/// What one stretch of falling voltage has to pay for, and what the store gives for it: the sums
/// behind the findings that explain missing progress.
///
///   need   boot, output capacitor, recovery, and the heaviest piece of work up to its durable
///          end, each at the middle of the voltages, and the share of a series resistance
///   given  C (V_start^2 - V_low^2)/2, V_low = turn-off and the drop across the series resistance
///   advice the least start voltage or capacitance from which boot, recovery and the piece follow
///          each other down to V_low, each at the voltages that it meets; 2 % more are drawn
///
/// Harvest meanwhile, leaks, and the order of currents and powers within a piece are left out.
/// Source: the energy balance of a capacitor.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/workload/plan_regions.hpp"
#include "models/workload/start_voltage.hpp"
#include "sim/device/device.hpp"

namespace ebb {

/// The piece of work that must fit between two durable points.
struct BudgetPiece {
    std::string name;
    const char* needs = "needs";  ///< the verb that goes with the name
    double joules = 0.0;          ///< what ends it durably included
    double commit_j = 0.0;        ///< of it, for the commit behind it
};

struct ChargeBudget {
    BudgetPiece piece;
    double boot_j = 0.0, recovery_j = 0.0;  ///< before the piece
    double need_j = 0.0, given_j = 0.0;
};

/// Where the voltage begins to fall: at turn-on, boot first; where a guard lets work begin; where a
/// snapshot begins. Or from turn-on no further than to where one begins, so that work gets a turn.
enum class FallsFrom : unsigned char { turn_on, guard, snapshot, turn_on_to_save };

/// The question `does it fit?` for a start voltage and a capacitance, harvest left aside.
class ChargeFit {
public:
    ChargeFit(const Scenario& scenario, const Device& device);
    ChargeFit(const Scenario& scenario, const Device& device, FallsFrom from);
    /// From another voltage than where the work begins now.
    ChargeFit(const Scenario& scenario, const Device& device, double from_v);

    [[nodiscard]] FallsFrom falls_from() const noexcept { return falls_from_; }
    [[nodiscard]] double from_v() const noexcept { return from_v_; }
    [[nodiscard]] double drop_v() const noexcept { return drop_v_; }
    /// The inner voltage at which the loaded terminal is at turn-off (or at save_at).
    [[nodiscard]] double lowest_v() const noexcept { return lowest_v_; }
    /// At present.
    [[nodiscard]] ChargeBudget budget() const;
    /// In the order in which it comes, with the 2 %.
    [[nodiscard]] bool fits_now() const;
    /// The next capacitance of the E12 series that would do; empty if none would.
    [[nodiscard]] std::optional<double> capacitance_that_would_do() const;
    /// The least start voltage that would do with the present capacitance, in hundredths of a volt.
    [[nodiscard]] std::optional<double> start_that_would_do() const;

private:
    [[nodiscard]] double beside_f() const;
    [[nodiscard]] bool boots() const noexcept {
        return falls_from_ == FallsFrom::turn_on || falls_from_ == FallsFrom::turn_on_to_save;
    }
    [[nodiscard]] ChargeBudget at(double from_v, double capacitance_f) const;
    [[nodiscard]] double given_j(double from_v, double capacitance_f) const;
    [[nodiscard]] std::vector<Withdrawals> stages(double v) const;
    [[nodiscard]] bool fits(double from_v, double capacitance_f) const;
    [[nodiscard]] const Plan& plan_at(double v) const;
    [[nodiscard]] double highest_start_v() const;

    const Scenario& scenario_;
    const WorkloadModule::Config& plans_;
    FallsFrom falls_from_;
    double from_v_;
    double drop_v_;
    double lowest_v_;
};

}  // namespace ebb
