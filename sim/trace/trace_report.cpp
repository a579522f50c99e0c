// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/trace_report.hpp"

#include "models/core/nearest.hpp"
#include "models/core/quantity.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/locate.hpp"
#include "sim/trace/plot.hpp"
#include "sim/trace/statistics.hpp"
#include "sim/trace/trace_format.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ebb {
namespace {

using Json = nlohmann::ordered_json;

/// Whether a file with the right name or size is there; listing does not compute checksums.
bool seems_present(const CatalogRow& row, const TraceEnvironment& environment) {
    namespace fs = std::filesystem;
    std::error_code code;
    if (row.status == "shipped")
        return std::any_of(
            environment.shipped.begin(), environment.shipped.end(),
            [&](const std::string& f) { return fs::exists(fs::path(f) / row.path, code); });
    if (!row.sha256.empty() && !environment.cache.empty() &&
        fs::exists(cache_path(row, environment), code))
        return true;
    return !row.mirror_name.empty() && !environment.mirror.empty() && !is_url(environment.mirror) &&
           fs::exists(fs::path(environment.mirror) / row.mirror_name, code);
}

std::string where_text(const CatalogRow& row, const TraceEnvironment& environment) {
    if (seems_present(row, environment))
        return row.status == "shipped" ? "with ebb" : "here";
    return row.status == "shipped" ? "missing" : row.status;
}

/// A number of the catalog as JSON: null if it is empty, text if it is no number.
Json number_or_text(const std::string& text) {
    if (text.empty())
        return nullptr;
    double value = 0.0;
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, value).ptr == end)
        return value;
    return text;
}

std::string duration_text(const std::string& text) {
    const Json value = number_or_text(text);
    return value.is_number() ? fmt::format("{:g} s", value.get<double>()) : text;
}

Json row_json(const CatalogRow& row) {
    return {{"id", row.id},
            {"kind", row.kind},
            {"origin", row.origin},
            {"commit", row.commit},
            {"path", row.path},
            {"url", row.url()},
            {"sha256", row.sha256},
            {"bytes", row.bytes},
            {"licence", row.licence},
            {"redistributable", row.redistributable},
            {"format", row.format},
            {"can_be_read", find_trace_format(row.format) != nullptr},
            {"units", row.units},
            {"sample_period_s", number_or_text(row.sample_period_s)},
            {"duration_s", number_or_text(row.duration_s)},
            {"mean", number_or_text(row.mean)},
            {"mean_note", row.mean_note},
            {"citation", row.citation},
            {"status", row.status}};
}

void add_line(std::string& out, const char* label, const std::string& text) {
    if (!text.empty())
        out += fmt::format("  {:<11}{}\n", label, text);
}

std::string row_text(const CatalogRow& row) {
    std::string out;
    add_line(out, "kind", row.kind);
    add_line(out, "origin",
             row.commit.empty()
                 ? fmt::format("{} {}", row.origin, row.path)
                 : fmt::format("{} @{} {}", row.origin, row.commit.substr(0, 7), row.path));
    add_line(out, "licence",
             fmt::format("{} (may be passed on: {})",
                         row.licence.empty() ? "not stated" : row.licence, row.redistributable));
    add_line(out, "citation", row.citation);
    add_line(out, "units", row.units);
    return out;
}

std::string statistics_text(const Series& series, const std::optional<double>& resistance_ohm) {
    const TraceStatistics s = statistics_of(series, usual_thresholds(series.quantity));
    const char* const unit = si_unit_of(series.quantity);
    std::string out;
    add_line(out, "quantity", name_of(series.quantity));
    add_line(out, "length",
             s.uniform_step_s > 0.0 ? fmt::format("{:.12g} s, {} samples of {:g} s", s.duration_s,
                                                  s.samples, s.uniform_step_s)
                                    : fmt::format("{:.12g} s, {} stretches of different length",
                                                  s.duration_s, s.samples));
    add_line(out, "values",
             fmt::format("mean {}, median {}, {} .. {} ({:.3g} % of the time)",
                         with_prefix(s.mean, unit), with_prefix(s.median, unit),
                         with_prefix(s.smallest, unit), with_prefix(s.largest, unit),
                         100.0 * s.at_largest));
    if (*integral_name_of(series.quantity) != '\0')
        add_line(out, integral_name_of(series.quantity),
                 with_prefix(s.integral, integral_unit_of(series.quantity)));
    if (series.quantity == Quantity::voltage_v && resistance_ohm)
        add_line(
            out, "energy",
            fmt::format("{} into {}, mean {}",
                        with_prefix(s.integral_of_square / *resistance_ohm, "J"),
                        format_quantity(*resistance_ohm, Dimension::resistance),
                        with_prefix(s.integral_of_square / *resistance_ohm / s.duration_s, "W")));
    for (const AboveThreshold& a : s.above)
        add_line(out, &a == &s.above.front() ? "above" : "",
                 fmt::format("{:>9}: {:5.1f} % of the time; longest at or below it {:g} s",
                             with_prefix(a.threshold, unit), 100.0 * a.share, a.longest_below_s));
    if (const std::optional<EtaFactor> eta = eta_factor(series))
        add_line(
            out, "eta-factor",
            fmt::format("{:.2f} (1: what it does persists, 0: a lottery), slots of {:.4g} s at "
                        "or above {}",
                        eta->eta, eta->slot_s, with_prefix(eta->threshold, unit)));
    return out;
}

