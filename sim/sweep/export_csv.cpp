// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/export_csv.hpp"

#include <filesystem>
#include <system_error>
#include <variant>

#include "models/core/error.hpp"
#include "sim/result/run_folder.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

constexpr std::size_t kBlock = 1U << 16U;

std::string csv_text(const Cell& cell) {
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
        return std::to_string(*whole);
    }
    if (const auto* real = std::get_if<double>(&cell)) {
        return shortest(*real);
    }
    if (const auto* text = std::get_if<std::string>(&cell)) {
        return csv_cell(*text);
    }
    return {};
}

}  // namespace

void export_csv(Database& database, const std::string& path) {
    OutputFile file(path + ".part", path);
    Statement select(database, "SELECT * FROM runs ORDER BY run");
    std::string block;
    for (int i = 1; i < select.columns(); ++i) {  // without `run`, which point and repeat say
        block += (i == 1 ? "" : ",") + csv_cell(select.name(i));
    }
    block += "\n";
    while (select.step()) {
        for (int i = 1; i < select.columns(); ++i) {
            if (i > 1) {
                block += ',';
            }
            block += csv_text(select.cell(i));
        }
        block += '\n';
        if (block.size() > kBlock) {
            file.write(block);
            block.clear();
        }
    }
    file.write(block);
    file.close();
    std::error_code error;
    if (file.failure().empty()) {
        std::filesystem::rename(file.path(), path, error);
    }
    if (!file.failure().empty() || error) {
        std::error_code ignored;
        std::filesystem::remove(file.path(), ignored);
        throw InputError(file.failure().empty() ? "cannot write '" + path + "': " + error.message()
                                                : file.failure());
    }
}

}  // namespace ebb
