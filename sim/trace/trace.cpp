// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/trace.hpp"

#include "models/core/nearest.hpp"
#include "sim/trace/catalog.hpp"
#include "sim/trace/fetch.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/files.hpp"
#include "sim/trace/gunzip.hpp"
#include "sim/trace/locate.hpp"
#include "sim/trace/sha256.hpp"
#include "sim/trace/trace_format.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace ebb {
namespace {

namespace fs = std::filesystem;

std::string resolved_path(const TraceRequest& request) {
    const fs::path path(request.ref);
    return path.is_absolute() || request.base_folder.empty()
               ? request.ref
               : (fs::path(request.base_folder) / path).lexically_normal().string();
}

const TraceFormat& chosen_format(const std::string& preset, std::string_view text,
                                 const Place& where) {
    const auto& formats = trace_formats();
    if (preset.empty())
        return *std::find_if(formats.begin(), formats.end(), [text](const TraceFormat& f) {
            return f.sniff != nullptr && f.sniff(text);
        });
    if (const TraceFormat* const format = find_trace_format(preset))
        return *format;
    std::vector<std::string> names;
    for (const TraceFormat& format : formats)
        names.emplace_back(format.preset);
    throw_mistake(where, fmt::format("the format '{}' cannot be read", preset),
                  did_you_mean(preset, names),
                  fmt::format("formats that can be read: {}", trace_format_names()));
}

/// An option that the format does not use would be believed and have no effect.
void check_options(const TraceRequest& request, const TraceFormat& format, const std::string& path,
                   const Place& where) {
    const std::pair<const char*, bool> given[] = {
        {"column", !request.column.empty()},   {"time", !request.time.empty()},
        {"unit", !request.unit.empty()},       {"dt", request.dt_s.has_value()},
        {"rate", request.rate_hz.has_value()}, {"length", request.length_s.has_value()},
    };
    const auto takes = [](const TraceFormat& f, std::string_view option) {
        return std::find(f.options.begin(), f.options.end(), option) != f.options.end();
    };
    for (const auto& [option, is_given] : given) {
        if (!is_given || takes(format, option))
            continue;
        std::vector<std::string> users;
        for (const TraceFormat& other : trace_formats())
            if (takes(other, option))
                users.emplace_back(other.preset);
        throw_mistake(where,
                      fmt::format("`{}` is an option of format {}, and {} is {}", option,
                                  joined(users), path, format.preset),
                      fmt::format("leave `{}` out", option));
    }
}

void read_into(Trace& trace, const TraceRequest& request, const std::string& bytes, bool verified,
               const Place& where) {
    ReadRequest read;
    read.path = trace.path;
    const std::string unpacked = is_gzip(bytes) ? gunzip(bytes, trace.path) : std::string();
    read.text = text_of(is_gzip(bytes) ? unpacked : bytes, trace.path);
    read.column = request.column;
    read.time = request.time;
    read.expected = request.expected;
    read.interpolation = request.interpolation;
    read.where = where;
    read.verified = verified;
    read.unit = request.unit;
    read.dt_s = request.dt_s;
    read.rate_hz = request.rate_hz;
    read.length_s = request.length_s;
    const TraceFormat& format = chosen_format(trace.format, read.text, where);
    check_options(request, format, trace.path, where);
    Reading reading = format.read(read);
    trace.format = format.preset;
    trace.notes.insert(trace.notes.end(), reading.notes.begin(), reading.notes.end());
    trace.series = std::make_shared<const Series>(std::move(reading.series));
}

/// A catalog trace whose file is not here: what to type.
[[noreturn]] void throw_not_here(const CatalogRow& row, const Place& where,
                                 const std::vector<std::string>& rejected) {
    const bool can = row.status == "fetch";
    throw_mistake(where, fmt::format("the trace {} is not on this machine", row.id),
                  can ? fmt::format("ebb trace fetch {}", row.id)
                      : fmt::format("it must be downloaded by hand from {}", row.origin),
                  fmt::format("{}", fmt::join(rejected, "; ")));
}

Trace load_from_catalog(const CatalogRow& row, const TraceRequest& request,
                        const TraceEnvironment& environment, const Place& where) {
    Trace trace;
    std::vector<std::string> rejected;
    std::optional<LocatedFile> file = locate(row, environment, rejected);
    if (!file && is_url(environment.mirror) && !environment.offline && row.status == "fetch") {
        const Fetched fetched = fetch_trace(row, environment, where);
        trace.notes.push_back(fmt::format("fetched from {}", fetched.from));
        file = locate(row, environment, rejected);
    }
    if (!file)
        throw_not_here(row, where, rejected);
    trace.id = row.id;
    trace.path = file->path;
    trace.sha256 = row.sha256;
    trace.licence = row.licence;
    trace.format = request.format.empty() ? row.format : request.format;
    for (const std::string& reason : rejected)
        trace.notes.push_back(reason);
    read_into(trace, request, file->bytes, true, where);
    return trace;
}

/// Neither an id of the catalog nor a file.
[[noreturn]] void throw_unknown(const TraceRequest& request, const std::string& path,
                                const std::vector<std::string>& ids, const Place& where) {
    const std::string hint = did_you_mean(request.ref, ids);
    throw_mistake(
        where,
        path == request.ref
            ? fmt::format("'{}' is neither a trace of the catalog nor a file", request.ref)
            : fmt::format("'{}' is neither a trace of the catalog nor a file ({})", request.ref,
                          path),
        hint, "see: ebb trace list");
}

}  // namespace

Trace load_trace(const TraceRequest& request, const TraceEnvironment& environment,
                 const Place& where) {
    if (request.ref.empty())
        throw_mistake(where, "a trace needs a name", "expected an id of the catalog or a file");
    std::vector<std::string> ids;
    if (!environment.catalog.empty()) {
        const Catalog catalog = Catalog::read(environment.catalog);
        if (const CatalogRow* const row = catalog.find(request.ref))
            return load_from_catalog(*row, request, environment, where);
        ids = catalog.ids();
    }
    const std::string path = resolved_path(request);
    std::error_code code;
    if (!fs::exists(path, code))
        throw_unknown(request, path, ids, where);
    const std::string bytes = read_file(path, where);
    Trace trace;
    trace.id = fs::path(path).filename().string();
    trace.path = path;
    trace.sha256 = sha256_of(bytes);
    trace.format = request.format;
    read_into(trace, request, bytes, false, where);
    return trace;
}

}  // namespace ebb
