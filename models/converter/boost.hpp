// SPDX-License-Identifier: Apache-2.0
/// A boost charger between a source that is operated on its curve and the store.
///
///   P_store = eta(V_store, V_in, I_in) V_in I_in          [W]    (efficiency_table.hpp)
///
/// It runs while V_in >= min_voltage and V_in I_in >= min_power; a current above max_current is
/// limited there. Below cold_start.store_below the main converter cannot run: a cold start with an
/// efficiency of its own does, if V_in and V_in I_in reach its minima (never more than the main
/// converter would give at that border). What does not run takes nothing from the source. The
/// charger draws `quiescent` from the store at any time.
///
/// Which point of the curve (V_in, I_in) is, and when the converter stands still to look for it, is
/// the source's rule (operating.hpp). Not modelled: the store's charge limit (store.max), ripple,
/// temperature.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/converter/converter.hpp"
#include "models/converter/efficiency_table.hpp"

namespace ebb {

struct ColdStart {
    double store_below_v = 0.0;
    double min_voltage_v = 0.0;
    double min_power_w = 0.0;
    double efficiency = 0.0;
};

struct BoostParams {
    std::vector<EfficiencyPoint> efficiency;
    double min_voltage_v = 0.0;
    double min_power_w = 0.0;
    std::optional<double> max_current_a;
    double quiescent_a = 0.0;
    std::optional<ColdStart> cold_start;
};

class Boost : public Converter {
public:
    explicit Boost(const BoostParams& params);
    [[nodiscard]] SupplyShape couple(const SourceShape& source) const override;
    [[nodiscard]] SupplyShape couple_points(const SourceShape& source,
                                            const OperatingSeries& points) const override;
    [[nodiscard]] double quiescent_a() const noexcept override { return params_.quiescent_a; }
    [[nodiscard]] std::optional<Shortfall> shortfall(const OperatingSeries& points) const override;
    /// Of a table with one point, which is a constant efficiency, nothing is outside.
    [[nodiscard]] std::optional<OutsideTable> outside_table(
        const OperatingSeries& points, const std::vector<double>& length) const override;

private:
    BoostParams params_;
    std::shared_ptr<const EfficiencyTable> table_;
};

}  // namespace ebb
