// SPDX-License-Identifier: Apache-2.0
/// Recordings of the shepherd testbed. Without HDF5 in the build: what is said instead.
#include "sim/trace/shepherd.hpp"
#include "tests/traces/trace_support.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>

#ifdef EBB_HDF5
#include <hdf5.h>
#endif

using namespace ebb;
using namespace ebb::test;

#ifndef EBB_HDF5

TEST_CASE("does a build without HDF5 say what to install?") {
    const Scratch scratch;
    TraceRequest request;
    request.ref = scratch.write("x.h5", std::string("\x89HDF\r\n\x1a\n", 8) + std::string(64, 'x'));
    const auto mistakes =
        mistakes_of([&] { (void)load_trace(request, TraceEnvironment{}, somewhere()); });
    REQUIRE(mistakes.size() == 1);
    CHECK(contains(mistakes[0].message, "built without HDF5"));
    CHECK(contains(mistakes[0].hint, "libhdf5-dev"));
}

#else

namespace {

/// What a test's file holds; the defaults are those of the testbed.
struct Recording {
    std::vector<std::uint64_t> time;
    std::vector<std::uint32_t> voltage, current;
    double time_gain = 1e-9, voltage_gain = 3e-9, current_gain = 250e-12;
    double voltage_offset = 0.0, current_offset = 0.0;
    std::string mode = "harvester", datatype = "ivsample";
    int window = 0;
    bool variable_text = true;
    std::string leave_out;  ///< "data", or a data set, or "gain" of the voltage
    H5Z_filter_t filter = 0;
    int gzip = 1;

