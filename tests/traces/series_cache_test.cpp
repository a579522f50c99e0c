// SPDX-License-Identifier: Apache-2.0
/// Recordings that are converted once and mapped from then on.
#include "sim/trace/series_cache.hpp"
#include "tests/traces/trace_support.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace ebb;
using namespace ebb::test;
namespace fs = std::filesystem;

namespace {

/// A recording with a cache of its own.
struct Cached {
    Scratch scratch;
    TraceRequest request;
    TraceEnvironment environment;

    explicit Cached(const std::string& text) {
        request.ref = scratch.write("trace.csv", text);
        environment.cache = scratch.path("cache");
        environment.convert_from_bytes = 0;
    }
    [[nodiscard]] Trace load() const { return load_trace(request, environment, somewhere()); }
    [[nodiscard]] Trace load_directly() const {
        return load_trace(request, TraceEnvironment{}, somewhere());
    }
    [[nodiscard]] std::vector<fs::path> kept() const {
        std::vector<fs::path> files;
        if (fs::exists(environment.cache + "/series"))
            for (const auto& entry : fs::directory_iterator(environment.cache + "/series"))
                files.push_back(entry.path());
        return files;
    }
};

std::string even_rows(int count) {
    std::string text = "time_s,power_w\n";
    for (int i = 0; i < count; ++i)
        text += fmt::format("{},{}\n", i, 1e-6 * (i * 7919 % 1009));
    return text;
}

bool same(const Trace& a, const Trace& b) {
    const Series& x = *a.series;
    const Series& y = *b.series;
    bool nodes = (x.index == nullptr) == (y.index == nullptr);
    if (nodes && x.index)
        nodes = x.index->count == y.index->count && x.index->exponent == y.index->exponent &&
                x.index->range.largest_at == y.index->range.largest_at &&
                std::equal(
                    x.index->nodes, x.index->nodes + x.index->count, y.index->nodes,
                    [](const SeriesNode& p, const SeriesNode& q) { return p.moment == q.moment; });
    return nodes && x.value == y.value && x.bound_ns == y.bound_ns && x.quantity == y.quantity &&
           x.interpolation == y.interpolation && a.notes == b.notes && a.format == b.format &&
           a.sha256 == b.sha256;
}

bool mapped(const Trace& trace) { return trace.series->value.keeper() != nullptr; }

void change_byte(const fs::path& path, std::streamoff at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const int byte = file.get();
    file.seekp(at);
    file.put(static_cast<char>(byte ^ 0x10));
}

}  // namespace

