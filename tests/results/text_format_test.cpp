// SPDX-License-Identifier: Apache-2.0
#include "sim/result/text_format.hpp"
#include "sim/result/progress_line.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <string>
#include <vector>

using namespace ebb;
using Catch::Matchers::Contains;

TEST_CASE("engineering numbers have three digits and the right prefix") {
    CHECK(engineering(0.0, "J") == "0 J");
    CHECK(engineering(0.0412, "J") == "41.2 mJ");
    CHECK(engineering(47e-6, "F") == "47 uF");
    CHECK(engineering(1.0, "V") == "1 V");
    CHECK(engineering(-3.25e-9, "A") == "-3.25 nA");
    CHECK(engineering(123456.0, "B") == "123 kB");
    CHECK(engineering(2.5e-15, "J") == "2.5 fJ");
    CHECK(engineering(std::numeric_limits<double>::quiet_NaN(), "J") == "n/a");
}

TEST_CASE("rounding up to a thousand takes the next prefix") {
    CHECK(engineering(0.99996, "J") == "1 J");
    CHECK(engineering(999.4e-6, "J") == "999 uJ");
    CHECK(engineering(999.6e-6, "J") == "1 mJ");
}

TEST_CASE("durations are told in the units of their size") {
    CHECK(duration_text(0.0) == "0 s");
    CHECK(duration_text(0.142) == "142 ms");
    CHECK(duration_text(59.9) == "59.9 s");
    CHECK(duration_text(90.0) == "90 s");
    CHECK(duration_text(119.7) == "2 min");
    CHECK(duration_text(200.0) == "3 min 20 s");
    CHECK(duration_text(3599.8) == "1 h");
    CHECK(duration_text(7980.0) == "2 h 13 min");
    CHECK(duration_text(86400.0) == "1 d");
    CHECK(duration_text(31'536'000.0) == "365 d");
}

TEST_CASE("counts have separators and small shares stay visible") {
    CHECK(count_text(0) == "0");
    CHECK(count_text(999) == "999");
    CHECK(count_text(12'345'678) == "12,345,678");
    CHECK(count_text(-1'234) == "-1,234");
    CHECK(count_text(-123) == "-123");
    CHECK(percent_text(0.4519) == "45.2 %");
    CHECK(percent_text(1e-6) == "<0.1 %");
    CHECK(percent_text(0.0) == "0.0 %");
}

TEST_CASE("cells are quoted only where they must be") {
    CHECK(csv_cell("conv_1") == "conv_1");
    CHECK(csv_cell("a,b") == "\"a,b\"");
    CHECK(csv_cell("say \"no\"") == "\"say \"\"no\"\"\"");
}

TEST_CASE("bars are as wide as their share, and never vanish for a share above zero") {
    CHECK(width_of(bar_text(1.0, 38)) == 38);
    CHECK(width_of(bar_text(0.5, 38)) == 19);
    CHECK(bar_text(0.0, 38).empty());
    CHECK(bar_text(1e-9, 38) == "▏");
    CHECK(width_of(bar_text(7.0, 38)) == 38);
}

TEST_CASE("a progress line appears after a second, moves, and is wiped") {
    double now_s = 0.0;
    std::vector<std::string> shown;
    ProgressLine line(
        60.0, false, [&](const std::string& text) { shown.push_back(text); },
        [&] { return now_s; });
    for (int i = 0; i < 90; ++i) {
        now_s = 0.01 * i;
        line.update(Time::from_seconds(0.1 * i));
    }
    CHECK(shown.empty());
    for (int i = 90; i < 300; ++i) {
        now_s = 0.01 * i;
        line.update(Time::from_seconds(0.1 * i));
    }
    REQUIRE(shown.size() > 10);
    CHECK(shown.size() < 25);
    CHECK_THAT(shown[1], Contains("of 60 s") && Contains(" %") && Contains("s left") &&
                             Contains("10 times real time"));
    line.finish();
    CHECK(shown.back() == "\r\x1b[K");
}

TEST_CASE("a fast run asks the clock rarely") {
    double now_s = 0.0;
    int asked = 0;
    ProgressLine line(
        1e6, false, [](const std::string&) {},
        [&] {
            ++asked;
            return now_s;
        });
    for (int i = 0; i < 3'000'000; ++i) {
        now_s += 1e-6;
        line.update(Time(i));
    }
    CHECK(asked < 1000);
    CHECK(asked > 30);
}

TEST_CASE("a progress line without an output does nothing") {
    ProgressLine line(60.0, true, {}, {});
    line.update(Time(1));
    line.finish();
    SUCCEED();
}
