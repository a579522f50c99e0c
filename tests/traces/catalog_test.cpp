// SPDX-License-Identifier: Apache-2.0
/// The catalog of the project, and finding, verifying and fetching what it names.
#include "tests/traces/trace_support.hpp"

#include "sim/trace/catalog.hpp"
#include "sim/trace/download.hpp"
#include "sim/trace/fetch.hpp"
#include "sim/trace/sha256.hpp"
#include "sim/trace/trace_format.hpp"

#include <filesystem>
#include <set>

using namespace ebb;
using namespace ebb::test;

namespace {

const char* const kHeader =
    "id,kind,origin,commit,path,sha256,bytes,licence,redistributable,format_preset,units,"
    "sample_period_s,duration_s,mean,mean_note,citation,mirror_name,status\n";
const std::string kText = "time_s,power_w\n0,0.001\n1,0.002\n";

std::string row(const std::string& id, const std::string& content, const std::string& mirror_name,
                const std::string& status = "fetch", const std::string& path = "data/a file.csv") {
    return id + ",rf,someone/something," + std::string(40, 'a') + "," + path + "," +
           sha256_of(content) + "," + std::to_string(content.size()) +
           ",MIT,yes,csv,W,1,2,0.0015,W,\"Someone, 2020\"," + mirror_name + "," + status + "\n";
}

/// A catalog with one trace, a mirror and an empty cache.
struct World {
    Scratch scratch;
    TraceEnvironment environment;

    explicit World(const std::string& rows) {
        environment.catalog = scratch.write("catalog.csv", kHeader + rows);
        environment.cache = scratch.path("cache");
        std::filesystem::create_directory(scratch.path("mirror"));
    }
    [[nodiscard]] Trace load(const std::string& ref) const {
        TraceRequest request;
        request.ref = ref;
        return load_trace(request, environment, somewhere());
    }
    [[nodiscard]] Fetched fetch(const std::string& id) const {
        const Catalog catalog = Catalog::read(environment.catalog);
        return fetch_trace(*catalog.find(id), environment, somewhere());
    }
};

}  // namespace

TEST_CASE(
    "every row of our catalog is complete, unique and either shipped or fetchable or by hand") {
    const Catalog catalog = Catalog::read(project_file("traces/catalog.csv"));
    CHECK(catalog.rows().size() >= 98);
    std::set<std::string> checksums;
    for (const CatalogRow& r : catalog.rows()) {
        INFO(r.id);
        CHECK_FALSE(r.kind.empty());
        CHECK_FALSE(r.licence.empty());
        CHECK((r.redistributable == "yes" || r.redistributable == "no" ||
               r.redistributable == "check"));
        CHECK((r.status != "fetch" || r.url().rfind("https://raw.githubusercontent.com/", 0) == 0));
        CHECK((r.status != "fetch" || is_sha256(r.sha256)));
        CHECK((r.status != "shipped" || find_trace_format(r.format) != nullptr));
        CHECK((r.sha256.empty() || checksums.insert(r.sha256).second));
    }
    CHECK(catalog.find("rf/mementos-2")->url() ==
          "https://raw.githubusercontent.com/ransford/mspsim/"
          "8bbaf78d0e88152a9d4254a18c24f30e8319b813/traces/2.txt");
}

TEST_CASE("every shipped trace loads by its id with its checksum and its stated numbers") {
    const Catalog catalog = Catalog::read(project_file("traces/catalog.csv"));
    TraceEnvironment environment;
    environment.catalog = project_file("traces/catalog.csv");
    environment.shipped = {project_file("traces")};
    int shipped = 0;
    for (const CatalogRow& r : catalog.rows()) {
        if (r.status != "shipped")
            continue;
        INFO(r.id);
        ++shipped;
        TraceRequest request;
        request.ref = r.id;
        const Trace trace = load_trace(request, environment, somewhere());
        CHECK(trace.id == r.id);
        CHECK(trace.licence == r.licence);
        const double duration_s = static_cast<double>(trace.series->duration_ns()) / 1e9;
        CHECK(duration_s == std::stod(r.duration_s));
        CHECK(integral_of(*trace.series) / duration_s == Approx(std::stod(r.mean)).epsilon(1e-4));
    }
    CHECK(shipped >= 2);
}

