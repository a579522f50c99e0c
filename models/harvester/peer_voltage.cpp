// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/peer_voltage.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "models/core/component.hpp"
#include "models/core/error.hpp"

namespace ebb {

namespace {

constexpr double kSpread = 800.0;  // a constant of the tool

using Laws = Names<PeerLaw>;

struct Need {
    const char* key;
    bool given;
    const char* example;
};

void check_peer(const PeerVoltageParams& p, CheckContext& context) {
    const bool rises = p.law == PeerLaw::rises;
    const bool limited = p.law == PeerLaw::limited;
    const std::array<std::pair<Need, bool>, 4> kNeeds = {
        {{{"resistance", p.resistance_ohm.has_value(), "resistance: 30 kOhm"}, !limited},
         {{"limit", p.limit_a.has_value(), "limit: 1 mA"}, limited},
         {{"capacitance", p.capacitance_f.has_value(), "capacitance: 10 uF"}, rises},
         {{"update", p.update_s.has_value(), "update: 1 ms"}, rises}}};
    for (const auto& [need, wanted] : kNeeds) {
        if (need.given == wanted) {
            continue;
        }
        context.mistake(
            need.given ? need.key : "law",
            need.given ? fmt::format("source.model.{} has no effect with this law", need.key)
                       : fmt::format("source.model needs '{}' with this law", need.key),
            need.given ? std::string("remove it") : std::string("for example ") + need.example);
    }
    const std::optional<double> store = context.number("store.capacitance");
    if (rises && p.capacitance_f && store && *store != *p.capacitance_f) {
        context.note(fmt::format(
            "source.model.capacitance is {}, and the store has {}: the tool "
            "that this repeats has one of them only",
            format_quantity(*p.capacitance_f, unit::farad), format_quantity(*store, unit::farad)));
    }
}

}  // namespace

PeerVoltage::PeerVoltage(const PeerVoltageParams& params) : params_(params) {}

SourceShape PeerVoltage::shape() const noexcept {
    SourceShape shape;
    switch (params_.law) {
        case PeerLaw::current_source:
            shape.kind = SourceKind::current;
            shape.factor = 1.0 / params_.resistance_ohm.value_or(1.0);
            break;
        case PeerLaw::limited:
            shape.kind = SourceKind::curve;
            shape.at_store = true;
            break;
        case PeerLaw::resistor_diode:
            shape.kind = SourceKind::thevenin;
            shape.resistance_ohm = params_.resistance_ohm.value_or(1.0);
            shape.rectified = true;
            break;
        case PeerLaw::rises:
            shape.kind = SourceKind::current;  // the samples are made anew
            break;
    }
    return shape;
}

SourcePiece PeerVoltage::piece(double sample, double u, bool up) const {
    SourcePiece piece;
    piece.straight = true;
    const auto above = [&](double border) { return up ? u >= border : u > border; };
    if (!(sample > 0.0) || above(sample)) {
        piece.low_v = std::max(sample, 0.0);
        return piece;
    }
    const double limit = params_.limit_a.value_or(0.0);
    const double knee = sample - params_.edge_v;
    if (knee > 0.0 && !above(knee)) {
        piece.high_v = knee;
        piece.at_zero_a = limit;
        return piece;
    }
    piece.low_v = std::max(knee, 0.0);
    piece.high_v = sample;
    piece.slope_s = -limit / params_.edge_v;
    piece.at_zero_a = -piece.slope_s * sample;
    return piece;
}

std::shared_ptr<const Series> PeerVoltage::remade(const Series& series) const {
    if (params_.law != PeerLaw::rises) {
        return nullptr;
    }
    const double update_s = params_.update_s.value_or(0.0);
    const double c = params_.capacitance_f.value_or(0.0);
    const double gain =
        -std::expm1(-1e3 * update_s * params_.resistance_ohm.value_or(0.0) * c / kSpread);  // dV/v
    const std::int64_t update_ns = std::llround(update_s * 1e9);
    if (update_ns <= 0) {
        throw InputError("source.model.update rounds to 0 ns");
    }
    auto made = std::make_shared<Series>();
    made->quantity = Quantity::current_a;
    double before = 0.0;
    for (std::size_t k = 0; k < series.value.size(); ++k) {
        const double v = series.value[k];
        const std::int64_t begin = series.bound_ns[k];
        const bool rose = v > before;
        before = v;
        made->bound_ns.push_back(begin);
        made->value.push_back(rose ? v * gain * c / update_s : 0.0);
        // One update sees the rise; while the value stays the next ones see none.
        if (rose && series.bound_ns[k + 1] - begin > update_ns) {
            made->bound_ns.push_back(begin + update_ns);
            made->value.push_back(0.0);
        }
    }
    made->bound_ns.push_back(series.bound_ns.back());
    return made;
}

void register_harvester_peer_voltage(Registry& registry) {
    const ParamTable<PeerVoltageParams> table = {
        param("law", &PeerVoltageParams::law,
              Laws{{"current_source", PeerLaw::current_source},
                   {"limited", PeerLaw::limited},
                   {"resistor_diode", PeerLaw::resistor_diode},
                   {"rises", PeerLaw::rises}},
              required, "what the tool makes of the voltage"),
        param("resistance", &PeerVoltageParams::resistance_ohm, unit::ohm, optional,
              range(1e-3, 1e12), "of the law; not with limited"),
        param("limit", &PeerVoltageParams::limit_a, unit::ampere, optional, above_up_to(0, 1e3),
              "limited: the current while the store lies below the trace"),
        param("edge", &PeerVoltageParams::edge_v, unit::volt, 0.01, above_up_to(0, 10),
              "limited: over so much below the trace's voltage the current falls to 0"),
        param("capacitance", &PeerVoltageParams::capacitance_f, unit::farad, optional,
              above_up_to(0, 1e6), "rises: the tool's capacitor"),
        param("update", &PeerVoltageParams::update_s, unit::second, optional, above_up_to(0, 3600),
              "rises: time between two updates of the tool"),
    };
    registry.add<SourceModel>(
        {"harvester", "peer_voltage", "what another simulator makes of a recorded voltage",
         "for comparison, never a default: voltage_across is the honest reading; reads a trace of "
         "voltage_v. The parts peer_* name the tools"},
        table, [](const PeerVoltageParams& p) { return std::make_shared<PeerVoltage>(p); },
        check_peer);
}

}  // namespace ebb
