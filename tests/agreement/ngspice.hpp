// SPDX-License-Identifier: Apache-2.0
/// ngspice as a witness: runs a netlist of netlists/ in batch mode and reads its binary raw file.
///
/// @END@ and @STEP@ in a netlist become the length of the run and the largest step [s], @SERIES@ a
/// piecewise-constant series (edges of 1 ns).
#pragma once

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/core/series.hpp"
#include "tests/support/scratch_folder.hpp"

namespace ebb::test {

inline bool has_ngspice() { return std::system("command -v ngspice >/dev/null 2>&1") == 0; }

/// A series of constant stretches as the arguments of PWL(...).
inline std::string pwl_of(const Series& s) {
    std::string text;
    for (std::size_t i = 0; i < s.value.size(); ++i) {
        const double begin = static_cast<double>(s.bound_ns[i]) * 1e-9;
        const double end = static_cast<double>(s.bound_ns[i + 1]) * 1e-9;
        // Half of each edge on either side of the stamp: the area stays what it is.
        const double late = i == 0 ? 0.0 : 0.5e-9;
        text += fmt::format("\n+ {:.12g} {:.12g} {:.12g} {:.12g}", begin + late, s.value[i],
                            end - 0.5e-9, s.value[i]);
    }
    return text;
}

class Waveforms {
public:
    explicit Waveforms(const std::string& path) {
        std::ifstream in(path, std::ios::binary);
        std::size_t points = 0;
        for (std::string line; std::getline(in, line) && line != "Binary:";) {
            std::istringstream words(line);
            std::string first, second;
            words >> first >> second;
            if (line.rfind("No. Points:", 0) == 0) {
                points = std::stoull(line.substr(11));
            } else if (line[0] == '\t') {
                names_[second] = names_.size();
            }
        }
        columns_ = names_.size();
        values_.resize(points * columns_);
        in.read(reinterpret_cast<char*>(values_.data()),
                static_cast<std::streamsize>(values_.size() * sizeof(double)));
        if (points == 0 || !in) {
            throw std::runtime_error("ngspice left no complete raw file: " + path);
        }
    }
    [[nodiscard]] std::size_t points() const noexcept { return values_.size() / columns_; }
    [[nodiscard]] double at(std::size_t point, const std::string& name) const {
        return values_[point * columns_ + names_.at(name)];
    }
    [[nodiscard]] double last(const std::string& name) const { return at(points() - 1, name); }

    /// Times at which the load is connected, disconnected, and so on [s]. The point at which v(st)
    /// changes is already computed with the new state, so the crossing is taken from the slope
    /// before.
    [[nodiscard]] std::vector<double> switching(double on_v, double off_v) const {
        std::vector<double> times;
        const std::size_t time = names_.at("time"), v = names_.at("v(t)"), st = names_.at("v(st)");
        for (std::size_t i = 2; i < points(); ++i) {
            const double* before = &values_[(i - 2) * columns_];
            const double* a = before + columns_;
            const double* b = a + columns_;
            const bool rising = times.size() % 2 == 0;
            if ((b[st] > 0.5) != rising) {
                continue;
            }
            const double slope = (a[v] - before[v]) / (a[time] - before[time]);
            const double left_s = ((rising ? on_v : off_v) - a[v]) / slope;
            times.push_back(a[time] + std::min(std::max(left_s, 0.0), b[time] - a[time]));
        }
        return times;
    }

private:
    std::map<std::string, std::size_t> names_;
    std::size_t columns_ = 0;
    std::vector<double> values_;
};

inline Waveforms run_ngspice(const std::string& netlist, double end_s, double step_s,
                             const Series& series) {
    std::ifstream in(std::string(EBB_SOURCE_DIR) + "/tests/agreement/netlists/" + netlist);
    std::ostringstream whole;
    whole << in.rdbuf();
    std::string text = whole.str();
    const std::vector<std::pair<std::string, std::string>> words = {
        {"@END@", fmt::format("{:.12g}", end_s)},
        {"@STEP@", fmt::format("{:.12g}", step_s)},
        {"@SERIES@", pwl_of(series)}};
    for (const auto& [word, value] : words) {
        for (std::size_t at = text.find(word); at != std::string::npos;
             at = text.find(word, at + value.size())) {
            text.replace(at, word.size(), value);
        }
    }
    const ScratchFolder folder;
    std::ofstream(folder.file("x.cir")) << text;
    const std::string command =
        fmt::format("timeout 60 ngspice -b -r {} {} >{} 2>&1", folder.file("x.raw"),
                    folder.file("x.cir"), folder.file("log"));
    const int state = std::system(command.c_str());
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0) {
        std::ifstream log(folder.file("log"));
        std::ostringstream said;
        said << log.rdbuf();
        throw std::runtime_error("ngspice failed on " + netlist + ":\n" + said.str());
    }
    return Waveforms(folder.file("x.raw"));
}

}  // namespace ebb::test
