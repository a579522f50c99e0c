// SPDX-License-Identifier: Apache-2.0
/// What public recordings are known to hide, where no test of a format asks for it by itself; the
/// whole list is in docs/traces.md.
#include "tests/traces/trace_support.hpp"

#include "sim/trace/statistics.hpp"
#include "sim/trace/trace_report.hpp"

#include <algorithm>
#include <regex>

using namespace ebb;
using namespace ebb::test;

namespace {

/// Two rows of a format that has a header, and the value of the first.
struct Short {
    const char* text;
    double first;
};

const Short kShort[] = {
    {"time_s,power_w\n0,0.5\n1,0.25\n", 0.5},
    {"34959998\t1.5\n34959999\t2.5\n", 1.5},
    {"DATE (MM/DD/YYYY),MST,Global CM3 (cor) [W/m^2]\n9/1/2018,00:00,5\n9/1/2018,00:01,7\n", 5.0},
    {"Year,DOY,PST,Global LI-200 [W/m^2]\n2019,365,2358,5\n2019,365,2359,7\n", 5.0},
    {"94255\t2018\t1000\t0\n1\t1\t5\t12\n1\t2\t6\t12\n", 5.0},
    {"{\"Type\": \"NREL\", \"StartTime\": \"2018-09-01 00:00:00\", \"Season\": 0}\n"
     "{\"irradiance\":{\"0\":5,\"60\":7}}\n",
     5.0},
    {"sec  irr,microW/cm^2 year mon day hh mm ss\n0\t21.7\t2010\t6\t3\t21\t4\t11\t\n"
     "1\t22\t2010\t6\t3\t21\t4\t12\t\n",
     0.217},
    {"sec RSSI,mW\n0.00\t2\n0.02\t0.21\n", 2e-3},
    {"Timestamp(ms),Current(uA)\n0,12.5\n0.01,12\n", 12.5e-6},
    {"Timestamp,Main Current (A)\n0,0.1\n0.5,0.2\n", 0.1},
    {"#time,current,voltage,power,charge,energy\n0,0.1,3,0.3,0,0\n0.5,0.2,3,0.6,0,0\n", 0.1},
};

}  // namespace

TEST_CASE("does a byte order mark on line 1 cost neither format nor first sample?") {
    for (const Short& file : kShort) {
        INFO(file.text);
        const Trace plain = load_text(file.text);
        const Trace marked = load_text(std::string("\xEF\xBB\xBF") + file.text);
        CHECK(marked.format == plain.format);
        CHECK(marked.series->value[0] == Approx(file.first).epsilon(1e-14));
        CHECK(marked.series->value == plain.series->value);
        CHECK(marked.series->bound_ns == plain.series->bound_ns);
    }
}

TEST_CASE("is a file that ends inside its last row refused, or its last number put in doubt?") {
    for (const Short& file : kShort) {
        const std::string whole = file.text;
        const std::size_t last_row = whole.rfind('\n', whole.size() - 2) + 1;
        for (std::size_t length = last_row + 1; length < whole.size(); ++length) {
            INFO("'" << whole.substr(0, length) << "'");
            const std::vector<Mistake> mistakes = mistakes_in(whole.substr(0, length));
            if (mistakes.empty()) {
                // A whole row without its break: nothing says that its number is whole. (JSON
                // does.)
                CHECK((whole[length - 1] == '}' ||
                       any_note(load_text(whole.substr(0, length)), "the last line has no line")));
            }
        }
    }
}

TEST_CASE("is light above the clear sky left as it was measured?") {
    // SRRL, June 2023: 1429.45 W/m^2 at a cloud's edge, k > 1.3.
    const Trace trace = load_text(
        "DATE (MM/DD/YYYY),MST,Global CM3 (cor) [W/m^2]\n6/9/2023,12:00,1010\n"
        "6/9/2023,12:01,1429.45\n6/9/2023,12:02,1360.9\n");
    CHECK(trace.series->value == std::vector<double>{1010, 1429.45, 1360.9});
}

