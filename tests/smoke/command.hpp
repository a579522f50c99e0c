// SPDX-License-Identifier: Apache-2.0
/// The program as a user meets it: a command line in a scratch folder with an empty home, no cache
/// and no network, and what it says on stdout and stderr, and its exit status.
#pragma once

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace ebb::test {

inline std::string text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

struct Said {
    int status = -1;
    std::string out, err;
};

/// A scratch folder in which the program is called; goes away with its owner.
class Desk {
public:
    Desk() {
        std::string pattern = (std::filesystem::temp_directory_path() / "ebb_XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
        std::filesystem::create_directory(path_ + "/home");
    }
    ~Desk() { std::filesystem::remove_all(path_); }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(file(name), std::ios::binary) << text;
    }
    [[nodiscard]] bool home_is_empty() const { return std::filesystem::is_empty(path_ + "/home"); }
    /// Runs `ebb ARGUMENTS` in the folder, with NAME=VALUE... in its environment. Any proxy leads
    /// nowhere: a request to the network fails.
    [[nodiscard]] Said ebb(const std::string& arguments,
                           const std::string& environment = {}) const {
        const std::string command = fmt::format(
            "cd '{0}' && env -i PATH=\"$PATH\" HOME='{0}/home' https_proxy=http://127.0.0.1:9 "
            "LANG=C.UTF-8 LSAN_OPTIONS=\"$LSAN_OPTIONS\" {3} '{1}' {2} >'{0}/.out' 2>'{0}/.err' "
            "</dev/null",
            path_, EBB_EXECUTABLE, arguments, environment);
        const int state = std::system(command.c_str());
        Said said;
        said.status = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
        said.out = text_of(file(".out"));
        said.err = text_of(file(".err"));
        return said;
    }

private:
    std::string path_;
};

/// summary.json without what differs from run to run.
inline nlohmann::json lasting(const std::string& text) {
    nlohmann::json summary = nlohmann::json::parse(text);
    REQUIRE(summary.at("time").erase("wall_s") == 1);
    return summary;
}

inline std::uintmax_t folder_bytes(const std::string& folder) {
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    }
    return bytes;
}

/// The words in the column `event` of an events.csv.
inline std::set<std::string> event_words(const std::string& path) {
    std::set<std::string> words;
    std::istringstream in(text_of(path));
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        const std::size_t from = line.find(',') + 1;
        words.insert(line.substr(from, line.find(',', from) - from));
    }
    return words;
}

/// Every scenario that comes with the project, by path from scenarios/ on; neither sweeps, which
/// say what varies in one, nor published experiments, which `ebb reproduce` runs case by case.
inline std::vector<std::string> shipped_scenarios() {
    const std::filesystem::path root = std::string(EBB_SOURCE_DIR) + "/scenarios";
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        const std::string name = std::filesystem::relative(entry.path(), root).string();
        if (entry.path().extension() == ".yaml" && name.rfind("papers/", 0) != 0 &&
            entry.path().parent_path().filename() != "sweeps") {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

inline std::string shipped(const std::string& name) {
    return std::string(EBB_SOURCE_DIR) + "/scenarios/" + name;
}

/// --trace-mirror for the shared recordings, or nothing.
inline std::string mirror_option() {
    const char* folder = std::getenv("EBB_TEST_DATA");
    return folder == nullptr || *folder == '\0'
               ? std::string()
               : fmt::format(" --trace-mirror '{}/traces'", folder);
}

/// A device on circuit A's supply, for short runs; `work` is the rest from `nvm:` or `workload:`
/// on.
inline std::string small_device(const std::string& work, const std::string& initial = "1.8 V") {
    return "name: small\nduration: 2 s\n"
           "source: {model: {type: constant_power, power: 1.5 mW}}\n"
           "store: {type: capacitor, capacitance: 100 uF, initial: " +
           initial +
           ", max: 6 V}\n"
           "mcu:\n  {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 1 ms, "
           "charge: 1 uC},\n"
           "   active: {current: 2 mA}, sleep: {current: 2 uA, wake: 20 us}, off_current: 0 A}\n" +
           work;
}

}  // namespace ebb::test
