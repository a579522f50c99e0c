// SPDX-License-Identifier: Apache-2.0
/// Random damage to good files: a reader either gives a sound series or refuses with places.
#include "sim/trace/open_file.hpp"
#include "sim/trace/trace_format.hpp"
#include "tests/traces/trace_support.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

using namespace ebb;
using namespace ebb::test;

namespace {

const char* const kGood[] = {
    "# comment\ntime_s,power_w,note\n0,0.001,a\n0.5,0.002,b\n1,0,c\n2.25,1e-3,d\n",
    "time_ms,irradiance_w_m2\n0,-1.5\n1,100\n2,200\n5,0\n",
    "34959998\t1.5\n34959999\t2.5\n35000000\t3\n35001001\t3\n35000002\t4\n",
    "DATE (MM/DD/YYYY),MST,Global [W/m^2],T [deg "
    "C]\n9/1/2018,23:58,-0.4,1\n9/1/2018,23:59,5,1\n9/2/2018,00:00,6,2\n",
    ",Year,DOY,PST,Global [W/m^2],x\n0,2018,365,2358,-0.4,1\n1,2018,365,2359,5,1\n"
    "2,2019,1,0,6,2,9\n",
    "94255\t2018\t1000\t0\t9300\t0\n1\t2359\t5\t12\t1\t12\n1\t2400\t6\t11\t1\t12\n"
    "2\t1\t7\t12\t1\t12\n",
    "{\"Type\": \"NREL\", \"StartTime\": \"2018-09-01 00:00:00\", \"TraceLength\": 120}\n"
    "{\"irradiance\":{\"0\":0.0,\"60\":1.5,\"120\":0.5}}\n",
    "sec RSSI,mW\n0.00\t0.00\n0.02\t0.21\n0.04\t0.03\n",
    "0\t21.7 \t2010\t6\t3\t21\t4\t11\t\n1\t22\t2010\t6\t3\t21\t4\t12\t\n",
    "Timestamp(ms),Current(uA),D0-D7\n0,-0.5,00000000\n0.01,12.5,00000001\n",
    "#time,current,voltage,power,charge,energy\n0,0.1,3,0.3,0,0\n0.5,0.2,3,0.6,0,0\n",
    "Timestamp,Main Current (A),Main Voltage (V)\n0,0.1,3\n0.5,0.2,3\n",
    "5\n6.5\n7\n",
    "0,5\n900,6.5\n1800,7\n",
    " -276,   -85,  -309\n  315,   247,   -36\n 1, 2, 3\n",
};

std::string damaged(std::string text, std::mt19937_64& random) {
    const std::string alphabet = "0123456789.,-+eE\t\n\r #:/;\"x\xff\x01";
    for (std::uint64_t n = 1 + random() % 4; n > 0 && !text.empty(); --n) {
        const std::size_t at = random() % text.size();
        switch (random() % 4) {
            case 0:
                text[at] = alphabet[random() % alphabet.size()];
                break;
            case 1:
                text.erase(at, 1 + random() % 8);
                break;
            case 2:
                text.insert(at, 1, alphabet[random() % alphabet.size()]);
                break;
            default:
                text.resize(at);
                break;
        }
    }
    return text;
}

void check_sound(const Series& s) {
    const std::size_t bounds = s.value.size() + (s.interpolation == Interpolation::hold ? 1 : 0);
    REQUIRE(!s.value.empty());
    REQUIRE(s.bound_ns.size() == bounds);
    REQUIRE(s.bound_ns.front() == 0);
    for (std::size_t i = 0; i + 1 < s.bound_ns.size(); ++i)
        REQUIRE(s.bound_ns[i] < s.bound_ns[i + 1]);
    for (const double value : s.value) {
        REQUIRE(std::isfinite(value));
        REQUIRE((value >= 0.0 || s.quantity == Quantity::voltage_v ||
                 s.quantity == Quantity::acceleration_m_s2));
    }
}

/// What reading gives, as one text: the series to the last bit and the notes, or the mistakes.
std::string outcome(const TraceFormat& format, const ReadRequest& request) {
    std::string all;
    try {
        const Reading r = format.read(request);
        for (std::size_t i = 0; i < r.series.value.size(); ++i)
            all += fmt::format("{} {:a}\n", r.series.bound_ns[i], r.series.value[i]);
        all += fmt::format("{} {}\n", r.series.bound_ns.back(), r.series.bound_ns.step());
        for (const std::string& note : r.notes)
            all += note + '\n';
    } catch (const InputError& error) {
        for (const Mistake& m : error.mistakes())
            all +=
                fmt::format("{}:{}:{}+{} {} {} {} {}\n", m.place.file, m.place.line, m.place.column,
                            m.place.length, m.place.excerpt, m.message, m.hint, m.note);
    }
    return all;
}

}  // namespace

TEST_CASE("does a reader that sees its text by windows give what it gives with all in memory?") {
    std::mt19937_64 random(11);
    const Scratch scratch;
    int many = 0;
    for (int i = 0; i < 1'500; ++i) {
        std::string text = kGood[static_cast<std::size_t>(i) % std::size(kGood)];
        if (i >= 200)
            text = damaged(text, random);
        if (text.empty())
            continue;
        INFO(text);
        ReadRequest request;
        request.path = scratch.path(fmt::format("{}.txt", i));
        std::ofstream(request.path, std::ios::binary | std::ios::trunc) << text;
        request.interpolation = random() % 4 == 0 ? Interpolation::linear : Interpolation::hold;
        request.unit = "mW";
        request.rate_hz = 3.0;
        request.text = std::string_view(text);
        const auto& formats = trace_formats();
        const auto looks = std::find_if(
            formats.begin(), formats.end(),
            [&text](const TraceFormat& f) { return f.sniff != nullptr && f.sniff(text); });
        const TraceFormat& format = random() % 4 == 0 ? formats[random() % formats.size()] : *looks;
        const std::string expected = outcome(format, request);
        std::int64_t changed_ns = 0;
        const std::size_t window = 1 + random() % 24;
        request.text = TraceText::of_file(request.path, identity_of(request.path, changed_ns),
                                          window, somewhere());
        REQUIRE(request.text.head() == text);
        request.spool = {scratch.folder(), 8 * (1 + random() % 3)};
        REQUIRE(outcome(format, request) == expected);
        many += std::count(expected.begin(), expected.end(), '\n') > 3 ? 1 : 0;
    }
    CHECK(many > 150);
}

TEST_CASE("a damaged file is read soundly or refused, never anything else") {
    const std::uint64_t seed = 20240229;
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = damaged(kGood[random() % std::size(kGood)], random);
        INFO(text);
        ReadRequest request;
        request.path = "damaged";
        request.text = std::string_view(text);
        request.interpolation = random() % 4 == 0 ? Interpolation::linear : Interpolation::hold;
        request.unit = "mW";
        request.dt_s = 0.5;
        // Mostly the reader that the text looks made for, sometimes any.
        const auto& formats = trace_formats();
        const auto looks = std::find_if(
            formats.begin(), formats.end(),
            [&text](const TraceFormat& f) { return f.sniff != nullptr && f.sniff(text); });
        const TraceFormat& format = random() % 4 == 0 ? formats[random() % formats.size()] : *looks;
        try {
            check_sound(format.read(request).series);
            ++read;
        } catch (const InputError& error) {
            ++refused;
            REQUIRE_FALSE(error.mistakes().empty());
            for (const Mistake& mistake : error.mistakes())
                REQUIRE_FALSE(mistake.message.empty());
        }
    }
    CHECK(read > 1000);
    CHECK(refused > 1000);
}
