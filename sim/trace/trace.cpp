// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/trace.hpp"

#include "models/core/nearest.hpp"
#include "sim/trace/bonito.hpp"
#include "sim/trace/catalog.hpp"
#include "sim/trace/curve_series.hpp"
#include "sim/trace/fetch.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/files.hpp"
#include "sim/trace/gunzip.hpp"
#include "sim/trace/locate.hpp"
#include "sim/trace/open_file.hpp"
#include "sim/trace/series_cache.hpp"
#include "sim/trace/sha256.hpp"
#include "sim/trace/shepherd.hpp"
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

ReadRequest read_request(const Trace& trace, const TraceRequest& request, bool verified,
                         const Place& where) {
    ReadRequest read;
    read.path = trace.path;
    read.column = request.column;
    read.time = request.time;
    read.expected = request.expected;
    read.interpolation = request.interpolation;
    read.interpolation_stated = request.interpolation_stated;
    read.where = where;
    read.verified = verified;
    read.unit = request.unit;
    read.dt_s = request.dt_s;
    read.rate_hz = request.rate_hz;
    read.length_s = request.length_s;
    return read;
}

/// A recording in HDF5 is read from its file, block by block.
SeriesFromFile read_hdf5(const Trace& trace, const TraceRequest& request, const SeriesCache& cache,
                         const std::string& key, const Place& where) {
    const char* const usual = looks_like_bonito(trace.path) ? "bonito_hdf5" : "shepherd";
    const TraceFormat& format =
        chosen_format(trace.format.empty() ? usual : trace.format, {}, where);
    const std::string_view preset = format.preset;
    if (preset != "shepherd" && preset != "bonito_hdf5")
        throw_mistake(where, fmt::format("{} is an HDF5 file, not {}", trace.path, format.preset),
                      fmt::format("format: {}", usual));
    check_options(request, format, trace.path, where);
    if (preset == "bonito_hdf5")
        return cache.convert(key, *open_bonito(read_request(trace, request, false, where)),
                             format.preset);
    ShepherdRecording recording(read_request(trace, request, false, where));
    if (recording.quantity() == Quantity::iv_curve) {
        Series curves = recording.curves();
        return {std::move(curves), format.preset, recording.notes()};
    }
    return cache.convert(key, recording, format.preset);
}

SeriesFromFile read_text(const Trace& trace, const TraceRequest& request, ReadRequest read,
                         const Place& where) {
    const TraceFormat& format = chosen_format(trace.format, read.text.head(), where);
    check_options(request, format, trace.path, where);
    Reading reading = format.read(read);
    read.text.check_unchanged();
    return {std::move(reading.series), format.preset, std::move(reading.notes)};
}

/// Who reads no particular quantity gets no curves but their power.
void take(Trace& trace, Quantity expected, SeriesFromFile&& reading) {
    trace.format = reading.format;
    trace.notes.insert(trace.notes.end(), reading.notes.begin(), reading.notes.end());
    if (reading.series.curves && expected == Quantity::none) {
        reading.series = at_max_power(reading.series);
        trace.notes.emplace_back("each curve at its maximum power, in W");
    }
    trace.series = std::make_shared<const Series>(std::move(reading.series));
}

/// A file whose content has the checksum of the trace.
struct SummedFile {
    std::string identity;  ///< as it was before the checksum was taken
    std::uintmax_t bytes = 0;
    bool verified = false;
};

/// The series of a regular file: converted before, or now.
void read_into(Trace& trace, const TraceRequest& request, const TraceEnvironment& environment,
               const SummedFile& file, const Place& where) {
    const SeriesCache cache(environment, file.bytes);
    const std::string key = SeriesCache::key_of(request, trace.format, trace.sha256, file.verified);
    if (auto known = cache.find(key)) {
        take(trace, request.expected, std::move(*known));
    } else if (is_hdf5(trace.path)) {
        take(trace, request.expected, read_hdf5(trace, request, cache, key, where));
    } else {
        ReadRequest read = read_request(trace, request, file.verified, where);
        read.text = TraceText::of_file(trace.path, file.identity, environment.window_bytes, where);
        read.spool = {cache.folder(), environment.window_bytes};
        take(trace, request.expected,
             cache.keep(key, read_text(trace, request, std::move(read), where)));
    }
}

/// A pipe, and a file that is not worth more, is read once.
void read_at_once(Trace& trace, const TraceRequest& request, const Place& where) {
    const std::string bytes = read_file(trace.path, where);
    trace.sha256 = sha256_of(bytes);
    ReadRequest read = read_request(trace, request, false, where);
    const std::string unpacked = is_gzip(bytes) ? gunzip(bytes, trace.path) : std::string();
    read.text = text_of(is_gzip(bytes) ? unpacked : bytes, trace.path);
    SeriesFromFile reading = read_text(trace, request, std::move(read), where);
    give_index(reading.series);
    take(trace, request.expected, std::move(reading));
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
    std::error_code code;
    const SummedFile summed{file->identity, fs::file_size(file->path, code), true};
    read_into(trace, request, environment, summed, where);
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
    Trace trace;
    trace.id = fs::path(path).filename().string();
    trace.path = path;
    trace.format = request.format;
    std::int64_t changed_ns = 0;
    SummedFile file{identity_of(path, changed_ns), 0, false};
    const bool plain = fs::is_regular_file(path, code);
    if (plain)
        file.bytes = fs::file_size(path, code);
    if (!plain || (file.bytes < environment.convert_from_bytes && !is_hdf5(path))) {
        read_at_once(trace, request, where);
    } else {
        trace.sha256 = SeriesCache(environment, file.bytes).sha256_of_source(path, where);
        read_into(trace, request, environment, file, where);
    }
    return trace;
}

}  // namespace ebb
