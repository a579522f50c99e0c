// SPDX-License-Identifier: Apache-2.0
// Do questions put to several processes come back in order, whole, and with what went wrong?
#include <catch2/catch.hpp>

#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/core/error.hpp"
#include "sim/analysis/forked_map.hpp"

using namespace ebb;

namespace {

/// Of any length, line ends and zeros included.
std::string answer_to(std::size_t i) {
    return std::string(i * 1000, static_cast<char>(i)) + "\n" + std::to_string(i);
}

}  // namespace

TEST_CASE("answers come in the order of the questions, from as many processes as there are") {
    for (const std::size_t processes : {1, 2, 5, 100}) {
        const std::vector<std::string> answers = forked_map(60, processes, answer_to);
        REQUIRE(answers.size() == 60);
        for (std::size_t i = 0; i < answers.size(); ++i) {
            REQUIRE(answers[i] == answer_to(i));
        }
    }
    CHECK(forked_map(0, 4, answer_to).empty());
    CHECK(usable_processors() >= 1);
}

TEST_CASE("what another process throws is thrown here, with its message") {
    const auto refuses = [](std::size_t i) -> std::string {
        if (i == 3) {
            throw InputError("three is not an answer");
        }
        return "fine";
    };
    CHECK_THROWS_WITH(forked_map(6, 2, refuses), Catch::Contains("three is not an answer"));
}

TEST_CASE("a process that dies is told, not waited for") {
    const auto dies = [](std::size_t i) -> std::string {
        if (i == 1) {
            static_cast<void>(std::raise(SIGKILL));
        }
        return "fine";
    };
    CHECK_THROWS_WITH(forked_map(4, 2, dies), Catch::Contains("signal 9"));
}
