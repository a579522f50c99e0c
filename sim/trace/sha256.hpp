// SPDX-License-Identifier: Apache-2.0
/// SHA-256 as lower-case hexadecimal text, by OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace ebb {

[[nodiscard]] std::string sha256_of(std::string_view bytes);

/// 64 lower-case hexadecimal digits?
[[nodiscard]] bool is_sha256(std::string_view text) noexcept;

}  // namespace ebb
