// SPDX-License-Identifier: Apache-2.0
/// Wrong csv files: each gets its own error with the place and what was expected.
#include "tests/traces/trace_support.hpp"

#include <filesystem>

using namespace ebb;
using namespace ebb::test;

namespace {

/// The only mistake of a text must be at this place and say this.
void check_only(const std::string& text, int line, int column, const std::string& message,
                const std::string& hint, const TraceRequest& options = {}) {
    const std::vector<Mistake> mistakes = mistakes_in(text, options);
    REQUIRE(mistakes.size() == 1);
    INFO(mistakes[0].place.file << ":" << mistakes[0].place.line << ":" << mistakes[0].place.column
                                << ": " << mistakes[0].message << " | " << mistakes[0].hint);
    CHECK(mistakes[0].place.line == line);
    CHECK(mistakes[0].place.column == column);
    CHECK(contains(mistakes[0].message, message));
    CHECK(contains(mistakes[0].hint, hint));
}

}  // namespace

TEST_CASE("a file that does not begin with a header is refused with the header that is expected") {
    check_only("0,0.001\n1,0.002\n", 1, 1, "the header is missing", "time_s,power_w");
    check_only("time,power_w\n0,1\n", 1, 1, "the time column 'time' has no unit", "time_s");
    check_only("stamp,power_w\n0,1\n", 1, 1, "there is no time column", "time_s,power_w");
    check_only("time_s,power\n0,1\n", 1, 1, "no column has a unit that is known: time_s, power",
               "expected a header with units");
    check_only("time_s;power_w\n0;1\n", 1, 1, "columns are separated by ';'",
               "point as decimal mark");
    check_only("time_s\tpower_w\n0\t1\n", 1, 1, "columns are separated by tabs", "commas");
    check_only("# only\n# comments\n", 0, 0, "there is no header and no row", "time_s,power_w");
    check_only("time_s,power_w\n", 0, 0, "no rows", "at least one row");
}

TEST_CASE("a row with more or fewer fields than it should have is refused") {
    check_only("time_s,power_w\n0,1\n1,2,3\n", 3, 1, "this row has 3 fields, expected 2",
               "is the header too short?");
    check_only("time_s,power_w\n0,0,5\n", 2, 1, "this row has 3 fields, expected 2",
               "a comma used as decimal mark");
    check_only("time_s,power_w\n0,1\n1\n2,3\n", 3, 1, "this row has 1 field, expected 2",
               "as many");
    check_only("time_s,power_w\n0,1\n1,2\n2", 4, 1, "this row has 1 field", "cut short");
}

TEST_CASE("a value that is no number, missing or not finite is refused at its column") {
    check_only("time_s,power_w\n0,1\n1,abc\n", 3, 3, "the value is not a number: 'abc'",
               "decimal number");
    check_only("time_s,power_w\n0,nan\n", 2, 3, "the value is not finite", "remove the row");
    check_only("time_s,power_w\n0,inf\n", 2, 3, "the value is not finite", "");
    check_only("time_s,x,power_w\n0,,1\n1,2,\n", 3, 1, "this row has 2 fields, expected 3", "");
    check_only("time_s,power_w,x\n0,,1\n", 2, 3, "the value is empty", "expected a number");
    check_only("time_s,power_w\n12:30,1\n", 2, 1, "the time is not a number", "");
    check_only("time_s,power_w\n0,1e400\n", 2, 3, "the value is too large", "");
    check_only("time_s,power_w\n0,2e9\n", 2, 3, "beyond", "is the unit right?");
    check_only("time_s,power_w\n0,1\n1800000000,1\n", 0, 0, "more than 50 years apart",
               "unit of time");
    check_only("time_s,power_w\n0,1\n1e20,1\n", 3, 1, "the time is too large", "73 years");
}

TEST_CASE("numbers that stand for missing samples are refused") {
    const char* const missing = GENERATE("-9999.9", "-7999", "-99999", "-9999");
    check_only(std::string("time_s,irradiance_w_m2\n0,1\n60,") + missing + "\n", 3, 4,
               "stands for a missing sample", "remove the row or fill it");
}

TEST_CASE("negative power and current, and irradiance far below a night offset, are refused") {
    check_only("time_s,power_w\n0,1\n1,-0.001\n", 3, 3, "negative value -0.001 W", "0 or more");
    check_only("time_s,current_a\n0,-1e-6\n", 2, 3, "negative value -1e-06 A", "");
    check_only("time_s,irradiance_w_m2\n0,-246.7\n", 2, 3, "below the night offset", "-20 W/m^2");
    CHECK(load_text("time_s,voltage_v\n0,-0.5\n1,0.5\n").series->value[0] == -0.5);
}

