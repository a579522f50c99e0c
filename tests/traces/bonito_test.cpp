// SPDX-License-Identifier: Apache-2.0
/// Recordings of the Bonito data set.
#include "tests/traces/trace_support.hpp"

#include <cmath>
#include <limits>

#ifdef EBB_HDF5
#include <hdf5.h>

using namespace ebb;
using namespace ebb::test;

namespace {

struct Recording {
    std::vector<double> time, node0, node1;
    std::string leave_out;
    H5Z_filter_t filter = 0;

    explicit Recording(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            time.push_back(5.0 + static_cast<double>(i) * 1e-5);
            node0.push_back(1e-6 * static_cast<double>(i % 100));
            node1.push_back(2e-3);
        }
    }

    std::string write(const Scratch& scratch) const {
        const std::string path = scratch.path("bonito.h5");
        const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
        put(file, "time", time);
        if (leave_out != "data") {
            const hid_t data = H5Gcreate2(file, "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
            put(data, "node0", node0);
            put(data, "node1", node1);
            H5Gclose(data);
        }
        H5Fclose(file);
        return path;
    }

private:
    void put(hid_t where, const std::string& name, const std::vector<double>& values) const {
        if (leave_out == name)
            return;
        const hsize_t count = values.size();
        const hsize_t chunk = std::min<hsize_t>(count, 10'000);
        const hid_t space = H5Screate_simple(1, &count, nullptr);
        const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_chunk(list, 1, &chunk);
        if (filter != 0)
            H5Pset_filter(list, filter, H5Z_FLAG_OPTIONAL, 0, nullptr);
        else
            H5Pset_deflate(list, 1);
        const hid_t set =
            H5Dcreate2(where, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
        REQUIRE(set >= 0);
        H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
        H5Dclose(set);
        H5Pclose(list);
        H5Sclose(space);
    }
};

Trace load(const Recording& recording, const std::string& column,
           Quantity expected = Quantity::power_w) {
    const Scratch scratch;
    TraceRequest request;
    request.ref = recording.write(scratch);
    request.column = column;
    request.expected = expected;
    return load_trace(request, TraceEnvironment{}, somewhere());
}

std::string said(const Recording& recording, const std::string& column = "node0",
                 Quantity expected = Quantity::power_w) {
    const auto all = mistakes_of([&] { (void)load(recording, column, expected); });
    return all.size() == 1 ? all[0].message + " | " + all[0].hint + " | " + all[0].note : "";
}

}  // namespace

TEST_CASE("is a node of a Bonito recording read with its stamps?") {
    const Recording recording(250'000);  // more than two blocks
    const Trace trace = load(recording, "node0");
    CHECK(trace.format == "bonito_hdf5");
    CHECK(trace.series->bound_ns.step() == 10'000);
    CHECK(trace.series->duration_ns() == 2'500'000'000);
    CHECK(trace.series->value == Samples(recording.node0));
    CHECK(any_note(trace, "power of node0"));
    CHECK(load(recording, "node1").series->value.front() == 2e-3);
    Recording one(10);
    one.leave_out = "node0";
    CHECK(load(one, "").series->value.front() == 2e-3);
}

TEST_CASE("is a Bonito recording that cannot be read refused with its reason?") {
    CHECK(contains(said(Recording(10), ""), "nodes: node0, node1"));
    CHECK(contains(said(Recording(10), "nod1"), "node1"));
    CHECK(contains(said(Recording(10), "node0", Quantity::voltage_v), "reads voltage_v"));
    Recording r(10);
    r.leave_out = "data";
    CHECK(contains(said(r), "no group 'data'"));
    r = Recording(10);
    r.time[5] = r.time[4];
    CHECK(contains(said(r), "does not increase at sample 5"));
    r = Recording(10);
    r.time[5] = std::numeric_limits<double>::quiet_NaN();
    CHECK(contains(said(r), "does not increase at sample 5"));
    r = Recording(10);
    r.node0[7] = -1e-6;
    CHECK(contains(said(r), "is -1e-06 W at sample 7"));
    r.node0[7] = std::numeric_limits<double>::quiet_NaN();
    CHECK(contains(said(r), "at sample 7"));
    r = Recording(10);
    r.node0.pop_back();
    CHECK(contains(said(r), "10 and 9 samples: the recording was cut"));
    CHECK(contains(said(Recording(1)), "1 samples"));
    r = Recording(10);
    r.filter = 32000;
    CHECK(contains(said(r), "LZF"));
}

TEST_CASE("is a Bonito file that was cut short refused?") {
    const Scratch scratch;
    const Recording recording(50'000);
    TraceRequest request;
    request.ref = recording.write(scratch);
    request.column = "node0";
    const auto size = std::filesystem::file_size(request.ref);
    for (const double share : {0.01, 0.5, 0.999}) {
        (void)recording.write(scratch);
        std::filesystem::resize_file(
            request.ref, static_cast<std::uintmax_t>(share * static_cast<double>(size)));
        const auto mistakes =
            mistakes_of([&] { (void)load_trace(request, TraceEnvironment{}, somewhere()); });
        REQUIRE(mistakes.size() == 1);
        CHECK(contains(mistakes[0].message, "damaged or was cut short"));
    }
}

#endif
