// SPDX-License-Identifier: Apache-2.0
// Accuracy per resource, against ratios of published rows.
#include "models/workload/efficiency_metrics.hpp"

#include <catch2/catch.hpp>

using namespace ebb;

namespace {

/// Four digits, as the published ratios carry.
Approx four_digits(double value) { return Approx(value).epsilon(1.1e-4).margin(0); }
Approx near(double value) { return Approx(value).epsilon(1e-12).margin(0); }

ResourceUse with(double accuracy, double parameters, double operations) {
    ResourceUse use;
    use.accuracy = accuracy;
    use.parameters = parameters;
    use.operations = operations;
    return use;
}

}  // namespace

TEST_CASE("accuracy per parameter and operation of two published networks") {
    const auto in0 = efficiency_metrics(with(0.404, 0.75e6, 6.4e6));  // mcunet-in0, int8
    CHECK(*in0.per_mparam == four_digits(53.87));
    CHECK(*in0.per_mop == four_digits(6.313));
    const auto in4 = efficiency_metrics(with(0.680, 1.73e6, 125.9e6));  // mcunet-in4, int8
    CHECK(*in4.per_mparam == four_digits(39.31));
    CHECK(*in4.per_mop == four_digits(0.5401));
}

TEST_CASE("accuracy per joule of published rows") {
    const auto per_mj = [](double accuracy, double energy_j) {
        ResourceUse use;
        use.accuracy = accuracy;
        use.energy_j = energy_j;
        return *efficiency_metrics(use).per_mj;
    };
    const auto per_j = [](double accuracy, double energy_j) {
        ResourceUse use;
        use.accuracy = accuracy;
        use.energy_j = energy_j;
        return *efficiency_metrics(use).accuracy_per_j;
    };
    // RK3588S, TFLite on its CPU: MobileNetV1-0.25-128 int8 and EfficientNet-Lite4 float32 (board
    // energies derived from MLPerf open-division logs, not official results).
    CHECK(per_mj(0.42384, 6.5032e-3) == four_digits(6.517));
    CHECK(per_mj(0.80676, 1.2614954) == four_digits(0.06395));
    // A ResNet50 with four exits (umassos/delen), millijoules assumed.
    CHECK(per_j(0.4354, 45.99e-3) == four_digits(9.467));
    CHECK(per_j(0.6803, 99.31e-3) == four_digits(6.850));
    CHECK(per_j(0.7675, 176.75e-3) == four_digits(4.342));
    CHECK(per_j(0.7657, 243.55e-3) == four_digits(3.144));
}

TEST_CASE("cores, memory and traffic each divide the same accuracy") {
    ResourceUse use = with(0.9, 2e6, 4e6);
    use.busy_core_s = 0.3;
    use.cores = 2;
    use.latency_s = 0.2;
    use.peak_ram_b = 20 * 1024;
    use.nvm_footprint_b = 40 * 1024;
    use.sram_moved_b = 3e6;
    use.nvm_moved_b = 0.5e6;
    use.external_moved_b = 9e6;
    const auto m = efficiency_metrics(use);
    CHECK(*m.core_utilisation == near(0.75));
    CHECK(*m.per_utilisation == near(90 / 0.75));
    CHECK(*m.per_core_s == near(300));
    CHECK(*m.per_kib_ram == near(4.5));
    CHECK(*m.per_kib_nvm == near(2.25));
    CHECK(*m.per_mb_sram == near(30));
    CHECK(*m.per_mb_nvm == near(180));
    CHECK(*m.per_mb_external == near(10));
    CHECK_FALSE(m.per_mj);
}

TEST_CASE("what is not known, and what is nothing, gives no ratio") {
    ResourceUse use;
    use.parameters = 1e6;
    use.energy_j = 1e-3;
    CHECK_FALSE(efficiency_metrics(use).per_mparam);
    CHECK_FALSE(efficiency_metrics(use).accuracy_per_j);
    use.accuracy = 0.8;
    use.energy_j = 0.0;
    CHECK(efficiency_metrics(use).per_mparam);
    CHECK_FALSE(efficiency_metrics(use).per_mj);
    use.busy_core_s = 1.0;
    CHECK_FALSE(efficiency_metrics(use).per_utilisation);
}

TEST_CASE("without waste effective is nominal, with it the ratios fall by the same factor") {
    ResourceUse nominal = with(0.85, 8e4, 12.5e6);
    nominal.energy_j = 1e-3;
    nominal.nvm_moved_b = 2e5;
    const auto same = compare_efficiency(nominal, nominal);
    CHECK(*same.effective.per_mj == *same.nominal.per_mj);
    CHECK(*same.wasted_share == 0.0);
    ResourceUse run = nominal;
    run.energy_j = 1.6e-3;
    run.nvm_moved_b = 5e5;
    const auto worse = compare_efficiency(nominal, run);
    CHECK(*worse.effective.per_mj == near(*worse.nominal.per_mj / 1.6));
    CHECK(*worse.effective.per_mb_nvm == near(*worse.nominal.per_mb_nvm / 2.5));
    CHECK(*worse.effective.per_mparam == *worse.nominal.per_mparam);
    CHECK(*worse.wasted_share == near(0.375));
}

TEST_CASE("a network brings its parameters, its MACs and the accuracy of its last exit") {
    Network n;
    Layer a;
    a.params = 10;
    a.macs = 100;
    Layer b;
    b.params = 5;
    b.macs = 7;
    n.layers = {a, b};
    CHECK(*resources_of(n).parameters == 15);
    CHECK(*resources_of(n).operations == 107);
    CHECK_FALSE(resources_of(n).accuracy);
    n.layers[0].exit_accuracy = 0.7;
    n.layers[1].exit_accuracy = 0.9;
    CHECK(*resources_of(n).accuracy == 0.9);
}
