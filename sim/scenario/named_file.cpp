// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/named_file.hpp"

#include "models/core/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace ebb {

namespace fs = std::filesystem;

namespace {

/// Data files are tables of a few kilobytes; anything larger was named by mistake.
constexpr std::uintmax_t kMostBytes = 16U << 20U;

bool ends_with(const std::string& text, std::string_view end) {
    return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

[[noreturn]] void refuse(const Place& where, std::string message, std::string hint = "",
                         std::string note = "") {
    throw InputError({Mistake{where, std::move(message), std::move(hint), std::move(note)}});
}

std::string read_all(const fs::path& path, const NamedFileKind& kind, const Place& where) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) {
        refuse(where, fmt::format("{} file '{}' {}", kind.noun, path.string(),
                                  fs::exists(path, error) ? "is not a file" : "does not exist"));
    }
    if (fs::file_size(path, error) > kMostBytes) {
        refuse(where, fmt::format("{} file '{}' is larger than {} MiB", kind.noun, path.string(),
                                  kMostBytes >> 20U));
    }
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        refuse(where, fmt::format("cannot read {} file '{}': {}", kind.noun, path.string(),
                                  std::strerror(errno)));
    }
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (text.find('\0') != std::string::npos) {
        refuse(where, fmt::format("{} file '{}' is not text", kind.noun, path.string()));
    }
    return text;
}

}  // namespace

std::vector<std::string> names_in(const std::string& folder, const NamedFileKind& kind) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() == kind.extension) {
            names.push_back(entry.path().stem().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

NamedFile load_named_file(const std::string& name_or_path, const std::string& base_folder,
                          const std::string& folder, const NamedFileKind& kind,
                          const Place& where) {
    const bool is_path =
        name_or_path.find('/') != std::string::npos || ends_with(name_or_path, kind.extension);
    fs::path path;
    if (is_path) {
        const fs::path given(name_or_path);
        path = given.is_absolute() || base_folder.empty() ? given : fs::path(base_folder) / given;
    } else {
        const auto names = names_in(folder, kind);
        if (std::find(names.begin(), names.end(), name_or_path) == names.end()) {
            refuse(where, fmt::format("unknown {} '{}'", kind.noun, name_or_path),
                   did_you_mean(name_or_path, names),
                   fmt::format("{}s: {}; or a path to your own {} file", kind.noun,
                               names.empty() ? "none found" : joined(names), kind.extension));
        }
        path = fs::path(folder) / (name_or_path + kind.extension);
    }
    NamedFile file;
    file.text = read_all(path, kind, where);
    file.path = path.string();
    file.name = path.stem().string();
    return file;
}

std::string line_of(const std::string& text, int line) {
    std::size_t begin = 0;
    for (int i = 1; i < line && begin != std::string::npos; ++i) {
        begin = text.find('\n', begin);
        begin = begin == std::string::npos ? begin : begin + 1;
    }
    if (begin == std::string::npos) {
        return "";
    }
    std::string found = text.substr(begin, text.find('\n', begin) - begin);
    if (!found.empty() && found.back() == '\r') {
        found.pop_back();
    }
    return found;
}

}  // namespace ebb
