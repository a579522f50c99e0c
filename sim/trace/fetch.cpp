// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/fetch.hpp"

#include "sim/trace/download.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/files.hpp"
#include "sim/trace/locate.hpp"
#include "sim/trace/sha256.hpp"

#include <fmt/format.h>

namespace ebb {
namespace {

/// The addresses to try, mirror first.
std::vector<std::string> addresses(const CatalogRow& row, const TraceEnvironment& environment) {
    std::vector<std::string> urls;
    if (is_url(environment.mirror) && !row.mirror_name.empty()) {
        std::string base = environment.mirror;
        while (!base.empty() && base.back() == '/')
            base.pop_back();
        urls.push_back(base + "/" + row.mirror_name);
    }
    if (!row.url().empty())
        urls.push_back(row.url());
    return urls;
}

void check_can_be_fetched(const CatalogRow& row, const TraceEnvironment& environment,
                          const Place& where) {
    if (row.status == "shipped")
        throw_mistake(where,
                      fmt::format("{} comes with ebb, but its file is missing or changed", row.id),
                      "reinstall ebb, or restore traces/" + row.path);
    if (row.sha256.empty())
        throw_mistake(where, fmt::format("{} cannot be fetched: no checksum is recorded", row.id),
                      fmt::format("download it by hand from {} and name the file", row.origin));
    if (environment.cache.empty())
        throw_mistake(where, "there is no cache folder to fetch into");
}

/// Downloads and verifies; an empty `fault` means that `bytes` are the right ones.
Download right_download(const CatalogRow& row, const std::string& url) {
    Download got = download(url, row.bytes);
    if (!got.fault.empty())
        return got;
    const std::string found = sha256_of(got.bytes);
    if (found != row.sha256)
        got.fault = fmt::format(
            "it is not the catalog's file: {} bytes with sha256 {}..., expected {} "
            "bytes with {}...",
            got.bytes.size(), found.substr(0, 12), row.bytes, row.sha256.substr(0, 12));
    return got;
}

}  // namespace

Fetched fetch_trace(const CatalogRow& row, const TraceEnvironment& environment,
                    const Place& where) {
    Fetched fetched;
    const std::string target = row.sha256.empty() ? std::string() : cache_path(row, environment);
    if (auto here = locate(row, environment, fetched.notes)) {
        fetched.from = "already there";
        fetched.path = here->path;
        if (here->path == target || row.status == "shipped")
            return fetched;
        // It is in the mirror folder: copy, so that it stays when the mirror goes.
        check_can_be_fetched(row, environment, where);
        copy_file_whole(target, here->path);
        fetched.from = here->path;
        fetched.path = target;
        return fetched;
    }
    check_can_be_fetched(row, environment, where);
    const std::vector<std::string> urls = addresses(row, environment);
    if (urls.empty())
        throw_mistake(where, fmt::format("{} cannot be fetched: no address is recorded", row.id),
                      fmt::format("download it by hand from {}", row.origin));
    if (environment.offline)
        throw_mistake(
            where,
            fmt::format("{} is not on this machine, and --offline forbids fetching it", row.id),
            "run without --offline, or give a folder with --mirror");
    for (const std::string& url : urls) {
        const Download got = right_download(row, url);
        if (got.fault.empty()) {
            write_file_whole(target, got.bytes);
            fetched.from = url;
            fetched.path = target;
            return fetched;
        }
        fetched.notes.push_back(fmt::format("{}: {}", url, got.fault));
    }
    throw_mistake(where, fmt::format("{} could not be fetched", row.id), "",
                  fmt::format("{}", fmt::join(fetched.notes, "; ")));
}

}  // namespace ebb
