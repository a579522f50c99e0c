// SPDX-License-Identifier: Apache-2.0
#include "models/converter/diode.hpp"

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "models/core/component.hpp"
#include "models/core/error.hpp"

namespace ebb {

namespace {

constexpr double kVoltsPerKelvin = 8.617333262e-5;  // k/q, exact since 2019
constexpr double kZeroCelsius_k = 273.15;
constexpr double kNominal_c = 27.0;  // for which models of diodes are given by custom

void check_diode(const DiodeParams& p, CheckContext& context) {
    if (p.drop_v.has_value() == p.saturation_a.has_value()) {
        context.mistake(p.drop_v ? "saturation_current" : "type",
                        p.drop_v ? "converter has drop and saturation_current: the diode would be "
                                   "given twice"
                                 : "converter diode needs drop, or saturation_current",
                        p.drop_v ? "give one of the two" : "for example drop: 0.3 V");
    }
    if (!p.saturation_a) {
        const std::array<std::pair<const char*, bool>, 3> kOthers = {
            {{"emission", p.emission.has_value()},
             {"series", p.series_ohm.has_value()},
             {"temperature_c", p.celsius.has_value()}}};
        for (const auto& [key, given] : kOthers) {
            if (given) {
                context.mistake(
                    key,
                    std::string("converter.") + key + " has no effect without saturation_current",
                    "remove it");
            }
        }
    }
}

}  // namespace

SupplyShape Diode::couple(const SourceShape& source) const {
    refuse_at_store(source, "diode");
    if (source.held_input) {
        throw InputError(
            "converter diode cannot hold a source at an operating point: the store's voltage would "
            "be the source's; expected a converter that holds its input, such as efficiency, or "
            "operate: direct");
    }
    if (params_.saturation_a && source.kind != SourceKind::curve) {
        throw InputError(
            "converter diode by its saturation current needs a source with a curve (pv_cell or "
            "iv_curve with operate: direct); with the others give drop");
    }
    SupplyShape shape;
    shape.factor = source.factor;
    shape.exponent = source.exponent;
    shape.resistance_ohm = source.resistance_ohm;
    const double drop_v = params_.drop_v.value_or(0.0);
    shape.drop_v = drop_v;
    switch (source.kind) {
        case SourceKind::power:
            // Without a drop it is the plain constant power, which has closed forms.
            shape.tag = drop_v > 0.0 ? SupplyTag::diode_power : SupplyTag::power;
            break;
        case SourceKind::current:
            shape.tag = SupplyTag::current;
            break;
        case SourceKind::thevenin:
            shape.tag = SupplyTag::thevenin;
            shape.drop_v += source.drop_v;
            shape.diode = true;
            break;
        case SourceKind::curve:
            shape.tag = SupplyTag::cells;  // they follow with the samples
            break;
    }
    return shape;
}

std::optional<PathDiode> Diode::path() const {
    PathDiode path;
    if (!params_.saturation_a) {
        path.kind = PathDiode::Kind::drop;
        path.drop_v = params_.drop_v.value_or(0.0);
        return path;
    }
    path.kind = PathDiode::Kind::exponential;
    path.saturation_a = *params_.saturation_a;
    path.slope_v = params_.emission.value_or(1.0) * kVoltsPerKelvin *
                   (params_.celsius.value_or(kNominal_c) + kZeroCelsius_k);
    path.series_ohm = params_.series_ohm.value_or(0.0);
    return path;
}

void register_converter_diode(Registry& registry) {
    const ParamTable<DiodeParams> table = {
        param("drop", &DiodeParams::drop_v, unit::volt, optional, range(0, 10),
              "constant forward voltage; of a bridge, both diodes together"),
        param("saturation_current", &DiodeParams::saturation_a, unit::ampere, optional,
              above_up_to(0, 1), "Is of the diode's equation, instead of drop"),
        param("emission", &DiodeParams::emission, unit::number, optional, range(0.5, 10),
              "emission coefficient N, with saturation_current; left out, 1"),
        param("series", &DiodeParams::series_ohm, unit::ohm, optional, range(0, 1e6),
              "series resistance of the diode, with saturation_current; left out, none"),
        param("temperature_c", &DiodeParams::celsius, unit::number, optional, range(-100, 200),
              "temperature in degrees Celsius for which saturation_current holds; left out, 27"),
    };
    registry.add<Converter>(
        {"converter", "diode", "a diode or bridge, by a constant drop or its equation",
         "the drop times the current is converter loss; a constant drop lets no current back, the "
         "equation the saturation current"},
        table, [](const DiodeParams& p) { return std::make_shared<Diode>(p); }, check_diode);
}

}  // namespace ebb
