// SPDX-License-Identifier: Apache-2.0
/// Conversion to csv: changes only, the same integral, the origin in the first lines; and it reads
/// back.
#include "tests/traces/trace_support.hpp"

#include "sim/trace/convert_trace.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/statistics.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// Compensated, so that the test's own rounding does not matter.
double exact_integral(const Series& series) { return statistics_of(series, {}).integral; }

void check_conversion(const Trace& trace) {
    const ConvertedTrace converted = convert_trace(trace, nullptr);
    CHECK(converted.relative_error <= 1e-12);
    CHECK(converted.changes <= converted.rows);
    CHECK(contains(converted.csv, "# sha256 of the source: " + trace.sha256 + "\n"));
    CHECK(contains(converted.csv, ", format " + trace.format + "\n"));
    const Trace back = load_text(converted.csv);
    CHECK(back.format == "csv");
    CHECK(back.series->quantity == trace.series->quantity);
    CHECK(back.series->duration_ns() == trace.series->duration_ns());
    CHECK(exact_integral(*back.series) == Approx(exact_integral(*trace.series)).epsilon(1e-12));
    // The last value may be written twice, so that it ends at the right time.
    Series changes = *back.series;
    keep_changes_only(changes);
    CHECK(changes.value.size() == converted.changes);
    CHECK(back.series->value.size() <= converted.changes + 2);
}

}  // namespace

TEST_CASE("a converted trace of any quantity reads back as the same trace, changes only") {
    TraceRequest accel;
    accel.format = "accel_csv";
    accel.rate_hz = 26;
    accel.column = "x";
    check_conversion(load_text("1,2,3\n1,2,3\n-400,5,6\n", accel));
    for (const char* const unit : {"mW", "uA", "mV", "W/m^2", "lx", "mW (RF)", "m/s^2", "K"}) {
        INFO(unit);
        TraceRequest options;
        options.format = "single_column";
        options.unit = unit;
        options.dt_s = 0.1;
        check_conversion(load_text("1\n1\n2.5\n2.5\n2.5\n0.3\n", options));
    }
    check_conversion(load_text("34959998\t-1.0\n34959999\t2.0\n35000000\t2.0\n"));
}

TEST_CASE("a conversion names the catalog's origin, licence and citation, one line each") {
    CatalogRow row;
    row.id = "rf/a";
    row.origin = "someone/something";
    row.commit = "0123";
    row.path = "a.txt";
    row.licence = "MIT";
    row.citation = "A. Author,\nA title";
    const Trace trace = load_text("time_s,power_w\n0,1e-3\n1,2e-3\n");
    const std::string csv = convert_trace(trace, &row).csv;
    CHECK(contains(csv, "# converted by ebb from rf/a, format csv\n"));
    CHECK(contains(csv, "# origin: someone/something @0123 a.txt\n# licence: MIT\n"));
    CHECK(contains(csv, "# citation: A. Author, A title\n"));
    CHECK(contains(csv, "# changes only: 2 rows for 2 samples over 2 s"));
    CHECK(contains(csv, "# value * time: 0.003 J"));
}

TEST_CASE("a public month keeps its insolation to 1e-12 when it is converted") {
    const std::string path = recording("solar_outdoor_nrel_srrl_2018sep.txt");
    if (path.empty())
        return;
    TraceRequest request;
    request.ref = path;
    const Trace trace = load_trace(request, {}, somewhere());
    check_conversion(trace);
    CHECK(convert_trace(trace, nullptr).changes == 33'348);
}
