// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/gunzip.hpp"

#include "models/core/error.hpp"
#include "sim/trace/file_mistakes.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <zlib.h>

namespace ebb {
namespace {

constexpr std::size_t kBlock = 1U << 20U;
constexpr std::size_t kMostBytes = std::size_t{1} << 32U;  // 4 GiB: files are read whole
constexpr int kGzipOnly = 15 + 16;  // zlib's way to say: largest window, gzip header expected

class Inflater {
public:
    explicit Inflater(std::string_view bytes) : rest_(bytes) {
        if (inflateInit2(&stream_, kGzipOnly) != Z_OK)
            throw Defect("zlib does not start");
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Empty if all is well, else what is wrong.
    const char* run(std::string& out) {
        std::string block(kBlock, '\0');
        for (;;) {
            if (stream_.avail_in == 0)
                feed();
            stream_.next_out = reinterpret_cast<Bytef*>(block.data());
            stream_.avail_out = static_cast<uInt>(block.size());
            const int code = inflate(&stream_, Z_NO_FLUSH);
            out.append(block.data(), block.size() - stream_.avail_out);
            if (out.size() > kMostBytes)
                return "holds more than 4 GiB";
            if (code == Z_STREAM_END) {
                if (stream_.avail_in == 0 && rest_.empty())
                    return "";
                if (inflateReset(&stream_) != Z_OK)  // files may be joined end to end
                    throw Defect("zlib does not start again");
                continue;
            }
            if (code == Z_BUF_ERROR && stream_.avail_in == 0 && rest_.empty())
                return "is cut short";
            if (code != Z_OK && code != Z_BUF_ERROR)
                return "is damaged";
        }
    }

private:
    void feed() {
        const std::size_t n = std::min<std::size_t>(rest_.size(), std::numeric_limits<uInt>::max());
        // zlib does not write through next_in; its type is older than const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
        stream_.avail_in = static_cast<uInt>(n);
        rest_.remove_prefix(n);
    }

    std::string_view rest_;
    z_stream stream_{};
};

}  // namespace

bool is_gzip(std::string_view bytes) noexcept { return bytes.substr(0, 2) == "\x1F\x8B"; }

std::string gunzip(std::string_view bytes, const std::string& path) {
    std::string out;
    const std::string wrong = Inflater(bytes).run(out);
    if (!wrong.empty()) {
        Place place;
        place.file = path;
        throw_mistake(place, fmt::format("this gzip file {}", wrong), "expected a whole gzip file");
    }
    return out;
}

}  // namespace ebb
