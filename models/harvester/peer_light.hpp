// SPDX-License-Identifier: Apache-2.0
/// How other simulators turn recorded light into energy: for comparison, never a default.
///
///   panel    a data sheet's four numbers make one curve; light G [W/m^2] scales its current and
///            leaves its open circuit where it is
///              i(V) = isc (1 - (1 - imp/isc)^((V - voc)/(vmp - voc))),  read from a table of 10 mV
///              I    = G/1000 i(V_below),   V_below: the entry at or below V                [A]
///            hold: V = hold, held by a converter, P = V I                                  [W]
///            else wired to the store, and I is looked up when the light changes only: it stays
///            while the store moves, up to the open circuit (straight down to 0 over the last
///            `edge` below it, where the tool has a jump)
///   levels   voltage and current are looked up apart, straight between the points of a table of
///            levels, P = V I; the first two points are followed below the first one. Above the
///            last one the tool reads past its table: the last point here. Where V or I falls
///            below 0 the tool draws power: 0 here
///
/// The look-up of a wired panel belongs to a run: the first question in a stretch of equal light,
/// which a walk asks as it enters it, decides.
/// Source: parts peer_simba.yaml, peer_messy*.yaml name the tool that each law repeats, with what
/// is left out.
#pragma once

#include "models/harvester/direct_curve.hpp"
#include "models/harvester/source_model.hpp"

#include <optional>
#include <vector>

namespace ebb {

enum class PeerLightLaw { panel, levels };

struct PeerPanel {
    double isc_a = 0.0, voc_v = 0.0, imp_a = 0.0, vmp_v = 0.0;
};

struct PeerLevel {
    double level = 0.0, voltage_v = 0.0, current_a = 0.0;
};

struct PeerLightParams {
    PeerLightLaw law = PeerLightLaw::panel;
    bool illuminance = false;
    std::optional<PeerPanel> panel;
    std::optional<double> hold_v;
    double edge_v = 0.01;
    std::vector<PeerLevel> levels;
};

class PeerLight : public SourceModel, public DirectCurve {
public:
    explicit PeerLight(const PeerLightParams& params) : params_(params) {}

    [[nodiscard]] Quantity reads() const noexcept override;
    [[nodiscard]] SourceShape shape() const noexcept override;
    [[nodiscard]] bool operated() const noexcept override { return true; }
    [[nodiscard]] OperatingSeries operate(const OperatingSpan& span) const override;

    [[nodiscard]] const DirectCurve* direct() const noexcept override {
        return params_.law == PeerLightLaw::panel && !params_.hold_v ? this : nullptr;
    }
    [[nodiscard]] std::shared_ptr<const DirectCurve> over(const Series& series,
                                                          double scale) const override;
    [[nodiscard]] SourcePiece piece(double sample, double u, bool up) const override;
    [[nodiscard]] double zero_v(double sample) const override;

    /// Of a panel in light of 1000 W/m^2, as its table has it [A].
    [[nodiscard]] static double table_current(const PeerPanel& panel, double v);
    /// Of a table of levels: what it says, or 0 W where that is no source.
    [[nodiscard]] OperatingPoint at_level(double level) const;

private:
    PeerLightParams params_;
};

}  // namespace ebb
