// SPDX-License-Identifier: Apache-2.0
/// Random scenarios as text: every kind of source, converter, store and consumer, with the files
/// that they name. What is drawn is meant to be valid; the values are those of small nodes, as in
/// random_scenarios.hpp, and the traces are short enough for the slow witness.
///
/// A perturbation changes values of the store that have been drawn, and nothing else.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/agreement/random_scenarios.hpp"
#include "tests/agreement/two_modes.hpp"

namespace ebb::test {

struct RandomWorld {
    std::string yaml;
    std::vector<std::pair<std::string, std::string>> files;  ///< name and content
    std::vector<std::string> drawn;  ///< names of the components, for a coverage line
};

[[nodiscard]] RandomWorld random_world(std::uint64_t seed, const Perturbation& perturbation = {});

/// Dice that throw numbers a person could have written.
class WorldDice : public Dice {
public:
    using Dice::Dice;
    /// Of any magnitude between the two, four digits.
    double pick(double lo, double hi) { return rounded(log_uniform(lo, hi)); }
    /// Evenly between the two, in thousandths.
    double level(double lo, double hi) { return std::round(uniform(lo, hi) * 1e3) / 1e3; }
    /// A share in percent, as text.
    std::string percent(double lo, double hi) {
        return fmt::format("{} %", std::round(uniform(lo, hi) * 1e3) / 10.0);
    }
    /// A whole number of quarters of a millisecond, as text.
    std::string time(double lo_ms, double hi_ms) {
        return fmt::format("{} ms", std::round(uniform(lo_ms, hi_ms) * 4.0) / 4.0);
    }

private:
    static double rounded(double x) { return std::stod(fmt::format("{:.4g}", x)); }
};

/// A scenario in the making.
struct Draft {
    Draft(std::uint64_t seed, const Perturbation& p) : dice(seed), perturbation(p) {}

    WorldDice dice;
    Perturbation perturbation;
    RandomWorld world;
    double turn_on_v = 0.0, turn_off_v = 0.0, max_v = 0.0;
    bool powered = false;
    bool several_sources = false;

    void line(const std::string& text) { world.yaml += text + "\n"; }
    void note(const std::string& component) { world.drawn.push_back(component); }
    /// Keeps a file and gives the name to write for it.
    std::string file(const std::string& name, const std::string& content) {
        world.files.emplace_back(name, content);
        return name;
    }
    double capacitance(double f) const { return f * (1.0 + perturbation.capacitance); }
    double initial(double v, double max) const {
        return std::min(v * (1.0 + perturbation.initial), max);
    }
};

/// A value with its unit.
[[nodiscard]] inline std::string of(double value, const char* unit) {
    return fmt::format("{} {}", value, unit);
}

// The parts of a world, each in its own file; they are drawn in this order.
void draw_store(Draft& draft);
void draw_sources(Draft& draft);
void draw_device(Draft& draft);

}  // namespace ebb::test
