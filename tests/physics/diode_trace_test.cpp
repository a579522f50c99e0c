// SPDX-License-Identifier: Apache-2.0
/// Energies from a recorded wearable cell, one diode curve per 20 ms (nes-lab/shepherd-tools
/// @c5078eb, MIT), against values computed elsewhere and those that its makers state.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "models/harvester/operating_rule.hpp"

using namespace ebb;

namespace {

/// The sample is the number of a row; the row is the curve.
class Rows : public CurveFamily {
public:
    explicit Rows(std::vector<SingleDiode> rows) : rows_(std::move(rows)) {}
    OperatingPoint max_power(double row) const override { return at(row).max_power(); }
    double open_circuit_v(double row) const override { return at(row).open_circuit_v(); }
    double current(double row, double v) const override { return at(row).current(v); }
    std::size_t size() const { return rows_.size(); }

private:
    const SingleDiode& at(double row) const { return rows_[static_cast<std::size_t>(row)]; }
    std::vector<SingleDiode> rows_;
};

/// Through tools/convert_ivonne.py; empty where the recording is missing.
std::vector<SingleDiode> recorded() {
    std::vector<SingleDiode> rows;
    const char* data = std::getenv("EBB_TEST_DATA");
    const std::string file =
        std::string(data == nullptr ? "" : data) + "/traces/solar_wearable_shepherd_jogging_10m.iv";
    if (data == nullptr || !std::filesystem::exists(file)) {
        return rows;
    }
    const std::string csv =
        std::filesystem::temp_directory_path() / ("ebb_jogging_" + std::to_string(getpid()));
    const std::string command = "python3 '" + std::string(EBB_SOURCE_DIR) +
                                "/tools/convert_ivonne.py' '" + file + "' '" + csv + "'";
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream lines(csv);
    for (std::string line; std::getline(lines, line);) {
        double t = 0.0, a = 0.0, b = 0.0, c = 0.0;
        if (std::sscanf(line.c_str(), "%lf,%lf,%lf,%lf", &t, &a, &b, &c) == 4) {
            rows.push_back({a, b, 1.0 / c, 0.0, 0.0});
        }
    }
    std::filesystem::remove(csv);
    return rows;
}

const Rows& jogging() {
    static const Rows kRows(recorded());
    return kRows;
}

/// What the makers feed to their rules: a curve every 10 ms, the ones between by a cubic through
/// the four rows around them.
Rows twice_as_often(const std::vector<SingleDiode>& rows) {
    std::vector<SingleDiode> twice;
    for (std::size_t k = 0; k + 3 < rows.size(); ++k) {
        const auto mid = [&](double SingleDiode::*x) {
            const double outer = rows[k == 0 ? 0 : k - 1].*x + rows[k + 2].*x;
            return (9.0 * (rows[k].*x + rows[k + 1].*x) - outer) / 16.0;
        };
        twice.push_back(rows[k]);
        SingleDiode between = rows[k];
        between.il_a = mid(&SingleDiode::il_a);
        between.i0_a = mid(&SingleDiode::i0_a);
        between.a_v = mid(&SingleDiode::a_v);
        twice.push_back(between);
    }
    return Rows(twice);
}

/// Energy of a rule over the first `count` rows [J].
double energy(const Rows& rows, std::size_t count, const OperatingRule& rule,
              std::int64_t row_ns = 20'000'000) {
    Series series;
    for (std::size_t k = 0; k < count; ++k) {
        series.bound_ns.push_back(static_cast<std::int64_t>(k) * row_ns);
        series.value.push_back(static_cast<double>(k));
    }
    series.bound_ns.push_back(static_cast<std::int64_t>(count) * row_ns);
    OperatingSpan span;
    span.series = &series;
    span.at_end = AtEnd::stop;
    span.duration_ns = series.duration_ns();
    const OperatingSeries points = lay_out(rows, rule, span);
    double sum = 0.0;
    for (std::size_t k = 0; k < points.voltage_v.size(); ++k) {
        sum += points.voltage_v[k] * points.current_a[k] *
               static_cast<double>(points.bound_ns[k + 1] - points.bound_ns[k]) * 1e-9;
    }
    return sum;
}

OperatingRule at_voltage(double v) { return {OperatingWord::mpp, OperatingForm{v, {}, {}}}; }
OperatingRule voc_fraction(double fraction, double period_s, double blackout_s) {
    return {OperatingWord::mpp, OperatingForm{{}, VocFraction{fraction, period_s, blackout_s}, {}}};
}

/// The published rule: 10 mV every 18 ms from 2.5 V, twice the step after each rise of the power,
/// four steps down where no current flows, at most 5 V.
OperatingRule published_perturbing() {
    return {OperatingWord::mpp,
            OperatingForm{{}, {}, PerturbObserve{0.01, 0.018, 2.5, 2.0, 4.0, 5.0}}};
}

bool missing() {
    if (jogging().size() == 0) {
        WARN("skipped: needs the recording in $EBB_TEST_DATA/traces");
        return true;
    }
    return false;
}

}  // namespace

TEST_CASE("the jogging recording has the energies that were computed elsewhere") {
    if (missing()) {
        return;
    }
    const Rows& rows = jogging();
    REQUIRE(rows.size() == 30'834);
    CHECK(energy(rows, rows.size(), {}) == Approx(347.275e-3).epsilon(1e-5));
    CHECK(energy(rows, 1600, {}) == Approx(17.7879e-3).epsilon(1e-4));
    CHECK(energy(rows, 1600, at_voltage(1.0)) == Approx(17.1598e-3).epsilon(1e-4));
    CHECK(energy(rows, 1600, at_voltage(2.0)) == 0.0);
    // Sampled with every row and without a blackout: 0.76 Voc of the present curve.
    CHECK(energy(rows, 1600, voc_fraction(0.76, 0.02, 0.0)) == Approx(17.6808e-3).epsilon(1e-4));
}

TEST_CASE("the jogging recording has the energies that its makers state") {
    if (missing()) {
        return;
    }
    const Rows& rows = jogging();
    CHECK(energy(rows, 1600, {}) == Approx(17.811e-3).epsilon(2e-3));
    CHECK(energy(rows, 1600, at_voltage(1.0)) == Approx(17.143e-3).epsilon(2e-3));
    // Their timings: every 100 ms for 1.2 ms, every 16 s for 256 ms.
    CHECK(energy(rows, 1600, voc_fraction(0.76, 0.1, 1.2e-3)) == Approx(17.384e-3).epsilon(0.03));
    CHECK(energy(rows, 1600, voc_fraction(0.76, 16.0, 0.256)) == Approx(17.249e-3).epsilon(0.03));
    CHECK(energy(rows, 1600, voc_fraction(0.50, 16.0, 0.256)) == Approx(13.954e-3).epsilon(0.03));
    const Rows often = twice_as_often(recorded());
    CHECK(energy(often, 3200, {}, 10'000'000) == Approx(17.811e-3).epsilon(2e-3));
    CHECK(energy(often, 3200, published_perturbing(), 10'000'000) ==
          Approx(15.001e-3).epsilon(0.03));
}
