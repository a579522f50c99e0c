// SPDX-License-Identifier: Apache-2.0
/// Recorded current-voltage surfaces: the curves, what lies between them, and the rules on them.
#include "models/harvester/iv_surface.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/core/error.hpp"

using namespace ebb;

namespace {

/// Row 0: 4 mA flat to 1 V, to 0 at 2 V. Row 1: 2 mA at 0 V, straight to 0 at 1 V, and below it.
std::shared_ptr<const CurveRows> two_rows() {
    CurveRows rows;
    rows.v = {0.0, 1.0, 2.0, 3.0};
    rows.i = {4e-3, 4e-3, 0.0, 0.0};
    rows.end_row();
    for (const double v : {0.0, 0.5, 1.5}) {
        rows.v.push_back(v);
        rows.i.push_back(2e-3 * (1.0 - v));
    }
    rows.end_row();
    return std::make_shared<const CurveRows>(std::move(rows));
}

Series held(std::shared_ptr<const CurveRows> rows, std::vector<double> positions) {
    Series series;
    series.quantity = Quantity::iv_curve;
    series.curves = std::move(rows);
    for (std::size_t k = 0; k <= positions.size(); ++k) {
        series.bound_ns.push_back(static_cast<std::int64_t>(k) * 1'000'000'000);
    }
    series.value = std::move(positions);
    return series;
}

}  // namespace

TEST_CASE("is a row of a surface the recorded curve?") {
    const SurfaceCurves curves(two_rows(), 1.0, SurfaceReading::straight);
    CHECK(curves.current(0.0, 0.3) == Approx(4e-3).epsilon(1e-15));
    CHECK(curves.current(0.0, 1.25) == Approx(3e-3).epsilon(1e-15));
    CHECK(curves.current(0.0, 2.0) == 0.0);
    CHECK(curves.current(0.0, 9.0) == 0.0);
    CHECK(curves.open_circuit_v(0.0) == 2.0);
    CHECK(curves.open_circuit_v(1.0) == Approx(1.0).epsilon(1e-15));  // where it crosses zero
    CHECK(curves.current(1.0, 1.2) == 0.0);                           // nothing flows back
    CHECK(SurfaceCurves(two_rows(), 2.5, SurfaceReading::straight).current(0.0, 1.25) ==
          Approx(7.5e-3).epsilon(1e-15));
}

TEST_CASE("are currents mixed between rows, in voltage and in time?") {
    const SurfaceCurves curves(two_rows(), 1.0, SurfaceReading::straight);
    for (double v = 0.0; v < 2.5; v += 0.0625) {
        const double mixed = 0.75 * curves.current(0.0, v) + 0.25 * curves.current(1.0, v);
        REQUIRE(curves.current(0.25, v) == Approx(mixed).epsilon(1e-14).margin(1e-18));
    }
    CHECK(curves.open_circuit_v(0.25) == 2.0);
}

TEST_CASE("is no other point of a mixed curve above its maximum power?") {
    const SurfaceCurves curves(two_rows(), 1.0, SurfaceReading::straight);
    CHECK(curves.max_power(0.0).v == Approx(1.0).epsilon(1e-14));
    CHECK(curves.max_power(1.0).v == Approx(0.5).epsilon(1e-14));
    for (double x = 0.0; x <= 1.0; x += 0.03125) {
        const OperatingPoint best = curves.max_power(x);
        double found = 0.0;
        for (double v = 0.0; v < 2.5; v += 1e-3) {
            found = std::max(found, v * curves.current(x, v));
        }
        REQUIRE(found <= best.v * best.i * (1.0 + 1e-12));
        REQUIRE(found >= best.v * best.i * (1.0 - 1e-5));
        REQUIRE(curves.current(x, best.v) == Approx(best.i).epsilon(1e-12));
    }
}

TEST_CASE("do the straight pieces of a wired surface join to its curve?") {
    const SurfaceCurves curves(two_rows(), 1.0, SurfaceReading::straight);
    for (const double x : {0.0, 0.25, 0.6, 1.0}) {
        double u = 0.0;
        for (int n = 0; n < 20 && std::isfinite(u); ++n) {
            const SourcePiece up = curves.piece(x, u, true);
            REQUIRE(up.low_v == u);
            REQUIRE(up.high_v > u);
            REQUIRE(up.current(u) == Approx(curves.current(x, u)).margin(1e-17));
            if (!std::isfinite(up.high_v)) {
                CHECK(up.current(5.0) == 0.0);
            } else {
                const SourcePiece below = curves.piece(x, up.high_v, false);
                REQUIRE(below.low_v == up.low_v);
                REQUIRE(below.high_v == up.high_v);
            }
            u = up.high_v;
        }
        CHECK_FALSE(std::isfinite(u));
    }
}

TEST_CASE("is a row of a diode the diode, scaled in all its currents?") {
    CurveRows rows;
    rows.diode = {{1e-3, 1e-9, 0.1, 0.0, 0.0}, {2e-3, 1e-9, 0.1, 0.0, 0.0}};
    const SurfaceCurves curves(std::make_shared<const CurveRows>(rows), 3.0,
                               SurfaceReading::straight);
    CHECK(curves.open_circuit_v(1.0) == Approx(0.1 * std::log1p(2e6)).epsilon(1e-13));
    CHECK(curves.current(1.0, 0.5) == Approx(3.0 * (2e-3 - 1e-9 * std::expm1(5.0))).epsilon(1e-12));
    CHECK(curves.max_power(0.0).i == Approx(3.0 * rows.diode[0].max_power().i).epsilon(1e-12));
    CHECK(curves.max_power(0.0).v == Approx(rows.diode[0].max_power().v).epsilon(1e-12));
    CHECK(SurfaceCurves(std::make_shared<const CurveRows>(rows), 0.0, SurfaceReading::straight)
              .open_circuit_v(0.0) == 0.0);
}

TEST_CASE("does as: ekho-upstream repeat its steps and its spacing?") {
    CurveRows rows;
    rows.v = {0.0, 1.0, 2.0};
    rows.i = {3e-3, 2e-3, 1e-3};
    rows.end_row();
    rows.v.insert(rows.v.end(), {0.0, 1.0, 2.0});
    rows.i.insert(rows.i.end(), {6e-3, 4e-3, 2e-3});
    rows.end_row();
    const SurfaceCurves curves(std::make_shared<const CurveRows>(rows), 1.0,
                               SurfaceReading::ekho_upstream);
    // Three currents over 2 V: a spacing of 2/3 V instead of 1 V, no line between.
    CHECK(curves.current(0.0, 0.66) == 3e-3);
    CHECK(curves.current(0.0, 0.67) == 2e-3);
    CHECK(curves.current(0.0, 1.32) == 2e-3);
    CHECK(curves.current(0.0, 1.99) == 1e-3);
    CHECK(curves.current(0.0, 2.01) == 0.0);
    CHECK(curves.current(0.1, 0.1) == 6e-3);  // the next row in time
    CHECK(curves.current(1.0, 0.1) == 6e-3);
    CHECK(curves.max_power(0.0).v == Approx(2.0 / 3.0).epsilon(1e-14));  // 1.33 mW at both
}

TEST_CASE("do all rules work on a surface, and does its scale count for currents?") {
    const Series series = held(two_rows(), {0.0, 1.0, 0.5});
    OperatingSpan span;
    span.series = &series;
    span.at_end = AtEnd::hold;
    span.duration_ns = 3'000'000'000;
    span.scale = 2.0;
    IvSurfaceParams p;
    const OperatingSeries best = IvSurface(p).operate(span);
    REQUIRE(best.voltage_v.size() == 3);
    CHECK(best.voltage_v[1] * best.current_a[1] == Approx(2.0 * 0.5e-3).epsilon(1e-13));
    p.rule = OperatingForm{};
    p.rule->voltage_v = 1.25;
    const OperatingSeries fixed = IvSurface(p).operate(span);
    CHECK(fixed.current_a == std::vector<double>{2.0 * 3e-3, 0.0, 3e-3});
    p.rule = OperatingForm{};
    p.rule->voc_fraction = VocFraction{0.5, 1.0, 0.0};
    const OperatingSeries share = IvSurface(p).operate(span);
    CHECK(share.voltage_v[0] == 1.0);
    CHECK(share.voltage_v[1] == Approx(0.5).epsilon(1e-14));
    p.rule = OperatingForm{};
    p.rule->perturb_observe = PerturbObserve{0.1, 0.1, 0.5};
    CHECK(IvSurface(p).operate(span).voltage_v.size() > 10);
    CHECK_THROWS_AS(IvSurface(p).operate(OperatingSpan{}), Defect);
}
