// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/series_cache.hpp"

#include "sim/trace/files.hpp"
#include "sim/trace/open_file.hpp"
#include "sim/trace/sha256.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

namespace ebb {
namespace {

namespace fs = std::filesystem;

/// To be raised when a reader comes to another series for the same file and options.
constexpr int kReaders = 3;
constexpr std::size_t kWorthAnIndex = 16 * SeriesNode::kSamples;
constexpr std::uintmax_t kWorthRemembering = 64U << 20U;
constexpr std::int64_t kSettledNs = 2'000'000'000;

bool worth_an_index(Interpolation interpolation, const Bounds& bounds) {
    return interpolation == Interpolation::hold && bounds.step() != 0 &&
           bounds.size() > kWorthAnIndex;
}

/// Of a voltage across a resistor, the square is what adds up.
int exponent_of(Quantity quantity) { return quantity == Quantity::voltage_v ? 2 : 1; }

}  // namespace

SeriesCache::SeriesCache(const TraceEnvironment& environment, std::uintmax_t source_bytes) {
    if (!environment.cache.empty() && source_bytes >= environment.convert_from_bytes)
        folder_ = (fs::path(environment.cache) / "series").string();
}

std::string SeriesCache::key_of(const TraceRequest& request, const std::string& format,
                                const std::string& sha256, bool verified) {
    const auto number = [](const std::optional<double>& value) {
        return value ? fmt::format("{:a}", *value) : std::string("-");
    };
    // Lengths stand before texts, so that no two requests run together.
    const auto text = [](const std::string& t) { return fmt::format("{}:{}", t.size(), t); };
    return sha256_of(fmt::format(
        "ebb series {} {} {} {} {} {} {} {} {} {} {} {}", kReaders, text(sha256), text(format),
        text(request.column), text(request.time), text(request.unit), number(request.dt_s),
        number(request.rate_hz), number(request.length_s), static_cast<int>(request.expected),
        static_cast<int>(request.interpolation), verified));
}

std::optional<SeriesFromFile> SeriesCache::find(const std::string& key) const {
    return used() ? map_series(folder_, key) : std::nullopt;
}

SeriesFromFile SeriesCache::keep(const std::string& key, SeriesFromFile reading) const {
    const Series& series = reading.series;
    if (used() && !series.curves)  // the file has no place for curves
        if (auto mapped = kept(key, reading))
            return std::move(*mapped);
    give_index(reading.series);
    return reading;
}

std::optional<SeriesFromFile> SeriesCache::kept(const std::string& key,
                                                const SeriesFromFile& reading) const {
    const Series& series = reading.series;
    SeriesFileWriter writer(folder_, key);
    if (!writer.usable())
        return std::nullopt;
    if (worth_an_index(series.interpolation, series.bound_ns))
        writer.begin_index(exponent_of(series.quantity));
    writer.add(series.value);
    if (!writer.finish(series.quantity, series.interpolation, series.bound_ns, reading.format,
                       reading.notes))
        return std::nullopt;
    return map_series(folder_, key);
}

SeriesFromFile SeriesCache::convert(const std::string& key, BlockRecording& recording,
                                    const std::string& format) const {
    const Quantity quantity = recording.quantity();
    const Bounds& bounds = recording.bounds();
    if (used()) {
        SeriesFileWriter writer(folder_, key);
        if (worth_an_index(Interpolation::hold, bounds))
            writer.begin_index(exponent_of(quantity));
        if (writer.usable())
            recording.stream(
                [&writer](const double* values, std::size_t n) { writer.add(values, n); });
        if (writer.usable() &&
            writer.finish(quantity, Interpolation::hold, bounds, format, recording.notes()))
            if (auto mapped = map_series(folder_, key))
                return std::move(*mapped);
    }
    SeriesFromFile reading;
    std::vector<double>& values = reading.series.value.own();
    values.reserve(bounds.size() - 1);
    recording.stream([&values](const double* more, std::size_t n) {
        values.insert(values.end(), more, more + n);
    });
    reading.series.quantity = quantity;
    reading.series.bound_ns = bounds;
    reading.format = format;
    reading.notes = recording.notes();
    give_index(reading.series);
    return reading;
}

std::string SeriesCache::sha256_of_source(const std::string& path, const Place& where) const {
    std::int64_t changed_ns = 0;
    const std::string identity = identity_of(path, changed_ns);
    std::error_code code;
    const bool large = used() && fs::file_size(path, code) >= kWorthRemembering && !code;
    const std::string note =
        (fs::path(folder_) / (sha256_of(fs::absolute(path, code).string()) + ".source")).string();
    if (large) {
        std::ifstream in(note);
        std::string known;
        std::string sum;
        struct stat s {};
        if (std::getline(in, known) && in >> sum && known == identity && is_sha256(sum) &&
            ::stat(note.c_str(), &s) == 0 &&
            s.st_mtim.tv_sec * 1'000'000'000LL + s.st_mtim.tv_nsec > changed_ns + kSettledNs)
            return sum;
    }
    const std::string sum = sha256_of_file(path, where);
    std::int64_t still_ns = 0;
    if (large && identity == identity_of(path, still_ns)) {
        try {
            write_file_whole(note, fmt::format("{}\n{}\n", identity, sum));
        } catch (const InputError&) {
            return sum;  // a cache that cannot be written is no mistake of the user
        }
    }
    return sum;
}

void give_index(Series& series) {
    if (!series.index && worth_an_index(series.interpolation, series.bound_ns))
        series.index =
            index_of(series.value.data(), series.value.size(), exponent_of(series.quantity));
}

}  // namespace ebb
