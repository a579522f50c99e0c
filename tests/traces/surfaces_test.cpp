// SPDX-License-Identifier: Apache-2.0
/// Files of curves: Ekho's surfaces, Simba's curves, diodes per row.
#include "models/harvester/iv_surface.hpp"
#include "tests/traces/trace_support.hpp"

#include <cmath>
#include <sstream>

using namespace ebb;
using namespace ebb::test;

namespace {

const std::string kSurface = "1\n0,2\n0.5,4e-3,4e-3,0\n1.5,2e-3,1e-3,0\n2.5,0,0,0\n";

TraceRequest curves(bool stated = false, Interpolation interpolation = Interpolation::hold) {
    TraceRequest request;
    request.expected = Quantity::iv_curve;
    request.interpolation = interpolation;
    request.interpolation_stated = stated;
    return request;
}

TraceRequest of_file(const std::string& path, bool stated = false) {
    TraceRequest request = curves(stated);
    request.ref = path;
    return request;
}

double best_w(const Series& series, std::size_t sample, SurfaceReading reading) {
    const SurfaceCurves all(series.curves, 1.0, reading);
    return all.most_w(series.value[sample]);
}

}  // namespace

TEST_CASE("is a surface of Ekho recognised, and straight in time?") {
    const Trace trace = load_text(kSurface, curves());
    CHECK(trace.format == "ekho_surface");
    const Series& series = *trace.series;
    CHECK(series.quantity == Quantity::iv_curve);
    CHECK(series.duration_ns() == 2'000'000'000);
    REQUIRE(series.value.size() == 64);
    CHECK(series.value[0] == 0.5 / 32);
    CHECK(series.value[63] == 1 + 31.5 / 32);
    CHECK(any_note(trace, "mixed with the next in 32 held steps"));
    // At a fixed voltage the charge is that of straight lines: 1 V, 4 mA to 1 mA to 0 in 1 s each.
    const SurfaceCurves surface(series.curves, 1.0, SurfaceReading::straight);
    double charge = 0.0;
    for (std::size_t i = 0; i < series.value.size(); ++i)
        charge += surface.current(series.value[i], 1.0) * series.seconds(i);
    CHECK(charge == Approx(3e-3).epsilon(1e-13));
}

TEST_CASE("does interpolation: hold keep each curve until the next?") {
    const Trace trace = load_text(kSurface, curves(true));
    CHECK(trace.series->value == Samples{0.0, 1.0, 2.0});
    CHECK(trace.series->duration_ns() == 3'000'000'000);
    CHECK(trace.series->curves->v == std::vector<double>{0, 1, 2, 0, 1, 2, 0, 1, 2});
}

TEST_CASE("does who reads no quantity get the power of each curve?") {
    TraceRequest held;
    held.interpolation_stated = true;
    const Trace trace = load_text(kSurface, held);
    CHECK(trace.series->quantity == Quantity::power_w);
    CHECK(trace.series->value[0] == Approx(4e-3).epsilon(1e-14));
    CHECK(any_note(trace, "at its maximum power"));
    TraceRequest power;
    power.expected = Quantity::power_w;
    CHECK(contains(mistakes_in(kSurface, power)[0].message,
                   "holds iv_curve, but the source model reads power_w"));
}

TEST_CASE("are all mistakes of a surface reported with their places?") {
    TraceRequest named = curves();
    named.format = "ekho_surface";
    const auto all = mistakes_in("1\n0,2\n0,1,x,0\n1,2,1\n2,nan,1,0\n2,1,1,0\n1,1,1,0\n", named);
    REQUIRE(all.size() == 5);
    CHECK(all[0].place.line == 3);
    CHECK(all[0].place.column == 5);
    CHECK(all[1].place.line == 4);
    CHECK(all[2].place.line == 5);
    CHECK(contains(all[3].message, "does not lie after"));
    CHECK(all[4].place.line == 7);
    CHECK(contains(mistakes_in("x\n0,2\n", named)[0].message, "no exponent"));
    CHECK(contains(mistakes_in("40\n0,2\n", named)[0].message, "no exponent"));
    CHECK(contains(mistakes_in("1\n2,0\n", named)[0].message, "pair of voltages"));
    CHECK(contains(mistakes_in("1\n0,2\n", named)[0].message, "no rows"));
    CHECK(contains(mistakes_in("1\n0,2\n0,1,1,0\n", curves(true, Interpolation::linear))[0].message,
                   "one curve only"));
    // Cut in the middle of a row.
    CHECK(contains(mistakes_in("1\n0,2\n0,1,1,0\n1,2,1", named)[0].message, "field"));
}

TEST_CASE("is a row that ends above 0 A said, and does it end?") {
    const Trace trace = load_text("1\n0,2\n0,4e-3,4e-3,1e-3\n1,1e-3,1e-3,0\n", curves(true));
    CHECK(any_note(trace, "1 curve ends above 0 A"));
    const SurfaceCurves surface(trace.series->curves, 1.0, SurfaceReading::straight);
    CHECK(surface.current(0.0, 2.0) == Approx(1e-3).epsilon(1e-13));
    CHECK(surface.open_circuit_v(0.0) == Approx(2.001).epsilon(1e-13));
}

TEST_CASE("has the public Ekho surface its known mean and largest power?") {
    const std::string path = recording("ivsurface_ekho_siren_kxob22_04x3l.csv");
    if (path.empty())
        return;
    const Trace trace = load_trace(of_file(path, true), TraceEnvironment{}, somewhere());
    const Series& series = *trace.series;
    REQUIRE(series.value.size() == 51);
    CHECK(any_note(trace, "the first row, which is at 0.2 s"));
    double grid = 0.0;
    double largest = 0.0;
    const CurveRows& rows = *series.curves;
    for (std::size_t row = 0; row < 51; ++row) {
        double most = 0.0;
        for (std::size_t k = rows.first[row]; k < rows.first[row + 1]; ++k)
            most = std::max(most, rows.v[k] * rows.i[k]);
        grid += most / 51;
        largest = std::max(largest, most);
        // Between its points a row has a little more.
        const double best = best_w(series, row, SurfaceReading::straight);
        REQUIRE(best >= most * (1 - 1e-12));
        REQUIRE(best <= most * 1.002);
        // Upstream's spacing is too small by 64/65, and with it the power.
        REQUIRE(best_w(series, row, SurfaceReading::ekho_upstream) ==
                Approx(most * 64 / 65).epsilon(1e-9));
    }
    CHECK(grid == Approx(8.902e-3).epsilon(1e-4));
    CHECK(largest == Approx(12.963e-3).epsilon(1e-4));
}

TEST_CASE("do Simba's curves have their published maxima?") {
    const std::pair<const char*, double> known[] = {
        {"AM1417_lux300", 29.0e-6},         {"AM1417_lux600", 46.9e-6},
        {"AM1417_lux1000", 65e-6},          {"AM1417_lux10000", 609e-6},
        {"AM1417_lux20000", 1260e-6},       {"EXL2-1V50_lux300", 68.3e-6},
        {"EXL2-1V50_lux600", 101e-6},       {"EXL2-1V50_lux1000", 147e-6},
        {"EXL2-1V50_lux10000", 1940e-6},    {"EXL2-1V50_lux20000", 5140e-6},
        {"KXOB25-02-X8F_lux10000", 390e-6}, {"KXOB25-02-X8F_lux20000", 842e-6}};
    for (const auto& [name, most] : known) {
        INFO(name);
        const std::string path = recording(std::string("ivcurves_simba/") + name + ".json");
        if (path.empty())
            return;
        const Trace trace = load_trace(of_file(path), TraceEnvironment{}, somewhere());
        CHECK(trace.format == "simba_iv");
        const double best = best_w(*trace.series, 0, SurfaceReading::straight);
        CHECK(best >= most * 0.995);  // three digits, the best of the points
        CHECK(best <= most * 1.02);
    }
}

TEST_CASE("does a curve of Simba with the wrong sign say so?") {
    TraceRequest named = curves();
    named.format = "simba_iv";
    const Trace trace = load_text(R"({"0":{"0":-2e-3,"1.0":-1e-3,"2.0":0}})", curves());
    CHECK(trace.series->curves->i == std::vector<double>{2e-3, 1e-3, 0.0});
    CHECK(any_note(trace, "one curve only"));
    CHECK(contains(mistakes_in(R"({"0":{"0":2e-3,"1.0":1e-3}})", named)[0].message,
                   "all currents are positive"));
    CHECK(contains(mistakes_in(R"({"0":{"1":-2e-3,"0.5":-1e-3}})", named)[0].message,
                   "does not lie above"));
    CHECK(contains(mistakes_in(R"({"0":{"1":-2e-3,)", named)[0].message, "not JSON"));
    CHECK(
        contains(mistakes_in(R"({"0":{"1":"x"}})", named)[0].message, "no voltage with a current"));
    CHECK(contains(mistakes_in(R"({"1":{}})", named)[0].message, "no curve of Simba"));
}

TEST_CASE("is the jogging recording a source of curves with its known energies?") {
    const std::string path = recording("solar_wearable_shepherd_jogging_10m.iv");
    if (path.empty())
        return;
    const Scratch scratch;
    const std::string csv = scratch.path("jogging.csv");
    const std::string command =
        "python3 '" + project_file("tools/convert_ivonne.py") + "' '" + path + "' '" + csv + "'";
    REQUIRE(std::system(command.c_str()) == 0);
    const Trace trace = load_trace(of_file(csv), TraceEnvironment{}, somewhere());
    CHECK(trace.format == "diode_rows");
    OperatingSpan span;
    span.series = trace.series.get();
    span.at_end = AtEnd::stop;
    span.duration_ns = 32'000'000'000;
    const auto energy = [&span](const IvSurfaceParams& p, double until_s) {
        const OperatingSeries points = IvSurface(p).operate(span);
        double joule = 0.0;
        for (std::size_t i = 0; i < points.voltage_v.size(); ++i) {
            const double from = static_cast<double>(points.bound_ns[i]) * 1e-9;
            const double to = std::min(until_s, static_cast<double>(points.bound_ns[i + 1]) * 1e-9);
            if (to > from)
                joule += points.voltage_v[i] * points.current_a[i] * (to - from);
        }
        return joule;
    };
    IvSurfaceParams p;
    CHECK(energy(p, 1e9) == Approx(347.275e-3).epsilon(1e-5));
    CHECK(energy(p, 32.0) == Approx(17.7879e-3).epsilon(1e-4));
    p.rule = OperatingForm{};
    p.rule->voltage_v = 1.0;
    CHECK(energy(p, 32.0) == Approx(17.1598e-3).epsilon(1e-4));
    p.rule->voltage_v = 2.0;
    CHECK(energy(p, 32.0) == 0.0);
    p.rule = OperatingForm{};
    p.rule->voc_fraction = VocFraction{0.76, 0.02, 0.0};  // at every row, at no cost
    CHECK(energy(p, 32.0) == Approx(17.6808e-3).epsilon(1e-4));
}

TEST_CASE("are diodes that cannot be refused with their places?") {
    const std::string head = "# x\ntime_s,a_a,b_a,c_inverse_volt\n";
    const auto all = mistakes_in(head + "0,1e-3,1e-9,10\n1,-1e-3,1e-9,10\n2,1e-3,0,x\n1,1,1\n");
    REQUIRE(all.size() == 4);
    CHECK(all[0].place.line == 4);
    CHECK(contains(all[0].hint, "b > 0 A"));
    CHECK(all[3].place.line == 6);
    CHECK(contains(mistakes_in(head + "0,1e-3,1e-9,10\n1,1e-3,1e-9,10\n",
                               curves(true, Interpolation::linear))[0]
                       .message,
                   "held, not mixed"));
}
