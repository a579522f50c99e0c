// SPDX-License-Identifier: Apache-2.0
/// Are the Sobol indices those of functions whose indices have a closed form?
#include <boost/random/sobol.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "models/core/error.hpp"
#include "sim/analysis/sensitivity.hpp"

using namespace ebb;

namespace {

constexpr double kPi = 3.14159265358979323846;

using Function = std::function<double(const std::vector<double>&)>;

struct Exact {
    std::vector<double> first, total;
    double variance = 0.0;
};

/// Ishigami and Homma 1990: sin x1 + a sin² x2 + b x3⁴ sin x1, each x in [-pi, pi].
constexpr double kA = 7.0, kB = 0.1;

double ishigami(const std::vector<double>& u) {
    const auto x = [&](std::size_t i) { return kPi * (2.0 * u[i] - 1.0); };
    return std::sin(x(0)) + kA * std::sin(x(1)) * std::sin(x(1)) +
           kB * std::pow(x(2), 4) * std::sin(x(0));
}

Exact of_ishigami() {
    const double p4 = std::pow(kPi, 4), p8 = p4 * p4;
    const double v1 = 0.5 * std::pow(1.0 + kB * p4 / 5.0, 2), v2 = kA * kA / 8.0;
    const double v13 = 8.0 * kB * kB * p8 / 225.0, v = v1 + v2 + v13;
    return {{v1 / v, v2 / v, 0.0}, {(v1 + v13) / v, v2 / v, v13 / v}, v};
}

/// Sobol's g-function (Saltelli and Sobol 1995): product of (|4 u - 2| + a)/(1 + a).
const std::vector<double> kG = {0.0, 1.0, 4.5, 9.0};

double g_function(const std::vector<double>& u) {
    double y = 1.0;
    for (std::size_t i = 0; i < kG.size(); ++i) {
        y *= (std::fabs(4.0 * u[i] - 2.0) + kG[i]) / (1.0 + kG[i]);
    }
    return y;
}

Exact of_g() {
    double all = 1.0;
    std::vector<double> own;
    for (const double a : kG) {
        own.push_back(1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
        all *= 1.0 + own.back();
    }
    Exact exact;
    exact.variance = all - 1.0;
    for (const double v : own) {
        exact.first.push_back(v / exact.variance);
        exact.total.push_back(v * all / (1.0 + v) / exact.variance);
    }
    return exact;
}

/// How the runs of a Saltelli design may lie: which comes first in a block, or whole matrices.
enum class Lie { b_last, b_second, stacked };

Design saltelli(const Function& f, std::size_t k, std::size_t blocks, Lie lie) {
    boost::random::sobol engine(2 * k);
    const double scale = static_cast<double>((boost::random::sobol::max)()) + 1.0;
    std::vector<std::vector<double>> points((k + 2) * blocks);
    for (std::size_t j = 0; j < blocks; ++j) {
        std::vector<double> a(k), b(k);
        for (double& x : a) {
            x = static_cast<double>(engine()) / scale;
        }
        for (double& x : b) {
            x = static_cast<double>(engine()) / scale;
        }
        const auto place = [&](std::size_t which) {  // 0: A, 1: B, 2 + i: AB_i
            if (lie == Lie::stacked) {
                return which * blocks + j;
            }
            const bool last = lie == Lie::b_last;
            return j * (k + 2) +
                   (which == 1 && last ? k + 1 : (which > 1 && last ? which - 1 : which));
        };
        points[place(0)] = a;
        points[place(1)] = b;
        for (std::size_t i = 0; i < k; ++i) {
            points[place(2 + i)] = a;
            points[place(2 + i)][i] = b[i];
        }
    }
    Design design;
    design.cells.resize(k);
    for (std::size_t i = 0; i < k; ++i) {
        design.axes.push_back("x" + std::to_string(i + 1));
    }
    for (const auto& point : points) {
        for (std::size_t i = 0; i < k; ++i) {
            design.cells[i].push_back(point[i]);
        }
        design.y.push_back(f(point));
    }
    return design;
}

/// The middles of so many equal cells of each axis.
Design grid(const Function& f, const std::vector<std::size_t>& cells) {
    Design design;
    design.cells.resize(cells.size());
    std::size_t points = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        design.axes.push_back("x" + std::to_string(i + 1));
        points *= cells[i];
    }
    for (std::size_t p = 0; p < points; ++p) {
        std::vector<double> u;
        std::size_t rest = p;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            u.push_back((static_cast<double>(rest % cells[i]) + 0.5) /
                        static_cast<double>(cells[i]));
            rest /= cells[i];
            design.cells[i].push_back(u.back());
        }
        design.y.push_back(f(u));
    }
    return design;
}

void check_near(const SobolIndices& found, const Exact& exact, double within) {
    REQUIRE(found.inputs.size() == exact.first.size());
    for (std::size_t i = 0; i < exact.first.size(); ++i) {
        INFO(found.inputs[i].input);
        CHECK(found.inputs[i].first == Approx(exact.first[i]).margin(within));
        CHECK(found.inputs[i].total == Approx(exact.total[i]).margin(within));
    }
    CHECK(found.variance == Approx(exact.variance).epsilon(within));
}

std::string refusal(const Design& design) {
    try {
        static_cast<void>(sensitivity(design, 0.95));
    } catch (const InputError& error) {
        return error.mistakes().front().message;
    }
    FAIL("was taken");
    return {};
}

}  // namespace

TEST_CASE("a Saltelli design gives the indices of the Ishigami function, however its runs lie") {
    for (const Lie lie : {Lie::b_last, Lie::b_second, Lie::stacked}) {
        const SobolIndices found = sensitivity(saltelli(ishigami, 3, 8192, lie), 0.95);
        CHECK(found.method == SobolIndices::Method::saltelli);
        CHECK(found.blocks == 8192);
        check_near(found, of_ishigami(), 4e-3);
    }
}

