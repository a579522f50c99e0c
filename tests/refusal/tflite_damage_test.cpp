// SPDX-License-Identifier: Apache-2.0
// Damaged TensorFlow Lite models: a clear error or a valid table, never a crash.
#include "sim/network/table_text.hpp"
#include "sim/network/tflite_import.hpp"
#include "sim/scenario/network_reader.hpp"
#include "tests/support/tflite_builder.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace ebb;
using namespace ebb::test;

namespace {

/// The models of the test data, if they are there, and one made here.
std::vector<std::pair<std::string, std::string>> models() {
    std::vector<std::pair<std::string, std::string>> all = {{"small", bytes_of(small_model())}};
    if (const char* data = std::getenv("EBB_TEST_DATA")) {
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(data) / "models")) {
            if (entry.path().extension() == ".tflite") {
                std::ifstream in(entry.path(), std::ios::binary);
                all.emplace_back(entry.path().stem().string(),
                                 std::string{std::istreambuf_iterator<char>(in),
                                             std::istreambuf_iterator<char>()});
            }
        }
    } else {
        WARN("EBB_TEST_DATA is not set, would also damage models/*.tflite");
    }
    return all;
}

enum class Answer { table, refused };

/// Reads exactly these bytes from memory of their own, so that a sanitizer sees every step beyond.
Answer answer_to(const std::string& bytes) {
    const std::vector<char> own(bytes.begin(), bytes.end());
    try {
        const auto read = network_from_tflite(parse_tflite({own.data(), own.size()}, "m.tflite"),
                                              "m", "m.tflite");
        // What is accepted can be written and read again, or says why not.
        (void)parse_network(network_table_text(read.network), "m", "m.csv");
        return Answer::table;
    } catch (const InputError& error) {
        CHECK_FALSE(error.mistakes().empty());
        for (const Mistake& mistake : error.mistakes()) {
            CHECK_FALSE(mistake.message.empty());
        }
        return Answer::refused;
    }
}

std::string message_of(const std::string& bytes) {
    try {
        (void)parse_tflite(bytes, "m.tflite");
    } catch (const InputError& error) {
        return error.mistakes().front().message;
    }
    return "";
}

}  // namespace

TEST_CASE("a model that was cut short at any of 200 places is refused") {
    for (const auto& [name, bytes] : models()) {
        INFO(name);
        CHECK(answer_to(bytes) == Answer::table);
        for (std::size_t k = 0; k < 200; ++k) {
            const std::size_t length = bytes.size() * k / 200;
            INFO("cut to " << length << " of " << bytes.size());
            CHECK(answer_to(bytes.substr(0, length)) == Answer::refused);
        }
    }
}

TEST_CASE("a model with flipped bytes is read or refused, at 2000 seeded places each") {
    for (const auto& [name, bytes] : models()) {
        INFO(name);
        std::mt19937 dice(11);
        int refused = 0;
        for (int k = 0; k < 2000; ++k) {
            std::string damaged = bytes;
            // Half of them where the tables stand, at both ends; the middle is mostly weights.
            const std::size_t ends = std::min<std::size_t>(bytes.size(), 8192);
            const std::size_t any =
                std::uniform_int_distribution<std::size_t>(0, bytes.size() - 1)(dice);
            const std::size_t near = std::uniform_int_distribution<std::size_t>(0, ends - 1)(dice);
            const std::size_t at = k % 4 < 2 ? any : k % 4 == 2 ? near : bytes.size() - 1 - near;
            damaged[at] = static_cast<char>(std::uniform_int_distribution<int>(0, 255)(dice));
            refused += answer_to(damaged) == Answer::refused ? 1 : 0;
        }
        CHECK(refused > 20);
    }
}

TEST_CASE("many flipped bytes at once are survived as well") {
    for (const auto& [name, bytes] : models()) {
        INFO(name);
        std::mt19937 dice(12);
        for (int k = 0; k < 200; ++k) {
            std::string damaged = bytes;
            for (int n = 0; n < 20; ++n) {
                damaged[std::uniform_int_distribution<std::size_t>(8, bytes.size() - 1)(dice)] =
                    static_cast<char>(std::uniform_int_distribution<int>(0, 255)(dice));
            }
            (void)answer_to(damaged);
        }
    }
}

TEST_CASE("what is no model at all says so") {
    CHECK(message_of("") == "this is no TensorFlow Lite model");
    CHECK(message_of(std::string(100, 'x')) == "this is no TensorFlow Lite model");
    const std::string good = bytes_of(small_model());
    CHECK(message_of(good.substr(0, 30)) ==
          "the model is damaged: a table of it lies outside of the file");
    TinyModel old = small_model();
    old.version = 2;
    CHECK(message_of(bytes_of(old)) == "the model has version 2 of the format, version 3 is read");
    old = small_model();
    old.graphs = 0;
    CHECK(message_of(bytes_of(old)) == "the model has no graph");
    TinyModel wrong = small_model();
    wrong.operators[0].inputs[1] = 99;
    CHECK(message_of(bytes_of(wrong)) == "the model is damaged: operator 0 names tensor 99 of 7");
}
