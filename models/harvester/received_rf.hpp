// SPDX-License-Identifier: Apache-2.0
/// RF power received by an antenna, through a rectifier whose efficiency depends on that power, and
/// on the store's voltage if the table says so.
///
///   rows without `store`   P(t) = eta(Prf(t)) Prf(t)             [W, DC into a store at `hold`]
///   rows with `store`      P(V, t) = eta(Prf(t), V) Prf(t)       [W, DC into a store at V]
///
/// Over the received power eta is straight in dBm between the rows of one store voltage; nothing
/// below the first row (there the rectifier does not reach that voltage), the last value above the
/// last row. Between store voltages it is straight in V, outside them that of the nearest. So at
/// the store eta = e0 + e1 V between two voltages, and
///
///   p(V) = Prf e0 + Prf e1 V     [W]     the terms a and b of the store law
///
/// Rows with `store` hold at the store itself: converter none, and no other.
/// The trace holds rf_power_w, not power_w: what an antenna receives is not what a store gets, and
/// below 0.25 mW the difference is more than a factor of ten.
/// Not modelled: mismatch, frequency, the spread between devices.
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
    std::optional<double> store_v = {};
};

struct RectifierSheet {
    std::optional<double> hold_v;
    std::vector<RectifierRow> table;
};

struct ReceivedRfParams {
    RectifierSheet rectifier;
    std::optional<double> power_w;  ///< constant received power
};

class ReceivedRf : public SourceModel, public DirectCurve {
public:
    /// Throws InputError if the inputs of a store voltage do not increase, or only some rows name
    /// a store voltage.
    explicit ReceivedRf(const ReceivedRfParams& params);

    [[nodiscard]] Quantity reads() const noexcept override {
        return params_.power_w ? Quantity::none : Quantity::rf_power_w;
    }
    [[nodiscard]] SourceShape shape() const noexcept override;
    [[nodiscard]] std::optional<double> constant() const noexcept override {
        return params_.power_w;
    }
    [[nodiscard]] bool operated() const noexcept override { return true; }
    /// The last row's input; of several store voltages, the one whose rows end first.
    [[nodiscard]] std::optional<double> known_up_to() const noexcept override;
    [[nodiscard]] OperatingSeries operate(const OperatingSpan& span) const override;

    [[nodiscard]] const DirectCurve* direct() const noexcept override {
        return by_store_ ? this : nullptr;
    }
    [[nodiscard]] SourcePiece piece(double sample, double u, bool up) const override;
    [[nodiscard]] double zero_v(double) const override {
        return std::numeric_limits<double>::infinity();
    }

    /// At a store voltage; without `store` in the table the voltage does not matter.
    [[nodiscard]] double efficiency(double received_w, double store_v = 0.0) const noexcept;

private:
    struct Curve {  ///< of one store voltage
        double store_v = 0.0;
        double first_w = 0.0;
        double last_w = 0.0;
        LogTable table;
        [[nodiscard]] double at(double received_w) const noexcept {
            return received_w >= first_w ? table.at(received_w) : 0.0;
        }
    };
    ReceivedRfParams params_;
    bool by_store_ = false;
    std::vector<Curve> curves_;  ///< by increasing store voltage
};

}  // namespace ebb
