// SPDX-License-Identifier: Apache-2.0
/// Unpacks gzip files, so that a recording may stay compressed. The checksum of a trace is that of
/// the file as it lies there.
#pragma once

#include <string>
#include <string_view>

namespace ebb {

[[nodiscard]] bool is_gzip(std::string_view bytes) noexcept;

/// The content. Throws InputError at `path` if the file is damaged, cut short, or would fill more
/// memory than a trace may.
[[nodiscard]] std::string gunzip(std::string_view bytes, const std::string& path);

}  // namespace ebb
