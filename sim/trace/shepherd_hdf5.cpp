// SPDX-License-Identifier: Apache-2.0
#include "models/core/nearest.hpp"
#include "sim/trace/curve_series.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/hdf5_file.hpp"
#include "sim/trace/shepherd.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::size_t kBlock = 100'000;  // samples; ten of the usual chunks
constexpr std::uint32_t kSaturated = std::numeric_limits<std::uint32_t>::max();

struct Column {
    std::string name;
    Handle set;
    hsize_t size = 0;
    double gain = 0.0;
    double offset = 0.0;
};

}  // namespace

struct ShepherdRecording::State {
    explicit State(std::string file_path) : path(std::move(file_path)), h5(hdf5(path)) {}

    std::string path;
    const Hdf5& h5;
    Handle file, data;
    Column time, current, voltage;
    std::string what;  ///< ivsample, ivcurve, isc_voc
    std::string column;
    std::size_t window = 0;  ///< samples of a curve; 0: no curves
    std::size_t values = 0;  ///< of the series
    Quantity quantity = Quantity::power_w;
    Bounds bounds;
    std::vector<std::string> notes;
    bool said_below = false;
    std::size_t below = 0;  ///< samples whose offset would have made them negative

    [[noreturn]] void refuse(const std::string& message, const std::string& hint = {},
                             const std::string& note = {}) const {
        Place place;
        place.file = path;
        throw_mistake(place, message, hint, note);
    }

    void open_file() {
        file = open_hdf5(h5, path);
        if (!file) {
            refuse("this HDF5 file cannot be opened: it is damaged or was cut short");
        }
        if (h5.H5Lexists(file.id(), "data", H5P_DEFAULT) > 0) {
            data = Handle(h5.H5Gopen2(file.id(), "data", H5P_DEFAULT), h5.H5Gclose);
        }
        if (!data) {
            refuse("there is no group 'data'",
                   "expected a shepherd recording: a group data with time, current and voltage");
        }
    }

    /// Missing sets and attributes are collected by the caller; a filter is a mistake at once.
    void open_column(Column& into, const char* name, std::vector<std::string>& missing) const {
        into.name = fmt::format("data/{}", name);
        if (h5.H5Lexists(data.id(), name, H5P_DEFAULT) > 0) {
            into.set = Handle(h5.H5Dopen2(data.id(), name, H5P_DEFAULT), h5.H5Dclose);
        }
        if (!into.set) {
            missing.push_back(fmt::format("the data set {}", into.name));
            return;
        }
        const Handle space(h5.H5Dget_space(into.set.id()), h5.H5Sclose);
        const Handle type(h5.H5Dget_type(into.set.id()), h5.H5Tclose);
        if (h5.H5Sget_simple_extent_ndims(space.id()) != 1 ||
            h5.H5Tget_class(type.id()) != H5T_INTEGER) {
            refuse(fmt::format("{} is no row of whole numbers", into.name));
        }
        h5.H5Sget_simple_extent_dims(space.id(), &into.size, nullptr);
        if (const std::string filter = unknown_filter(h5, into.set.id()); !filter.empty()) {
            refuse(fmt::format("{} is compressed by {}, which this HDF5 library cannot unpack",
                               into.name, filter),
                   kFilterHint);
        }
        if (!number_attribute(h5, into.set.id(), "gain", into.gain) || into.gain == 0.0) {
            missing.push_back(fmt::format("the attribute gain of {}", into.name));
        }
        if (!number_attribute(h5, into.set.id(), "offset", into.offset)) {
            missing.push_back(fmt::format("the attribute offset of {}", into.name));
        }
    }

    void open_columns() {
        std::vector<std::string> missing;
        open_column(time, "time", missing);
        open_column(current, "current", missing);
        open_column(voltage, "voltage", missing);
        if (!missing.empty()) {
            refuse(fmt::format("the recording lacks {}", fmt::join(missing, ", ")),
                   "expected SI values as raw gain + offset");
        }
        if (time.size != current.size || time.size != voltage.size) {
            refuse(
                fmt::format("time, current and voltage have {}, {} and {} samples: the recording "
                            "was cut",
                            time.size, current.size, voltage.size));
        }
        if (time.size < 2) {
            refuse(fmt::format("the recording has {} samples, expected two or more", time.size));
        }
    }

