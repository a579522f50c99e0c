// SPDX-License-Identifier: Apache-2.0
/// What the corpus cannot hold as files: line ends, marks, sizes, properties and --set.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "models/store/store_model.hpp"
#include "tests/refusal/reading.hpp"

using namespace ebb;
using ebb::test::kToy;
using ebb::test::options;
using ebb::test::read_text;
using ebb::test::refusal;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::vector<Mistake> mistakes_of(const std::string& text, std::vector<std::string> sets = {}) {
    try {
        static_cast<void>(read_text(text, std::move(sets)));
    } catch (const InputError& error) {
        return error.mistakes();
    }
    return {};
}

bool says(const std::vector<Mistake>& mistakes, const std::string& words) {
    for (const Mistake& m : mistakes) {
        if (m.message.find(words) != std::string::npos) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("a byte order mark and CRLF line ends change nothing") {
    const Scenario plain = read_text(kToy);
    const Scenario marked = read_text("\xEF\xBB\xBF" + replaced(kToy, "\n", "\r\n"));
    CHECK(marked.resolved_yaml == plain.resolved_yaml);
    CHECK(marked.name == "toy");
}

TEST_CASE("places in a file with a mark and CRLF are those that an editor shows") {
    const auto found =
        mistakes_of("\xEF\xBB\xBF" + replaced(kToy, "\n", "\r\n") + "colour: red\r\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0].place.line == 13);
    CHECK(found[0].place.column == 1);
    CHECK(found[0].place.length == 6);
    CHECK(found[0].place.excerpt == "colour: red");
    const auto first = mistakes_of(
        "\xEF\xBB\xBF"
        "colour: red\r\n" +
        kToy);
    REQUIRE(first.size() == 1);
    CHECK(first[0].place.column == 1);
}

TEST_CASE("columns count characters, not bytes") {
    const auto found = mistakes_of(replaced(kToy, "name: toy",
                                            "name: \"Stra\xC3\x9F"
                                            "e\" # \xC2\xB5") +
                                   "until: {\xC3\xA4\xC3\xB6: 1, jobs: x}\n");
    REQUIRE(found.size() == 2);
    CHECK(found[0].place.column == 9);
    CHECK(found[0].place.length == 2);
    CHECK(found[1].place.column == 22);
}

TEST_CASE("a micro sign and an ohm sign are units") {
    const Scenario s = read_text(replaced(kToy, "100 uF",
                                          "100 \xC2\xB5"
                                          "F") +
                                 "converter: {type: diode, drop: 300 mV}\n");
    CHECK(s.resolved_yaml.find("capacitance: 100 uF") != std::string::npos);
}

TEST_CASE("independent mistakes are all reported in one pass, whatever their number") {
    const std::vector<std::pair<std::string, std::string>> breaks = {
        {"duration: 10 s", "duration: 10 m"},           {"power: 1.5 mW", "power: 1.5"},
        {"capacitance: 100 uF", "capacitance: 100 uA"}, {"max: 6 V", "max: six V"},
        {"initial: unpowered", "initial: unpowerd"},    {"charge: 1 uC", "charge: -1 uC"},
        {"off_current: 0 A", "off_current: [0 A]"},     {"repeat: true", "repeat: yes"}};
    const unsigned seed = 20240517;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 200; ++round) {
        std::string text = kToy;
        std::size_t expected = 0;
        for (const auto& [from, to] : breaks) {
            if (random() % 2 == 0) {
                text = replaced(text, from, to);
                ++expected;
            }
        }
        INFO(text);
        CHECK(mistakes_of(text).size() == expected);
    }
}

TEST_CASE("mistakes come in the order of the lines") {
    const auto found = mistakes_of(
        replaced(replaced(kToy, "duration: 10 s", "duration: 10"), "max: 6 V", "max: 6") +
        "colour: red\n");
    REQUIRE(found.size() == 3);
    CHECK(found[0].place.line == 2);
    CHECK(found[1].place.line == 4);
    CHECK(found[2].place.line == 13);
}

TEST_CASE("damaged scenarios are refused or read, never anything else") {
    const unsigned seed = 7;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::string letters = " \t\n{}[]:,-#&*!|>'\"%@`0a\xC3\x00";
    int refused = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string text = kToy;
        for (unsigned n = 1 + random() % 4; n > 0; --n) {
            const std::size_t at = random() % text.size();
            if (random() % 3 == 0) {
                text.erase(at, 1 + random() % 20);
            } else {
                text[at] = letters[random() % letters.size()];
            }
        }
        INFO(text);
        try {
            static_cast<void>(read_text(text));
        } catch (const InputError& error) {
            ++refused;
            CHECK_FALSE(error.mistakes().empty());
            CHECK_FALSE(error_text(error, false).empty());
        }
    }
    CHECK(refused > 1000);
}

TEST_CASE("text that is too deep, too large or too long is refused quickly") {
    CHECK(says(mistakes_of("a: " + std::string(20000, '[')), "nested deeper"));
    CHECK(says(mistakes_of(std::string(5000000, '#')), "larger than 4 MB"));
    std::string many = kToy;
    for (int i = 0; i < 1000; ++i) {
        many += "k" + std::to_string(i) + ": 1\n";
    }
    const auto found = mistakes_of(many);
    CHECK(found.size() == 201);
    CHECK(says(found, "and 800 more"));
    std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last + ", " + last +
                  ", " + last + ", " + last + ", " + last + ", " + last + ", " + last + ", " +
                  last + "]\n";
    }
    CHECK(says(mistakes_of(laughs), "more than 200000 values"));
}

