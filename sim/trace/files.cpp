// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/files.hpp"

#include "sim/trace/file_mistakes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

namespace ebb {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Signature {
    std::string_view bytes;
    const char* what;
};

constexpr Signature kSignatures[] = {
    {"\x1F\x8B", "a gzip file within a gzip file: unpack it first"},
    {"\x89HDF", "an HDF5 file inside of something else: unpack it first"},
    {"\x80\x04",
     "a Python pickle, which ebb never reads: convert it to csv (an .iv file: "
     "tools/convert_ivonne.py)"},
    {"PK\x03\x04",
     "a zip file: unpack it first (a .ppk2 session: export it as csv from the Power Profiler)"},
    {"jlsfmt\r\n", "a Joulescope recording (.jls): export it as csv"},
    {"\xD3tagfmt ", "a Joulescope recording (.jls): export it as csv"},
    {"\xFF\xFE", "UTF-16 text: save it as UTF-8"},
    {"\xFE\xFF", "UTF-16 text: save it as UTF-8"},
};

}  // namespace

std::string read_file(const std::string& path, const Place& where) {
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (!fs::exists(status))
        throw_mistake(where, fmt::format("there is no file '{}'", path));
    if (fs::is_directory(status))
        throw_mistake(where, fmt::format("'{}' is a folder, expected a file", path));
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    std::string bytes;
    if (in) {
        const auto size = fs::file_size(path, code);
        if (!code)
            bytes.reserve(static_cast<std::size_t>(size));
        // A pipe has no size; reading by blocks serves both.
        std::string block(1U << 20U, '\0');
        while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
            bytes.append(block.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (!in.eof())
        throw_mistake(where, fmt::format("cannot read '{}': {}", path,
                                         std::strerror(errno != 0 ? errno : EIO)));
    return bytes;
}

std::string_view text_of(const std::string& bytes, const std::string& path) {
    std::string_view text = bytes;
    Place place;
    place.file = path;
    if (text.empty())
        throw_mistake(place, "the file is empty", "expected a trace");
    for (const Signature& signature : kSignatures)
        if (text.substr(0, signature.bytes.size()) == signature.bytes)
            throw_mistake(place, fmt::format("this is {}", signature.what));
    if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
        text.remove_prefix(kByteOrderMark.size());
    const std::size_t zero = text.find('\0');
    if (zero != std::string_view::npos) {
        place.line = 1 + static_cast<int>(std::count(
                             text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n'));
        throw_mistake(place, "this is not a text file: it holds a zero byte", "expected a trace");
    }
    return text;
}

void write_file_whole(const std::string& path, std::string_view bytes) {
    const auto fail = [&path](const std::string& why) {
        Place place;
        place.file = path;
        throw_mistake(place, fmt::format("cannot write: {}", why));
    };
    const fs::path target(path);
    std::error_code code;
    if (target.has_parent_path())
        fs::create_directories(target.parent_path(), code);
    if (code)
        fail(code.message());
    const std::string temporary = fmt::format("{}.part-{}", path, ::getpid());
    errno = 0;
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
        const int error = errno != 0 ? errno : EIO;
        fs::remove(temporary, code);
        fail(std::strerror(error));
    }
    fs::rename(temporary, target, code);
    if (code) {
        const std::string why = code.message();
        fs::remove(temporary, code);
        fail(why);
    }
}

}  // namespace ebb
