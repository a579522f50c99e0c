// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/pv_cell.hpp"

#include <fmt/format.h>

#include <memory>

#include "models/core/component.hpp"
#include "models/core/error.hpp"

namespace ebb {

namespace {

constexpr double kZeroCelsius_k = 273.15;

SingleDiode diode_of(const PvCellSheet& cell) {
    if (cell.vmp_v && cell.imp_a) {
        return fit_single_diode(cell.voc_v, cell.isc_a, *cell.vmp_v, *cell.imp_a);
    }
    if (cell.slope_v) {
        const double shunt_s = cell.shunt_ohm ? 1.0 / *cell.shunt_ohm : 0.0;
        return single_diode_through(cell.voc_v, cell.isc_a, *cell.slope_v,
                                    cell.series_ohm.value_or(0.0), shunt_s);
    }
    throw InputError(
        "source.model.cell needs vmp and imp (four points of a data sheet), or slope (the diode's, "
        "with isc and voc)");
}

/// Light of the cell's data over one unit of the sample.
double per_sample(const PvCellParams& p, Light light) {
    const double lux_per_w_m2 = p.lux_per_w_m2.value_or(0.0);
    if (light == Light::illuminance) {
        return 1.0 / (p.cell.at_lux ? *p.cell.at_lux : p.cell.at_w_m2 * lux_per_w_m2);
    }
    return p.cell.at_lux ? lux_per_w_m2 / *p.cell.at_lux : 1.0 / p.cell.at_w_m2;
}

/// The light that counts: a constant says itself which one it is.
Light light_of(const PvCellParams& p) {
    if (p.irradiance_w_m2) {
        return Light::irradiance;
    }
    return p.illuminance_lux ? Light::illuminance : p.light;
}

bool needs_lux_per_w_m2(const PvCellParams& p) {
    return (light_of(p) == Light::illuminance) != p.cell.at_lux.has_value();
}

const ParamTable<PvCellSheet>& sheet_table() {
    static const ParamTable<PvCellSheet> kTable = {
        param("isc", &PvCellSheet::isc_a, unit::ampere, required, above_up_to(0, 1e3),
              "short-circuit current at the light of the data"),
        param("voc", &PvCellSheet::voc_v, unit::volt, required, above_up_to(0, 1e3),
              "open-circuit voltage"),
        param("vmp", &PvCellSheet::vmp_v, unit::volt, optional, above_up_to(0, 1e3),
              "voltage at maximum power; with imp"),
        param("imp", &PvCellSheet::imp_a, unit::ampere, optional, above_up_to(0, 1e3),
              "current at maximum power; with vmp"),
        param("slope", &PvCellSheet::slope_v, unit::volt, optional, above_up_to(0, 1e2),
              "a = n Ns k T/q of the diode at 25 degC, instead of vmp and imp"),
        param("series", &PvCellSheet::series_ohm, unit::ohm, optional, range(0, 1e9),
              "series resistance, with slope; left out, none"),
        param("shunt", &PvCellSheet::shunt_ohm, unit::ohm, optional, above_up_to(0, 1e15),
              "shunt resistance at the light of the data, with slope; left out, none"),
        param("isc_per_kelvin", &PvCellSheet::isc_a_per_k, unit::number, 0.0, range(-1, 1),
              "temperature coefficient of the short-circuit current [A/K]"),
        param("at", &PvCellSheet::at_w_m2, unit::watt_per_square_metre, 1000.0, above_up_to(0, 1e4),
              "light at which the data hold"),
        param("at_lux", &PvCellSheet::at_lux, unit::number, optional, above_up_to(0, 1e6),
              "the same in lux, for cells measured indoors"),
    };
    return kTable;
}

void check_cell(const PvCellParams& p, CheckContext& context) {
    const PvCellSheet& cell = p.cell;
    if (cell.vmp_v.has_value() != cell.imp_a.has_value()) {
        context.mistake("cell", "source.model.cell has only one of vmp and imp; expected both");
    }
    if (cell.slope_v && cell.vmp_v) {
        context.mistake("cell.slope",
                        "source.model.cell has slope and vmp: the diode would be given twice",
                        "give one of the two");
    }
    if (!cell.slope_v && (cell.series_ohm || cell.shunt_ohm)) {
        context.mistake("cell", "source.model.cell has resistances without slope",
                        "from vmp and imp they are fitted; with slope they can be given");
    }
}

void check_light(const PvCellParams& p, CheckContext& context) {
    const bool fixed = p.irradiance_w_m2 || p.illuminance_lux;
    if (p.irradiance_w_m2 && p.illuminance_lux) {
        context.mistake("illuminance", "source.model has two constant lights; expected one");
    }
    if (fixed && context.given("source.model.light")) {
        context.mistake("light",
                        "source.model.light has no effect: the constant light says which one it is",
                        "remove it");
    }
    if (needs_lux_per_w_m2(p) && !p.lux_per_w_m2) {
        context.mistake(
            "lux_per_w_m2",
            fmt::format("source.model needs 'lux_per_w_m2': the light is given in {}, the cell's "
                        "data in {}",
                        light_of(p) == Light::illuminance ? "lux" : "W/m^2",
                        p.cell.at_lux ? "lux" : "W/m^2"),
            "daylight is about 116 to 122 lux per W/m^2; lamps differ by a factor of six");
    }
    if (!needs_lux_per_w_m2(p) && p.lux_per_w_m2) {
        context.mistake("lux_per_w_m2",
                        "source.model.lux_per_w_m2 has no effect: light and cell use the same unit",
                        "remove it");
    }
}

/// A voltage that the cell does not reach is no mistake, but nothing is harvested.
void note_voltage(const PvCellParams& p, CheckContext& context) {
    if (!p.rule || !p.rule->voltage_v) {
        return;
    }
    const PvCell cell(p);
    const double light = cell.constant().value_or(1.0 / per_sample(p, light_of(p)));
    const double voc = cell.open_circuit_v(light);
    if (*p.rule->voltage_v >= voc) {
        context.note(fmt::format(
            "source.model.operate.voltage is {}, not below the cell's open circuit of {:.4g} V at "
            "{:.4g} {}: nothing is harvested {}",
            format_quantity(*p.rule->voltage_v, unit::volt), voc, light,
            light_of(p) == Light::illuminance ? "lux" : "W/m^2",
            cell.constant() ? "at all" : "at that light and below"));
    }
}

void check(const PvCellParams& p, CheckContext& context) {
    check_cell(p, context);
    check_light(p, context);
    check_operating(p.rule, context);
    if (!needs_lux_per_w_m2(p) || p.lux_per_w_m2) {
        note_voltage(p, context);
    }
}

}  // namespace

PvCell::PvCell(const PvCellParams& params)
    : params_(params), light_per_sample_(per_sample(params, light_of(params))) {
    CellAtReference cell;
    cell.reference = diode_of(params.cell);
    cell.alpha_a_per_k = params.cell.isc_a_per_k;
    at_temperature_ = cell.at(1.0, params.celsius + kZeroCelsius_k);
    at_temperature_.il_a *= params.area_scale;
    at_temperature_.i0_a *= params.area_scale;
    at_temperature_.gsh_s *= params.area_scale;
    at_temperature_.rs_ohm /= params.area_scale;
}

Quantity PvCell::reads() const noexcept {
    if (params_.irradiance_w_m2 || params_.illuminance_lux) {
        return Quantity::none;
    }
    return params_.light == Light::irradiance ? Quantity::irradiance_w_m2
                                              : Quantity::illuminance_lux;
}

SourceShape PvCell::shape() const noexcept {
    SourceShape shape;
    const bool wired = direct() != nullptr;
    shape.kind = wired ? SourceKind::curve : SourceKind::power;
    shape.held_input = !wired;
    return shape;
}

std::optional<double> PvCell::constant() const noexcept {
    return params_.irradiance_w_m2 ? params_.irradiance_w_m2 : params_.illuminance_lux;
}

SingleDiode PvCell::at(double sample) const noexcept {
    SingleDiode d = at_temperature_;
    const double light = sample * light_per_sample_;
    d.il_a *= light;
    d.gsh_s *= light;
    return d;
}

OperatingPoint PvCell::max_power(double sample) const { return at(sample).max_power(); }

double PvCell::open_circuit_v(double sample) const { return at(sample).open_circuit_v(); }

double PvCell::current(double sample, double v) const { return at(sample).current(v); }

const DirectCurve* PvCell::direct() const noexcept {
    return OperatingRule{params_.operate, params_.rule}.direct() ? this : nullptr;
}

SourcePiece PvCell::piece(double sample, double /*u*/, bool /*up*/) const {
    SourcePiece piece;
    piece.diode = at(sample);
    return piece;
}

OperatingSeries PvCell::operate(const OperatingSpan& span) const {
    return lay_out(*this, {params_.operate, params_.rule}, span);
}

void register_harvester_pv_cell(Registry& registry) {
    const ParamTable<PvCellParams> table = {
        block("cell", &PvCellParams::cell, sheet_table(), required,
              "a data sheet's points, or a diode"),
        param("area_scale", &PvCellParams::area_scale, unit::number, 1.0, above_up_to(0, 1e6),
              "factor on all currents: equal cells in parallel, or a piece of the cell"),
        param("temperature_c", &PvCellParams::celsius, unit::number, 25.0, range(-100, 200),
              "temperature of the cell in degrees Celsius"),
        param("light", &PvCellParams::light,
              Names<Light>{{"irradiance", Light::irradiance}, {"illuminance", Light::illuminance}},
              Light::irradiance, "what the trace holds: irradiance_w_m2 or illuminance_lux"),
        param("lux_per_w_m2", &PvCellParams::lux_per_w_m2, unit::number, optional,
              above_up_to(0, 700), "needed where light and cell are given in different units"),
        param("irradiance", &PvCellParams::irradiance_w_m2, unit::watt_per_square_metre, optional,
              range(0, 1e4), "constant light instead of a trace"),
        param("illuminance", &PvCellParams::illuminance_lux, unit::number, optional, range(0, 1e6),
              "constant light in lux instead of a trace"),
        operating_row(&PvCellParams::operate, &PvCellParams::rule),
    };
    registry.add<SourceModel>(
        {"harvester", "pv_cell",
         "a photovoltaic cell, held at an operating point or wired to the store",
         "P = V I(V), single diode; reads a trace of irradiance_w_m2 or illuminance_lux, or "
         "constant light. Needs a converter that holds the cell's voltage, or operate: direct"},
        table, [](const PvCellParams& p) { return std::make_shared<PvCell>(p); }, check);
}

}  // namespace ebb
