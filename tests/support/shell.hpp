// SPDX-License-Identifier: Apache-2.0
/// A command as a user types it: its status and what it says.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace ebb::test {

struct Outcome {
    int status = -1;
    std::string text;  ///< stdout and stderr
};

inline Outcome shell(const std::string& command) {
    Outcome outcome;
    std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) {
        throw std::runtime_error("no shell");
    }
    std::array<char, 4096> block{};
    for (std::size_t n = 0; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;) {
        outcome.text.append(block.data(), n);
    }
    const int state = pclose(pipe);
    outcome.status = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
    return outcome;
}

}  // namespace ebb::test
