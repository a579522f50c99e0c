// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/sha256.hpp"

#include "models/core/error.hpp"
#include "sim/trace/file_mistakes.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace ebb {

namespace {

constexpr std::size_t kWindow = 1U << 16U;

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string hexadecimal(const Digest& digest, unsigned int length) {
    constexpr const char* kHex = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
        text += kHex[digest[i] >> 4U];
        text += kHex[digest[i] & 15U];
    }
    return text;
}

}  // namespace

std::string sha256_of(std::string_view bytes) {
    Digest digest{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        throw Defect("OpenSSL could not compute a SHA-256");
    return hexadecimal(digest, length);
}

std::string sha256_of_file(const std::string& path, const Place& where) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    std::string window(kWindow, '\0');
    while (in && good && (in.read(window.data(), kWindow) || in.gcount() > 0))
        good = EVP_DigestUpdate(context.get(), window.data(),
                                static_cast<std::size_t>(in.gcount())) == 1;
    if (!in.eof())
        throw_mistake(where, fmt::format("cannot read '{}': {}", path,
                                         std::strerror(errno != 0 ? errno : EIO)));
    Digest digest{};
    unsigned int length = 0;
    if (!good || EVP_DigestFinal_ex(context.get(), digest.data(), &length) != 1)
        throw Defect("OpenSSL could not compute a SHA-256");
    return hexadecimal(digest, length);
}

bool is_sha256(std::string_view text) noexcept {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

}  // namespace ebb
