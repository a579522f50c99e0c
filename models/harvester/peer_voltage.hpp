// SPDX-License-Identifier: Apache-2.0
/// How other simulators turn a recorded voltage into energy: for comparison, never a default.
///
/// A voltage across a load does not say what its source can give; each tool assumes something of
/// its own, and some compute something else than they meant. v is the trace's voltage, V the
/// store's.
///
///   current_source   I = v/resistance into the store, whatever its voltage            [A]
///   limited          I = limit while V < v, else 0; straight down to 0 over the last `edge` below
///   v resistor_diode   I = (v - V)/resistance while V < v, else 0 rises            where v lies
///   above the sample before: C dV/dt over one `update` (dt), with
///                    dV = v (1 - exp(-dt_ms resistance C/800)), else nothing; the first sample is
///                    a rise from 0
///
/// The last multiplies by the time constant where it meant to divide by it (dt_ms is the number of
/// milliseconds, resistance C in seconds): a larger store or a lighter load charges faster.
/// Source: parts peer_*.yaml name the tool that each law repeats, with what is left out.
#pragma once

#include "models/harvester/direct_curve.hpp"
#include "models/harvester/source_model.hpp"

#include <optional>

namespace ebb {

enum class PeerLaw { current_source, limited, resistor_diode, rises };

struct PeerVoltageParams {
    PeerLaw law = PeerLaw::current_source;
    std::optional<double> resistance_ohm;
    std::optional<double> limit_a;
    double edge_v = 0.01;
    std::optional<double> capacitance_f;
    std::optional<double> update_s;
};

class PeerVoltage : public SourceModel, public DirectCurve {
public:
    explicit PeerVoltage(const PeerVoltageParams& params);

    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::voltage_v; }
    [[nodiscard]] SourceShape shape() const noexcept override;
    [[nodiscard]] bool operated() const noexcept override {
        return params_.law == PeerLaw::limited || params_.law == PeerLaw::rises;
    }
    [[nodiscard]] std::shared_ptr<const Series> remade(const Series& series) const override;

    [[nodiscard]] const DirectCurve* direct() const noexcept override {
        return params_.law == PeerLaw::limited ? this : nullptr;
    }
    [[nodiscard]] SourcePiece piece(double sample, double u, bool up) const override;
    [[nodiscard]] double zero_v(double sample) const override { return sample; }

private:
    PeerVoltageParams params_;
};

}  // namespace ebb
