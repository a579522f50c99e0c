// SPDX-License-Identifier: Apache-2.0
/// Unpacks gzip files, so that a recording may stay compressed. The checksum of a trace is that of
/// the file as it lies there.
#pragma once

#include "sim/trace/trace_text.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace ebb {

[[nodiscard]] bool is_gzip(std::string_view bytes) noexcept;

/// The content. Throws InputError at `path` if the file is damaged, cut short, or would fill more
/// memory than a trace may.
[[nodiscard]] std::string gunzip(std::string_view bytes, const std::string& path);

/// The same while it is read, whatever the length.
class GunzipStream final : public TextStream {
public:
    /// Reads `window` packed bytes at a time.
    GunzipStream(std::unique_ptr<TextStream> packed, const std::string& path, std::size_t window);
    ~GunzipStream() override;
    GunzipStream(const GunzipStream&) = delete;
    GunzipStream& operator=(const GunzipStream&) = delete;
    std::size_t read(char* into, std::size_t room) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ebb
