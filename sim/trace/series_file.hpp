// SPDX-License-Identifier: Apache-2.0
/// A series as a file that is mapped instead of read: what a recording was converted to, once.
///
///   header   fixed size: magic, version, byte order, key, shape of the series, checksums
///   values   double, one per sample
///   bounds   int64 ns, one per bound; left out at equal steps
///   nodes    the index (models/core/series_index.hpp); left out if there is none
///   notes    the stated rules that were applied while reading, one per line
///
/// The key says of which file, by which reader and with which options the series was made. Header
/// and content carry checksums: a file that is cut short, damaged, of another version or another
/// machine's byte order is not a series, and its owner makes it anew. It is written beside its
/// place and renamed, so that several processes may want it at once.
#pragma once

#include "models/core/series.hpp"
#include "sim/trace/trace_format.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace ebb {

/// Writes a series of held equal samples as they come, or any series at once. Errors of the file
/// system are remembered: finish() then says false, and nothing is left behind.
class SeriesFileWriter {
public:
    /// `folder` is made if it is missing.
    SeriesFileWriter(const std::string& folder, const std::string& key);
    ~SeriesFileWriter();
    SeriesFileWriter(const SeriesFileWriter&) = delete;
    SeriesFileWriter& operator=(const SeriesFileWriter&) = delete;

    /// Is the file open? Else the folder cannot be written.
    [[nodiscard]] bool usable() const noexcept { return file_ != nullptr; }
    void begin_index(int exponent) { index_.emplace(exponent); }
    void add(const double* values, std::size_t count);
    /// All of them, by windows. They must outlive finish().
    void add(const Samples& values);
    /// Closes the file with everything but the values, and puts it into its place.
    bool finish(Quantity quantity, Interpolation interpolation, const Bounds& bounds,
                const std::string& format, const std::vector<std::string>& notes);

private:
    void put(std::FILE* file, const void* bytes, std::size_t count);
    void put_summed(const void* bytes, std::size_t count);
    void flush_nodes();

    std::string target_;
    std::string name_;
    std::string key_;
    std::FILE* file_ = nullptr;
    std::FILE* node_file_ = nullptr;  // nodes wait outside of memory until the values are there
    bool failed_ = false;
    std::uint64_t values_ = 0;
    std::uint64_t nodes_ = 0;
    std::uint64_t sum_[2] = {0, 0};
    std::optional<SeriesIndexBuilder> index_;
    std::vector<SeriesNode> waiting_;
    const SampleKeeper* keeper_ = nullptr;  // of the samples, and of their bounds
};

struct SeriesFromFile {
    Series series;
    std::string format;
    std::vector<std::string> notes;
};

/// <folder>/<key>.ebbseries
[[nodiscard]] std::string series_path(const std::string& folder, const std::string& key);

/// The series of this key, mapped; empty if there is no sound file of it.
[[nodiscard]] std::optional<SeriesFromFile> map_series(const std::string& folder,
                                                       const std::string& key);

}  // namespace ebb
