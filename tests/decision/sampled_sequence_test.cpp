// SPDX-License-Identifier: Apache-2.0
// A sensor that leaves elements out: mean power, against the logs of a published simulator.
#include "models/workload/sampled_sequence.hpp"
#include "tests/support/test_data.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace ebb;
using namespace ebb::test;

namespace {

// Constants of tejaskannan/budget-rnn @ad5acad (Apache-2.0), measured on an MSP430FR5994.
constexpr int kElements = 50;
constexpr double kPeriod_s = 2.0;
constexpr double kStandardCompute_j = 0.3423e-3;
constexpr double kBudgetCompute_j = 0.5033e-3;

SampledSequence bluetooth(double compute_j) {
    return {kElements, kPeriod_s, 1.594e-3, 29.63e-3, 0.0, compute_j};
}

SampledSequence temperature(double compute_j) {
    return {kElements, kPeriod_s, 0.0, 3.3 * kPeriod_s * 0.8566e-3, 3.3 * kPeriod_s * 0.055e-3,
            compute_j};
}

struct LogRow {
    std::string system;
    double offset_w = 0.0, budget_w = 0.0, power_w = 0.0;
};

std::vector<LogRow> logs() {
    std::vector<LogRow> out;
    for (const CsvRow& row : test_table("golden/budget_rnn_uci_har.csv")) {
        out.push_back({row.text("system"), row.number("noise_mean_w"), row.number("budget_w"),
                       row.number("mean_power_w")});
    }
    return out;
}

}  // namespace

TEST_CASE("mean power of a sampled sequence is its idle power and the energy of its elements") {
    CHECK(mean_power_w(bluetooth(kBudgetCompute_j), 10) == Approx(4.60733e-3).epsilon(1e-9));
    CHECK(mean_power_w(bluetooth(kBudgetCompute_j), 15) == Approx(6.113995e-3).epsilon(1e-9));
    CHECK(mean_power_w(bluetooth(kBudgetCompute_j), 0) == Approx(1.594e-3));
    // (3.3 x 2 x (20 x 0.8566 + 30 x 0.055) + 20 x 0.3423)/100 mW
    CHECK(mean_power_w(temperature(kStandardCompute_j), 20) ==
          Approx((6.6 * (20 * 0.8566 + 30 * 0.055) + 20 * 0.3423) * 1e-5).epsilon(1e-12));
}

TEST_CASE("the most elements within a budget cost no more than it, and one step more would") {
    for (const auto& s : {bluetooth(kBudgetCompute_j), temperature(kStandardCompute_j)}) {
        for (int step : {1, 5}) {
            for (double budget_w = 0.1e-3; budget_w < 18e-3; budget_w += 0.37e-3) {
                const int n = most_taken_within(s, budget_w, step);
                CHECK(n % step == 0);
                if (n > 0) {
                    CHECK(mean_power_w(s, n) <= budget_w);
                }
                if (n + step <= kElements) {
                    CHECK(mean_power_w(s, n + step) > budget_w);
                }
            }
        }
    }
}

TEST_CASE("a fixed number of elements under a budget draws what the published logs say") {
    // The Budget RNN decides between levels of five elements. The noise of each inference has the
    // offset as its mean and 0.05 mW as its spread: what is left of it over the data set is one
    // number for all rows, and it is the only thing that the formula does not know.
    int fixed = 0;
    std::vector<double> noise_w;
    for (const LogRow& row : logs()) {
        const bool budget_rnn = row.system.find("sample_rnn") == 0;
        if (!budget_rnn || row.system.find("/fixed_under_budget") == std::string::npos) {
            continue;
        }
        const auto s = bluetooth(kBudgetCompute_j);
        const double power_w = mean_power_w(s, most_taken_within(s, row.budget_w, 5));
        INFO(row.system << " offset " << row.offset_w << " budget " << row.budget_w);
        // A budget that the noise exhausts ends the run at the budget.
        CHECK(std::min(row.budget_w, power_w + row.offset_w) ==
              Approx(row.power_w).epsilon(0.02).margin(0));
        if (power_w + row.offset_w < row.budget_w - 0.05e-3) {
            noise_w.push_back(row.power_w - row.offset_w - power_w);
        }
        ++fixed;
    }
    if (fixed == 0) {
        return;
    }
    CHECK(fixed == 220);
    REQUIRE(noise_w.size() > 100);
    const auto [low, high] = std::minmax_element(noise_w.begin(), noise_w.end());
    CHECK(*high - *low < 1e-12);      // the formula is exact: the rest is one constant
    CHECK(std::abs(*high) < 0.2e-6);  // 0.18 uW of noise
}

TEST_CASE("what other networks drew in the logs is a whole number of elements by the formula") {
    // They choose their number by accuracy as well as by budget, so that it is not predicted; but
    // it must be whole. The noise is the constant of the test above.
    const auto s = bluetooth(kStandardCompute_j);
    const double each_w = mean_power_w(s, 1) - mean_power_w(s, 0);
    constexpr double kNoise_w = 0.1789448e-6;
    int whole = 0;
    for (const LogRow& row : logs()) {
        const bool fixed =
            row.system == "rnn/fixed_under_budget" || row.system == "phased_rnn/fixed_under_budget";
        if (!fixed || row.power_w > row.budget_w - 0.1e-3) {
            continue;  // ended by its budget
        }
        const double taken = (row.power_w - row.offset_w - kNoise_w - s.idle_w) / each_w;
        INFO(row.system << " offset " << row.offset_w << " budget " << row.budget_w);
        CHECK(std::abs(taken - std::round(taken)) < 1e-6);
        CHECK(mean_power_w(s, static_cast<int>(std::lround(taken))) <= row.budget_w);
        ++whole;
    }
    CHECK((whole == 0 || whole > 100));
}

TEST_CASE("a controller that adapts stays within its budget and between no element and all") {
    // Adaptive rows: the power is between no element and all of them, at most the budget (2 % for
    // the noise), and the mean number of elements that it amounts to is one that can be taken.
    int adaptive = 0;
    for (const LogRow& row : logs()) {
        if (row.system.find("sample_rnn") != 0 ||
            row.system.find("/adaptive") == std::string::npos) {
            continue;
        }
        const auto s = bluetooth(kBudgetCompute_j);
        const double each_w = mean_power_w(s, 1) - mean_power_w(s, 0);
        const double taken = (row.power_w - row.offset_w - s.idle_w) / each_w;
        INFO(row.system << " offset " << row.offset_w << " budget " << row.budget_w);
        CHECK(row.power_w <= row.budget_w * 1.02);
        CHECK(taken > 0.0);
        CHECK(taken <= kElements);
        ++adaptive;
    }
    CHECK((adaptive == 0 || adaptive == 220));
}
