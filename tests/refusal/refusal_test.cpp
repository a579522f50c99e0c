// SPDX-License-Identifier: Apache-2.0
/// Bad input gets a good answer: every file of corpus/ is refused with exactly the text beside it.
///
///   shape_*   a JSON Schema can see it too     rule_*   only `ebb check` can     text_*   no
///   scenario
///
/// EBB_UPDATE_GOLDEN=1 writes the texts anew; they are reviewed as a diff.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "sim/cli/error_text.hpp"
#include "sim/device/lower_work.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "sim/scenario/scenario_form.hpp"
#include "tests/refusal/reading.hpp"

namespace fs = std::filesystem;

namespace {

const std::string kCorpus = std::string(EBB_SOURCE_DIR) + "/tests/refusal/corpus/";

std::string file_text(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<fs::path> corpus() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(kCorpus)) {
        if (entry.path().extension() == ".yaml") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// The refusal without the folder, so that the text is the same on every machine.
std::string refusal_of(const fs::path& file) {
    std::string text = ebb::test::refusal(
        [&] { static_cast<void>(ebb::lower_work(ebb::test::read_file(file.string()))); });
    for (const std::string& folder : {kCorpus, std::string(EBB_SOURCE_DIR) + "/"}) {
        for (std::size_t at = text.find(folder); at != std::string::npos;
             at = text.find(folder, at)) {
            text.erase(at, folder.size());
        }
    }
    return text;
}

}  // namespace

TEST_CASE("every wrong scenario of the corpus is refused with its expected text") {
    const auto files = corpus();
    REQUIRE(files.size() > 50);
    for (const fs::path& file : files) {
        fs::path golden = file;
        golden.replace_extension(".expected");
        const std::string found = refusal_of(file);
        INFO(file.filename().string());
        CHECK_FALSE(found.empty());
        if (std::getenv("EBB_UPDATE_GOLDEN") != nullptr) {
            std::ofstream(golden, std::ios::binary) << found;
        }
        CHECK(found == file_text(golden));
    }
}

TEST_CASE("every expected text of the corpus belongs to a scenario") {
    for (const auto& entry : fs::directory_iterator(kCorpus)) {
        if (entry.path().extension() == ".expected") {
            fs::path scenario = entry.path();
            INFO(entry.path().string());
            CHECK(fs::exists(scenario.replace_extension(".yaml")));
        }
    }
}

TEST_CASE("every page that a refusal points to is there") {
    ebb::Reference reference;
    reference.scenario = ebb::scenario_table().view();
    reference.registry = &ebb::test::registry();
    reference.folders.models = std::string(EBB_SOURCE_DIR) + "/models";
    std::set<std::string> topics;
    const std::regex see("ebb describe ([a-z_.]+)");
    for (const fs::path& file : corpus()) {
        const std::string text = refusal_of(file);
        for (std::sregex_iterator it(text.begin(), text.end(), see), end; it != end; ++it) {
            topics.insert((*it)[1]);
        }
    }
    CHECK(topics.size() > 5);
    for (const std::string& topic : topics) {
        INFO(topic);
        CHECK_NOTHROW(ebb::describe(reference, topic));
    }
}

TEST_CASE("refusing twice gives the same text") {
    for (const fs::path& file : corpus()) {
        INFO(file.string());
        CHECK(refusal_of(file) == refusal_of(file));
    }
}
