// SPDX-License-Identifier: Apache-2.0
/// Findings of a run, by code and by the names of their numbers.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/scenarios.hpp"

namespace ebb::test {

using Sets = std::vector<std::string>;

inline const Finding* find(const Result& r, const std::string& code) {
    const auto at = std::find_if(r.findings.begin(), r.findings.end(),
                                 [&](const Finding& f) { return f.code == code; });
    return at == r.findings.end() ? nullptr : &*at;
}

/// The finding of a run that must have exactly one.
inline Finding only_finding_of(const std::string& device, const Sets& sets) {
    const Result r = result_of(device, sets);
    std::string codes;
    for (const Finding& f : r.findings) {
        codes += f.code + " ";
    }
    INFO("findings: " << codes);
    REQUIRE(r.findings.size() == 1);
    return r.findings.front();
}

inline double number(const Finding& f, const std::string& name) {
    for (const auto& [key, value] : f.numbers) {
        if (key == name) {
            return value;
        }
    }
    FAIL(f.code << " has no number " << name);
    return 0.0;
}

}  // namespace ebb::test
