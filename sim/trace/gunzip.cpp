// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/gunzip.hpp"

#include "models/core/error.hpp"
#include "sim/trace/file_mistakes.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

namespace ebb {
namespace {

constexpr std::size_t kBlock = 1U << 20U;
constexpr std::size_t kMostBytes = std::size_t{1} << 32U;  // 4 GiB: in memory
constexpr int kGzipOnly = 15 + 16;  // zlib's way to say: largest window, gzip header expected

/// Bytes that are in memory.
class MemoryStream final : public TextStream {
public:
    explicit MemoryStream(std::string_view bytes) : rest_(bytes) {}
    std::size_t read(char* into, std::size_t room) override {
        const std::size_t n = rest_.copy(into, room);
        rest_.remove_prefix(n);
        return n;
    }

private:
    std::string_view rest_;
};

[[noreturn]] void refuse(const std::string& path, const char* wrong) {
    Place place;
    place.file = path;
    throw_mistake(place, fmt::format("this gzip file {}", wrong), "expected a whole gzip file");
}

}  // namespace

struct GunzipStream::State {
    std::unique_ptr<TextStream> packed;
    std::string path;
    std::string window;
    z_stream stream{};
    bool ended = false;

    /// False at the end of the packed bytes.
    bool feed() {
        const std::size_t n = packed->read(window.data(), window.size());
        stream.next_in = reinterpret_cast<Bytef*>(window.data());
        stream.avail_in = static_cast<uInt>(n);
        return n > 0;
    }
};

GunzipStream::GunzipStream(std::unique_ptr<TextStream> packed, const std::string& path,
                           std::size_t window)
    : state_(std::make_unique<State>()) {
    state_->packed = std::move(packed);
    state_->path = path;
    state_->window.resize(std::clamp<std::size_t>(window, 1, kBlock));
    if (inflateInit2(&state_->stream, kGzipOnly) != Z_OK)
        throw Defect("zlib does not start");
}

GunzipStream::~GunzipStream() { inflateEnd(&state_->stream); }

std::size_t GunzipStream::read(char* into, std::size_t room) {
    State& s = *state_;
    room = std::min<std::size_t>(room, std::numeric_limits<uInt>::max());
    s.stream.next_out = reinterpret_cast<Bytef*>(into);
    s.stream.avail_out = static_cast<uInt>(room);
    while (!s.ended && s.stream.avail_out == room) {
        const bool more = s.stream.avail_in > 0 || s.feed();
        const int code = inflate(&s.stream, Z_NO_FLUSH);
        if (code == Z_STREAM_END) {
            // Files may be joined end to end.
            if (s.stream.avail_in == 0 && !s.feed())
                s.ended = true;
            else if (inflateReset(&s.stream) != Z_OK)
                throw Defect("zlib does not start again");
        } else if (code == Z_BUF_ERROR && !more) {
            refuse(s.path, "is cut short");
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            refuse(s.path, "is damaged");
        }
    }
    return room - s.stream.avail_out;
}

bool is_gzip(std::string_view bytes) noexcept { return bytes.substr(0, 2) == "\x1F\x8B"; }

std::string gunzip(std::string_view bytes, const std::string& path) {
    GunzipStream stream(std::make_unique<MemoryStream>(bytes), path, kBlock);
    std::string out;
    std::string block(kBlock, '\0');
    while (const std::size_t n = stream.read(block.data(), block.size())) {
        out.append(block.data(), n);
        if (out.size() > kMostBytes)
            refuse(path, "holds more than 4 GiB");
    }
    return out;
}

}  // namespace ebb