    Recording& samples(std::size_t count, std::uint64_t step_ns = 10'000) {
        for (std::size_t i = 0; i < count; ++i) {
            time.push_back(1'700'000'000'000'000'000ULL + i * step_ns);
            voltage.push_back(static_cast<std::uint32_t>(500'000'000 + i * 1'000));
            current.push_back(static_cast<std::uint32_t>(4'000'000 + i * 7919 % 1'000'003));
        }
        return *this;
    }
    [[nodiscard]] double v(std::size_t i) const {
        return voltage[i] * voltage_gain + voltage_offset;
    }
    [[nodiscard]] double a(std::size_t i) const {
        return current[i] * current_gain + current_offset;
    }

    [[nodiscard]] std::string write(const Scratch& scratch) const {
        const std::string path = scratch.path("recording.h5");
        const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
        REQUIRE(file >= 0);
        put_text(file, "mode", mode);
        if (leave_out != "data") {
            const hid_t data = H5Gcreate2(file, "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
            put_text(data, "datatype", datatype);
            put_number(data, "window_samples", window);
            put_set(data, "time", H5T_STD_U64LE, H5T_NATIVE_UINT64, time.data(), time.size(),
                    time_gain, 0.0);
            put_set(data, "voltage", H5T_STD_U32LE, H5T_NATIVE_UINT32, voltage.data(),
                    voltage.size(), voltage_gain, voltage_offset);
            put_set(data, "current", H5T_STD_U32LE, H5T_NATIVE_UINT32, current.data(),
                    current.size(), current_gain, current_offset);
            H5Gclose(data);
        }
        H5Fclose(file);
        return path;
    }

private:
    void put_text(hid_t of, const char* name, const std::string& text) const {
        if (text.empty())
            return;
        const hid_t type = H5Tcopy(H5T_C_S1);
        const hid_t space = H5Screate(H5S_SCALAR);
        H5Tset_size(type, variable_text ? H5T_VARIABLE : text.size());
        const hid_t attribute = H5Acreate2(of, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
        const char* const chars = text.c_str();
        H5Awrite(attribute, type, variable_text ? static_cast<const void*>(&chars) : chars);
        H5Aclose(attribute);
        H5Sclose(space);
        H5Tclose(type);
    }
    static void put_number(hid_t of, const char* name, double value) {
        const hid_t space = H5Screate(H5S_SCALAR);
        const hid_t attribute =
            H5Acreate2(of, name, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT);
        H5Awrite(attribute, H5T_NATIVE_DOUBLE, &value);
        H5Aclose(attribute);
        H5Sclose(space);
    }
    void put_set(hid_t data, const std::string& name, hid_t stored, hid_t type, const void* values,
                 hsize_t count, double gain, double offset) const {
        if (leave_out == name)
            return;
        const hsize_t chunk = std::min<hsize_t>(count, 10'000);
        const hid_t space = H5Screate_simple(1, &count, nullptr);
        const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_chunk(list, 1, &chunk);
        if (filter != 0)
            H5Pset_filter(list, filter, H5Z_FLAG_OPTIONAL, 0, nullptr);
        else if (gzip > 0)
            H5Pset_deflate(list, static_cast<unsigned>(gzip));
        const hid_t set =
            H5Dcreate2(data, name.c_str(), stored, space, H5P_DEFAULT, list, H5P_DEFAULT);
        REQUIRE(set >= 0);
        H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
        if (leave_out != "gain" || name != "voltage")
            put_number(set, "gain", gain);
        put_number(set, "offset", offset);
        H5Dclose(set);
        H5Pclose(list);
        H5Sclose(space);
    }
};

struct Loading {
    Scratch scratch;
    TraceRequest request;
    TraceEnvironment environment;
    explicit Loading(const Recording& recording) { request.ref = recording.write(scratch); }
    Trace load() { return load_trace(request, environment, somewhere()); }
    std::vector<Mistake> mistakes() {
        return mistakes_of([&] { (void)load(); });
    }
};

void check_refused(const Recording& recording, const std::string& message,
                   const std::string& hint = {}) {
    Loading loading(recording);
    const auto mistakes = loading.mistakes();
    REQUIRE(mistakes.size() == 1);
    INFO(mistakes[0].message << " / " << mistakes[0].hint);
    CHECK(contains(mistakes[0].message, message));
    CHECK(contains(mistakes[0].hint, hint));
}

}  // namespace

TEST_CASE("is an ivsample read as the product of its calibrated voltage and current?") {
    Recording recording;
    recording.samples(123'456);
    recording.voltage_offset = -0.001;
    recording.current_offset = 2e-6;
    recording.variable_text = GENERATE(true, false);
    Loading loading(recording);
    const Trace trace = loading.load();
    CHECK(trace.format == "shepherd");
    CHECK(trace.series->quantity == Quantity::power_w);
    REQUIRE(trace.series->value.size() == 123'456);
    CHECK(trace.series->bound_ns.step() == 10'000);
    CHECK(trace.series->duration_ns() == 1'234'560'000);
    for (const std::size_t i : {0, 1, 99'999, 100'000, 123'455})
        CHECK(trace.series->value[i] == Approx(recording.v(i) * recording.a(i)).epsilon(1e-14));
    loading.request.column = "voltage";
    CHECK(loading.load().series->value[7] == Approx(recording.v(7)).epsilon(1e-14));
    loading.request.column = "current";
    CHECK(loading.load().series->value[7] == Approx(recording.a(7)).epsilon(1e-14));
    CHECK(loading.load().series->quantity == Quantity::current_a);
}

TEST_CASE("is a shepherd recording the same from the cache, and kept without being in memory?") {
    Recording recording;
    recording.samples(250'000);
    Loading loading(recording);
    const Trace direct = loading.load();
    loading.environment.cache = loading.scratch.path("cache");
    loading.environment.convert_from_bytes = 0;
    for (int i = 0; i < 2; ++i) {
        const Trace kept = loading.load();
        CHECK(kept.series->value.keeper() != nullptr);
        CHECK((kept.series->value == direct.series->value));
        CHECK((kept.series->bound_ns == direct.series->bound_ns));
        CHECK(kept.notes == direct.notes);
        REQUIRE(kept.series->index);
        REQUIRE(direct.series->index);
        CHECK(kept.series->index->count == direct.series->index->count);
        CHECK(kept.series->index->nodes[900].moment == direct.series->index->nodes[900].moment);
    }
    loading.environment.cache = loading.scratch.write("no-folder", "a file");
    CHECK((loading.load().series->value == direct.series->value));
}

TEST_CASE("is an ivcurve read as the maximum power of each of its curves?") {
    Recording recording;
    recording.datatype = GENERATE("ivcurve", "ivsurface");
    recording.window = 100;
    for (std::size_t i = 0; i < 1'050; ++i) {  // ten curves and a half: V falls, I rises
        recording.time.push_back(i * 10'000);
        const auto k = static_cast<double>(i % 100);
        recording.voltage.push_back(static_cast<std::uint32_t>((2.0 - 0.02 * k) / 3e-9));
        recording.current.push_back(static_cast<std::uint32_t>(
            1e-3 * static_cast<double>(1 + i / 100) * (1.0 - std::exp(-0.05 * k)) / 250e-12));
    }
    Loading loading(recording);
    const Trace trace = loading.load();
    REQUIRE(trace.series->value.size() == 10);
    CHECK(trace.series->bound_ns.step() == 1'000'000);
    for (std::size_t curve = 0; curve < 10; ++curve) {
        double best = 0.0;
        for (std::size_t i = 100 * curve; i < 100 * (curve + 1); ++i)
            best = std::max(best, recording.v(i) * recording.a(i));
        CHECK(trace.series->value[curve] == Approx(best).epsilon(1e-14));
    }
    CHECK(any_note(trace, "10 curves of 100 points"));
    CHECK(any_note(trace, "the last 50 samples are no whole curve"));
    recording.window = 0;
    check_refused(recording, "lacks window_samples");
}

TEST_CASE("is isc_voc refused as power, and read by column?") {
    Recording recording;
    recording.samples(100);
    recording.datatype = "isc_voc";
    check_refused(recording, "never occur together", "column: voltage");
    Loading loading(recording);
    loading.request.column = "voltage";
    CHECK(loading.load().series->quantity == Quantity::voltage_v);
}

TEST_CASE("is each fault of a shepherd recording named?") {
    Recording r;
    r.samples(100);
    SECTION("no group") {
        r.leave_out = "data";
        check_refused(r, "no group 'data'");
    }
    SECTION("no data set") {
        r.leave_out = GENERATE("time", "voltage", "current");
        check_refused(r, "lacks the data set data/" + r.leave_out);
    }
    SECTION("no calibration") {
        r.leave_out = "gain";
        check_refused(r, "lacks the attribute gain of data/voltage");
    }
    SECTION("another type") {
        r.datatype = "ivsampel";
        check_refused(r, "'ivsampel' is not known", "ivsample");
    }
    SECTION("LZF") {
        r.filter = 32000;
        check_refused(r, "compressed by LZF", "gzip");
    }
    SECTION("an unknown filter") {
        r.filter = 311;
        check_refused(r, "compressed by filter 311", "gzip");
    }
    SECTION("saturated") {
        r.current[42] = std::numeric_limits<std::uint32_t>::max();
        check_refused(r, "data/current is saturated at sample 42");
    }
    SECTION("unequal lengths") {
        r.current.pop_back();
        check_refused(r, "100, 99 and 100 samples");
    }
    SECTION("time stands still") {
        r.time[50] = r.time[49];
        check_refused(r, "does not increase at sample 50");
    }
    SECTION("a load, not a harvest") {
        r.mode = "emulator";
        check_refused(r, "an emulated source's load");
    }
}

TEST_CASE("is a shepherd file that was cut short refused?") {
    Recording recording;
    recording.samples(50'000);
    Loading loading(recording);
    const auto size = std::filesystem::file_size(loading.request.ref);
    for (const double share : {0.01, 0.5, 0.999}) {
        std::filesystem::resize_file(
            loading.request.ref, static_cast<std::uintmax_t>(share * static_cast<double>(size)));
        const auto mistakes = loading.mistakes();
        REQUIRE(mistakes.size() == 1);
        CHECK(contains(mistakes[0].message, "damaged or was cut short"));
        (void)recording.write(loading.scratch);
    }
}

TEST_CASE("are a gap in time and values below an offset said?") {
    Recording recording;
    recording.samples(100);
    recording.time[99] += 1'000'000;
    recording.current_offset = -1.01e-3;  // some samples are below
    Loading loading(recording);
    const Trace trace = loading.load();
    CHECK(trace.series->bound_ns.step() == 0);
    CHECK(any_note(trace, "below 0 by the offset"));
    for (const double p : trace.series->value)
        CHECK(p >= 0.0);
}

TEST_CASE("is HDF5 refused under another format's name, and text under shepherd's?") {
    Recording recording;
    recording.samples(10);
    Loading loading(recording);
    loading.request.format = "csv";
    CHECK(contains(loading.mistakes().at(0).message, "is an HDF5 file, not csv"));
    TraceRequest as_shepherd;
    as_shepherd.format = "shepherd";
    CHECK(contains(mistakes_in("time_s,power_w\n0,1\n", as_shepherd).at(0).message,
                   "not an HDF5 file"));
}

TEST_CASE("are the curves of a recording a surface, sorted and of one current per voltage?") {
    Recording file;
    file.datatype = "ivcurve";
    file.window = 4;
    const std::uint32_t volts[] = {3'000'000, 2'000'000, 1'000'000, 1'000'000};  // a falling ramp
    for (std::uint64_t k = 0; k < 8; ++k) {
        file.time.push_back(1'000'000 + k * 10'000);
        file.voltage.push_back(volts[k % 4]);
        file.current.push_back(k % 4 == 0 ? 0 : static_cast<std::uint32_t>(4'000 * (k % 4)));
    }
    Loading loading(file);
    loading.request.expected = Quantity::iv_curve;
    const Trace trace = loading.load();
    REQUIRE(trace.series->curves);
    const CurveRows& rows = *trace.series->curves;
    REQUIRE(rows.size() == 2);
    CHECK(rows.first == std::vector<std::size_t>{0, 3, 6});
    CHECK(rows.v[0] == Approx(3e-3).epsilon(1e-14));
    CHECK(rows.i[0] == Approx(2.5e-6).epsilon(1e-14));  // the mean of 2 and 3 uA
    CHECK(rows.i[1] == Approx(1e-6).epsilon(1e-14));
    CHECK(rows.i[2] == 0.0);
    CHECK(trace.series->bound_ns[1] == 40'000);
    loading.request.expected = Quantity::power_w;
    CHECK(loading.load().series->value[0] == Approx(3e-3 * 3e-6).epsilon(1e-12));
}

#endif
