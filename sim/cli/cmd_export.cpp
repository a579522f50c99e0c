// SPDX-License-Identifier: Apache-2.0
/// `ebb export DIR --vcd [--out FILE]`: a run's recordings for a waveform viewer.
#include "models/core/error.hpp"
#include "sim/cli/session.hpp"
#include "sim/result/vcd.hpp"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>

namespace ebb {

namespace {

struct ExportOptions {
    std::string folder, out;
    bool vcd = false;
};

void export_vcd(const ExportOptions& options, const Session& session) {
    if (options.out == "-") {
        write_vcd(options.folder, std::cout);
        return;
    }
    const std::filesystem::path path = options.out.empty()
                                           ? std::filesystem::path(options.folder) / "run.vcd"
                                           : std::filesystem::path(options.out);
    // A half-written dump must not look like a whole one.
    const std::string temporary = path.string() + ".part";
    std::ofstream out(temporary, std::ios::binary);
    const auto refuse = [&](const std::string& why) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        throw InputError("cannot write '" + path.string() + "': " + why);
    };
    if (!out) {
        refuse(std::generic_category().message(errno));
    }
    try {
        write_vcd(options.folder, out);
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        throw;
    }
    out.close();
    if (!out) {
        refuse("the disk did not take it");
    }
    std::error_code error;
    std::filesystem::rename(temporary, path, error);
    if (error) {
        refuse(error.message());
    }
    if (!session.quiet && !session.json) {
        std::cout << "wrote " << path.string() << "\n";
    }
}

}  // namespace

void add_export(CLI::App& app, Session& session) {
    const auto options = std::make_shared<ExportOptions>();
    CLI::App* command = app.add_subcommand("export", "Convert a run's recordings for other tools");
    command->add_option("DIR", options->folder, "Folder of a run")->required();
    command->add_flag("--vcd", options->vcd, "Value change dump, e.g. for GTKWave")->required();
    command->add_option("--out", options->out,
                        "File to write, - for stdout (default: DIR/run.vcd)");
    command->callback([options, &session] { export_vcd(*options, session); });
}

}  // namespace ebb
