// SPDX-License-Identifier: Apache-2.0
/// ngspice as a witness: runs a netlist of netlists/ in batch mode and reads its binary raw file.
///
/// @SERIES@ in a netlist becomes a piecewise-constant series (edges of 1 ns), @RUN@ the way in
/// which every circuit is integrated: trapezoids, local errors to 3e-10 without ngspice's usual
/// factor of seven, steps of at most 1 ms, and a point of time at each instant that is looked at
/// (the corners of a source that drives nothing).
///
/// ngspice's switch acts at the first point behind its threshold. As it comes near, ngspice
/// shortens its steps so that the control passes by no more than 50 mV; netlists therefore control
/// a switch by a million times the voltage that is meant, which leaves 50 nV. Where a current
/// jumps, ngspice's own floor of charges (chgtol, 1e-14 C) leaves no step small enough ("timestep
/// too small"), and a step that is refused may leave the switch as it was tried, so that it
/// chatters: the floor is 3e-7 C, of which 3e-10 is still far below anything that is compared, and
/// a load follows its switch over ten nanoseconds (from node sy to st).
#pragma once

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
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

    /// Times at which the load is connected, disconnected, and so on [s].
    [[nodiscard]] std::vector<double> switching() const {
        std::vector<double> times;
        for (std::size_t i = 1; i < points(); ++i) {
            if ((at(i, "v(st)") > 0.5) == (times.size() % 2 == 0)) {
                times.push_back(at(i, "time"));
            }
        }
        return times;
    }
    /// The point at an instant that was asked for.
    [[nodiscard]] std::size_t point_at(double t_s) const {
        std::size_t i = 0;
        while (i + 1 < points() && at(i, "time") < t_s - 1e-10) {
            ++i;
        }
        if (std::fabs(at(i, "time") - t_s) > 1e-10) {
            throw std::runtime_error(fmt::format("ngspice has no point at {} s", t_s));
        }
        return i;
    }

private:
    std::map<std::string, std::size_t> names_;
    std::size_t columns_ = 0;
    std::vector<double> values_;
};

/// A series of corners that ngspice does not step over.
inline std::string ticks_at(const std::vector<double>& times) {
    std::string text = "0 0";
    for (std::size_t i = 0; i < times.size(); ++i) {
        text += fmt::format("\n+ {:.12g} {}", times[i], i % 2 == 0 ? 1 : 0);
    }
    return text;
}

/// `looks`: instants in order, the last one is the end [s].
inline Waveforms run_ngspice(const std::string& netlist, const std::vector<double>& looks,
                             const Series& series) {
    std::ifstream in(std::string(EBB_SOURCE_DIR) + "/tests/agreement/netlists/" + netlist);
    std::ostringstream whole;
    whole << in.rdbuf();
    std::string text = whole.str();
    const std::vector<std::pair<std::string, std::string>> words = {
        {"@RUN@", fmt::format("Vtick tick 0 PWL({})\n"
                              ".options method=trap reltol=3e-10 trtol=1 abstol=1e-12 vntol=1e-9 "
                              "chgtol=3e-7\n"
                              ".tran 10u {:.12g} 0 1m UIC",
                              ticks_at(looks), looks.back())},
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
