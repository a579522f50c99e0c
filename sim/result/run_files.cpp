// SPDX-License-Identifier: Apache-2.0
#include "sim/result/run_files.hpp"

#include "sim/result/layers_csv.hpp"
#include "sim/result/summary_json.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <sys/utsname.h>
#include <chrono>
#include <nlohmann/json.hpp>

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

std::string compiler_name() {
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "gcc " __VERSION__;
#else
    return "unknown";
#endif
}

std::string c_library_name() {
#ifdef __GLIBC__
    return std::string("glibc ") + gnu_get_libc_version();
#else
    return "unknown";
#endif
}

/// glibc has several versions of exp, log, sin, ... and picks by these
/// (sysdeps/x86_64/fpu/multiarch).
Json cpu_features() {
    Json features = Json::array();
#if defined(__x86_64__) && defined(__GNUC__)
    const auto add = [&](bool there, const char* name) {
        if (there) {
            features.push_back(name);
        }
    };
    add(__builtin_cpu_supports("avx") != 0, "avx");
    add(__builtin_cpu_supports("fma4") != 0, "fma4");
    add(__builtin_cpu_supports("fma") != 0, "fma");
    add(__builtin_cpu_supports("avx2") != 0, "avx2");
    add(__builtin_cpu_supports("avx512f") != 0, "avx512f");
#endif
    return features;
}

Json inputs_json(const Scenario& scenario) {
    Json inputs = Json::array();
    for (const InputFile& input : scenario.inputs) {
        inputs.push_back({{"role", input.role}, {"path", input.path}, {"sha256", input.sha256}});
    }
    return inputs;
}

Json recording_json(const FileRecorder::Report& report) {
    return {{"level", name_of(report.level)},    {"events_seen", report.events_seen},
            {"event_rows", report.event_rows},   {"events_truncated", report.events_truncated},
            {"points_seen", report.points_seen}, {"timeline_rows", report.timeline_rows}};
}

Json manifest_json(const Scenario& scenario, const Result& result, const RunInfo& info,
                   const FileRecorder::Report& report) {
    std::vector<std::string> notes = scenario.notes;
    notes.insert(notes.end(), result.notes.begin(), result.notes.end());
    const auto now =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    return {{"program", "ebb"},
            {"version", info.version},
            {"commit", info.commit},
            {"command", info.command},
            {"scenario", scenario.name},
            {"seed", scenario.seed},
            {"inputs", inputs_json(scenario)},
            {"notes", notes},
            {"recording", recording_json(report)},
            {"platform", platform_json()},
            {"wall_s", result.time.wall_s},
            {"finished_utc", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                                         fmt::gmtime(std::chrono::system_clock::to_time_t(now)))}};
}

}  // namespace

nlohmann::ordered_json platform_json() {
    utsname machine{};
    const bool known = uname(&machine) == 0;
    return {{"compiler", compiler_name()},
            {"c_library", c_library_name()},
            {"system", known ? fmt::format("{} {}", machine.sysname, machine.release) : "unknown"},
            {"machine", known ? machine.machine : "unknown"},
            {"cpu_features", cpu_features()}};
}

void write_run(RunFolder& folder, const Scenario& scenario, Result& result, const RunInfo& info,
               FileRecorder& recorder) {
    recorder.finish();
    const std::vector<Finding> more = recorder.findings();
    result.findings.insert(result.findings.end(), more.begin(), more.end());
    folder.write("summary.json", json_text(summary_json(result)));
    if (!result.layers.empty()) {
        folder.write("layers.csv", layers_csv(result.layers));
    }
    if (result.efficiency) {
        folder.write("metrics.csv", metrics_csv(*result.efficiency));
    }
    folder.write("resolved.yaml", scenario.resolved_yaml);
    folder.write("manifest.json",
                 json_text(manifest_json(scenario, result, info, recorder.report())));
    folder.commit();
}

}  // namespace ebb
