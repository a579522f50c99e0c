// SPDX-License-Identifier: Apache-2.0
// Do questions put to several processes come back in order, whole, and with what went wrong?
#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

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
    const pid_t parent = ::getpid();
    const auto dies = [parent](std::size_t) -> std::string {
        if (::getpid() != parent) {
            static_cast<void>(std::raise(SIGKILL));
        }
        ::usleep(20'000);  // so that the other process finds something left to do
        return "fine";
    };
    CHECK_THROWS_WITH(forked_map(10, 2, dies), Catch::Contains("signal 9"));
}

TEST_CASE("more than a pipe holds is not waited for by who works himself") {
    const auto long_answer = [](std::size_t i) { return std::string(1'000'000 + i, 'x'); };
    const std::vector<std::string> answers = forked_map(12, 3, long_answer);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        REQUIRE(answers[i] == long_answer(i));
    }
}

TEST_CASE("each process begins for itself, this one first, and none if it cannot") {
    int made = 0;
    const pid_t parent = ::getpid();
    const auto begin = [&]() -> Question {
        ++made;  // of each process its own
        return [&](std::size_t) {
            ::usleep(2'000);
            return std::to_string(::getpid() == parent) + std::to_string(made);
        };
    };
    for (const std::size_t processes : {1, 3}) {
        made = 0;
        const std::vector<std::string> answers = forked_map(30, processes, begin);
        CHECK(made == 1);
        CHECK(std::count(answers.begin(), answers.end(), "11") > 0);
        CHECK((std::count(answers.begin(), answers.end(), "01") > 0) == (processes > 1));
        CHECK(std::count(answers.begin(), answers.end(), "11") +
                  std::count(answers.begin(), answers.end(), "01") ==
              30);
    }
    const auto cannot = []() -> Question { throw InputError("there is nothing to ask"); };
    for (const std::size_t processes : {1, 3}) {
        CHECK_THROWS_AS(forked_map(6, processes, cannot), InputError);
    }
    const auto only_here = [&]() -> Question {
        if (::getpid() != parent) {
            throw InputError("not in another process");
        }
        return [](std::size_t) { return std::string("fine"); };
    };
    CHECK_THROWS_WITH(forked_map(6, 2, only_here), Catch::Contains("not in another process"));
}
