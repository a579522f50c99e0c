// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/piezo_bridge.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

namespace {
constexpr double kPi = 3.14159265358979323846;
}

SourceShape PiezoBridge::shape() const noexcept {
    const double admittance_s = 2.0 * kPi * params_.frequency_hz * params_.capacitance_f;
    SourceShape shape;
    shape.kind = SourceKind::thevenin;
    shape.factor = 1.0 / admittance_s;
    shape.resistance_ohm = kPi / (2.0 * admittance_s);
    shape.drop_v = 2.0 * params_.drop_v;
    shape.rectified = true;
    return shape;
}

void register_harvester_piezo_bridge(Registry& registry) {
    const ParamTable<PiezoBridgeParams> table = {
        param("capacitance", &PiezoBridgeParams::capacitance_f, unit::farad, required,
              range(1e-13, 1e-3), "of the piezoelectric element"),
        param("frequency", &PiezoBridgeParams::frequency_hz, unit::hertz, required, range(0.1, 1e6),
              "of the vibration"),
        param("drop", &PiezoBridgeParams::drop_v, unit::volt, required, range(0, 5),
              "forward voltage of one diode; two of them conduct at a time"),
        param("current", &PiezoBridgeParams::current_a, unit::ampere, optional, range(0, 10),
              "amplitude of the element's own current; left out, the trace gives it"),
    };
    registry.add<SourceModel>(
        {"harvester", "piezo_bridge", "a vibrating piezoelectric element behind a bridge",
         "I = (2/pi)(I0 - w Cp (V + 2 Vd)), not below 0; reads a trace of current_a (the amplitude "
         "I0) unless current is given"},
        table, [](const PiezoBridgeParams& p) { return std::make_shared<PiezoBridge>(p); });
}

}  // namespace ebb
