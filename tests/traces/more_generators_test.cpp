// SPDX-License-Identifier: Apache-2.0
/// Generators of acceleration and of temperature differences, and the clear sky after Ineichen: the
/// law that was asked for comes back, and the same bytes again.
#include "tests/traces/trace_support.hpp"

#include "models/core/random_stream.hpp"
#include "models/harvester/generate/generate.hpp"
#include "sim/trace/generate_trace.hpp"
#include "sim/trace/sha256.hpp"

#include <cmath>

using namespace ebb;
using namespace ebb::test;

namespace {

double seconds(const Series& s, std::size_t i) {
    return static_cast<double>(s.bound_ns[i + 1] - s.bound_ns[i]) * 1e-9;
}

struct Moments {
    double mean = 0.0, rms = 0.0, time = 0.0;
};

/// Weighted by time, over stretches whose value is not `leave_out`.
Moments moments_of(const Series& s, double leave_out) {
    Moments m;
    for (std::size_t i = 0; i < s.value.size(); ++i) {
        if (s.value[i] == leave_out)
            continue;
        m.time += seconds(s, i);
        m.mean += s.value[i] * seconds(s, i);
        m.rms += s.value[i] * s.value[i] * seconds(s, i);
    }
    m.mean /= m.time;
    m.rms = std::sqrt(m.rms / m.time);
    return m;
}

}  // namespace

