// SPDX-License-Identifier: Apache-2.0
#include "models/store/morphy.hpp"

#include "models/core/component.hpp"
#include "models/store/store_checks.hpp"

#include <array>
#include <utility>

namespace ebb {

namespace {

constexpr std::array<std::pair<const char*, const char*>, 11> kStates = {{
    {"C/8", "t + a + b + c + d + e + f + g"},
    {"C/7", "t + a + b + c + d + e + f"},
    {"C/6", "t + a + b + c + d + e"},
    {"C/5", "t + a + b + c + d"},
    {"C/4", "t + a + b + c"},
    {"C/3", "t + a + b"},
    {"C/2", "t + a"},
    {"8C/7", "t, a + b + c + d + e + f + g"},
    {"7C/5", "t, a + b | c + d | e + f | g"},
    {"19C/7", "t, a | b | c + d | e | f | g"},
    {"8C", "t, a, b, c, d, e, f, g"},
}};

}  // namespace

ArrayParams array_of(const MorphyParams& params) {
    ArrayParams a;
    a.initial_v = params.initial_v;  // of a node without a capacitor but the eight
    a.max_v = params.max_v;
    a.leak_time_s = params.leak_time_s;
    for (const char name : {'t', 'a', 'b', 'c', 'd', 'e', 'f', 'g'}) {
        a.cells.push_back({std::string(1, name), params.capacitance_f, params.initial_v / 8.0});
    }
    for (const auto& [name, strings] : kStates) {
        a.configurations.push_back({name, strings, {}, {}});
    }
    a.controller = params.controller;
    return a;
}

namespace {

class Morphy final : public StoreModel {
public:
    explicit Morphy(const MorphyParams& params) : params_(params), array_(array_of(params)) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override { return array_.make(); }
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override {
        return array_.make_reference();
    }
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    /// Of the smallest arrangement: what is there whatever the controller has done.
    [[nodiscard]] double capacitance_f() const noexcept override {
        return params_.capacitance_f / 8.0;
    }
    [[nodiscard]] double leakage_w(double v) const noexcept override {
        return params_.leak_time_s ? v * v * capacitance_f() / *params_.leak_time_s : 0.0;
    }
    [[nodiscard]] bool stands_at_terminal() const noexcept override { return true; }

private:
    MorphyParams params_;
    Array array_;
};

}  // namespace

void register_store_morphy(Registry& registry);

void register_store_morphy(Registry& registry) {
    using Params = MorphyParams;
    const ParamTable<Params> table = {
        param("capacitance", &Params::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of each of the eight capacitors"),
        param("initial", &Params::initial_v, unit::volt, required, range(0, 1000),
              "terminal voltage at the start of the run, over the string of eight"),
        param("max", &Params::max_v, unit::volt, required, above_up_to(0, 1000),
              "the terminal is clipped here; what it cannot hold is booked as clipped"),
        param("leak_time", &Params::leak_time_s, unit::second, optional, range(1e-3, 1e12),
              "resistance times capacitance of every capacitor's leak"),
        block("controller", &Params::controller, polled_ladder_table(Params().controller), optional,
              "looks at the terminal, with power of its own"),
    };
    registry.add<StoreModel>(
        {"store", "morphy", "eight equal capacitors that a matrix of switches arranges in 11 ways",
         "C/8 to 8 C by a controller that polls; charge is kept on every plate, 1/2 C (V - V')^2 "
         "is lost per string (switch_loss); not modelled: resistance and current of the switches"},
        table, [](const Params& p) { return std::make_shared<Morphy>(p); },
        [](const Params& p, CheckContext& context) {
            check_not_above_max("initial", p.initial_v, p.max_v, context);
            check_polled_ladder(p.controller, p.max_v, context);
        });
}

}  // namespace ebb
