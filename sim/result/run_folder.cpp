// SPDX-License-Identifier: Apache-2.0
#include "sim/result/run_folder.hpp"

#include "models/core/error.hpp"
#include "models/core/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

namespace ebb {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTemporary = ".ebb-";
constexpr std::string_view kManifest = "manifest.json";
constexpr std::array<std::string_view, 7> kRunFiles = {
    "summary.json", "events.csv",  "timeline.csv", "resolved.yaml",
    "layers.csv",   "metrics.csv", kManifest};
// What `ebb export` makes of a run's files by default: stale once the run is replaced.
constexpr std::string_view kExported = "run.vcd";

std::string reason(int error) { return std::generic_category().message(error); }

/// Names in the folder that are neither temporary files of an interrupted run nor hidden by us.
std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        if (name.compare(0, kTemporary.size(), kTemporary) != 0) {
            names.push_back(name);
        }
    }
    if (error) {
        throw InputError(fmt::format("cannot read the folder '{}': {}", folder, error.message()));
    }
    std::sort(names.begin(), names.end());
    return names;
}

void check_free(const std::string& folder) {
    std::vector<std::string> names = names_in(folder);
    if (names.empty() || is_run_folder(folder)) {
        return;
    }
    constexpr std::size_t kShown = 3;
    const std::string more = names.size() > kShown ? ", ..." : "";
    names.resize(std::min(names.size(), kShown));
    Mistake mistake;
    mistake.place.file = folder;
    mistake.message = fmt::format(
        "the output folder is not empty and holds no earlier run of ebb, so nothing was written "
        "({}{})",
        joined(names), more);
    mistake.note = "name a new or empty folder, or one that an earlier run wrote";
    throw InputError(std::vector<Mistake>{mistake});
}

/// The outermost part of `path` that does not exist yet; empty if all of it exists.
std::string first_missing(const fs::path& path) {
    std::error_code error;
    fs::path missing;
    for (fs::path at = fs::absolute(path, error); !at.empty() && !fs::exists(at, error);
         at = at.parent_path()) {
        missing = at;
        if (at == at.parent_path()) {
            break;
        }
    }
    return missing.string();
}

}  // namespace

bool is_run_folder(const std::string& path) {
    std::ifstream in(fs::path(path) / kManifest);
    if (!in) {
        return false;
    }
    const auto json = nlohmann::json::parse(in, nullptr, false);
    const auto at = json.is_object() ? json.find("program") : json.end();
    return json.is_object() && at != json.end() && *at == "ebb";
}

OutputFile::OutputFile(std::string path, std::string final_path)
    : path_(std::move(path)), final_path_(std::move(final_path)) {
    file_ = std::fopen(path_.c_str(), "wb");
    if (file_ == nullptr) {
        note_failure(errno);
        return;
    }
    // Callers write in blocks of their own.
    std::setvbuf(file_, nullptr, _IONBF, 0);
}

OutputFile::~OutputFile() { close(); }

void OutputFile::note_failure(int error) noexcept {
    if (failure_.empty()) {
        failure_ = fmt::format("cannot write '{}': {}", final_path_, reason(error));
    }
}

void OutputFile::write(std::string_view text) noexcept {
    if (file_ != nullptr && failure_.empty() &&
        std::fwrite(text.data(), 1, text.size(), file_) != text.size()) {
        note_failure(errno);
    }
}

void OutputFile::close() noexcept {
    if (file_ != nullptr && std::fclose(file_) != 0) {
        note_failure(errno);
    }
    file_ = nullptr;
}

RunFolder::RunFolder(std::string path) : path_(std::move(path)) {
    if (path_.empty()) {
        throw InputError("the output folder has no name");
    }
    std::error_code error;
    if (fs::exists(path_, error) && !fs::is_directory(path_, error)) {
        throw InputError(fmt::format("'{}' is a file; the output needs a folder", path_));
    }
    const std::string missing = first_missing(path_);
    fs::create_directories(path_, error);
    if (error) {
        throw InputError(
            fmt::format("cannot create the output folder '{}': {}", path_, error.message()));
    }
    first_created_ = missing;
    if (missing.empty()) {
        check_free(path_);
    }
    // Better to hear about a missing permission before the run than after it.
    const std::string probe = (fs::path(path_) / ".ebb-probe").string();
    OutputFile file(probe, path_);
    file.close();
    std::remove(probe.c_str());
    if (!file.failure().empty()) {
        throw InputError(file.failure());
    }
}

RunFolder::~RunFolder() {
    if (!committed_) {
        discard();
    }
}

void RunFolder::discard() noexcept {
    std::error_code error;
    for (const auto& file : files_) {
        file->close();
        fs::remove(file->path(), error);
    }
    // Folders that the claim made go again as long as they are empty.
    const fs::path outermost(first_created_);
    for (fs::path at = fs::absolute(path_, error); !first_created_.empty(); at = at.parent_path()) {
        if (!fs::remove(at, error) || at == outermost) {
            break;
        }
    }
}

std::shared_ptr<OutputFile> RunFolder::open(const std::string& name) {
    if (std::find(kRunFiles.begin(), kRunFiles.end(), name) == kRunFiles.end()) {
        throw Defect("'" + name + "' is not a file of a run");
    }
    const fs::path folder(path_);
    auto file = std::make_shared<OutputFile>((folder / (std::string(kTemporary) + name)).string(),
                                             (folder / name).string());
    if (!file->failure().empty()) {
        throw InputError(file->failure());
    }
    files_.push_back(file);
    return file;
}

void RunFolder::write(const std::string& name, std::string_view text) {
    const auto file = open(name);
    file->write(text);
    file->close();
}

void RunFolder::commit() {
    for (const auto& file : files_) {
        file->close();
        if (!file->failure().empty()) {
            throw InputError(file->failure());
        }
    }
    // The manifest comes last: it says that the folder is whole.
    std::stable_partition(files_.begin(), files_.end(), [](const auto& file) {
        return fs::path(file->final_path()).filename() != kManifest;
    });
    for (const std::string_view name : kRunFiles) {
        const std::string path = (fs::path(path_) / name).string();
        const bool ours = std::any_of(files_.begin(), files_.end(),
                                      [&](const auto& file) { return file->final_path() == path; });
        std::error_code ignored;
        if (!ours && name != kManifest) {
            fs::remove(path, ignored);
        }
    }
    std::error_code none_there;
    fs::remove(fs::path(path_) / kExported, none_there);
    for (const auto& file : files_) {
        std::error_code error;
        fs::rename(file->path(), file->final_path(), error);
        if (error) {
            throw InputError(
                fmt::format("cannot write '{}': {}", file->final_path(), error.message()));
        }
    }
    committed_ = true;
}

}  // namespace ebb
