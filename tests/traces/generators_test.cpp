// SPDX-License-Identifier: Apache-2.0
/// The generators: same bytes again, the law that was asked for, and Haurwitz against a recording.
#include "tests/traces/trace_support.hpp"

#include "models/core/random_stream.hpp"
#include "models/harvester/generate/generate.hpp"
#include "sim/trace/generate_trace.hpp"

#include <cmath>

using namespace ebb;
using namespace ebb::test;

namespace {

/// Dwells of a two-valued series, by value; the first and the last are cut and left out.
struct Dwells {
    std::vector<double> on, off;
};
Dwells dwells_of(const Series& s, double off_value) {
    Dwells d;
    for (std::size_t i = 1; i + 1 < s.value.size(); ++i)
        (s.value[i] == off_value ? d.off : d.on)
            .push_back(static_cast<double>(s.bound_ns[i + 1] - s.bound_ns[i]) * 1e-9);
    return d;
}

double mean_of(const std::vector<double>& x) {
    double sum = 0.0;
    for (const double v : x)
        sum += v;
    return sum / static_cast<double>(x.size());
}

}  // namespace

TEST_CASE("the shipped generated traces are what their generators write today") {
    const auto shipped = [](const std::string& name) {
        Place place;
        return read_file(project_file("traces/generated/" + name), place);
    };
    CHECK(generate_trace({"rf", {}}).csv == shipped("rf_reader.csv"));
    CHECK(generate_trace({"solar", {}}).csv == shipped("solar_day.csv"));
}

TEST_CASE("a generated series is the same as the file that it writes") {
    for (const char* const generator : {"rf", "solar"}) {
        const GeneratedTrace made =
            generate_trace({generator, {{"seed", "7"}, {"duration", "2 d"}}});
        const Trace read = load_text(made.csv);
        CHECK(read.series->quantity == made.series.quantity);
        CHECK((read.series->bound_ns == made.series.bound_ns));  // too long to be printed
        CHECK((read.series->value == made.series.value));
        CHECK(made.csv.size() > 1000);
    }
}

TEST_CASE("another seed gives another trace, the same seed the same") {
    const auto rf = [](const char* seed) { return generate_trace({"rf", {{"seed", seed}}}).csv; };
    CHECK(rf("1") == rf("1"));
    CHECK(rf("1") != rf("2"));
    CHECK(rf("4294967297") != rf("1"));  // the upper half of the seed counts
}

TEST_CASE("a longer generated trace begins with the shorter one") {
    RfParams p;
    p.duration_s = 20;
    const Series brief = generate_rf(p);
    p.duration_s = 200;
    const Series whole = generate_rf(p);
    const std::size_t common = brief.value.size();
    CHECK(std::equal(brief.value.begin(), brief.value.end(), whole.value.begin()));
    CHECK(std::equal(brief.bound_ns.begin(),
                     brief.bound_ns.begin() + static_cast<std::ptrdiff_t>(common),
                     whole.bound_ns.begin()));
}