TEST_CASE("a wrong catalog is refused with every mistake of it") {
    const Scratch scratch;
    const auto in = [&](const std::string& text) {
        return mistakes_of([&] { (void)Catalog::read(scratch.write("catalog.csv", text)); });
    };
    CHECK(contains(in("id,kind\n")[0].message, "not the header of a catalog"));
    const auto mistakes =
        in(std::string("# comment\n") + kHeader + "noslash,rf,o,,p,zz,x,l,yes,csv,,,,,,,,maybe\n" +
           row("rf/a", kText, "") + row("rf/a", kText, "") + "too,few\n");
    REQUIRE(mistakes.size() == 7);
    CHECK(contains(mistakes[0].message, "bytes is not a whole number"));
    CHECK(contains(mistakes[1].message, "not of the form kind/name"));
    CHECK(contains(mistakes[2].message, "not 64 hexadecimal digits"));
    CHECK(contains(mistakes[3].message, "has a sha256 but no size"));
    CHECK(contains(mistakes[4].message, "status 'maybe'"));
    CHECK(contains(mistakes[5].message, "the id rf/a stands twice"));
    CHECK(mistakes[5].place.line == 5);
    CHECK(contains(mistakes[6].message, "2 fields, expected 18"));
}

TEST_CASE("the address of an original is https, pinned to its commit and escaped") {
    CatalogRow r;
    r.origin = "someone/something";
    r.commit = std::string(40, 'a');
    r.path = "a b/c#1.txt";
    CHECK(r.url() ==
          "https://raw.githubusercontent.com/someone/something/" + r.commit + "/a%20b/c%231.txt");
    r.origin = "Zenodo 10.5281/zenodo.6383042";
    CHECK(r.url().empty());
}

TEST_CASE("a trace that is not here is refused with the line to type") {
    const World world(row("rf/a", kText, "a.csv"));
    const auto mistakes = mistakes_of([&] { (void)world.load("rf/a"); });
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].place.file == "scenario.yaml");
    CHECK(mistakes[0].message == "the trace rf/a is not on this machine");
    CHECK(mistakes[0].hint == "ebb trace fetch rf/a");
}

TEST_CASE("an unknown id is refused with the nearest one") {
    const World world(row("rf/mementos-2", kText, "a.csv"));
    const auto mistakes = mistakes_of([&] { (void)world.load("rf/memntos-2"); });
    REQUIRE(mistakes.size() == 1);
    CHECK(contains(mistakes[0].message,
                   "'rf/memntos-2' is neither a trace of the catalog nor a file"));
    CHECK(contains(mistakes[0].hint, "did you mean 'rf/mementos-2'?"));
}

TEST_CASE("a mirror folder is searched by name, then by checksum in any subfolder") {
    World world(row("rf/a", kText, "a.csv"));
    world.environment.mirror = world.scratch.path("mirror");
    world.scratch.write("mirror/deep/other name", kText);
    world.scratch.write("mirror/deep/decoy", "time_s,power_w\n0,0.003\n1,0.002\n");
    CHECK(world.load("rf/a").path == world.scratch.path("mirror/deep/other name"));
    world.scratch.write("mirror/a.csv", kText);
    CHECK(world.load("rf/a").path == world.scratch.path("mirror/a.csv"));
    CHECK(world.load("rf/a").sha256 == sha256_of(kText));
}

TEST_CASE("a file with the right name and the wrong content is never used") {
    World world(row("rf/a", kText, "a.csv"));
    world.environment.mirror = world.scratch.path("mirror");
    world.scratch.write("mirror/a.csv", "time_s,power_w\n0,0.009\n");
    const auto mistakes = mistakes_of([&] { (void)world.load("rf/a"); });
    REQUIRE(mistakes.size() == 1);
    CHECK(contains(mistakes[0].note, "is damaged or another file"));
}

TEST_CASE("fetching from a mirror folder fills the cache, which then suffices") {
    World world(row("rf/a", kText, "a.csv"));
    world.environment.mirror = world.scratch.path("mirror");
    world.environment.offline = true;
    world.scratch.write("mirror/a.csv", kText);
    const Fetched fetched = world.fetch("rf/a");
    CHECK(fetched.from == world.scratch.path("mirror/a.csv"));
    CHECK(fetched.path == world.scratch.path("cache/" + sha256_of(kText)));
    std::filesystem::remove_all(world.scratch.path("mirror"));
    CHECK(world.load("rf/a").path == fetched.path);
    CHECK(world.fetch("rf/a").from == "already there");
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(world.scratch.path("cache")))
        files += entry.is_regular_file() ? 1 : 0;
    CHECK(files == 1);  // no half-written file stays
}

