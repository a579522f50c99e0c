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
        std::string block(1U << 16U, '\0');
        while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
            bytes.append(block.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (!in.eof())
        throw_mistake(where, fmt::format("cannot read '{}': {}", path,
                                         std::strerror(errno != 0 ? errno : EIO)));
    return bytes;
}

std::size_t check_beginning(std::string_view head, const std::string& path) {
    Place place;
    place.file = path;
    if (head.empty())
        throw_mistake(place, "the file is empty", "expected a trace");
    for (const Signature& signature : kSignatures)
        if (head.substr(0, signature.bytes.size()) == signature.bytes)
            throw_mistake(place, fmt::format("this is {}", signature.what));
    return head.substr(0, kByteOrderMark.size()) == kByteOrderMark ? kByteOrderMark.size() : 0;
}

void TextScan::add(std::string_view block) {
    const std::size_t zero = block.find('\0');
    const std::string_view before = block.substr(0, zero);
    line_breaks_ += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    if (zero == std::string_view::npos)
        return;
    Place place;
    place.file = path_;
    place.line = 1 + static_cast<int>(line_breaks_);
    throw_mistake(place, "this is not a text file: it holds a zero byte", "expected a trace");
}

std::string_view text_of(const std::string& bytes, const std::string& path) {
    std::string_view text = bytes;
    text.remove_prefix(check_beginning(text, path));
    TextScan(path).add(text);
    return text;
}

namespace {

[[noreturn]] void cannot_write(const std::string& path, const std::string& why) {
    Place place;
    place.file = path;
    throw_mistake(place, fmt::format("cannot write: {}", why));
}

/// `fill(temporary)` writes a file and gives what went wrong, or nothing.
template <class Fill>
void write_beside(const std::string& path, Fill&& fill) {
    const fs::path target(path);
    std::error_code code;
    if (target.has_parent_path())
        fs::create_directories(target.parent_path(), code);
    if (code)
        cannot_write(path, code.message());
    const std::string temporary = fmt::format("{}.part-{}", path, ::getpid());
    std::string wrong = std::forward<Fill>(fill)(temporary);
    if (wrong.empty()) {
        fs::rename(temporary, target, code);
        wrong = code ? code.message() : "";
    }
    if (wrong.empty())
        return;
    fs::remove(temporary, code);
    cannot_write(path, wrong);
}

}  // namespace

void write_file_whole(const std::string& path, std::string_view bytes) {
    write_beside(path, [bytes](const std::string& temporary) -> std::string {
        errno = 0;
        std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        out.close();
        return out ? "" : std::strerror(errno != 0 ? errno : EIO);
    });
}

void copy_file_whole(const std::string& path, const std::string& from) {
    write_beside(path, [&from](const std::string& temporary) -> std::string {
        std::error_code code;
        fs::copy_file(from, temporary, fs::copy_options::overwrite_existing, code);
        return code ? code.message() : "";
    });
}

}  // namespace ebb
