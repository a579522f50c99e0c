// SPDX-License-Identifier: Apache-2.0
/// Recordings that were converted once are mapped from then on (series_file.hpp).
///
/// A converted recording is found by what it was made of: the source's SHA-256, the options of its
/// reading, and the version of readers and file. Without a cache folder that can be written, or for
/// a small source, the recording is read each time; the series is the same to the last bit.
#pragma once

#include "models/core/error.hpp"
#include "sim/trace/block_recording.hpp"
#include "sim/trace/series_file.hpp"
#include "sim/trace/trace.hpp"

#include <optional>
#include <string>

namespace ebb {

class SeriesCache {
public:
    /// For a source of so many bytes.
    SeriesCache(const TraceEnvironment& environment, std::uintmax_t source_bytes);

    /// The file name under which a reading is kept; `verified` as in ReadRequest.
    [[nodiscard]] static std::string key_of(const TraceRequest& request, const std::string& format,
                                            const std::string& sha256, bool verified);
    [[nodiscard]] bool used() const noexcept { return !folder_.empty(); }
    [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
    [[nodiscard]] std::optional<SeriesFromFile> find(const std::string& key) const;
    /// Keeps a reading and gives it back mapped; or as it is, if it cannot be kept.
    [[nodiscard]] SeriesFromFile keep(const std::string& key, SeriesFromFile reading) const;

    /// The same for a recording that is read by blocks: it is never in memory as a whole, unless it
    /// cannot be kept.
    [[nodiscard]] SeriesFromFile convert(const std::string& key, BlockRecording& recording,
                                         const std::string& format) const;

    /// SHA-256 of a file, read by windows. That of a large file is remembered together with its
    /// size, times and inode, and taken from memory while none of these has changed.
    [[nodiscard]] std::string sha256_of_source(const std::string& path, const Place& where) const;

private:
    [[nodiscard]] std::optional<SeriesFromFile> kept(const std::string& key,
                                                     const SeriesFromFile& reading) const;

    std::string folder_;  ///< empty: not used
};

/// Gives a long held series of equal samples its index; others stay as they are.
void give_index(Series& series);

}  // namespace ebb
