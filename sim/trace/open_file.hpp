// SPDX-License-Identifier: Apache-2.0
/// Files by their descriptors: closed at the end of a scope, read at any place, mapped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ebb {

/// Closes a descriptor at the end of a scope; below 0 there is none.
class Descriptor {
public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};

/// A file without a name, which is gone when it is closed; below 0 if `folder` cannot be written.
/// `folder` is made if it is missing.
[[nodiscard]] int open_nameless(const std::string& folder);

/// False unless all of it could be read, or written behind the end.
bool read_all(int file, void* into, std::size_t bytes, std::uint64_t offset);
bool write_all(int file, const void* from, std::size_t bytes);

/// What changes when a file's content does: device, inode, size and times. Empty if it is gone.
/// `changed_ns` gets the later of the times.
[[nodiscard]] std::string identity_of(const std::string& path, std::int64_t& changed_ns);
[[nodiscard]] std::string identity_of(int file);

/// The content of a file in the process's address space, for reading.
class MappedPages {
public:
    MappedPages(int file, std::size_t bytes);
    ~MappedPages();
    MappedPages(const MappedPages&) = delete;
    MappedPages& operator=(const MappedPages&) = delete;

    [[nodiscard]] bool good() const noexcept;
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] const char* at(std::uint64_t offset) const noexcept {
        return static_cast<const char*>(at_) + offset;
    }
    /// Whole pages from the one of `from` to before the one of `to` leave the process's memory. The
    /// kernel keeps them as long as it likes; they may be read again.
    void drop(std::uint64_t from, std::uint64_t to) const noexcept;

private:
    std::size_t bytes_;
    void* at_;
};

}  // namespace ebb