TEST_CASE("a mistake in a very long line shows the part around it") {
    const std::string text = refusal([] {
        static_cast<void>(
            read_text(kToy + "expect: {" + std::string(300, 'x') + ": \">= 1\", seed: 1}\n"));
    });
    std::size_t longest = 0;
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         end = text.find('\n', begin)) {
        if (text.compare(begin, 9, "test.yaml") != 0) {
            longest = std::max(longest, end - begin);
        }
        begin = end + 1;
    }
    CHECK(longest < 450);
    CHECK(text.find("... xxx") != std::string::npos);
}

TEST_CASE("missing and unreadable files are named") {
    const auto read = [](const std::string& path) {
        return refusal([&] { static_cast<void>(ebb::test::read_file(path)); });
    };
    CHECK(read("/nonexistent/x.yaml").find("there is no file '/nonexistent/x.yaml'") !=
          std::string::npos);
    CHECK(read("/tmp").find("is a folder") != std::string::npos);
    CHECK(read("/dev/zero").find("larger than 4 MB") != std::string::npos);
    const std::string near = std::string(EBB_SOURCE_DIR) + "/tests/refusal/corpus/text_emty.yaml";
    CHECK(read(near).find("did you mean 'text_empty.yaml'?") != std::string::npos);
}

TEST_CASE("--set changes, adds and removes nothing else") {
    const Scenario s =
        read_text(kToy, {"store.capacitance=47uF", "mcu.boot={time: 0 s, charge: 0 C}",
                         "workload.tasks[0].time = 5 ms", "expect.work.jobs_done=>= 10",
                         "checkpoint={policy: none}", "name=\"a: b\""});
    CHECK(std::regex_search(s.resolved_yaml, std::regex("capacitance: 47 uF +# --set")));
    CHECK(s.mcu.boot.time_s == 0.0);
    CHECK(*s.workload.tasks->tasks.at(0).time_s == 5e-3);
    REQUIRE(s.expect.size() == 1);
    CHECK(s.expect[0].metric == "work.jobs_done");
    CHECK(s.expect[0].op == ">=");
    CHECK(s.expect[0].value == 10.0);
    CHECK(s.name == "a: b");
    CHECK(s.store->max_v() == 6.0);
}

TEST_CASE("a wrong --set is shown as the argument it is") {
    const auto one = [](const std::string& set) { return mistakes_of(kToy, {set}); };
    CHECK(says(one("store.capacitance"), "--set takes path=value"));
    CHECK(says(one("=1"), "--set takes path=value"));
    CHECK(says(one("workload.tasks[1].time=1ms"), "there is no tasks[1]"));
    CHECK(says(one("workload.tasks[x].time=1ms"), "--set takes path=value"));
    CHECK(says(one("name.first=x"), "cannot be set"));
    CHECK(says(one("store.max="), "has no value"));
    const auto unit = one("store.capacitance=47");
    REQUIRE(unit.size() == 1);
    CHECK(unit[0].place.file == "--set");
    CHECK(unit[0].place.line == 0);
    CHECK(unit[0].place.column == 19);
    CHECK(unit[0].place.excerpt == "store.capacitance=47");
    const auto key = one("store.capacitanc=47uF");
    REQUIRE(key.size() == 1);
    CHECK(key[0].hint == "did you mean 'capacitance'?");
    CHECK(key[0].place.column == 7);
    CHECK(one("mcu.boot={time: 0 s, chrge: 0 C}").at(0).hint == "did you mean 'charge'?");
}

TEST_CASE("mistakes as JSON carry the same place and words") {
    try {
        static_cast<void>(read_text(replaced(kToy, "100 uF", "100")));
        FAIL("was not refused");
    } catch (const InputError& error) {
        const auto json = nlohmann::json::parse(error_json(error));
        CHECK(json["status"] == 2);
        REQUIRE(json["errors"].size() == 1);
        CHECK(json["errors"][0]["line"] == 4);
        CHECK(json["errors"][0]["column"] == 39);
        CHECK(json["errors"][0]["message"] ==
              "store.capacitance needs a unit: '100' is a bare number");
    }
}