TEST_CASE("a generated walk has the strength, the steps and the balance that were asked for") {
    KineticParams p;
    p.seed = 7;
    INFO("seed " << p.seed);
    p.duration_s = 4000;
    p.mean_moving_s = 1e9;  // one long walk
    p.mean_still_s = 1.0;
    const Series s = generate_kinetic(p);
    REQUIRE(s.value.size() > 190'000);
    const Moments m = moments_of(s, 0.0);
    // 7600 steps with a spread of 0.1 in amplitude: far below the 5 % that are asked for.
    CHECK(m.rms == Approx(p.rms_m_s2).epsilon(0.05));
    CHECK(std::abs(m.mean) < 0.01 * p.rms_m_s2);
    int rises = 0;
    for (std::size_t i = 1; i < s.value.size(); ++i)
        rises += s.value[i - 1] < 0.0 && s.value[i] >= 0.0 ? 1 : 0;
    CHECK(rises / 4000.0 == Approx(p.step_rate_hz).epsilon(0.05));
}

TEST_CASE("1e5 walks and rests have their mean lengths within three standard errors") {
    KineticParams p;
    p.seed = 13;
    INFO("seed " << p.seed);
    p.mean_moving_s = 0.3;
    p.mean_still_s = 0.1;
    p.rate_hz = 1.0;  // a walk is a stretch or two
    p.duration_s = 42'000;
    const Series s = generate_kinetic(p);
    double moving = 0.0;
    double still = 0.0;
    double walks = 0.0;
    double rests = 0.0;
    for (std::size_t i = 0; i < s.value.size(); ++i) {
        const bool rest = s.value[i] == 0.0;
        const bool begins = i == 0 || (s.value[i - 1] == 0.0) != rest;
        (rest ? still : moving) += seconds(s, i);
        (rest ? rests : walks) += begins ? 1.0 : 0.0;
    }
    REQUIRE(walks > 1e5);
    CHECK(moving / walks == Approx(0.3).margin(3 * 0.3 / std::sqrt(walks)));
    CHECK(still / rests == Approx(0.1).margin(3 * 0.1 / std::sqrt(rests)));
}

TEST_CASE("a generated temperature difference has its mean, spread and memory") {
    ThermalParams p;
    p.seed = 3;
    INFO("seed " << p.seed);
    p.duration_s = 2e6;
    p.time_s = 100.0;
    p.mean_k = -4.0;
    const Series s = generate_thermal(p);
    REQUIRE(s.value.size() == 200'000);
    double mean = 0.0;
    double square = 0.0;
    double lagged = 0.0;
    for (const double value : s.value)
        mean += value / 2e5;
    for (std::size_t i = 0; i + 10 < s.value.size(); ++i) {
        square += (s.value[i] - mean) * (s.value[i] - mean) / 2e5;
        lagged += (s.value[i] - mean) * (s.value[i + 10] - mean) / 2e5;
    }
    // 2e6 s are 1e4 independent stretches of twice the correlation time.
    CHECK(mean == Approx(p.mean_k).margin(3 * p.spread_k / 100.0));
    CHECK(std::sqrt(square) == Approx(p.spread_k).epsilon(0.05));
    CHECK(lagged / square == Approx(std::exp(-1.0)).epsilon(0.05));
}

TEST_CASE("the clear share of a polar summer is that of the cloud chain") {
    SolarParams p;
    p.seed = 5;
    INFO("seed " << p.seed);
    p.latitude_deg = 90.0;  // the sun does not set
    p.day_of_year = 130;
    p.duration_s = 80 * 86400.0;
    p.clear_spread = p.cloudy_spread = 0.0;
    p.clear_index = 1.0;
    p.cloudy_index = 0.5;
    p.mean_clear_s = 1200.0;
    p.mean_cloudy_s = 600.0;
    const Series cloudy = generate_solar(p);
    p.cloudy_index = 1.0;
    const Series clear = generate_solar(p);
    double share = 0.0;
    double changes = 0.0;
    bool before = true;
    const auto n = static_cast<double>(clear.value.size());
    for (std::size_t i = 0; i < clear.value.size(); ++i) {
        REQUIRE(clear.value[i] > 0.0);
        const bool is_clear = cloudy.value[i] > 0.75 * clear.value[i];
        share += is_clear ? 1.0 / n : 0.0;
        changes += i > 0 && is_clear != before ? 1.0 : 0.0;
        before = is_clear;
    }
    // Variance of the share of an on-off chain: 2 q (1-q) tau/T with tau = 1/(1/1200 + 1/600).
    const double sigma = std::sqrt(2 * (2.0 / 3) * (1.0 / 3) * 400.0 / p.duration_s);
    CHECK(share == Approx(2.0 / 3).margin(3 * sigma));
    CHECK(changes > 5000);
}

TEST_CASE("1e5 clear and cloudy spells have their share and their lengths within three errors") {
    SolarParams p;
    p.seed = 17;
    INFO("seed " << p.seed);
    p.latitude_deg = 90.0;  // the sun does not set
    p.day_of_year = 130;
    p.duration_s = 90 * 86400.0;
    p.step_s = 20.0;
    p.mean_clear_s = 100.0;
    p.mean_cloudy_s = 50.0;
    p.clear_spread = p.cloudy_spread = 0.0;
    p.clear_index = 1.0;
    p.cloudy_index = 0.5;
    const Series cloudy = generate_solar(p);
    p.cloudy_index = 1.0;
    const Series clear = generate_solar(p);
    const auto n = static_cast<double>(clear.value.size());
    double share = 0.0;
    double changes = 0.0;
    bool before = true;
    for (std::size_t i = 0; i < clear.value.size(); ++i) {
        const bool is_clear = cloudy.value[i] > 0.75 * clear.value[i];
        share += is_clear ? 1.0 / n : 0.0;
        changes += i > 0 && is_clear != before ? 1.0 : 0.0;
        before = is_clear;
    }
    // A chain seen every 20 s: its memory r, the variance of its share, and how often two looks
    // differ, which tells the lengths that no look sees.
    const double q = 2.0 / 3;
    const double r = std::exp(-20.0 * (1.0 / 100 + 1.0 / 50));
    CHECK(p.duration_s / 75.0 > 1e5);
    CHECK(share == Approx(q).margin(3 * std::sqrt(q * (1 - q) * (1 + r) / (1 - r) / n)));
    const double differ = 2 * q * (1 - q) * (1 - r);
    CHECK(changes / n == Approx(differ).margin(3 * std::sqrt(differ / n)));
}

TEST_CASE("index and spread of the clear and of the cloudy state return within 5 %") {
    SolarParams p;
    p.seed = 23;
    INFO("seed " << p.seed);
    p.latitude_deg = 90.0;
    p.day_of_year = 130;
    p.duration_s = 90 * 86400.0;
    const Series drawn = generate_solar(p);
    SolarParams flat = p;  // the same spells: states and indices are streams of their own
    flat.clear_spread = flat.cloudy_spread = 0.0;
    flat.clear_index = 1.0;
    flat.cloudy_index = 0.5;
    const Series states = generate_solar(flat);
    flat.cloudy_index = 1.0;
    const Series sky = generate_solar(flat);
    double count[2] = {};
    double sum[2] = {};
    double squares[2] = {};
    for (std::size_t i = 0; i < sky.value.size(); ++i) {
        const int state = states.value[i] > 0.75 * sky.value[i] ? 1 : 0;
        const double k = drawn.value[i] / sky.value[i];
        count[state] += 1.0;
        sum[state] += k;
        squares[state] += k * k;
    }
    const double index[2] = {p.cloudy_index, p.clear_index};
    const double spread[2] = {p.cloudy_spread, p.clear_spread};
    for (const int state : {0, 1}) {
        const double mean = sum[state] / count[state];
        INFO("state " << state);
        CHECK(mean == Approx(index[state]).epsilon(0.05));
        CHECK(std::sqrt(squares[state] / count[state] - mean * mean) ==
              Approx(spread[state]).epsilon(0.05));
    }
}

TEST_CASE("the memory and the white share of a burst's power return within 5 %") {
    RfParams p;
    p.seed = 29;
    INFO("seed " << p.seed);
    p.mean_on_s = 1e9;  // one long burst
    p.mean_off_s = 1.0;
    p.step_s = 0.22;  // a tenth of the correlation time
    p.duration_s = 2e5;
    p.max_power_w = 1e3;
    const Series s = generate_rf(p);
    REQUIRE(s.value.size() > 900'000);
    std::vector<double> db;
    double mean = 0.0;
    for (const double value : s.value) {
        db.push_back(10.0 * std::log10(value));
        mean += db.back() / static_cast<double>(s.value.size());
    }
    const auto lagged = [&](std::size_t lag) {
        double sum = 0.0;
        for (std::size_t i = 0; i + lag < db.size(); ++i)
            sum += (db[i] - mean) * (db[i + lag] - mean);
        return sum / static_cast<double>(db.size() - lag);
    };
    const double one = lagged(1) / lagged(0);
    const double ten = lagged(10) / lagged(0);
    CHECK(std::sqrt(lagged(0)) == Approx(p.shadow_db).epsilon(0.05));
    CHECK(0.9 / std::log(one / ten) * 2.2 == Approx(p.shadow_time_s).epsilon(0.05));
    CHECK(one * std::exp(0.1) == Approx(1.0 - p.white_share).epsilon(0.05));
}

TEST_CASE("a rest is 0 from its first to its last microsecond, held or joined by lines") {
    KineticParams p;
    p.mean_moving_s = 2.0;
    p.mean_still_s = 3.0;
    p.duration_s = 300.0;
    const Series s = generate_kinetic(p);
    int rests = 0;
    for (std::size_t i = 0; i + 2 < s.value.size(); ++i) {
        if (s.value[i] != 0.0 || s.value[i + 1] != 0.0)
            continue;
        ++rests;
        CHECK(s.bound_ns[i + 2] - s.bound_ns[i + 1] == 1000);
        CHECK(s.value[i + 2] != 0.0);
    }
    CHECK(rests > 30);
}

TEST_CASE("short draws of the generators are the same bytes everywhere") {
    const auto digest = [](const GenerateRequest& request) {
        return sha256_of(generate_trace(request).csv);
    };
    CHECK(digest({"kinetic", {{"duration", "20 s"}}}) ==
          "b2422474887021e502bce84ad49574e298d6f37dce8a21ba9fd10362c1b9e615");
    CHECK(digest({"thermal", {{"duration", "10 min"}}}) ==
          "e36596280f2a51aeab1d66ab77de9f1b3702858b643f6d73f78f65c4aa14a05d");
    CHECK(digest({"solar", {{"clear_sky", "ineichen"}, {"altitude", "1829"}}}) ==
          "b72d547bef90436387b038e751478389a5e22dda7a853c77cf9b5b155e4e59e0");
}

TEST_CASE("a longer walk begins with the shorter one, and values have 9 digits") {
    KineticParams p;
    p.mean_moving_s = 3.0;
    p.mean_still_s = 1.0;
    const Series brief = generate_kinetic(p);
    p.duration_s = 600;
    const Series whole = generate_kinetic(p);
    CHECK(std::equal(brief.value.begin(), brief.value.end(), whole.value.begin()));
    for (std::size_t i = 0; i < whole.value.size(); ++i) {
        REQUIRE(whole.value[i] == round_significant(whole.value[i]));
        REQUIRE(whole.bound_ns[i] % 1000 == 0);
    }
}

TEST_CASE("a generator refuses what would fill the memory before it begins") {
    const std::vector<GenerateRequest> requests = {
        {"rf", {{"duration", "300 d"}, {"step", "1 us"}}},
        {"kinetic", {{"duration", "300 d"}, {"rate", "100 kHz"}}},
        {"thermal", {{"duration", "300 d"}, {"step", "1 ms"}}},
    };
    for (const GenerateRequest& request : requests) {
        const auto mistakes = mistakes_of([&] { (void)generate_trace(request); });
        REQUIRE(mistakes.size() == 1);
        CHECK(contains(mistakes[0].message, "more than 50 million samples"));
    }
}

TEST_CASE("names among a generator's settings are checked like numbers") {
    const auto mistakes = mistakes_of([] {
        (void)generate_trace({"solar", {{"clear_sky", "ineichn"}}});
    });
    REQUIRE(mistakes.size() == 1);
    CHECK(contains(mistakes[0].message, "it is one of haurwitz, ineichen"));
    CHECK(contains(mistakes[0].hint, "did you mean 'ineichen'?"));
    CHECK(contains(generate_trace({"solar", {{"clear_sky", "ineichen"}}}).csv,
                   "# clear_sky: ineichen\n# turbidity: 2.5\n"));
    CHECK_FALSE(contains(generate_trace({"solar", {}}).csv, "clear_sky"));
}

TEST_CASE("Ineichen meets clear skies at SRRL with the published bias and spread") {
    struct Golden {
        const char* name;
        int first_day;
        double bias, rmse;
    };
    const auto g = GENERATE(Golden{"solar_outdoor_nrel_srrl_2018sep.txt", 244, 0.019, 0.038},
                            Golden{"solar_outdoor_nrel_srrl_2023jun.txt", 152, 0.004, 0.039});
    const std::string path = recording(g.name);
    if (path.empty())
        return;
    TraceRequest request;
    request.ref = path;
    const Trace trace = load_trace(request, {}, somewhere());
    SolarParams site;
    site.latitude_deg = 39.742;
    site.longitude_deg = -105.18;
    site.altitude_m = 1829;
    double n = 0, measured = 0, difference = 0, squares = 0;
    for (std::size_t i = 0; i < trace.series->value.size(); ++i) {
        site.day_of_year = g.first_day + static_cast<std::int64_t>(i / 1440);
        const double cos_z = cos_zenith(site, static_cast<double>(i % 1440) / 60.0);
        const double model = ineichen_w_m2(site, cos_z);
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
