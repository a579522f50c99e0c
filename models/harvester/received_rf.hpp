// SPDX-License-Identifier: Apache-2.0
/// RF power received by an antenna, through a rectifier whose efficiency depends on that power.
///
///   P(t) = eta(Prf(t)) Prf(t)     [W, DC into a store held at the table's voltage]
///
/// eta is a table over the received power, straight in dBm between its rows; nothing below the
/// first row (there the rectifier does not reach the hold voltage), the last value above the last
/// row.
///
/// The trace holds rf_power_w, not power_w: what an antenna receives is not what a store gets, and
/// below 0.25 mW the difference is more than a factor of ten.
/// Not modelled: the dependence on the store's present voltage, mismatch, frequency, the spread
/// between devices.
#pragma once

#include "models/core/log_table.hpp"
#include "models/harvester/operating_rule.hpp"
#include "models/harvester/source_model.hpp"

#include <optional>
#include <vector>

namespace ebb {

struct RectifierRow {
    double input_w = 0.0;
    double efficiency = 0.0;
};

struct RectifierSheet {
    double hold_v = 0.0;
    std::vector<RectifierRow> table;
};

struct ReceivedRfParams {
    RectifierSheet rectifier;
    std::optional<double> power_w;  ///< constant received power
};

class ReceivedRf : public SourceModel {
public:
    /// Throws InputError if the table's inputs do not increase.
    explicit ReceivedRf(const ReceivedRfParams& params);

    [[nodiscard]] Quantity reads() const noexcept override {
        return params_.power_w ? Quantity::none : Quantity::rf_power_w;
    }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::power, 1.0, 1, 0.0};
    }
    [[nodiscard]] std::optional<double> constant() const noexcept override {
        return params_.power_w;
    }
    [[nodiscard]] bool operated() const noexcept override { return true; }
    [[nodiscard]] OperatingSeries operate(const OperatingSpan& span) const override;

    [[nodiscard]] double efficiency(double received_w) const noexcept;

private:
    ReceivedRfParams params_;
    LogTable table_;
};

}  // namespace ebb
