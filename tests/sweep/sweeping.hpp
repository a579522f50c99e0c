// SPDX-License-Identifier: Apache-2.0
/// Sweeps in tests, as a user runs them: files in a folder of their own, the program as a process,
/// tables read back.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sim/sweep/database.hpp"

namespace ebb::test {

struct Outcome {
    int status = -1;
    std::string text;  ///< stdout and stderr
};

inline Outcome shell(const std::string& command) {
    Outcome outcome;
    std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> block{};
    for (std::size_t n = 0; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;) {
        outcome.text.append(block.data(), n);
    }
    const int state = pclose(pipe);
    outcome.status = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
    return outcome;
}

inline const std::string kCircuitA =
    std::string("scenario: ") + EBB_SOURCE_DIR + "/scenarios/examples/circuit_a.yaml\n";

/// A folder that goes with the test.
class SweepFolder {
public:
    SweepFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "ebb-sweep-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~SweepFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    SweepFolder(const SweepFolder&) = delete;
    SweepFolder& operator=(const SweepFolder&) = delete;

    [[nodiscard]] std::string operator/(const std::string& name) const {
        return path_ + "/" + name;
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(*this / name) << text;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream in(*this / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// `ebb ARGUMENTS` in this folder.
    [[nodiscard]] Outcome ebb(const std::string& arguments) const {
        return shell("cd " + path_ + " && " + EBB_EXECUTABLE + " " + arguments);
    }

private:
    std::string path_;
};

/// Every row of a query as text, values exact.
inline std::vector<std::string> rows_of(
    const std::string& path, const std::string& sql = "SELECT * FROM runs ORDER BY run") {
    Database database(path, Database::Mode::read);
    Statement select(database, sql);
    std::vector<std::string> rows;
    while (select.step()) {
        std::string row;
        for (int i = 0; i < select.columns(); ++i) {
            const Cell cell = select.cell(i);
            row += std::to_string(cell.index()) + ":";
            if (const auto* real = std::get_if<double>(&cell)) {
                std::array<char, 40> text{};
                std::snprintf(text.data(), text.size(), "%a", *real);
                row += text.data();
            } else {
                row += select.text(i);
            }
            row += "|";
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

inline std::string value_of(const std::string& path, const std::string& sql) {
    Database database(path, Database::Mode::read);
    return database.value(sql);
}

/// First column of a query.
inline std::vector<double> column_of(const std::string& path, const std::string& sql) {
    Database database(path, Database::Mode::read);
    Statement select(database, sql);
    std::vector<double> values;
    while (select.step()) {
        values.push_back(select.real(0));
    }
    return values;
}

}  // namespace ebb::test
