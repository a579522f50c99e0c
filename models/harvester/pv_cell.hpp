// SPDX-License-Identifier: Apache-2.0
/// A photovoltaic cell or module, on a converter that holds its voltage or wired to the store.
///
///   P(t) = V I(V)     [W],  I(V) of one diode (models/core/single_diode.hpp) at the light of the
///                     sample and one temperature; V by the rule `operate` (operating_rule.hpp)
///
/// The diode comes from four points of a data sheet (isc, voc, vmp, imp), or from isc and voc with
/// the slope a and the resistances stated. `area_scale` multiplies the currents: cells in parallel,
/// or a piece of a cell. The light is irradiance [W/m^2] or illuminance [lux]; between the two
/// there is no constant of nature, so where trace and cell use different ones lux_per_w_m2 must be
/// stated.
///
/// With operate: direct the cell's voltage is the store's, plus what a diode between takes. Through
/// a wire current flows back into a cell in the dark: through its junction and its shunt.
///
/// Not modelled: angle, spectrum, the cell's own heating, shading, the junction's capacitance.
#pragma once

#include "models/core/single_diode.hpp"
#include "models/harvester/operating_rule.hpp"
#include "models/harvester/source_model.hpp"

#include <optional>

namespace ebb {

enum class Light { irradiance, illuminance };

struct PvCellSheet {
    double isc_a = 0.0;
    double voc_v = 0.0;
    std::optional<double> vmp_v, imp_a;
    std::optional<double> slope_v, series_ohm, shunt_ohm;
    double isc_a_per_k = 0.0;
    double at_w_m2 = 1000.0;
    std::optional<double> at_lux;
};

struct PvCellParams {
    PvCellSheet cell;
    double area_scale = 1.0;
    double celsius = 25.0;
    Light light = Light::irradiance;
    std::optional<double> lux_per_w_m2;
    std::optional<double> irradiance_w_m2, illuminance_lux;  ///< constant light
    OperatingWord operate = OperatingWord::mpp;
    std::optional<OperatingForm> rule;
};

class PvCell : public SourceModel, public CurveFamily, public DirectCurve {
public:
    /// Throws InputError if no diode has the cell's data.
    explicit PvCell(const PvCellParams& params);

    [[nodiscard]] Quantity reads() const noexcept override;
    [[nodiscard]] SourceShape shape() const noexcept override;
    [[nodiscard]] std::optional<double> constant() const noexcept override;
    [[nodiscard]] bool operated() const noexcept override { return true; }
    [[nodiscard]] OperatingSeries operate(const OperatingSpan& span) const override;

    [[nodiscard]] OperatingPoint max_power(double sample) const override;
    [[nodiscard]] double open_circuit_v(double sample) const override;
    [[nodiscard]] double current(double sample, double v) const override;
    [[nodiscard]] bool smooth() const noexcept override { return true; }

    [[nodiscard]] const DirectCurve* direct() const noexcept override;
    [[nodiscard]] SourcePiece piece(double sample, double u, bool up) const override;
    [[nodiscard]] double zero_v(double sample) const override { return open_circuit_v(sample); }

    /// The diode at a sample [W/m^2 or lux, as reads() says].
    [[nodiscard]] SingleDiode at(double sample) const noexcept;

private:
    PvCellParams params_;
    SingleDiode at_temperature_;  ///< at the reference light
    double light_per_sample_ = 0.0;
};

}  // namespace ebb
