// SPDX-License-Identifier: Apache-2.0
/// Gathers mistakes so that a user sees all of them in one pass, in a stable order: by file in the
/// order in which files (and arguments) were met, then by line and column, then by time of finding.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "models/core/error.hpp"

namespace ebb {

class MistakeList {
public:
    /// Further ones are counted, not kept.
    static constexpr std::size_t kMost = 200;

    void add(const Place& place, std::string message, std::string hint = {}, std::string note = {});
    /// Mistakes that another reader found. Those without a place get `where`.
    void add(const InputError& error, const Place& where);
    /// The same mistakes, all of them at `where`.
    void add_at(const InputError& error, const Place& where);

    [[nodiscard]] std::size_t count() const noexcept { return mistakes_.size() + more_; }
    [[nodiscard]] bool any() const noexcept { return count() > 0; }
    /// Throws InputError with everything that was added, if anything was.
    void throw_if_any() const;

private:
    static std::string rank_key(const Place& place);
    std::vector<Mistake> mistakes_;
    std::map<std::string, std::size_t> ranks_;
    std::size_t more_ = 0;
};

}  // namespace ebb