TEST_CASE("is a converted recording the same as the recording, to the last bit?") {
    const char* const texts[] = {
        "time_s,power_w\n0,0.001\n0.5,0.002\n1,0\n2.25,1e-3\n",      // uneven
        "# c\ntime_s,irradiance_w_m2\n0,-1.5\n1,100\n2,200\n5,0\n",  // with a note
        "time_s,voltage_v\n0,1\n1,-2\n2,3\n",                        // either sign
        "time_s,power_w\n7,0.25\n",                                  // one row
    };
    for (const char* const text : texts) {
        const Cached cached(text);
        const Trace first = cached.load();
        const Trace second = cached.load();
        CHECK(mapped(first));
        CHECK(mapped(second));
        CHECK(cached.kept().size() == 1);
        CHECK(same(first, cached.load_directly()));
        CHECK(same(second, first));
    }
    const Cached longer(even_rows(10'000));
    CHECK(same(longer.load(), longer.load_directly()));
    const Trace again = longer.load();
    REQUIRE(again.series->index);
    CHECK(again.series->index->count == 39);
    CHECK(again.series->bound_ns.step() == 1'000'000'000);
    CHECK(again.series->bound_ns.stored() == nullptr);
}

TEST_CASE("does a linear reading keep its interpolation in the cache?") {
    Cached cached("time_s,power_w\n0,0.001\n0.5,0.002\n1,0\n");
    cached.request.interpolation = Interpolation::linear;
    (void)cached.load();
    const Trace again = cached.load();
    CHECK(again.series->interpolation == Interpolation::linear);
    CHECK(same(again, cached.load_directly()));
}

TEST_CASE("do other options, and another content, make another converted file?") {
    Cached cached("5\n6.5\n7\n");
    cached.request.format = "single_column";
    cached.request.unit = "mW";
    cached.request.dt_s = 1.0;
    CHECK(cached.load().series->value[0] == Approx(5e-3).epsilon(1e-15));
    cached.request.unit = "uW";
    CHECK(cached.load().series->value[0] == Approx(5e-6).epsilon(1e-15));
    cached.request.dt_s = 2.0;
    CHECK(cached.load().series->duration_ns() == 6'000'000'000);
    CHECK(cached.kept().size() == 3);
    std::ofstream(cached.request.ref) << "8\n9\n10\n";
    CHECK(cached.load().series->value[0] == Approx(8e-6).epsilon(1e-15));
    CHECK(cached.kept().size() == 4);
}

TEST_CASE("is a converted file that is damaged, cut short or strange made anew?") {
    const Cached cached(even_rows(5'000));
    const Trace good = cached.load();
    REQUIRE(cached.kept().size() == 1);
    const fs::path file = cached.kept().front();
    const auto size = fs::file_size(file);
    const auto sound = [&] {
        const Trace trace = cached.load();
        return mapped(trace) && same(trace, cached.load_directly()) &&
               fs::file_size(file) == size && cached.kept().size() == 1;
    };
    SECTION("one bit anywhere") {
        std::mt19937_64 random(7);
        for (int i = 0; i < 60; ++i) {
            const auto at = static_cast<std::streamoff>(i < 30 ? random() % 256 : random() % size);
            INFO("byte " << at);
            change_byte(file, at);
            REQUIRE(map_series(file.parent_path().string(), file.stem().string()) == std::nullopt);
            REQUIRE(sound());
        }
    }
    SECTION("cut short, anywhere") {
        for (const std::uintmax_t left : {std::uintmax_t{0}, std::uintmax_t{7}, std::uintmax_t{200},
                                          size / 2, size - 8, size - 1}) {
            fs::resize_file(file, left);
            REQUIRE(sound());
        }
    }
    SECTION("longer than it says") {
        fs::resize_file(file, size + 8);
        REQUIRE(sound());
    }
    SECTION("another text") {
        std::ofstream(file, std::ios::trunc) << "not a series";
        REQUIRE(sound());
    }
    SECTION("the file of another recording under this name") {
        const Cached other(even_rows(6'000));
        (void)other.load();
        fs::copy_file(other.kept().front(), file, fs::copy_options::overwrite_existing);
        REQUIRE(sound());
    }
}

TEST_CASE("does a cache folder that cannot be used only cost time?") {
    Cached cached(even_rows(5'000));
    SECTION("a file is in its place") {
        cached.environment.cache = cached.scratch.write("cache", "a file");
    }
    SECTION("there is none") { cached.environment.cache.clear(); }
    SECTION("read-only") {
        if (::geteuid() == 0) {
            cached.environment.cache = "/proc/ebb";  // nobody can write there
        } else {
            fs::create_directories(cached.environment.cache);
            fs::permissions(cached.environment.cache,
                            fs::perms::owner_read | fs::perms::owner_exec);
        }
    }
    const Trace trace = cached.load();
    CHECK_FALSE(mapped(trace));
    CHECK(same(trace, cached.load_directly()));
}

TEST_CASE("is a recording with mistakes refused each time, and never kept?") {
    const Cached cached("time_s,power_w\n0,0.001\n0.5,minus\n");
    for (int i = 0; i < 2; ++i) {
        const auto mistakes = mistakes_of([&] { (void)cached.load(); });
        REQUIRE(mistakes.size() == 1);
        CHECK(mistakes[0].place.line == 3);
        CHECK(cached.kept().empty());
    }
}

TEST_CASE("do several processes that want one recording at once all get it?") {
    const Cached cached(even_rows(20'000));
    const Trace direct = cached.load_directly();
    std::vector<pid_t> children;
    for (int i = 0; i < 6; ++i) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            bool good = true;
            for (int n = 0; n < 5 && good; ++n) {
                // Mapped or, if the file went away before it was opened, read as it is.
                good = same(cached.load(), direct);
                if (n % 2 == i % 2)  // someone throws it away meanwhile
                    for (const fs::path& file : cached.kept())
                        if (file.extension() == ".ebbseries") {
                            std::error_code code;
                            fs::remove(file, code);
                        }
            }
            ::_exit(good ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = -1;
        ::waitpid(child, &status, 0);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
    for (const fs::path& file : cached.kept())
        CHECK(file.extension() == ".ebbseries");  // no half file is left
}

TEST_CASE("is a small recording read as it is?") {
    Cached cached(even_rows(10));
    cached.environment.convert_from_bytes = 1U << 20U;
    CHECK_FALSE(mapped(cached.load()));
    CHECK(cached.kept().empty());
}
