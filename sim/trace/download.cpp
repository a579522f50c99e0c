// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/download.hpp"

#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>

namespace ebb {
namespace {

constexpr long kConnectSeconds = 20;
constexpr long kStallSeconds = 30;
constexpr long kStallBytesPerSecond = 10;
constexpr long kWholeSeconds = 600;
constexpr long kMostRedirects = 5;

struct Sink {
    std::string* bytes;
    std::size_t most;
    bool overflow = false;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* user) {
    auto& sink = *static_cast<Sink*>(user);
    const std::size_t n = size * count;
    if (sink.bytes->size() + n > sink.most) {
        sink.overflow = true;
        return 0;  // aborts the transfer
    }
    sink.bytes->append(data, n);
    return n;
}

}  // namespace

Download download(const std::string& url, std::int64_t most_bytes) {
    Download result;
    if (url.rfind("https://", 0) != 0) {
        result.fault = fmt::format("only https addresses are fetched, not '{}'", url);
        return result;
    }
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    if (!curl) {
        result.fault = "libcurl could not be started";
        return result;
    }
    Sink sink{&result.bytes, static_cast<std::size_t>(most_bytes)};
    char text[CURL_ERROR_SIZE] = "";
    CURL* const c = curl.get();
    curl_easy_setopt(c, CURLOPT_URL, url.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, kMostRedirects);
    curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, kStallBytesPerSecond);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, kStallSeconds);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, kWholeSeconds);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(most_bytes));
    curl_easy_setopt(c, CURLOPT_USERAGENT, "ebb-trace-fetch");
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, text);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &sink);
    const CURLcode code = curl_easy_perform(c);
    if (code == CURLE_OK)
        return result;
    if (sink.overflow || code == CURLE_FILESIZE_EXCEEDED)
        result.fault = fmt::format("it is larger than the {} bytes of the catalog", most_bytes);
    else
        result.fault = text[0] != '\0' ? text : curl_easy_strerror(code);
    result.bytes.clear();
    return result;
}

}  // namespace ebb
