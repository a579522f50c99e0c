// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/convert_trace.hpp"

#include "models/core/error.hpp"
#include "sim/trace/series_builder.hpp"
#include "sim/trace/statistics.hpp"
#include "sim/trace/write_csv.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr double kTolerance = 1e-12;

/// A comment is one line, whatever a catalog or a file's name holds.
std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

std::vector<std::string> origin_of(const Trace& trace, const CatalogRow* row) {
    std::vector<std::string> lines = {
        fmt::format(
            "converted by ebb from {}, format {}",
            row != nullptr ? row->id : std::filesystem::path(trace.path).filename().string(),
            trace.format),
        fmt::format("sha256 of the source: {}", trace.sha256)};
    if (row != nullptr) {
        lines.push_back(fmt::format("origin: {} @{} {}", row->origin, row->commit, row->path));
        lines.push_back(
            fmt::format("licence: {}", row->licence.empty() ? "not stated" : row->licence));
        if (!row->citation.empty())
            lines.push_back(fmt::format("citation: {}", row->citation));
    }
    for (const std::string& note : trace.notes)
        lines.push_back(fmt::format("note: {}", note));
    return lines;
}

}  // namespace

ConvertedTrace convert_trace(const Trace& trace, const CatalogRow* row) {
    Series changes = *trace.series;
    keep_changes_only(changes);
    const TraceStatistics before = statistics_of(*trace.series, {});
    const TraceStatistics after = statistics_of(changes, {});
    ConvertedTrace out;
    out.rows = before.samples;
    out.changes = after.samples;
    out.integral = after.integral;
    const double scale = std::max(std::fabs(before.integral), std::fabs(after.integral));
    out.relative_error = scale > 0.0 ? std::fabs(after.integral - before.integral) / scale : 0.0;
    if (out.relative_error > kTolerance || before.duration_s != after.duration_s)
        throw Defect("a conversion changed the integral of a trace");
    std::vector<std::string> comments = origin_of(trace, row);
    comments.push_back(fmt::format(
        "changes only: {} rows for {} samples over {} s; each value holds until the next",
        out.changes, out.rows, seconds_text(changes.duration_ns())));
    comments.push_back(fmt::format("value * time: {:.15g} {} (that of the source to {:g} relative)",
                                   out.integral, integral_unit_of(changes.quantity), kTolerance));
    std::transform(comments.begin(), comments.end(), comments.begin(), one_line);
    out.csv = csv_text(changes, comments);
    return out;
}

}  // namespace ebb
