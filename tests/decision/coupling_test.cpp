// SPDX-License-Identifier: Apache-2.0
/// Which source feeds which converter, and what the pair amounts to at the store.
#include <catch2/catch.hpp>
#include <optional>
#include <string>

#include "models/converter/diode.hpp"
#include "models/converter/efficiency.hpp"
#include "models/converter/none.hpp"
#include "models/core/error.hpp"
#include "models/harvester/constant_current.hpp"
#include "models/harvester/constant_power.hpp"
#include "models/harvester/current.hpp"
#include "models/harvester/irradiance_efficiency.hpp"
#include "models/harvester/power.hpp"
#include "models/harvester/thevenin.hpp"
#include "models/harvester/voltage_across.hpp"

using namespace ebb;

TEST_CASE("a voltage across a resistor is its power") {
    const VoltageAcross model({30e3});
    CHECK(model.reads() == Quantity::voltage_v);
    const SupplyShape s = NoConverter().couple(model.shape());
    CHECK(s.tag == SupplyTag::power);
    CHECK(s.exponent == 2);
    CHECK(s.factor == 1.0 / 30e3);
}

TEST_CASE("light on a panel is power in proportion to area and efficiency") {
    const IrradianceEfficiency model({4e-4, 0.15});
    CHECK(model.reads() == Quantity::irradiance_w_m2);
    CHECK(model.shape().factor == 4e-4 * 0.15);
    CHECK(model.shape().exponent == 1);
}

TEST_CASE("constant models bring their own sample and read no trace") {
    CHECK(ConstantPower({1.5e-3}).constant() == 1.5e-3);
    CHECK(ConstantPower({1.5e-3}).reads() == Quantity::none);
    CHECK(ConstantCurrent({4e-4}).constant() == 4e-4);
    CHECK(ConstantCurrent({4e-4}).shape().kind == SourceKind::current);
    CHECK(Thevenin({3.0, 100.0}).constant() == 3.0);
    CHECK(Thevenin({3.0, 100.0}).reads() == Quantity::none);
    CHECK(Thevenin({std::nullopt, 100.0}).reads() == Quantity::voltage_v);
    CHECK_FALSE(Thevenin({std::nullopt, 100.0}).constant());
    CHECK(RecordedPower().reads() == Quantity::power_w);
    CHECK(RecordedCurrent().reads() == Quantity::current_a);
}

TEST_CASE("a constant efficiency scales power and remembers what was offered") {
    const SupplyShape s = Efficiency({0.8}).couple(VoltageAcross({1000.0}).shape());
    CHECK(s.tag == SupplyTag::power);
    CHECK(s.factor == 0.8 / 1000.0);
    CHECK(s.exponent == 2);
    CHECK(s.efficiency == 0.8);
}

TEST_CASE("an efficient converter holds a thevenin source at its maximum power") {
    const SupplyShape s = Efficiency({0.8}).couple(Thevenin({std::nullopt, 50.0}).shape());
    CHECK(s.tag == SupplyTag::power);
    CHECK(s.exponent == 2);
    const double voc = 3.0;
    CHECK(s.factor * voc * voc == Approx(0.8 * voc * voc / 200.0).epsilon(1e-15));
    CHECK(s.efficiency == 0.8);
}

TEST_CASE("a diode keeps current from flowing back, a wire does not") {
    const SourceShape source = Thevenin({std::nullopt, 50.0}).shape();
    const SupplyShape wire = NoConverter().couple(source);
    const SupplyShape diode = Diode({0.3}).couple(source);
    CHECK(wire.tag == SupplyTag::thevenin);
    CHECK_FALSE(wire.diode);
    CHECK(wire.resistance_ohm == 50.0);
    CHECK(diode.diode);
    CHECK(diode.drop_v == 0.3);
    // At 2.5 V behind a 0.3 V drop, 3 V still push (3 - 0.3 - 2.5)/50 A.
    CHECK(supply_terms(diode, 3.0, true).power_at(2.5) == Approx(2.5 * 0.2 / 50.0).epsilon(1e-12));
    CHECK(supply_terms(diode, 3.0, false).zero());
    CHECK(supply_terms(wire, 2.0, true).power_at(2.5) < 0.0);
}

TEST_CASE("a constant power through a diode is no quadratic law, without a drop it is") {
    const SourceShape source = ConstantPower({1e-3}).shape();
    CHECK(Diode({0.3}).couple(source).tag == SupplyTag::diode_power);
    CHECK(Diode({0.0}).couple(source).tag == SupplyTag::power);
    CHECK(Diode({0.3}).couple(ConstantCurrent({1e-3}).shape()).tag == SupplyTag::current);
}

TEST_CASE("a current source and an efficiency are refused, naming the pairs that are possible") {
    try {
        static_cast<void>(Efficiency({0.8}).couple(ConstantCurrent({1e-3}).shape()));
        FAIL("was not refused");
    } catch (const InputError& error) {
        const std::string what = error.what();
        CHECK(what.find("none or diode") != std::string::npos);
        CHECK(what.find("thevenin") != std::string::npos);
    }
}
