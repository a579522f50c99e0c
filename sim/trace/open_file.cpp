// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/open_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ebb {
namespace {

namespace fs = std::filesystem;

std::int64_t ns(const timespec& t) { return t.tv_sec * 1'000'000'000LL + t.tv_nsec; }

std::string identity(const struct stat& s) {
    return fmt::format("{} {} {} {} {}", s.st_dev, s.st_ino, s.st_size, ns(s.st_mtim),
                       ns(s.st_ctim));
}

}  // namespace

Descriptor::~Descriptor() {
    if (fd_ >= 0)
        ::close(fd_);
}

int open_nameless(const std::string& folder) {
    std::error_code code;
    fs::create_directories(folder, code);
    std::string name = (fs::path(folder) / "rows.part-XXXXXX").string();
    const int file = ::mkstemp(name.data());
    if (file >= 0)
        ::unlink(name.c_str());
    return file;
}

bool read_all(int file, void* into, std::size_t bytes, std::uint64_t offset) {
    auto* at = static_cast<char*>(into);
    while (bytes > 0) {
        const ssize_t got = ::pread(file, at, bytes, static_cast<off_t>(offset));
        if (got <= 0)
            return false;
        at += got;
        offset += static_cast<std::uint64_t>(got);
        bytes -= static_cast<std::size_t>(got);
    }
    return true;
}

bool write_all(int file, const void* from, std::size_t bytes) {
    const auto* at = static_cast<const char*>(from);
    while (bytes > 0) {
        const ssize_t done = ::write(file, at, bytes);
        if (done <= 0)
            return false;
        at += done;
        bytes -= static_cast<std::size_t>(done);
    }
    return true;
}

std::string identity_of(const std::string& path, std::int64_t& changed_ns) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0)
        return {};
    changed_ns = std::max(ns(s.st_mtim), ns(s.st_ctim));
    return identity(s);
}

std::string identity_of(int file) {
    struct stat s {};
    return ::fstat(file, &s) == 0 ? identity(s) : std::string();
}

MappedPages::MappedPages(int file, std::size_t bytes)
    : bytes_(bytes), at_(::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0)) {}

MappedPages::~MappedPages() {
    if (good())
        ::munmap(at_, bytes_);
}

bool MappedPages::good() const noexcept { return at_ != MAP_FAILED; }

void MappedPages::drop(std::uint64_t from, std::uint64_t to) const noexcept {
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    to = std::min<std::uint64_t>(to, bytes_) / page * page;
    from = from / page * page;
    if (to > from)
        ::madvise(static_cast<char*>(at_) + from, to - from, MADV_DONTNEED);
}

}  // namespace ebb