TEST_CASE("a Saltelli design gives the indices of Sobol's g-function") {
    check_near(sensitivity(saltelli(g_function, 4, 8192, Lie::b_last), 0.95), of_g(), 4e-3);
}

TEST_CASE("the bootstrap interval of an index holds it, and narrows as the sample grows") {
    const Exact exact = of_ishigami();
    double width = INFINITY;
    for (const std::size_t blocks : {256U, 1024U, 4096U}) {
        const SobolIndices found = sensitivity(saltelli(ishigami, 3, blocks, Lie::b_last), 0.95);
        for (std::size_t i = 0; i < 3; ++i) {
            const InputSensitivity& input = found.inputs[i];
            REQUIRE(input.total_interval.has_value());
            CHECK(input.first_interval->low <= exact.first[i]);
            CHECK(input.first_interval->high >= exact.first[i]);
            CHECK(input.total_interval->low <= exact.total[i]);
            CHECK(input.total_interval->high >= exact.total[i]);
        }
        const Interval& i = *found.inputs[0].first_interval;
        CHECK(i.high - i.low < 0.7 * width);  // halves with four times the blocks
        width = i.high - i.low;
    }
}

TEST_CASE("a block with a missing value is left out whole, and told") {
    Design design = saltelli(ishigami, 3, 1024, Lie::b_last);
    design.y[7] = std::nan("");
    design.y[1000] = std::nan("");
    const SobolIndices found = sensitivity(design, 0.95);
    CHECK(found.blocks == 1022);
    CHECK(found.dropped == 2);
    CHECK(found.points == 1022 * 5);
    check_near(found, of_ishigami(), 2e-2);
}

TEST_CASE("a grid gives the indices of a product exactly, as its levels have them") {
    // f = product of g_i: with means m_i and variances v_i of g_i over the levels,
    // V = prod(m² + v) - prod m², V_i = v_i prod_(j != i) m_j², V_Ti = v_i prod_(j != i)(m_j² +
    // v_j).
    const std::vector<std::size_t> cells = {7, 4, 3, 2};
    std::vector<double> m, v;
    for (std::size_t i = 0; i < kG.size(); ++i) {
        double sum = 0.0, squares = 0.0;
        for (std::size_t c = 0; c < cells[i]; ++c) {
            const double u = (static_cast<double>(c) + 0.5) / static_cast<double>(cells[i]);
            const double g = (std::fabs(4.0 * u - 2.0) + kG[i]) / (1.0 + kG[i]);
            sum += g / static_cast<double>(cells[i]);
            squares += g * g / static_cast<double>(cells[i]);
        }
        m.push_back(sum);
        v.push_back(squares - sum * sum);
    }
    double both = 1.0, means = 1.0;
    for (std::size_t i = 0; i < m.size(); ++i) {
        both *= m[i] * m[i] + v[i];
        means *= m[i] * m[i];
    }
    Exact exact;
    exact.variance = both - means;
    for (std::size_t i = 0; i < m.size(); ++i) {
        exact.first.push_back(v[i] * means / (m[i] * m[i]) / exact.variance);
        exact.total.push_back(v[i] * both / (m[i] * m[i] + v[i]) / exact.variance);
    }
    const SobolIndices found = sensitivity(grid(g_function, cells), 0.95);
    CHECK(found.method == SobolIndices::Method::grid);
    CHECK(found.layout == "grid of 7 x 4 x 3 x 2 points");
    CHECK_FALSE(found.inputs[0].first_interval.has_value());
    check_near(found, exact, 1e-12);
}

TEST_CASE("a fine grid comes to the indices of the Ishigami function") {
    // The midpoint rule is exact for the sines; x3 brings the error of its 400 cells, about h².
    check_near(sensitivity(grid(ishigami, {8, 8, 400}), 0.95), of_ishigami(), 5e-5);
}

TEST_CASE("axes that always change together are one input") {
    Design design = grid(g_function, {3, 3, 2, 2});
    design.axes.push_back("twin");
    design.cells.push_back(design.cells[1]);
    for (double& x : design.cells.back()) {
        x = 10.0 - x;
    }
    const SobolIndices found = sensitivity(design, 0.95);
    REQUIRE(found.inputs.size() == 4);
    CHECK(found.inputs[1].input == "x2 with twin");
}

TEST_CASE("what has no Sobol indices is refused with the reason") {
    Design sampled = saltelli(g_function, 4, 20, Lie::b_last);
    for (std::size_t p = 0; p < sampled.y.size(); ++p) {
        for (std::size_t i = 0; i < 4; ++i) {
            sampled.cells[i][p] = static_cast<double>((p * (2 * i + 3)) % 997);  // all different
        }
    }
    CHECK(refusal(sampled).find("neither a full grid nor a Saltelli design") != std::string::npos);
    Design hole = grid(g_function, {3, 3, 2, 2});
    hole.y[4] = std::nan("");
    CHECK(refusal(hole).find("1 of the grid's 36 points have no value") != std::string::npos);
    Design missing = grid(g_function, {3, 3, 2, 2});
    missing.y.pop_back();
    for (auto& axis : missing.cells) {
        axis.pop_back();
    }
    CHECK(refusal(missing).find("neither a full grid") != std::string::npos);
    Design flat = grid([](const std::vector<double>&) { return 3.0; }, {3, 3});
    CHECK(refusal(flat).find("the same at every point") != std::string::npos);
    CHECK(refusal(Design{{}, {}, {1.0}, 0.0}).find("varies no input") != std::string::npos);
}
