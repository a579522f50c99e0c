// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/folders.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "models/core/error.hpp"

namespace ebb {

namespace fs = std::filesystem;

namespace {

bool holds_data(const fs::path& folder) {
    std::error_code error;
    return fs::is_directory(folder / "models" / "mcu" / "parts", error) &&
           fs::exists(folder / "traces" / "catalog.csv", error);
}

std::string find_share_folder() {
    std::error_code error;
    const fs::path executable = fs::read_symlink("/proc/self/exe", error);
    const fs::path folder = executable.parent_path();
    const fs::path installed = folder.parent_path() / "share" / "ebb";
    if (holds_data(installed)) {
        return installed.string();
    }
    std::ifstream note(executable.string() + ".data");
    std::string named;
    if (std::getline(note, named) && holds_data(named)) {
        return named;
    }
    for (fs::path up = folder; up != up.root_path(); up = up.parent_path()) {
        if (holds_data(up)) {
            return up.string();
        }
    }
    throw InputError("the program's data (models/, traces/) was not found; looked in " +
                     installed.string() + " and in the folders above " + folder.string() +
                     ": the installation is not complete");
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

/// By the XDG base directory rules; a relative XDG_CACHE_HOME does not count.
std::string cache_folder() {
    const fs::path xdg = variable("XDG_CACHE_HOME");
    if (xdg.is_absolute()) {
        return (xdg / "ebb").string();
    }
    const std::string home = variable("HOME");
    return home.empty() ? std::string() : (fs::path(home) / ".cache" / "ebb").string();
}

}  // namespace

const std::string& share_folder() {
    static const std::string kFolder = find_share_folder();
    return kFolder;
}

DataFolders data_folders() {
    DataFolders folders;
    folders.models = share_folder() + "/models";
    folders.catalog = share_folder() + "/traces/catalog.csv";
    return folders;
}

TraceEnvironment trace_environment(const std::string& mirror, bool offline) {
    TraceEnvironment traces;
    traces.catalog = share_folder() + "/traces/catalog.csv";
    traces.shipped = {share_folder() + "/traces"};
    traces.mirror = mirror.empty() ? variable("EBB_TRACE_MIRROR") : mirror;
    traces.cache = cache_folder();
    traces.offline = offline;
    return traces;
}

ReadOptions read_options(const Session& session, std::vector<std::string> sets) {
    const DataFolders folders = data_folders();
    ReadOptions options;
    options.sets = std::move(sets);
    options.parts_folder = folders.models;
    options.networks_folder = folders.networks();
    options.platforms_folder = folders.platforms();
    options.traces = session.traces;
    return options;
}

}  // namespace ebb
