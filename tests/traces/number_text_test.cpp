// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/number_text.hpp"

#include <catch2/catch.hpp>

using namespace ebb;

TEST_CASE("a stamp is exact to the nanosecond whatever its size") {
    CHECK(parse_stamp("0.001", 9).ns == 1'000'000);
    CHECK(parse_stamp("31536000.123456789", 9).ns == 31'536'000'123'456'789);
    CHECK(parse_stamp("1700000000.000000001", 9).ns == 1'700'000'000'000'000'001);
    CHECK(parse_stamp("12.5", 6).ns == 12'500'000);
    CHECK(parse_stamp("7", 0).ns == 7);
    CHECK(parse_stamp("-0.5", 9).ns == -500'000'000);
    CHECK(parse_stamp("+2.", 9).ns == 2'000'000'000);
    CHECK(parse_stamp(".25", 9).ns == 250'000'000);
}

TEST_CASE("a stamp finer than a nanosecond is rounded to the nearest") {
    CHECK(parse_stamp("0.0000000004", 9).ns == 0);
    CHECK(parse_stamp("0.0000000005", 9).ns == 1);
    CHECK(parse_stamp("1.9999999999", 9).ns == 2'000'000'000);
    CHECK(parse_stamp("1.123456789499999", 9).ns == 1'123'456'789);
    CHECK(parse_stamp("12.6", 0).ns == 13);
}

TEST_CASE("a stamp may have an exponent") {
    CHECK(parse_stamp("1e-3", 9).ns == 1'000'000);
    CHECK(parse_stamp("2.5E2", 9).ns == 250'000'000'000);
}

TEST_CASE("what is no stamp is told from what is too large") {
    CHECK(parse_stamp("", 9).fault == NumberFault::empty);
    CHECK(parse_stamp("12:30", 9).fault == NumberFault::not_a_number);
    CHECK(parse_stamp("1.2.3", 9).fault == NumberFault::not_a_number);
    CHECK(parse_stamp(".", 9).fault == NumberFault::not_a_number);
    CHECK(parse_stamp("1.0000000001x", 9).fault == NumberFault::not_a_number);
    CHECK(parse_stamp("99999999999", 9).fault == NumberFault::too_large);
    CHECK(parse_stamp("1e300", 9).fault == NumberFault::too_large);
    CHECK(parse_stamp("nan", 9).fault == NumberFault::not_finite);
}

TEST_CASE("a number is decimal, finite and the whole field") {
    CHECK(parse_number("1.5e-3").value == 1.5e-3);
    CHECK(parse_number("+4").value == 4.0);
    CHECK(parse_number("-0.25").value == -0.25);
    CHECK(parse_number("1e-999").value == 0.0);
    CHECK(parse_number("1e-999").fault == NumberFault::none);
    CHECK(parse_number("1e999").fault == NumberFault::too_large);
    CHECK(parse_number("NaN").fault == NumberFault::not_finite);
    CHECK(parse_number("inf").fault == NumberFault::not_finite);
    CHECK(parse_number("0x10").fault == NumberFault::not_a_number);
    CHECK(parse_number("1,5").fault == NumberFault::not_a_number);
    CHECK(parse_number("+-1").fault == NumberFault::not_a_number);
    CHECK(parse_number("").fault == NumberFault::empty);
    CHECK(parse_number("3 W").fault == NumberFault::not_a_number);
}