TEST_CASE("a damaged cache file is refused by a run and replaced by a fetch") {
    World world(row("rf/a", kText, "a.csv"));
    world.scratch.write("cache/" + sha256_of(kText), "time_s,power_w\n0,0.0");
    const auto mistakes = mistakes_of([&] { (void)world.load("rf/a"); });
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].hint == "ebb trace fetch rf/a");
    CHECK(contains(mistakes[0].note, "is damaged or another file"));
    world.environment.mirror = world.scratch.path("mirror");
    world.scratch.write("mirror/a.csv", kText);
    CHECK_FALSE(world.fetch("rf/a").notes.empty());
    world.environment.mirror.clear();
    CHECK(world.load("rf/a").series->value.size() == 2);
}

TEST_CASE("what cannot be fetched says why and what to do instead") {
    const std::string by_hand = "multi/b,x,Zenodo 1.2/3,,,,,l,check,hdf5,,,,,,,,by hand\n";
    World world(row("rf/a", kText, "a.csv") + by_hand + row("gen/c", kText, "", "shipped"));
    world.environment.offline = true;
    const auto why = [&](const std::string& id) {
        const auto mistakes = mistakes_of([&] { (void)world.fetch(id); });
        REQUIRE(mistakes.size() == 1);
        return mistakes[0].message + " | " + mistakes[0].hint;
    };
    CHECK(contains(why("rf/a"), "--offline forbids fetching it"));
    CHECK(contains(why("multi/b"),
                   "no checksum is recorded | download it by hand from Zenodo 1.2/3"));
    CHECK(contains(why("gen/c"), "comes with ebb, but its file is missing"));
    world.environment.cache.clear();
    CHECK(contains(why("rf/a"), "no cache folder"));
}

TEST_CASE("a catalog trace in a format that is not read yet says which formats are") {
    World world(row("rf/a", "whatever\n", "a.txt"));
    world.environment.catalog = world.scratch.write(
        "catalog.csv", std::string(kHeader) + "rf/a,rf,someone/something," + std::string(40, 'a') +
                           ",x," + sha256_of("whatever\n") +
                           ",9,MIT,yes,ekho_volume,W,,,,,c,a.txt,fetch\n");
    world.environment.mirror = world.scratch.path("mirror");
    world.scratch.write("mirror/a.txt", "whatever\n");
    const auto mistakes = mistakes_of([&] { (void)world.load("rf/a"); });
    REQUIRE(mistakes.size() == 1);
    CHECK(contains(mistakes[0].message, "the format 'ekho_volume' cannot be read"));
    CHECK(contains(mistakes[0].note, "csv, csv_two_column, diode_rows, ekho_surface, enhants"));
}

TEST_CASE("only https is downloaded") {
    CHECK(contains(download("http://example.org/x", 10).fault, "only https"));
    CHECK(contains(download("file:///etc/hostname", 10).fault, "only https"));
    CHECK(download("ftp://example.org/x", 10).bytes.empty());
}

TEST_CASE("a relative file is looked for beside the scenario") {
    const Scratch scratch;
    scratch.write("sub/mine.csv", kText);
    TraceRequest request;
    request.base_folder = scratch.path("sub");
    request.ref = "mine.csv";
    const Trace trace = load_trace(request, {}, somewhere());
    CHECK(trace.path == scratch.path("sub/mine.csv"));
    CHECK(trace.id == "mine.csv");
    CHECK(trace.licence.empty());
    CHECK(trace.sha256 == sha256_of(kText));
}

TEST_CASE("the public recordings are found in a mirror folder by their catalog ids") {
    const std::string one = recording("rf_mementos_2.txt");
    if (one.empty())
        return;
    const Scratch scratch;
    TraceEnvironment environment;
    environment.catalog = project_file("traces/catalog.csv");
    environment.mirror = std::filesystem::path(one).parent_path().string();
    environment.cache = scratch.path("cache");
    environment.offline = true;
    const Catalog catalog = Catalog::read(environment.catalog);
    int found = 0;
    for (const CatalogRow& r : catalog.rows()) {
        if (r.mirror_name.empty())
            continue;
        INFO(r.id);
        CHECK(fetch_trace(r, environment, somewhere()).path == scratch.path("cache/" + r.sha256));
        ++found;
    }
    CHECK(found >= 30);
    TraceRequest request;
    request.ref = "rf/mementos-2";
    const Trace trace = load_trace(request, environment, somewhere());
    CHECK(trace.series->duration_ns() == 39'232'000'000);
    CHECK(trace.licence == "BSD-3-Clause");
}
