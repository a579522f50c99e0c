// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/trace_text.hpp"

#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/files.hpp"
#include "sim/trace/gunzip.hpp"
#include "sim/trace/open_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace ebb {
namespace {

constexpr std::size_t kHead = 2U << 20U;
constexpr std::size_t kLeast = 1U << 16U;

/// As much as there is, up to `room`.
std::size_t fill(TextStream& from, char* into, std::size_t room) {
    std::size_t have = 0;
    while (have < room) {
        const std::size_t n = from.read(into + have, room - have);
        if (n == 0)
            break;
        have += n;
    }
    return have;
}

}  // namespace

/// Open for as long as someone reads; each stream has a place of its own in it.
class TraceText::File {
public:
    File(std::string name, std::string expected, std::size_t at_a_time, Place asked_at)
        : path(std::move(name)),
          identity(std::move(expected)),
          window(at_a_time),
          where(std::move(asked_at)),
          descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (descriptor.get() < 0)
            fail();
        check_unchanged();
    }

    [[noreturn]] void fail() const {
        throw_mistake(where, fmt::format("cannot read '{}': {}", path,
                                         std::strerror(errno != 0 ? errno : EIO)));
    }
    void check_unchanged() const {
        if (identity_of(descriptor.get()) != identity)
            throw_mistake(where, fmt::format("'{}' was changed while it was read", path),
                          "read it when nobody writes to it");
    }

    std::string path;
    std::string identity;
    std::size_t window;
    Place where;
    Descriptor descriptor;
    bool packed = false;
    std::size_t mark = 0;  ///< bytes of the byte order mark
    std::size_t line_breaks = 0;
    std::string head;
};

/// The bytes of the file as they lie there.
class TraceText::FileStream final : public TextStream {
public:
    explicit FileStream(std::shared_ptr<const File> file) : file_(std::move(file)) {}
    std::size_t read(char* into, std::size_t room) override {
        ssize_t n = 0;
        do {
            errno = 0;
            n = ::pread(file_->descriptor.get(), into, room, static_cast<off_t>(at_));
        } while (n < 0 && errno == EINTR);
        if (n < 0)
            file_->fail();
        at_ += static_cast<std::size_t>(n);
        return static_cast<std::size_t>(n);
    }

private:
    std::shared_ptr<const File> file_;
    std::size_t at_ = 0;
};

TraceText TraceText::of_file(const std::string& path, const std::string& identity,
                             std::size_t window, const Place& where) {
    // A small file needs no large window, and a longer line makes a window grow.
    std::error_code code;
    const std::size_t size = std::filesystem::file_size(path, code);
    window = std::max<std::size_t>(1, code ? window : std::min(window, size + kLeast));
    auto file = std::make_shared<File>(path, identity, window, where);
    FileStream bytes(file);
    char magic[2] = {};
    const std::size_t first = fill(bytes, magic, sizeof magic);
    file->packed = is_gzip({magic, first});
    TraceText text;
    text.file_ = file;
    text.window_ = file->window;

    auto stream = text.open();
    std::string& head = file->head;
    // Piece by piece: most files are small, and room for two megabytes is not free.
    head.reserve(code ? 0 : std::min(kHead, size + kLeast));
    for (bool more = true; more && head.size() < kHead;) {
        const std::size_t have = head.size();
        head.resize(have + std::min(kLeast, kHead - have));
        head.resize(have + fill(*stream, head.data() + have, head.size() - have));
        more = head.size() == have + kLeast;
    }
    file->mark = check_beginning(head, path);
    // One look at all of it, as at a text in memory: it is a text, and a gzip file is whole.
    TextScan scan(path);
    scan.add(head);
    std::string block(kLeast, '\0');
    while (const std::size_t n = head.size() < kHead ? 0 : stream->read(block.data(), block.size()))
        scan.add({block.data(), n});
    file->line_breaks = scan.line_breaks();
    text.head_ = std::string_view(head).substr(file->mark);
    text.whole_ = head.size() < kHead && head.size() <= file->window;
    return text;
}

std::size_t TraceText::line_breaks() const {
    return file_ ? file_->line_breaks
                 : static_cast<std::size_t>(std::count(head_.begin(), head_.end(), '\n'));
}

std::unique_ptr<TextStream> TraceText::open() const {
    if (!file_)
        return nullptr;
    std::unique_ptr<TextStream> stream = std::make_unique<FileStream>(file_);
    if (file_->packed)
        stream = std::make_unique<GunzipStream>(std::move(stream), file_->path, file_->window);
    char mark[4];
    fill(*stream, mark, file_->mark);
    return stream;
}

Place TraceText::place() const {
    Place place;
    if (file_)
        place.file = file_->path;
    return place;
}

std::string TraceText::whole() const {
    if (in_memory())
        return std::string(head_);
    std::string text;
    const auto stream = open();
    std::string block(kLeast, '\0');
    while (const std::size_t n = stream->read(block.data(), block.size()))
        text.append(block.data(), n);
    return text;
}

void TraceText::check_unchanged() const {
    if (file_)
        file_->check_unchanged();
}

}  // namespace ebb
