// SPDX-License-Identifier: Apache-2.0
/// tools/convert_ivonne.py: the public recording gives its known energies, and a pickle that wants
/// to run something is refused.
#include "tests/traces/trace_support.hpp"

#include <cmath>
#include <cstdlib>
#include <sstream>

using namespace ebb;
using namespace ebb::test;

namespace {

struct DiodeRow {
    double time_s = 0.0, a = 0.0, b = 0.0, c = 0.0;

    [[nodiscard]] double power_w(double volts) const {
        return volts * (a - b * std::expm1(c * volts));
    }
    [[nodiscard]] double open_v() const { return std::log(a / b + 1) / c; }
    /// x = W((a + b)/b e) - 1, where w = x + 1 solves w + ln w = ln((a + b)/b) + 1.
    [[nodiscard]] double most_w() const {
        const double target = std::log((a + b) / b) + 1.0;
        double w = target - std::log(target);
        for (int i = 0; i < 50; ++i)
            w -= (w + std::log(w) - target) / (1.0 + 1.0 / w);
        return power_w((w - 1.0) / c);
    }
};

int convert(const std::string& from, const std::string& to, const Scratch& scratch) {
    const std::string command = "python3 '" + project_file("tools/convert_ivonne.py") + "' '" +
                                from + "' '" + to + "' > '" + scratch.path("said") + "' 2>&1";
    return std::system(command.c_str());
}

std::string text_of_file(const std::string& path) { return read_file(path, somewhere()); }

}  // namespace

TEST_CASE("the public jogging recording has its known energies") {
    const std::string path = recording("solar_wearable_shepherd_jogging_10m.iv");
    if (path.empty())
        return;
    const Scratch scratch;
    REQUIRE(convert(path, scratch.path("jogging.csv"), scratch) == 0);
    std::istringstream in(text_of_file(scratch.path("jogging.csv")));
    std::string line;
    while (std::getline(in, line) && line[0] == '#') {
    }
    CHECK(line == "time_s,a_a,b_a,c_inverse_volt");
    std::vector<DiodeRow> rows;
    char comma = 0;
    for (DiodeRow r; in >> r.time_s >> comma >> r.a >> comma >> r.b >> comma >> r.c;)
        rows.push_back(r);
    REQUIRE(rows.size() == 30'834);
    CHECK(rows.back().time_s == 616.66);
    constexpr double kStep_s = 0.02;
    double whole = 0.0;
    double first = 0.0;
    double at_1v = 0.0;
    double at_76 = 0.0;
    double at_2v = 0.0;
    double lowest_open = 9.0;
    double highest_open = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const DiodeRow& r = rows[i];
        whole += r.most_w() * kStep_s;
        lowest_open = std::min(lowest_open, r.open_v());
        highest_open = std::max(highest_open, r.open_v());
        if (i >= 1600)
            continue;
        first += r.most_w() * kStep_s;
        at_1v += std::max(0.0, r.power_w(1.0)) * kStep_s;
        at_2v += std::max(0.0, r.power_w(2.0)) * kStep_s;
        at_76 += r.power_w(0.76 * r.open_v()) * kStep_s;
    }
    CHECK(whole == Approx(347.275e-3).epsilon(1e-5));
    CHECK(first == Approx(17.7879e-3).epsilon(1e-4));
    CHECK(at_1v == Approx(17.1598e-3).epsilon(1e-4));
    CHECK(at_76 == Approx(17.6808e-3).epsilon(1e-4));
    CHECK(at_2v == 0.0);
    CHECK(lowest_open == Approx(1.3562).margin(0.501e-4));
    CHECK(highest_open == Approx(1.6177).margin(0.501e-4));
}

TEST_CASE("a pickle that asks for anything but a table is refused and does nothing") {
    const Scratch scratch;
    const std::string mark = scratch.path("mark");
    const std::string pickle = scratch.write("evil.iv", "cos\nsystem\n(S'touch " + mark + "'\ntR.");
    CHECK(convert(pickle, scratch.path("out.csv"), scratch) != 0);
    CHECK(contains(text_of_file(scratch.path("said")), "os.system, which is not allowed"));
    CHECK_FALSE(std::filesystem::exists(mark));
    CHECK_FALSE(std::filesystem::exists(scratch.path("out.csv")));
    CHECK(convert(scratch.write("list.iv", "(lp0\n."), scratch.path("out.csv"), scratch) != 0);
    CHECK(contains(text_of_file(scratch.path("said")), "not a recording of IVonne"));
    CHECK(convert(scratch.write("empty.iv", ""), scratch.path("out.csv"), scratch) != 0);
}
