// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/locate.hpp"

#include "sim/trace/open_file.hpp"
#include "sim/trace/sha256.hpp"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace ebb {
namespace {

namespace fs = std::filesystem;

/// The file if it is there and is the right one.
std::optional<LocatedFile> verified(const CatalogRow& row, const fs::path& path,
                                    std::vector<std::string>& rejected) {
    std::error_code code;
    if (!fs::is_regular_file(path, code) || row.sha256.empty())
        return std::nullopt;
    Place place;
    place.file = path.string();
    std::int64_t changed_ns = 0;
    LocatedFile file{path.string(), identity_of(path.string(), changed_ns)};
    const std::string found = sha256_of_file(file.path, place);
    if (found == row.sha256)
        return file;
    rejected.push_back(fmt::format("{} is damaged or another file: sha256 {}..., expected {}...",
                                   file.path, found.substr(0, 12), row.sha256.substr(0, 12)));
    return std::nullopt;
}

}  // namespace

bool is_url(const std::string& mirror) { return mirror.find("://") != std::string::npos; }

std::string cache_path(const CatalogRow& row, const TraceEnvironment& environment) {
    return (fs::path(environment.cache) / row.sha256).string();
}

std::optional<LocatedFile> locate_in_mirror(const CatalogRow& row, const std::string& folder,
                                            std::vector<std::string>& rejected) {
    if (folder.empty() || is_url(folder))
        return std::nullopt;
    if (!row.mirror_name.empty())
        if (auto file = verified(row, fs::path(folder) / row.mirror_name, rejected))
            return file;
    // By content: only files of the right size are read, and a wrong one is no complaint.
    std::error_code code;
    std::vector<std::string> ignored;
    for (fs::recursive_directory_iterator
             at(folder, fs::directory_options::skip_permission_denied, code),
         end;
         !code && at != end; at.increment(code)) {
        std::error_code size_code;
        if (row.bytes <= 0 || !at->is_regular_file(size_code) ||
            at->file_size(size_code) != static_cast<std::uintmax_t>(row.bytes))
            continue;
        if (auto file = verified(row, at->path(), ignored))
            return file;
    }
    return std::nullopt;
}

std::optional<LocatedFile> locate(const CatalogRow& row, const TraceEnvironment& environment,
                                  std::vector<std::string>& rejected) {
    if (row.status == "shipped")
        for (const std::string& folder : environment.shipped)
            if (auto file = verified(row, fs::path(folder) / row.path, rejected))
                return file;
    if (!environment.cache.empty() && !row.sha256.empty()) {
        std::vector<std::string> damaged;
        if (auto file = verified(row, cache_path(row, environment), damaged))
            return file;
        rejected.insert(rejected.end(), damaged.begin(), damaged.end());
    }
    return locate_in_mirror(row, environment.mirror, rejected);
}

}  // namespace ebb