    /// What the file says it holds, and what of it was asked for.
    void choose(const ReadRequest& request) {
        what = text_attribute(h5, data.id(), "datatype");
        what = what == "ivtrace" || what.empty() ? "ivsample"
               : what == "ivsurface"             ? "ivcurve"
                                                 : what;
        if (what != "ivsample" && what != "ivcurve" && what != "isc_voc") {
            refuse(fmt::format("the datatype '{}' is not known", what),
                   did_you_mean(what, {"ivsample", "ivcurve", "isc_voc"}),
                   "expected ivsample, ivcurve or isc_voc");
        }
        column = request.column.empty() ? "power" : request.column;
        const std::vector<std::string> columns = {"power", "voltage", "current"};
        if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
            throw_mistake(request_place(request),
                          fmt::format("there is no column '{}' in {}", column, path),
                          did_you_mean(column, columns), "columns: power, voltage, current");
        }
        if (what == "isc_voc" && column == "power") {
            throw_mistake(request_place(request),
                          fmt::format("{} holds open-circuit voltages and short-circuit currents, "
                                      "which never occur together: they make no power",
                                      path),
                          "choose `column: voltage` or `column: current`");
        }
        if (what == "ivcurve" && column != "power") {
            throw_mistake(
                request_place(request),
                fmt::format("{} holds curves; their {} alone means nothing", path, column),
                "leave `column` out: the maximum power of each curve");
        }
        quantity = column == "voltage"   ? Quantity::voltage_v
                   : column == "current" ? Quantity::current_a
                   : what == "ivcurve" && request.expected == Quantity::iv_curve
                       ? Quantity::iv_curve
                       : Quantity::power_w;
        check_expected(request, quantity, fmt::format("column '{}'", column));
        if (request.interpolation != Interpolation::hold) {
            throw_mistake(request_place(request), "shepherd recordings are held samples",
                          "interpolation: hold");
        }
        if (text_attribute(h5, file.id(), "mode") == "emulator" &&
            quantity != Quantity::current_a) {
            refuse("this recording is of an emulated source's load, not of a harvest",
                   "as a load's profile it is read by `column: current`");
        }
        if (what == "ivcurve") {
            double points = 0.0;
            if (!number_attribute(h5, data.id(), "window_samples", points) || !(points >= 2.0)) {
                refuse("the recording of curves lacks window_samples",
                       "expected the number of points of a curve, 2 or more");
            }
            window = static_cast<std::size_t>(points);
            if (time.size < window) {
                refuse(fmt::format("the recording has {} samples, less than a curve of {}",
                                   time.size, window));
            }
        }
    }

    template <class T>
    void read(const Column& from, std::size_t first, std::size_t count, hid_t type,
              std::vector<T>& into) const {
        const hsize_t start = first;
        const hsize_t length = count;
        into.resize(count);
        const Handle in_file(h5.H5Dget_space(from.set.id()), h5.H5Sclose);
        const Handle in_memory(h5.H5Screate_simple(1, &length, nullptr), h5.H5Sclose);
        if (h5.H5Sselect_hyperslab(in_file.id(), H5S_SELECT_SET, &start, nullptr, &length,
                                   nullptr) < 0 ||
            h5.H5Dread(from.set.id(), type, in_memory.id(), in_file.id(), H5P_DEFAULT,
                       into.data()) < 0) {
            refuse(fmt::format("samples {} to {} of {} cannot be read: the file is damaged", first,
                               first + count - 1, from.name));
        }
    }

    void read_bounds() {
        std::vector<std::uint64_t> raw;
        std::uint64_t begin = 0;
        std::uint64_t before = 0;
        std::int64_t last = 0;
        std::int64_t last_step = 0;
        const std::size_t kept = window > 0 ? time.size / window * window : time.size;
        for (std::size_t first = 0; first < kept; first += kBlock) {
            const std::size_t count = std::min<std::size_t>(kBlock, kept - first);
            read(time, first, count, h5.native_uint64, raw);
            for (std::size_t i = 0; i < count; ++i) {
                const std::size_t at = first + i;
                if (at == 0) {
                    begin = raw[0];
                } else if (raw[i] <= before) {
                    refuse(fmt::format("data/time does not increase at sample {}: {} after {}", at,
                                       raw[i], before));
                }
                before = raw[i];
                const auto ns = static_cast<std::int64_t>(
                    std::llround(static_cast<double>(raw[i] - begin) * (time.gain * 1e9)));
                last_step = ns - last;
                last = ns;
                if (window == 0 || at % window == 0) {
                    bounds.push_back(ns);
                }
            }
        }
        bounds.push_back(last + last_step);
        values = bounds.size() - 1;
        if (kept < time.size) {
            notes.push_back(fmt::format("the last {} samples are no whole curve and were left out",
                                        time.size - kept));
        }
        if (window > 0) {
            if (quantity != Quantity::iv_curve)
                notes.push_back(
                    fmt::format("{} curves of {} points, each taken at its largest product of "
                                "voltage and current",
                                values, window));
        }
    }

    void note_below() {
        if (below > 0 && !said_below) {
            said_below = true;
            notes.push_back(
                fmt::format("{} values below 0 by the offset of the instrument set to 0", below));
        }
    }

    double si(const Column& of, std::uint32_t raw, std::size_t at) {
        if (raw == kSaturated) {
            refuse(fmt::format("{} is saturated at sample {}: {} is the end of 32 bits", of.name,
                               at, raw),
                   "the true value is not known; cut the recording there");
        }
        const double value = static_cast<double>(raw) * of.gain + of.offset;
        below += value < 0.0 ? 1 : 0;
        return std::max(0.0, value);
    }
};

