// SPDX-License-Identifier: Apache-2.0
/// `ebb trace info`, `convert` and `generate` as a user types them.
#include <nlohmann/json.hpp>

#include "tests/smoke/command.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::string kOffice = "--format single_column --unit lx --dt '1 s'";

/// A lamp that is on for 30 of 100 rows.
std::string lamp() {
    std::string text;
    for (int i = 0; i < 200; ++i) {
        text += i % 100 < 30 ? "300\n" : "10\n";
    }
    return text;
}

}  // namespace

TEST_CASE("a file without header is converted once its options are given, and then needs none") {
    const Desk desk;
    desk.write("office.txt", lamp());
    const Said bare = desk.ebb("trace info office.txt");
    CHECK(bare.status == 2);
    CHECK(has(bare.err, "office.txt:1:1: error: the header is missing"));
    CHECK(has(bare.err, "perhaps single_column"));
    const Said half = desk.ebb("trace info office.txt --format single_column --unit lx");
    CHECK(half.status == 2);
    CHECK(has(half.err, "needs 'dt' or 'rate'"));
    const Said converted = desk.ebb("trace convert office.txt office.csv " + kOffice);
    INFO(converted.err);
    REQUIRE(converted.status == 0);
    CHECK(has(converted.out, "wrote office.csv: 4 changes of "));
    CHECK(has(text_of(desk.file("office.csv")),
              "time_s,illuminance_lux\n0,300\n30,10\n100,300\n130,10\n"));
    const auto before =
        nlohmann::json::parse(desk.ebb("trace info office.txt --json " + kOffice).out);
    const auto after = nlohmann::json::parse(desk.ebb("trace info office.csv --json").out);
    CHECK(after["format"] == "csv");
    CHECK(after["statistics"]["integral"] == before["statistics"]["integral"]);
    CHECK(after["statistics"]["duration_s"] == 200.0);
    CHECK(after["statistics"]["eta_factor"]["eta"].get<double>() > 0.8);
}

TEST_CASE("a conversion does not overwrite what it reads") {
    const Desk desk;
    desk.write("a.csv", "time_s,power_w\n0,1e-3\n1,2e-3\n");
    const Said said = desk.ebb("trace convert a.csv ./a.csv");
    CHECK(said.status == 2);
    CHECK(has(said.err, "would overwrite the trace that is read"));
    CHECK(text_of(desk.file("a.csv")) == "time_s,power_w\n0,1e-3\n1,2e-3\n");
}

TEST_CASE("options that are no quantity are all refused together") {
    const Desk desk;
    desk.write("office.txt", lamp());
    const Said said = desk.ebb("trace info office.txt --dt 5 --rate '0 Hz' --length '3 V'");
    CHECK(said.status == 2);
    CHECK(has(said.err, "--dt"));
    CHECK(has(said.err, "--rate must be above 0"));
    CHECK(has(said.err, "--length"));
    CHECK(has(said.err, "3 errors"));
}

TEST_CASE("a picture is drawn when it is asked for, and not into a pipe by itself") {
    const Desk desk;
    REQUIRE(desk.ebb("trace generate rf bursts.csv --seed 3 --set mean_on='1.2 s'").status == 0);
    CHECK(has(text_of(desk.file("bursts.csv")), "# seed: 3\n"));
    CHECK(has(text_of(desk.file("bursts.csv")), "# mean_on: 1.2 s\n"));
    CHECK_FALSE(has(desk.ebb("trace info bursts.csv").out, "bars: means over"));
    const Said drawn = desk.ebb("trace info bursts.csv --plot");
    CHECK(has(drawn.out, "bars: means over"));
    CHECK(has(drawn.out, " 60 s\n"));
    CHECK_FALSE(has(drawn.out, "\x1b"));  // no colours
}
