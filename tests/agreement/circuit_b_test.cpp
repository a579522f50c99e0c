// SPDX-License-Identifier: Apache-2.0
/// A PV string through a Schottky diode into a supercapacitor: does a run meet the truth?
///
/// The truth was computed apart from ebb: the state equation integrated with DOP853 to a relative
/// 1e-11 with terminal events at the thresholds, cross-checked with Radau (2.3e-10 s over all
/// events), k = 1.38064852e-23 J/K and q = 1.6021766208e-19 C.
#include <array>
#include <catch2/catch.hpp>

#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

constexpr std::array<double, 8> kCrossings = {0.683463428, 1.871326239, 2.528706333, 3.716569143,
                                              4.373949237, 5.561812048, 6.219192142, 7.407054953};
constexpr double kLast = 9.909677952;
constexpr double kInner = 3.408719280;  // [V] at 10 s

TEST_CASE("Does circuit B have its published crossings, counts and energies, both ways?") {
    for (const bool reference : {false, true}) {
        CAPTURE(reference);
        EventList events;
        RunOptions options;
        options.reference = reference;
        const Result r = run(scenario_file("examples/circuit_b.yaml"), options, &events);
        std::vector<double> crossings;
        for (const EventList::Entry& e : events.all()) {
            if (e.event == "boot" || e.event == "brown_out") {
                crossings.push_back(e.at.seconds());
            }
        }
        CHECK(r.power.boots == 6);
        CHECK(r.power.brown_outs == 5);
        REQUIRE(crossings.size() == 11);
        for (std::size_t i = 0; i < kCrossings.size(); ++i) {
            CAPTURE(i);
            CHECK(crossings[i] == Approx(kCrossings[i]).epsilon(0).margin(1e-6));
        }
        CHECK(crossings.back() == Approx(kLast).epsilon(0).margin(1e-6));
        const auto& e = r.energy_j;
        const auto is = [](double value) { return Approx(value).epsilon(1e-6).margin(0); };
        CHECK(e.harvested == is(0.557787956));
        CHECK(e.sinks[Sink::compute] == is(0.511484972));
        CHECK(e.sinks[Sink::leakage] == is(1.68903517e-3));
        CHECK(e.stored_change == is(0.0338968356));
        CHECK(e.stored_change == is(0.5 * 10e-3 * (kInner * kInner - 2.2 * 2.2)));
        // What is left of the published sums; they have nine digits.
        const double heat = 0.557787956 - 0.511484972 - 1.68903517e-3 - 0.0338968356;
        CHECK(e.sinks[Sink::esr_loss] == Approx(heat).epsilon(1e-6).margin(0));
        CHECK(e.offered == Approx(e.harvested + e.converter_loss).epsilon(1e-12).margin(0));
        CHECK(e.converter_loss > 0.0);
    }
}

}  // namespace
