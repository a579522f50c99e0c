// SPDX-License-Identifier: Apache-2.0
/// libcurl and HDF5 are loaded by the commands that need them, and by no other.
#include "tests/smoke/command.hpp"

#ifdef EBB_HDF5
#include <hdf5.h>
#endif

using namespace ebb::test;

namespace {

const std::string kFetch = "trace fetch rf/mementos-1";

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Puts a file that is no library where the loader looks first; the environment for that.
std::string broken(const Desk& desk, const std::string& library) {
    desk.write(library, "this is no library, but has its name\n" + std::string(4096, ' '));
    return "LD_LIBRARY_PATH=.";
}

#ifdef EBB_HDF5

/// A recording of Bonito's form: 1 mW, 2 mW, 3 mW, for a second each.
void write_recording(const std::string& path) {
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t data = H5Gcreate2(file, "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hsize_t count = 3;
    const hid_t space = H5Screate_simple(1, &count, nullptr);
    const auto put = [space](hid_t where, const char* name, const double* values) {
        const hid_t set =
            H5Dcreate2(where, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        REQUIRE(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
        H5Dclose(set);
    };
    const double seconds[] = {0.0, 1.0, 2.0};
    const double watts[] = {1e-3, 2e-3, 3e-3};
    put(file, "time", seconds);
    put(data, "node0", watts);
    H5Sclose(space);
    H5Gclose(data);
    H5Fclose(file);
}

#endif

}  // namespace

TEST_CASE("the program is linked with neither libcurl nor HDF5, which few commands need") {
    const Desk desk;
    const Said said = desk.ebb("--version", "LD_TRACE_LOADED_OBJECTS=1");  // as ldd asks the loader
    INFO(said.out);
    REQUIRE(has(said.out, "libsystemc"));
    CHECK_FALSE(has(said.out, "libcurl"));
    CHECK_FALSE(has(said.out, "libhdf5"));
}

TEST_CASE("ebb trace fetch loads libcurl, or says that it cannot and what to install") {
    const Desk desk;
    const Said unreachable = desk.ebb(kFetch);
    INFO(unreachable.err);
    CHECK(unreachable.status == 2);
    CHECK(has(unreachable.err, "127.0.0.1"));  // in libcurl's words: the proxy that leads nowhere
    const std::string environment = broken(desk, EBB_CURL_SONAME);
    const Said said = desk.ebb(kFetch, environment);
    INFO(said.err);
    CHECK(said.status == 2);
    CHECK(has(said.err, EBB_CURL_SONAME " cannot be loaded: "));
    CHECK(has(said.err, "install libcurl4"));
    CHECK(desk.ebb("--version", environment).status == 0);
}

#ifdef EBB_HDF5

TEST_CASE("a recording in HDF5 loads its library, or is refused with what to install") {
    const Desk desk;
    write_recording(desk.file("a.h5"));
    desk.write("b.csv", "time_s,power_w\n0,1e-3\n1,2e-3\n");
    const Said read = desk.ebb("trace info a.h5 --json");
    INFO(read.err);
    REQUIRE(read.status == 0);
    const auto info = nlohmann::json::parse(read.out);
    CHECK(info["format"] == "bonito_hdf5");
    CHECK(info["statistics"]["duration_s"] == 3.0);
    CHECK(info["statistics"]["integral"].get<double>() == Approx(6e-3));
    std::filesystem::remove_all(desk.file("home"));  // what was converted is read without HDF5
    std::filesystem::create_directory(desk.file("home"));
    const std::string environment = broken(desk, EBB_HDF5_SONAME);
    const Said said = desk.ebb("trace info a.h5", environment);
    INFO(said.err);
    CHECK(said.status == 2);
    CHECK(has(said.err,
              "a.h5: error: this is an HDF5 file, and " EBB_HDF5_SONAME " cannot be loaded: "));
    CHECK(has(said.err, "libhdf5-103-1"));
    CHECK(desk.ebb("trace info b.csv", environment).status == 0);
}

#endif