TEST_CASE("duty and dwells of 1e5 bursts are the parameters within three standard errors") {
    RfParams p;
    p.seed = 11;
    INFO("seed " << p.seed);
    p.mean_on_s = 0.2;
    p.mean_off_s = 0.4;
    p.shadow_db = 0.0;  // the burst is one stretch
    p.max_power_w = 1.0;
    p.duration_s = 60'000;
    const Series s = generate_rf(p);
    const Dwells d = dwells_of(s, p.off_power_w);
    REQUIRE(d.on.size() > 95'000);
    // An exponential's standard error is its mean over the root of the count.
    const double n = static_cast<double>(d.on.size());
    CHECK(mean_of(d.on) == Approx(0.2).margin(3 * 0.2 / std::sqrt(n)));
    CHECK(mean_of(d.off) == Approx(0.4).margin(3 * 0.4 / std::sqrt(n)));
    const double duty = mean_of(d.on) / (mean_of(d.on) + mean_of(d.off));
    CHECK(duty == Approx(1.0 / 3).margin(3 * (1.0 / 3) * (2.0 / 3) * std::sqrt(2.0 / n)));
    double longer = 0;
    for (const double on : d.on)
        longer += on > 0.2 ? 1 : 0;
    CHECK(longer / n == Approx(std::exp(-1.0)).margin(3 * 0.4822 / std::sqrt(n)));
}

TEST_CASE("the mean power while on is the parameter, and shadowing has its spread") {
    RfParams p;
    p.seed = 5;
    INFO("seed " << p.seed);
    p.duration_s = 20'000;
    p.max_power_w = 1.0;
    p.off_power_w = 0.0;
    const Series s = generate_rf(p);
    double time = 0, energy = 0, logs = 0, squares = 0;
    for (std::size_t i = 0; i < s.value.size(); ++i) {
        if (s.value[i] == 0.0)
            continue;
        const double dt = static_cast<double>(s.bound_ns[i + 1] - s.bound_ns[i]) * 1e-9;
        const double db = 10.0 * std::log10(s.value[i]);
        time += dt;
        energy += s.value[i] * dt;
        logs += db * dt;
        squares += db * db * dt;
    }
    // Shadowing of 2.2 s leaves about 20000/4.4 independent stretches: 1.1 % of a spread of 0.78.
    CHECK(energy / time == Approx(p.on_power_w).epsilon(0.05));
    CHECK(std::sqrt(squares / time - logs / time * logs / time) ==
          Approx(p.shadow_db).epsilon(0.03));
    CHECK(time / 20'000 == Approx(0.213 / 0.599).epsilon(0.02));
}

TEST_CASE("generated values are rounded to 9 digits and dwells to microseconds before use") {
    const Series s = generate_rf({});
    for (std::size_t i = 0; i < s.value.size(); ++i) {
        REQUIRE(s.value[i] == round_significant(s.value[i]));
        REQUIRE(s.bound_ns[i] % 1000 == 0);
    }
    CHECK(round_significant(1.0 / 3) == 0.333333333);
    CHECK(round_significant(123456789.6) == 123456790.0);
    CHECK(whole_microseconds(1e-9) == 1);
}

TEST_CASE("the random stream gives the published Philox words") {
    // Random123 known answer for philox4x32-10, counter and key 0: 6627e8d5 e169c58d bc57ac4c
    // 9b00dbd8.
    RandomStream zero(0, 0);
    CHECK(zero.uniform() ==
          Approx(static_cast<double>(0x6627e8d5e169c58dULL) * 0x1p-64).epsilon(1e-15));
}

TEST_CASE("the sun is highest at solar noon and below the horizon at night") {
    SolarParams p;
    p.latitude_deg = 0.0;
    p.longitude_deg = 0.0;
    p.utc_offset_h = 0.0;
    p.day_of_year = 81;  // about the equinox
    double best = 0, hour = 0;
    for (double h = 0; h < 24; h += 1.0 / 60)
        if (cos_zenith(p, h) > best) {
            best = cos_zenith(p, h);
            hour = h;
        }
    CHECK(best == Approx(1.0).margin(1e-3));
    CHECK(hour == Approx(12.0 + 7.5 / 60).margin(2.0 / 60));  // the equation of time is -7.5 min
    CHECK(cos_zenith(p, 0) < -0.99);
    CHECK(haurwitz_w_m2(-0.1) == 0.0);
    CHECK(haurwitz_w_m2(1.0) == Approx(1098.0 * std::exp(-0.059)));
}

TEST_CASE("the mean clear-sky index of a long solar trace is the mixture of its two states") {
    SolarParams p;
    p.seed = 3;
    INFO("seed " << p.seed);
    p.duration_s = 200 * 86400.0;
    const Series cloudy = generate_solar(p);
    p.clear_spread = p.cloudy_spread = 0.0;
    p.clear_index = p.cloudy_index = 1.0;
    const Series clear = generate_solar(p);
    const double share = 1920.0 / (1920.0 + 960.0);
    // 200 days of about 8 h and 10 changes each: a standard error of about 1.5 %.
    CHECK(integral_of(cloudy) / integral_of(clear) ==
          Approx(share * 0.965 + (1 - share) * 0.394).epsilon(0.04));
    CHECK(clear.value[12 * 60] ==
          Approx(haurwitz_w_m2(cos_zenith(p, 12.0 + 0.5 / 60))).epsilon(1e-8));
    CHECK(clear.value[0] == 0.0);
}

TEST_CASE("wrong settings of a generator are refused together") {
    const auto mistakes = mistakes_of([] {
        (void)generate_trace(
            {"rf", {{"mean_om", "3 s"}, {"duration", "5"}, {"white_share", "2"}, {"seed", "x"}}});
    });
    REQUIRE(mistakes.size() == 4);
    CHECK(contains(mistakes[0].hint, "did you mean 'mean_on'?"));
    CHECK(contains(mistakes[1].message, "needs a unit"));
    CHECK(contains(mistakes[2].message, "outside"));
    CHECK(contains(mistakes_of([] { (void)generate_trace({"wind", {}}); })[0].note, "rf, solar"));
}

TEST_CASE("Haurwitz meets clear skies at SRRL with the published bias and spread") {
    struct Golden {
        const char* name;
        int first_day;
        double bias, rmse;
    };
    const auto g = GENERATE(Golden{"solar_outdoor_nrel_srrl_2018sep.txt", 244, -0.039, 0.050},
                            Golden{"solar_outdoor_nrel_srrl_2023jun.txt", 152, -0.010, 0.030});
    const std::string path = recording(g.name);
    if (path.empty())
        return;
    TraceRequest request;
    request.ref = path;
    const Trace trace = load_trace(request, {}, somewhere());
    SolarParams site;
    site.latitude_deg = 39.742;
    site.longitude_deg = -105.18;
    double n = 0, measured = 0, difference = 0, squares = 0;
    for (std::size_t i = 0; i < trace.series->value.size(); ++i) {
        site.day_of_year = g.first_day + static_cast<std::int64_t>(i / 1440);
        const double cos_z = cos_zenith(site, static_cast<double>(i % 1440) / 60.0);
        const double model = haurwitz_w_m2(cos_z);
        const double k = trace.series->value[i] / model;
        if (cos_z < std::cos(75.0 * 3.14159265358979 / 180.0) || k < 0.95 || k > 1.08)
            continue;
        n += 1;
        measured += trace.series->value[i];
        difference += model - trace.series->value[i];
        squares += (model - trace.series->value[i]) * (model - trace.series->value[i]);
    }
    INFO(g.name << ": " << n << " minutes, bias " << difference / measured << ", rmse "
                << std::sqrt(squares / n) / (measured / n));
    CHECK(difference / measured == Approx(g.bias).margin(0.005));
    CHECK(std::sqrt(squares / n) / (measured / n) == Approx(g.rmse).margin(0.005));
}