TEST_CASE("is t = 0 the first row, whatever the hour, and the hour said?") {
    const std::string rows = "9/1/2018,06:00,5\n9/1/2018,06:01,7\n";
    const Trace midc = load_text("DATE (MM/DD/YYYY),MST,Global [W/m^2]\n" + rows);
    CHECK(midc.series->value[0] == 5.0);
    CHECK(midc.series->bound_ns[1] == 60'000'000'000);
    CHECK(any_note(midc, "local time MST, from 06:00 on"));
    CHECK(any_note(load_text("{\"StartTime\": \"2018-09-01 06:30:05\"}\n"
                             "{\"irradiance\":{\"0\":1,\"60\":2}}\n"),
                   "begins at 06:30:05 of its clock"));
    // MESSY's office day begins at some hour of the afternoon: its lightest hour stays the 22nd.
    const std::string office = recording("solar_indoor_messy_office_windows_1sec_1day.txt");
    if (office.empty())
        return;
    TraceRequest request;
    request.ref = office;
    request.format = "single_column";
    request.unit = "lx";
    request.dt_s = 1.0;
    const std::vector<double> hours = means_of(*load_trace(request, {}, somewhere()).series, 24);
    CHECK(std::max_element(hours.begin(), hours.end()) - hours.begin() == 21);
}

TEST_CASE("does the share of time at the largest value show a clipped instrument?") {
    std::string text = "time_s,voltage_v\n";
    for (int i = 0; i < 100; ++i)
        text += std::to_string(i) + (i < 25 ? ",3.3\n" : "," + std::to_string(i) + "e-2\n");
    TraceInfo info;
    const Trace trace = load_text(text);
    info.trace = trace;
    CHECK(statistics_of(*trace.series, {}).at_largest == 0.25);
    CHECK(contains(info_text(info, 0), ".. 3.3 V (25 % of the time)"));
}

TEST_CASE("are rows at the ceiling of the Mementos recorder said?") {
    const Trace trace = load_text("100\t5.28258\n101\t5.28258\n102\t5.2787\n103\t1\n104\t2\n");
    CHECK(any_note(trace, "2 of 5 rows (40 %) stand at 5.283 V"));
    CHECK(load_text("100\t5.2787\n101\t1\n").notes.empty());
}

TEST_CASE(
    "are values held over a night that was cut out, and is it said, below a header and none?") {
    std::string rows;
    for (int day = 0; day < 3; ++day)
        for (int i = 0; i < 40; ++i)
            rows += std::to_string(day * 75'600 + i * 900) + "," + std::to_string(i + 1) + "\n";
    TraceRequest bare;
    bare.format = "csv_two_column";
    bare.unit = "W/m^2";
    for (const Trace& trace :
         {load_text(rows, bare), load_text("time_s,irradiance_w_m2\n" + rows)}) {
        CHECK(trace.series->duration_ns() == 187'200'000'000'000);
        CHECK(any_note(trace, "2 gaps in a recording with 900 s between rows"));
        CHECK(any_note(trace, "longest: 40500 s"));
    }
}

TEST_CASE("is each test that docs/traces.md names for a trap there?") {
    const std::string page = read_file(project_file("docs/traces.md"), {});
    const std::size_t begin = page.find("## Traps, and the tests that hold them");
    REQUIRE(begin != std::string::npos);
    const std::string section = page.substr(begin, page.find("\n## ", begin + 1) - begin);
    const std::regex row("\\n\\| [^|]+ \\| `([^`|]+)` \\| ([^|\\n]+) \\|");
    int rows = 0;
    for (std::sregex_iterator it(section.begin(), section.end(), row), end; it != end; ++it) {
        const std::string file = (*it)[1];
        const std::string test = (*it)[2];
        INFO(file << ": " << test);
        // A long name is broken over lines.
        std::string text = read_file(project_file("tests/" + file), {});
        text = std::regex_replace(text, std::regex("\"\\s*\n\\s*\""), "");
        text = std::regex_replace(text, std::regex("TEST_CASE\\(\\s+\""), "TEST_CASE(\"");
        CHECK(contains(text, "TEST_CASE(\"" + test + "\")"));
        ++rows;
    }
    CHECK(rows >= 30);
}
