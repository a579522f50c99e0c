// SPDX-License-Identifier: Apache-2.0
/// `ebb new FILE`: writes a commented scenario that runs as it is. Never overwrites a file.
#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "sim/cli/folders.hpp"
#include "sim/cli/session.hpp"
#include "sim/scenario/scenario_form.hpp"
#include "sim/scenario/template.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>

namespace ebb {

namespace {

[[noreturn]] void refuse(const std::string& file, const std::string& message,
                         const std::string& hint = "") {
    const int column = 5;  // behind "new "
    throw InputError(
        {Mistake{{"command line", 0, column, "new " + file, static_cast<int>(file.size())},
                 message,
                 hint,
                 ""}});
}

/// "wx" makes the file or fails: there is no moment between asking and writing.
void write_new_file(const std::string& file, const std::string& text) {
    std::FILE* out = std::fopen(file.c_str(), "wx");
    if (out == nullptr) {
        const int reason = errno;
        refuse(file, fmt::format("cannot write '{}': {}", file, std::strerror(reason)),
               reason == EEXIST ? "choose another name, or remove the file first" : "");
    }
    const bool written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
    const bool closed = std::fclose(out) == 0;
    if (!written || !closed) {
        const std::string reason = std::strerror(errno);
        std::error_code ignored;
        std::filesystem::remove(file, ignored);
        refuse(file, fmt::format("cannot write '{}': {}", file, reason));
    }
}

void write_scenario(const Session& session, const std::string& file) {
    Registry registry;
    register_all(registry);
    const Reference reference{scenario_table().view(), &registry, data_folders()};
    const std::string schema = share_folder() + "/schema/scenario.schema.json";
    std::error_code ignored;
    const bool has_schema = std::filesystem::exists(schema, ignored);
    write_new_file(file, scenario_template(reference, has_schema ? schema : ""));
    if (!session.quiet && !session.json) {
        std::cout << fmt::format("{} written; next: ebb check {}, ebb run {}\n", file, file, file);
    }
}

}  // namespace

void add_new(CLI::App& app, Session& session) {
    auto* const command =
        app.add_subcommand("new", "Write a commented scenario to start from; overwrites nothing");
    const auto file = std::make_shared<std::string>();
    command->add_option("FILE", *file, "where to write it")->required();
    command->callback([&session, file] { write_scenario(session, *file); });
}

}  // namespace ebb
