// SPDX-License-Identifier: Apache-2.0
/// Sweeps in tests, as a user runs them: files in a folder of their own, the program as a process,
/// tables read back.
#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "sim/sweep/database.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/shell.hpp"

namespace ebb::test {

inline const std::string kCircuitA =
    std::string("scenario: ") + EBB_SOURCE_DIR + "/scenarios/examples/circuit_a.yaml\n";

/// A folder that goes with the test.
class SweepFolder {
public:
    [[nodiscard]] std::string operator/(const std::string& name) const { return own_.file(name); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(*this / name) << text;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream in(*this / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// `ebb ARGUMENTS` in this folder.
    [[nodiscard]] Outcome ebb(const std::string& arguments) const {
        return shell("cd " + own_.file("") + " && " + EBB_EXECUTABLE + " " + arguments);
    }

private:
    ScratchFolder own_;
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
