// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/download.hpp"

#include "sim/trace/late_library.hpp"

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

/// What is called of libcurl.
struct Curl {
    Curl() {
        const LateLibrary library(EBB_CURL_SONAME);
        library.find("curl_easy_init", init);
        library.find("curl_easy_setopt", setopt);
        library.find("curl_easy_perform", perform);
        library.find("curl_easy_strerror", strerror);
        library.find("curl_easy_cleanup", cleanup);
    }
    decltype(&curl_easy_init) init = nullptr;
    decltype(&curl_easy_setopt) setopt = nullptr;
    decltype(&curl_easy_perform) perform = nullptr;
    decltype(&curl_easy_strerror) strerror = nullptr;
    decltype(&curl_easy_cleanup) cleanup = nullptr;
};

const Curl& libcurl() {
    static const Curl loaded;
    return loaded;
}

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

Download transfer(const Curl& curl, const std::string& url, std::int64_t most_bytes) {
    Download result;
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl.init(), curl.cleanup);
    if (!handle) {
        result.fault = "libcurl could not be started";
        return result;
    }
    Sink sink{&result.bytes, static_cast<std::size_t>(most_bytes)};
    char text[CURL_ERROR_SIZE] = "";
    CURL* const c = handle.get();
    curl.setopt(c, CURLOPT_URL, url.c_str());
    curl.setopt(c, CURLOPT_PROTOCOLS_STR, "https");
    curl.setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl.setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    curl.setopt(c, CURLOPT_MAXREDIRS, kMostRedirects);
    curl.setopt(c, CURLOPT_FAILONERROR, 1L);
    curl.setopt(c, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl.setopt(c, CURLOPT_LOW_SPEED_LIMIT, kStallBytesPerSecond);
    curl.setopt(c, CURLOPT_LOW_SPEED_TIME, kStallSeconds);
    curl.setopt(c, CURLOPT_TIMEOUT, kWholeSeconds);
    curl.setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl.setopt(c, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(most_bytes));
    curl.setopt(c, CURLOPT_USERAGENT, "ebb-trace-fetch");
    curl.setopt(c, CURLOPT_ERRORBUFFER, text);
    curl.setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl.setopt(c, CURLOPT_WRITEDATA, &sink);
    const CURLcode code = curl.perform(c);
    if (code == CURLE_OK)
        return result;
    if (sink.overflow || code == CURLE_FILESIZE_EXCEEDED)
        result.fault = fmt::format("it is larger than the {} bytes of the catalog", most_bytes);
    else
        result.fault = text[0] != '\0' ? text : curl.strerror(code);
    result.bytes.clear();
    return result;
}

}  // namespace

Download download(const std::string& url, std::int64_t most_bytes) {
    Download result;
    if (url.rfind("https://", 0) != 0) {
        result.fault = fmt::format("only https addresses are fetched, not '{}'", url);
        return result;
    }
    try {
        return transfer(libcurl(), url, most_bytes);
    } catch (const LateLibrary::Fault& fault) {
        result.fault = fmt::format("{}; install libcurl4", fault.what());
    }
    return result;
}

}  // namespace ebb