TEST_CASE("time that goes back is refused, a repeated stamp only where it would be a jump") {
    check_only("time_s,power_w\n0,1\n1,2\n0.001,3\n", 4, 1, "time goes back by 0.999 s", "after");
    TraceRequest linear;
    linear.interpolation = Interpolation::linear;
    check_only("time_s,voltage_v\n0,1\n1,2\n1,3\n", 4, 1, "repeats the one of the row before",
               "cannot jump", linear);
    check_only("time_s,voltage_v\n0,1\n", 0, 0, "one row only", "two rows", linear);
    CHECK(load_text("time_s,voltage_v\n0,1\n1,2\n1,3\n2,0\n").series->value ==
          std::vector<double>{1, 3, 0});
}

TEST_CASE("a column that is not there lists those that are") {
    TraceRequest options;
    options.column = "p_harvst_w";
    const std::vector<Mistake> mistakes =
        mistakes_in("time_s,v_store_v,p_harvest_w\n0,1,1\n", options);
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].place.file == "scenario.yaml");
    CHECK(mistakes[0].place.line == 7);
    CHECK(contains(mistakes[0].hint, "did you mean 'p_harvest_w'?"));
    CHECK(contains(mistakes[0].note, "time_s, v_store_v, p_harvest_w"));
}

TEST_CASE("a column without a unit, and a choice between several, are refused") {
    TraceRequest options;
    options.column = "state";
    check_only("time_s,power_w,state\n0,1,on\n", 1, 16, "the column 'state' has no unit", "_w, _v",
               options);
    check_only("time_s,a_w,b_w\n0,1,2\n", 7, 10, "several columns that could be meant: a_w, b_w",
               "say which by `column`");
}

TEST_CASE("a trace that holds something else than the source model reads is refused") {
    TraceRequest options;
    options.expected = Quantity::voltage_v;
    check_only("time_s,power_w\n0,1\n", 7, 10,
               "column 'power_w' holds power_w, but the source model reads voltage_v",
               "another model", options);
}

TEST_CASE("all mistakes of a file come in one pass, up to twenty and a count") {
    std::string text = "time_s,power_w\n";
    for (int i = 0; i < 25; ++i)
        text += std::to_string(i) + ",x\n";
    const std::vector<Mistake> mistakes = mistakes_in(text);
    REQUIRE(mistakes.size() == 21);
    CHECK(mistakes[0].place.line == 2);
    CHECK(mistakes[19].place.line == 21);
    CHECK(mistakes[20].message == "and 5 more mistakes in this file");
    CHECK(mistakes_in("time_s,power_w\n0,x\ny,1\nz,w\n").size() == 4);
}

TEST_CASE("what is not a text file is named as what it is") {
    check_only(std::string("\x1F\x8B\x08\0abc", 7), 0, 0, "this gzip file is cut short",
               "a whole gzip file");
    check_only("\x89HDF\r\n", 0, 0, "an HDF5 file", "");
    check_only("\x80\x04\x95", 0, 0, "a Python pickle", "");
    check_only("PK\x03\x04\x14", 0, 0, "a .ppk2 session: export it as csv", "");
    check_only("jlsfmt\r\n \n \x1a  \xb2\x1c", 0, 0, "a Joulescope recording (.jls)", "");
    check_only("\xd3tagfmt \r\n \n  \x1a\x1c", 0, 0, "a Joulescope recording (.jls)", "");
    check_only(std::string("time_s,power_w\n0,\0\1\2", 20), 2, 0, "it holds a zero byte", "");
    check_only("", 0, 0, "the file is empty", "");
    CHECK_FALSE(mistakes_in("\xDE\xAD\xBE\xEF junk \x01\x02\n\x7f\x7f\n").empty());
}

TEST_CASE("a long junk line does not flood the error") {
    const std::vector<Mistake> mistakes = mistakes_in(std::string(1'000'000, 'x'));
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].place.excerpt.size() <= 200);
    CHECK(mistakes[0].message.size() <= 400);
}

TEST_CASE("a file that is missing, a folder or unreadable is refused at the place that named it") {
    const Scratch scratch;
    TraceRequest request;
    request.base_folder = scratch.folder();
    request.ref = "nowhere.csv";
    auto mistakes = mistakes_of([&] { (void)load_trace(request, {}, somewhere()); });
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].place.line == 7);
    CHECK(contains(mistakes[0].message, scratch.path("nowhere.csv")));
    std::filesystem::create_directory(scratch.path("folder"));
    request.ref = "folder";
    mistakes = mistakes_of([&] { (void)load_trace(request, {}, somewhere()); });
    REQUIRE(mistakes.size() == 1);
    CHECK(contains(mistakes[0].message, "is a folder"));
    request.ref = "";
    CHECK(contains(mistakes_of([&] { (void)load_trace(request, {}, somewhere()); })[0].message,
                   "needs a name"));
}

TEST_CASE("an unknown format lists those that can be read") {
    TraceRequest options;
    options.format = "mementoes";
    check_only("time_s,power_w\n0,1\n", 7, 10, "the format 'mementoes' cannot be read",
               "did you mean 'mementos'?", options);
}