ShepherdRecording::ShepherdRecording(const ReadRequest& request)
    : state_(std::make_unique<State>(request.path)) {
    state_->open_file();
    state_->open_columns();
    state_->choose(request);
    state_->read_bounds();
}

ShepherdRecording::~ShepherdRecording() = default;

Series ShepherdRecording::curves() {
    State& s = *state_;
    const std::size_t points = s.values * s.window;
    if (points > kMostCurvePoints) {
        s.refuse(fmt::format("{} points of curves, more than {} fit", points, kMostCurvePoints),
                 "cut the recording, or read each curve at its maximum power with model power");
    }
    FileMistakes mistakes(s.path);
    CurveSeries curves(mistakes);
    std::vector<std::uint32_t> volts;
    std::vector<std::uint32_t> amperes;
    std::vector<std::pair<double, double>> row(s.window);
    s.below = 0;
    for (std::size_t k = 0; k < s.values; ++k) {
        const std::size_t first = k * s.window;
        s.read(s.voltage, first, s.window, s.h5.native_uint32, volts);
        s.read(s.current, first, s.window, s.h5.native_uint32, amperes);
        for (std::size_t i = 0; i < s.window; ++i) {
            row[i] = {s.si(s.voltage, volts[i], first + i), s.si(s.current, amperes[i], first + i)};
        }
        std::sort(row.begin(), row.end());
        curves.begin_row(s.bounds[k], {});
        for (std::size_t i = 0; i < s.window;) {
            double sum = 0.0;
            std::size_t n = 0;
            for (; i + n < s.window && row[i + n].first == row[i].first; ++n) {
                sum += row[i + n].second;
            }
            curves.add_point(row[i].first, sum / static_cast<double>(n), {});
            i += n;
        }
        curves.end_row();
    }
    s.note_below();
    return curves.finish(Interpolation::hold, s.notes);
}

Quantity ShepherdRecording::quantity() const { return state_->quantity; }
const Bounds& ShepherdRecording::bounds() const { return state_->bounds; }
const std::vector<std::string>& ShepherdRecording::notes() const { return state_->notes; }

void ShepherdRecording::stream(const std::function<void(const double*, std::size_t)>& add) {
    State& s = *state_;
    std::vector<std::uint32_t> volts;
    std::vector<std::uint32_t> amperes;
    std::vector<double> out;
    const std::size_t per_value = std::max<std::size_t>(s.window, 1);
    const std::size_t total = s.values * per_value;
    double best = 0.0;
    s.below = 0;
    for (std::size_t first = 0; first < total; first += kBlock) {
        const std::size_t count = std::min(kBlock, total - first);
        s.read(s.voltage, first, count, s.h5.native_uint32, volts);
        s.read(s.current, first, count, s.h5.native_uint32, amperes);
        out.clear();
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = first + i;
            const double v = s.column == "current" ? 1.0 : s.si(s.voltage, volts[i], at);
            const double a = s.column == "voltage" ? 1.0 : s.si(s.current, amperes[i], at);
            best = std::max(best, v * a);
            if ((at + 1) % per_value == 0) {
                out.push_back(best);
                best = 0.0;
            }
        }
        add(out.data(), out.size());
    }
    s.note_below();
}

}  // namespace ebb