Json statistics_json(const Series& series, const std::optional<double>& resistance_ohm) {
    const TraceStatistics s = statistics_of(series, usual_thresholds(series.quantity));
    Json above = Json::array();
    for (const AboveThreshold& a : s.above)
        above.push_back({{"threshold", a.threshold},
                         {"share", a.share},
                         {"longest_at_or_below_s", a.longest_below_s}});
    Json out = {{"quantity", name_of(series.quantity)},
                {"unit", si_unit_of(series.quantity)},
                {"samples", s.samples},
                {"uniform_step_s", s.uniform_step_s > 0.0 ? Json(s.uniform_step_s) : Json(nullptr)},
                {"duration_s", s.duration_s},
                {"mean", s.mean},
                {"median", s.median},
                {"smallest", s.smallest},
                {"largest", s.largest},
                {"share_at_largest", s.at_largest},
                {"integral", s.integral},
                {"integral_unit", integral_unit_of(series.quantity)},
                {"above", above}};
    out["eta_factor"] = nullptr;
    if (const std::optional<EtaFactor> eta = eta_factor(series))
        out["eta_factor"] = {
            {"eta", eta->eta}, {"slot_s", eta->slot_s}, {"threshold", eta->threshold}};
    if (series.quantity == Quantity::voltage_v && resistance_ohm)
        out["energy_across_j"] = s.integral_of_square / *resistance_ohm;
    return out;
}

}  // namespace

std::vector<const CatalogRow*> rows_of_kind(const Catalog& catalog, const std::string& kind) {
    const std::vector<std::string> kinds = catalog.kinds();
    if (!kind.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
        Place place;
        place.file = "command line";
        place.excerpt = kind;
        throw_mistake(place, fmt::format("no trace is of kind '{}'", kind),
                      did_you_mean(kind, kinds), fmt::format("kinds: {}", joined(kinds)));
    }
    std::vector<const CatalogRow*> rows;
    for (const CatalogRow& row : catalog.rows())
        if (kind.empty() || row.kind == kind)
            rows.push_back(&row);
    return rows;
}

std::string list_text(const std::vector<const CatalogRow*>& rows,
                      const TraceEnvironment& environment) {
    std::size_t width = 2;
    for (const CatalogRow* row : rows)
        width = std::max(width, row->id.size());
    std::string out = fmt::format("{:<{}}  {:<9} {:<15} {:<14} {}\n", "id", width, "where",
                                  "format", "length", "licence");
    bool unreadable = false;
    for (const CatalogRow* row : rows) {
        const bool readable = find_trace_format(row->format) != nullptr;
        unreadable = unreadable || !readable;
        out += fmt::format(
            "{:<{}}  {:<9} {:<15} {:<14} {}\n", row->id, width, where_text(*row, environment),
            readable ? row->format
                     : fmt::format("({})", row->format.empty()
                                               ? "unknown"
                                               : row->format.substr(0, row->format.find(' '))),
            duration_text(row->duration_s), row->licence);
    }
    if (unreadable)
        out += "formats in brackets cannot be read yet\n";
    return out;
}

std::string list_json(const std::vector<const CatalogRow*>& rows,
                      const TraceEnvironment& environment) {
    Json out = Json::array();
    for (const CatalogRow* row : rows) {
        Json entry = row_json(*row);
        entry["present"] = seems_present(*row, environment);
        out.push_back(std::move(entry));
    }
    return out.dump(2) + "\n";
}

std::string info_text(const TraceInfo& info, std::size_t plot_width) {
    std::string out = fmt::format("{}\n", info.row ? info.row->id : info.trace->id);
    if (info.row)
        out += row_text(*info.row);
    if (!info.trace) {
        add_line(out, "sha256", info.row->sha256);
        add_line(out, "length", duration_text(info.row->duration_s));
        add_line(out, "mean",
                 info.row->mean.empty() ? "" : info.row->mean + " " + info.row->mean_note);
        add_line(out, "not read", info.why_not);
        return out;
    }
    add_line(out, "file", info.trace->path);
    add_line(out, "sha256", info.trace->sha256);
    add_line(out, "format", info.trace->format);
    out += statistics_text(*info.trace->series, info.resistance_ohm);
    for (const std::string& note : info.trace->notes)
        add_line(out, "note", note);
    const std::string plot = plot_text(*info.trace->series, plot_width);
    if (!plot.empty())
        out += "\n" + plot;
    return out;
}

std::string info_json(const TraceInfo& info) {
    Json out;
    if (info.row)
        out["catalog"] = row_json(*info.row);
    if (!info.trace) {
        out["not_read"] = info.why_not;
        return out.dump(2) + "\n";
    }
    out["id"] = info.trace->id;
    out["path"] = info.trace->path;
    out["sha256"] = info.trace->sha256;
    out["format"] = info.trace->format;
    out["licence"] = info.trace->licence;
    out["notes"] = info.trace->notes;
    out["statistics"] = statistics_json(*info.trace->series, info.resistance_ohm);
    return out.dump(2) + "\n";
}

}  // namespace ebb
