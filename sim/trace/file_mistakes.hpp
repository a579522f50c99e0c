// SPDX-License-Identifier: Apache-2.0
/// Gathers the mistakes of one data file, so that a user sees them in one pass.
///
/// The first kMost are kept with their places; the rest are counted and said as "and N more".
#pragma once

#include "models/core/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

/// A stretch of one line of a data file.
struct LinePlace {
    int line = 0;           ///< 1-based; 0 = the whole file
    std::string_view text;  ///< the line without its break
    std::size_t begin = 0;  ///< first character meant, from 0
    std::size_t length = 1;
};

class FileMistakes {
public:
    static constexpr std::size_t kMost = 20;

    explicit FileMistakes(std::string file) : file_(std::move(file)) {}

    void add(const LinePlace& at, std::string message, std::string hint = {},
             std::string note = {});
    [[nodiscard]] bool any() const noexcept { return count_ > 0; }
    /// Throws InputError with everything that was added, if anything was.
    void throw_if_any() const;

private:
    std::string file_;
    std::vector<Mistake> mistakes_;
    std::size_t count_ = 0;
};

/// Throws InputError with a single mistake.
[[noreturn]] void throw_mistake(const Place& place, std::string message, std::string hint = {},
                                std::string note = {});

}  // namespace ebb
