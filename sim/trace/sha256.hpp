// SPDX-License-Identifier: Apache-2.0
/// SHA-256 as lower-case hexadecimal text, by OpenSSL.
#pragma once

#include "models/core/error.hpp"

#include <string>
#include <string_view>

namespace ebb {

[[nodiscard]] std::string sha256_of(std::string_view bytes);

/// Of a file, read by windows. Throws InputError at `where` if it cannot be read.
[[nodiscard]] std::string sha256_of_file(const std::string& path, const Place& where);

/// 64 lower-case hexadecimal digits?
[[nodiscard]] bool is_sha256(std::string_view text) noexcept;

}  // namespace ebb
