// SPDX-License-Identifier: Apache-2.0
/// What the tests of results share: a result with a different number in every place, a device that
/// charges and discharges on straight lines, and a folder that goes away by itself.
#pragma once

#include "sim/result/file_recorder.hpp"
#include "sim/result/result.hpp"

#include <unistd.h>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace ebb_test {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "ebb-test-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const {
        return (std::filesystem::path(path_) / name).string();
    }

private:
    std::string path_;
};

inline std::string text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

inline void put(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

inline std::vector<std::string> split(const std::string& line, char by = ',') {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, by);) {
        cells.push_back(cell);
    }
    return cells;
}

/// Every number differs from every other, so that a swapped accessor shows.
inline ebb::Result result_of_distinct_numbers() {
    ebb::Result r;
    std::int64_t n = 100;
    const auto count = [&](std::int64_t& x) { x = ++n; };
    const auto value = [&](auto& x) { x = static_cast<double>(++n) + 0.125; };
    r.name = "a run with a number in every place";
    value(r.time.simulated_s);
    value(r.time.wall_s);
    r.time.end = ebb::End::until;
    for (auto* x : {&r.power.boots, &r.power.brown_outs, &r.power.sleeps}) {
        count(*x);
    }
    value(r.power.on_s);
    value(r.power.off_s);
    for (auto* x : {&r.power.mean_on_s, &r.power.mean_off_s, &r.power.longest_off_s}) {
        value(*x);
    }
    for (auto* x : {&r.work.jobs_released, &r.work.jobs_done, &r.work.jobs_late,
                    &r.work.jobs_dropped, &r.work.units_done, &r.work.units_repeated}) {
        count(*x);
    }
    for (auto* x : {&r.work.first_done_s, &r.work.latency_mean_s, &r.work.latency_p50_s,
                    &r.work.latency_p95_s, &r.work.latency_max_s, &r.work.forward_progress}) {
        value(*x);
    }
    r.work.tasks = {{"sense", ++n, ++n}, {"send", ++n, ++n}};
    for (auto* x : {&r.checkpoint.attempted, &r.checkpoint.completed, &r.checkpoint.torn,
                    &r.checkpoint.restored, &r.checkpoint.unused}) {
        count(*x);
    }
    for (auto* x : {&r.nvm.read_bytes, &r.nvm.written_bytes, &r.nvm.max_writes_per_cell}) {
        value(*x);
    }
    value(r.nvm.endurance_used);
    r.consistency.checked = true;
    count(r.consistency.violations);
    r.consistency.not_modelled = {"one thing", "another"};
    for (auto* x : {&r.energy_j.offered, &r.energy_j.harvested, &r.energy_j.converter_loss,
                    &r.energy_j.clipped, &r.energy_j.stored_change, &r.energy_j.residual}) {
        value(*x);
    }
    for (std::size_t sink = 0; sink < ebb::kSinkCount; ++sink) {
        if (static_cast<ebb::Sink>(sink) != ebb::Sink::nvm_index) {
            value(r.energy_j.sinks[static_cast<ebb::Sink>(sink)]);
        }
    }
    r.kernel.decisions = static_cast<std::uint64_t>(++n);
    r.kernel.events = static_cast<std::uint64_t>(++n);
    r.kernel.segments = static_cast<std::uint64_t>(++n);
    r.findings = {{"a_code", static_cast<double>(++n), "One sentence.", {{"needed_j", 0.5}}}};
    return r;
}

/// `cycles` times: off while the store charges from 1.8 V to 3 V in `points` steps, boot, a task
/// while it discharges again. One cycle lasts one second.
inline void toy_cycles(ebb::FileRecorder& recorder, int cycles, int points) {
    using ebb::DeviceState;
    using ebb::Time;
    constexpr std::int64_t kSecond = 1'000'000'000;
    for (int cycle = 0; cycle < cycles; ++cycle) {
        const std::int64_t start = cycle * kSecond;
        recorder.state(Time(start), DeviceState::off);
        for (int i = 0; i <= points; ++i) {
            recorder.point(Time(start + i * (kSecond * 8 / 10) / points), 1.8 + 1.2 * i / points,
                           (i % 7) * 1e-5, 0.0);
        }
        recorder.event(Time(start + kSecond * 8 / 10), "boot", "", 3.0);
        recorder.state(Time(start + kSecond * 8 / 10), DeviceState::active);
        for (int i = 0; i <= points; ++i) {
            recorder.point(Time(start + kSecond * 8 / 10 + i * (kSecond / 5) / points),
                           3.0 - 1.2 * i / points, 1e-4, 3e-3 * (1.0 - 0.4 * i / points));
        }
        recorder.event(Time(start + kSecond * 9 / 10), "task_done", "sense", 2.4);
        recorder.event(Time(start + kSecond), "brown_out", "", 1.8);
    }
}

}  // namespace ebb_test
