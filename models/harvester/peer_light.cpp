// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/peer_light.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/harvester/sample_walk.hpp"

namespace ebb {

namespace {

constexpr double kTableStep = 0.01;    // [V] of the tool
constexpr double kFullLight = 1000.0;  // [W/m^2]

/// A panel wired to a store over one run.
class WiredPanel final : public DirectCurve {
public:
    WiredPanel(const PeerPanel& panel, double edge_v, double scale)
        : panel_(panel), edge_v_(edge_v), scale_(scale) {
        for (double v = 0.0; v < panel.voc_v; v += kTableStep) {
            most_w_ = std::max(most_w_, v * PeerLight::table_current(panel, v));
        }
    }

    [[nodiscard]] SourcePiece piece(double sample, double u, bool up) const override {
        if (!looked_up_ || sample != light_) {
            looked_up_ = true;
            light_ = sample;
            current_a_ =
                scale_ * std::max(sample, 0.0) / kFullLight * PeerLight::table_current(panel_, u);
        }
        SourcePiece piece;
        piece.straight = true;
        const auto above = [&](double border) { return up ? u >= border : u > border; };
        if (above(panel_.voc_v)) {
            piece.low_v = panel_.voc_v;
            return piece;
        }
        const double knee = panel_.voc_v - edge_v_;
        if (knee > 0.0 && !above(knee)) {
            piece.high_v = knee;
            piece.at_zero_a = current_a_;
            return piece;
        }
        piece.low_v = std::max(knee, 0.0);
        piece.high_v = panel_.voc_v;
        piece.slope_s = -current_a_ / (panel_.voc_v - piece.low_v);
        piece.at_zero_a = -piece.slope_s * panel_.voc_v;
        return piece;
    }
    [[nodiscard]] double zero_v(double sample) const override {
        return sample > 0.0 ? panel_.voc_v : 0.0;
    }
    [[nodiscard]] double most_w(double sample) const override {
        return scale_ * std::max(sample, 0.0) / kFullLight * most_w_;
    }

private:
    PeerPanel panel_;
    double edge_v_, scale_;
    double most_w_ = 0.0;
    // What the tool keeps from the last change of the light on.
    mutable bool looked_up_ = false;
    mutable double light_ = 0.0, current_a_ = 0.0;
};

void check_panel(const PeerLightParams& p, CheckContext& context) {
    if (!p.panel) {
        context.mistake(
            "law", "source.model needs 'panel' with this law",
            "for example panel: {isc: 19.5 mA, voc: 2.07 V, imp: 18.4 mA, vmp: 1.67 V}");
        return;
    }
    if (!(p.panel->imp_a < p.panel->isc_a) || !(p.panel->vmp_v < p.panel->voc_v)) {
        context.mistake("panel",
                        "source.model.panel: the maximum-power point must lie below the "
                        "short-circuit current and the open-circuit voltage");
    }
    if (p.illuminance) {
        context.mistake("light", "source.model.light: a panel reads irradiance",
                        "light: irradiance");
    }
}

void check_levels(const PeerLightParams& p, CheckContext& context) {
    if (p.levels.size() < 2) {
        context.mistake("law", "source.model needs 'levels' with this law, two or more");
        return;
    }
    for (std::size_t k = 1; k < p.levels.size(); ++k) {
        if (!(p.levels[k].level > p.levels[k - 1].level)) {
            context.mistake("levels",
                            fmt::format("source.model.levels: {:g} does not lie above the level "
                                        "before; expected increasing levels",
                                        p.levels[k].level));
        }
    }
}

void check_peer(const PeerLightParams& p, CheckContext& context) {
    const bool panel = p.law == PeerLightLaw::panel;
    panel ? check_panel(p, context) : check_levels(p, context);
    const auto unused = [&](const char* key, bool given) {
        if (given) {
            context.mistake(key, fmt::format("source.model.{} has no effect with this law", key),
                            "remove it");
        }
    };
    unused("levels", panel && !p.levels.empty());
    unused("panel", !panel && p.panel.has_value());
    unused("hold", !panel && p.hold_v.has_value());
}

}  // namespace

double PeerLight::table_current(const PeerPanel& panel, double v) {
    if (!(v < panel.voc_v)) {
        return 0.0;
    }
    const double entries = std::ceil(panel.voc_v / kTableStep);
    const double below = kTableStep * std::floor(std::max(v, 0.0) / panel.voc_v * entries);
    const double share = (below - panel.voc_v) / (panel.vmp_v - panel.voc_v);
    return panel.isc_a * -std::expm1(std::log1p(-panel.imp_a / panel.isc_a) * share);
}

OperatingPoint PeerLight::at_level(double level) const {
    const std::vector<PeerLevel>& table = params_.levels;
    if (level >= table.back().level) {
        return {table.back().voltage_v, table.back().current_a};
    }
    const auto above =
        std::upper_bound(table.begin() + 1, table.end(), level,
                         [](double x, const PeerLevel& entry) { return x < entry.level; });
    const PeerLevel& b = *above;
    const PeerLevel& a = *(above - 1);
    const double share = (level - a.level) / (b.level - a.level);
    const double v = a.voltage_v + share * (b.voltage_v - a.voltage_v);
    const double i = a.current_a + share * (b.current_a - a.current_a);
    return v > 0.0 && i > 0.0 ? OperatingPoint{v, i} : OperatingPoint{};
}

Quantity PeerLight::reads() const noexcept {
    return params_.illuminance ? Quantity::illuminance_lux : Quantity::irradiance_w_m2;
}

SourceShape PeerLight::shape() const noexcept {
    SourceShape shape;
    shape.kind = direct() != nullptr ? SourceKind::curve : SourceKind::power;
    shape.held_input = direct() == nullptr;
    return shape;
}

OperatingSeries PeerLight::operate(const OperatingSpan& span) const {
    if (span.series == nullptr) {
        throw Defect("light without its trace");
    }
    const Series& series = *span.series;
    StretchList list(true);
    list.reserve(series.value.size());
    for (std::size_t k = 0; k < series.value.size(); ++k) {
        const double light = span.scale * series.value[k];
        OperatingPoint point;
        if (params_.law == PeerLightLaw::levels) {
            point = at_level(light);
        } else {
            const double v = params_.hold_v.value_or(0.0);
            const double i = std::max(light, 0.0) / kFullLight *
                             table_current(params_.panel.value_or(PeerPanel{}), v);
            point = {v, i};
        }
        list.add(series.bound_ns[k], point.v, point.i);
    }
    return list.finish(series.bound_ns.back());
}

std::shared_ptr<const DirectCurve> PeerLight::over(const Series& /*series*/, double scale) const {
    return std::make_shared<WiredPanel>(params_.panel.value_or(PeerPanel{}), params_.edge_v, scale);
}

SourcePiece PeerLight::piece(double /*sample*/, double /*u*/, bool /*up*/) const {
    throw Defect(
        "a panel that is looked up by the changes of its light is asked without its trace");
}

double PeerLight::zero_v(double /*sample*/) const {
    return params_.panel.value_or(PeerPanel{}).voc_v;
}

void register_harvester_peer_light(Registry& registry) {
    static const ParamTable<PeerPanel> kPanel = {
        param("isc", &PeerPanel::isc_a, unit::ampere, required, above_up_to(0, 1e3),
              "short-circuit current at 1000 W/m^2"),
        param("voc", &PeerPanel::voc_v, unit::volt, required, above_up_to(0, 1e3),
              "open-circuit voltage, whatever the light"),
        param("imp", &PeerPanel::imp_a, unit::ampere, required, above_up_to(0, 1e3),
              "current at the maximum-power point"),
        param("vmp", &PeerPanel::vmp_v, unit::volt, required, above_up_to(0, 1e3), "voltage there"),
    };
    static const ParamTable<PeerLevel> kLevel = {
        param("level", &PeerLevel::level, unit::number, required, range(0, 1e6),
              "of the light, in the trace's unit"),
        param("voltage", &PeerLevel::voltage_v, unit::volt, required, range(0, 1e3),
              "of the panel at that level"),
        param("current", &PeerLevel::current_a, unit::ampere, required, range(0, 1e3),
              "of the panel at that level"),
    };
    const ParamTable<PeerLightParams> table = {
        param("law", &PeerLightParams::law,
              Names<PeerLightLaw>{{"panel", PeerLightLaw::panel}, {"levels", PeerLightLaw::levels}},
              required, "what the tool makes of the light"),
        param("light", &PeerLightParams::illuminance,
              Names<bool>{{"irradiance", false}, {"illuminance", true}}, false,
              "what the trace holds: irradiance_w_m2 or illuminance_lux"),
        block("panel", &PeerLightParams::panel, kPanel, optional,
              "panel: four numbers of its sheet"),
        param("hold", &PeerLightParams::hold_v, unit::volt, optional, above_up_to(0, 1e3),
              "panel: voltage at which a converter holds it; left out, it is wired to the store"),
        param("edge", &PeerLightParams::edge_v, unit::volt, 0.01, above_up_to(0, 10),
              "panel, wired: over so much below the open circuit the current falls to 0"),
        list("levels", &PeerLightParams::levels, kLevel, optional, 2, 1000,
             "levels: voltage and current by the light, with increasing level"),
    };
    registry.add<SourceModel>(
        {"harvester", "peer_light", "what another simulator makes of recorded light",
         "for comparison, never a default: pv_cell and irradiance_efficiency are the honest "
         "readings; reads a trace of irradiance_w_m2 or illuminance_lux. The parts peer_* name the "
         "tools"},
        table, [](const PeerLightParams& p) { return std::make_shared<PeerLight>(p); }, check_peer);
}

}  // namespace ebb
