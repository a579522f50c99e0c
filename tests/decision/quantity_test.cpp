// SPDX-License-Identifier: Apache-2.0
/// Quantities as text: exact in, shortest out.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"

using namespace ebb;

namespace {

double si(const std::string& text, Dimension d) {
    const ParsedQuantity q = parse_quantity(text, d, true);
    INFO(text << ": " << q.message);
    REQUIRE(q.value);
    return *q.value;
}

const std::vector<Dimension> kAll = {
    unit::number,        unit::ratio,   unit::second,
    unit::volt,          unit::ampere,  unit::watt,
    unit::ohm,           unit::farad,   unit::coulomb,
    unit::joule,         unit::siemens, unit::square_metre,
    unit::byte,          unit::hertz,   unit::watt_per_square_metre,
    unit::farad_per_volt};

}  // namespace

TEST_CASE("a prefix gives exactly the double of the decimal number") {
    CHECK(si("47 uF", unit::farad) == 47e-6);
    CHECK(si("47uF", unit::farad) == 47e-6);
    CHECK(si("4.7e-5 F", unit::farad) == 47e-6);
    CHECK(si("0.047mF", unit::farad) == 47e-6);
    CHECK(si("+30 kOhm", unit::ohm) == 30e3);
    CHECK(si("30 k\xCE\xA9", unit::ohm) == 30e3);
    CHECK(si("250 \xC2\xB5"
             "A",
             unit::ampere) == 250e-6);
    CHECK(si("10 min", unit::second) == 600.0);
    CHECK(si("2 h", unit::second) == 7200.0);
    CHECK(si("1 d", unit::second) == 86400.0);
    CHECK(si("15 %", unit::ratio) == 0.15);
    CHECK(si("0.15", unit::ratio) == 0.15);
    CHECK(si("1 cm2", unit::square_metre) == 1e-4);
    CHECK(si("1 cm^2", unit::square_metre) == 1e-4);
    CHECK(si("1 cm\xC2\xB2", unit::square_metre) == 1e-4);
    CHECK(si("1.5 mW", unit::watt) == 1.5e-3);
    CHECK(si("0.5 uC", unit::coulomb) == 0.5e-6);
    CHECK(si("2 kB", unit::byte) == 2000.0);
    CHECK(si("32 KiB", unit::byte) == 32768.0);
    CHECK(si("300 uA/V", unit::siemens) == 300e-6);
    CHECK(si("100 mW/cm2", unit::watt_per_square_metre) == 1000.0);
    CHECK(si("1 mAh", unit::coulomb) == 3.6);
    CHECK(si("-3 dBm", unit::watt) == Approx(0.501187e-3).epsilon(1e-6));
    CHECK(si("0 dBm", unit::watt) == 1e-3);
    CHECK(si("1e-400 F", unit::farad) == 0.0);
}

TEST_CASE("what is no quantity of the dimension says what would be") {
    const auto refused = [](const std::string& text, Dimension d) {
        const ParsedQuantity q = parse_quantity(text, d);
        INFO(text);
        CHECK_FALSE(q.value);
        return q.message + " | " + q.hint;
    };
    using Catch::Contains;
    CHECK_THAT(refused("47", unit::farad), Contains("needs a unit") && Contains("47 uF"));
    CHECK_THAT(refused("47 uV", unit::farad),
               Contains("capacitance [F]") && Contains("voltage [V]"));
    CHECK_THAT(refused("47 uf", unit::farad), Contains("did you mean 'uF'?"));
    CHECK_THAT(refused("47 MF", unit::farad),
               Contains("did you mean 'mF'?") && Contains("m is milli"));
    CHECK_THAT(refused("47 ohm", unit::ohm), Contains("did you mean 'Ohm'?"));
    CHECK_THAT(refused("-3 dBm", unit::watt), Contains("dBm"));
    CHECK_THAT(refused("5 V", unit::number), Contains("plain number"));
    CHECK_THAT(refused("5 s", unit::ratio), Contains("no unit"));
    for (const char* text :
         {"", "uF", ".5 F", "5. F", "0x10 F", "010 F", "1_000 F", "1,5 F", "nan F", "inf F", ".inf",
          "1e999 F", "--1 F", "1 F F", "1e F", "1 2 F", "1.2.3 F", "- 1 F"}) {
        refused(text, unit::farad);
    }
}

TEST_CASE("a formatted quantity reads back to the same double") {
    const unsigned seed = 99;
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20000; ++i) {
        double x = 0.0;
        const std::uint64_t bits = random();
        std::memcpy(&x, &bits, sizeof x);
        if (!std::isfinite(x)) {
            continue;
        }
        const Dimension d = kAll[random() % kAll.size()];
        const std::string text = format_quantity(x, d);
        const ParsedQuantity q = parse_quantity(text, d);
        INFO(text << " " << q.message);
        REQUIRE(q.value);
        CHECK(*q.value == x);
    }
}

TEST_CASE("formatting chooses a prefix that people would") {
    CHECK(format_quantity(47e-6, unit::farad) == "47 uF");
    CHECK(format_quantity(0.1, unit::volt) == "100 mV");
    CHECK(format_quantity(1.0, unit::volt) == "1 V");
    CHECK(format_quantity(0.0, unit::ampere) == "0 A");
    CHECK(format_quantity(30e3, unit::ohm) == "30 kOhm");
    CHECK(format_quantity(86400.0, unit::second) == "86400 s");
    CHECK(format_quantity(62.5e-9, unit::second) == "62.5 ns");
    CHECK(format_quantity(1e13, unit::number) == "1e13");
    CHECK(format_quantity(9.2e9, unit::second) == "9.2e9 s");
    CHECK(format_quantity(0.8, unit::ratio) == "0.8");
    CHECK(format_quantity(-1.0, unit::volt) == "-1 V");
    CHECK(format_quantity(300e-6, unit::siemens) == "300 uA/V");
    CHECK(format_quantity(32768.0, unit::byte) == "32768 B");
    CHECK(format_quantity(1e-4, unit::square_metre) == "1 cm2");
    CHECK(format_quantity(1.0 / 3.0, unit::volt) == "333.3333333333333 mV");
    CHECK(format_quantity(std::numeric_limits<double>::infinity(), unit::number) == "unlimited");
}

TEST_CASE("integers are whole and never octal") {
    CHECK(parse_integer("10").value == 10);
    CHECK(parse_integer("-3").value == -3);
    CHECK(parse_integer("1e3").value == 1000);
    CHECK(parse_integer("2.0").value == 2);
    CHECK(parse_integer("9007199254740993").value == 9007199254740993);
    for (const char* text :
         {"010", "0x10", "1.5", "ten", "", "1e30", "99999999999999999999", "1 000"}) {
        INFO(text);
        CHECK_FALSE(parse_integer(text).value);
        CHECK_FALSE(parse_integer(text).message.empty());
    }
}

TEST_CASE("the nearest name is near, and swapped letters are one step") {
    const std::vector<std::string> names = {"capacitance", "initial", "max", "esr", "leakage"};
    CHECK(nearest("capacitence", names) == std::string("capacitance"));
    CHECK(nearest("cpaacitance", names) == std::string("capacitance"));
    CHECK(nearest("Max", names) == std::string("max"));
    CHECK(nearest("intial", names) == std::string("initial"));
    CHECK_FALSE(nearest("frequency", names));
    CHECK_FALSE(nearest("xyz", names));
    CHECK_FALSE(nearest("", names));
    CHECK(did_you_mean("ers", names) == "did you mean 'esr'?");
}
