// SPDX-License-Identifier: Apache-2.0
/// Downloads one file by https, through libcurl, which is loaded by the first download.
///
/// Only https, redirections included; at most `most_bytes` are taken; a transfer that stalls for
/// 30 s or lasts 10 min is given up. The certificate is checked.
#pragma once

#include <cstdint>
#include <string>

namespace ebb {

struct Download {
    std::string bytes;
    std::string fault;  ///< empty = it worked; else one sentence
};

[[nodiscard]] Download download(const std::string& url, std::int64_t most_bytes);

}  // namespace ebb
