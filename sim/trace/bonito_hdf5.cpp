// SPDX-License-Identifier: Apache-2.0
#include "models/core/nearest.hpp"
#include "sim/trace/bonito.hpp"
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/hdf5_file.hpp"
#include "sim/trace/shepherd.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {
namespace {

constexpr std::size_t kBlock = 100'000;
constexpr double kMost_w = 1e3;
constexpr double kMost_s = 50.0 * 366 * 86'400;

herr_t add_name(hid_t /*group*/, const char* name, const H5L_info_t* /*info*/, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
}

class BonitoRecording final : public BlockRecording {
public:
    explicit BonitoRecording(const ReadRequest& request) : path_(request.path), h5_(hdf5(path_)) {
        file_ = open_hdf5(h5_, path_);
        if (!file_) {
            refuse("this HDF5 file cannot be opened: it is damaged or was cut short");
        }
        if (h5_.H5Lexists(file_.id(), "data", H5P_DEFAULT) > 0) {
            group_ = Handle(h5_.H5Gopen2(file_.id(), "data", H5P_DEFAULT), h5_.H5Gclose);
        }
        if (!group_ || h5_.H5Lexists(file_.id(), "time", H5P_DEFAULT) <= 0) {
            refuse(fmt::format("there is no {}", group_ ? "data set 'time'" : "group 'data'"),
                   "expected a recording of Bonito: a data set time and a group data with nodes",
                   "tables of charging times are no recordings");
        }
        choose(request);
        time_ = open(file_.id(), "time", "time");
        power_ = open(group_.id(), node_.c_str(), fmt::format("data/{}", node_));
        const hsize_t count = size_of(time_);
        if (size_of(power_) != count) {
            refuse(fmt::format("time and data/{} have {} and {} samples: the recording was cut",
                               node_, count, size_of(power_)));
        }
        if (count < 2) {
            refuse(fmt::format("the recording has {} samples, expected two or more", count));
        }
        count_ = static_cast<std::size_t>(count);
        read_bounds();
        notes_.push_back(fmt::format("power of {}", node_));
    }

    [[nodiscard]] Quantity quantity() const override { return Quantity::power_w; }
    [[nodiscard]] const Bounds& bounds() const override { return bounds_; }
    [[nodiscard]] const std::vector<std::string>& notes() const override { return notes_; }

    void stream(const std::function<void(const double*, std::size_t)>& add) override {
        std::vector<double> block;
        for (std::size_t first = 0; first < count_; first += kBlock) {
            read(power_, first, std::min(kBlock, count_ - first), block);
            for (std::size_t i = 0; i < block.size(); ++i) {
                if (!(block[i] >= 0.0) || block[i] > kMost_w) {
                    refuse(
                        fmt::format("data/{} is {:g} W at sample {}", node_, block[i], first + i),
                        "expected 0 to 1000 W");
                }
            }
            add(block.data(), block.size());
        }
    }

private:
    [[noreturn]] void refuse(const std::string& message, const std::string& hint = {},
                             const std::string& note = {}) const {
        Place place;
        place.file = path_;
        throw_mistake(place, message, hint, note);
    }

    void choose(const ReadRequest& request) {
        check_expected(request, Quantity::power_w, "a recording of Bonito");
        if (request.interpolation != Interpolation::hold) {
            throw_mistake(request_place(request), "recordings of Bonito are held samples",
                          "interpolation: hold");
        }
        std::vector<std::string> nodes;
        h5_.H5Literate(group_.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add_name, &nodes);
        const std::string list = fmt::format("{}", fmt::join(nodes, ", "));
        if (nodes.empty()) {
            refuse("the group 'data' is empty", "expected node0, node1, ...");
        }
        if (request.column.empty() && nodes.size() > 1) {
            throw_mistake(request_place(request),
                          fmt::format("{} holds {} nodes; expected `column`", path_, nodes.size()),
                          fmt::format("for example column: {}", nodes.front()),
                          fmt::format("nodes: {}", list));
        }
        node_ = request.column.empty() ? nodes.front() : request.column;
        if (std::find(nodes.begin(), nodes.end(), node_) == nodes.end()) {
            throw_mistake(request_place(request),
                          fmt::format("there is no node '{}' in {}", node_, path_),
                          did_you_mean(node_, nodes), fmt::format("nodes: {}", list));
        }
    }

    [[nodiscard]] Handle open(hid_t where, const char* name, const std::string& said) const {
        Handle set(h5_.H5Dopen2(where, name, H5P_DEFAULT), h5_.H5Dclose);
        if (!set) {
            refuse(fmt::format("{} is no data set", said));
        }
        const Handle space(h5_.H5Dget_space(set.id()), h5_.H5Sclose);
        const Handle type(h5_.H5Dget_type(set.id()), h5_.H5Tclose);
        if (h5_.H5Sget_simple_extent_ndims(space.id()) != 1 ||
            h5_.H5Tget_class(type.id()) != H5T_FLOAT) {
            refuse(fmt::format("{} is no row of floating-point numbers", said));
        }
        if (const std::string filter = unknown_filter(h5_, set.id()); !filter.empty()) {
            refuse(fmt::format("{} is compressed by {}, which this HDF5 library cannot unpack",
                               said, filter),
                   kFilterHint);
        }
        return set;
    }

    [[nodiscard]] hsize_t size_of(const Handle& set) const {
        const Handle space(h5_.H5Dget_space(set.id()), h5_.H5Sclose);
        hsize_t size = 0;
        h5_.H5Sget_simple_extent_dims(space.id(), &size, nullptr);
        return size;
    }

    void read(const Handle& set, std::size_t first, std::size_t count,
              std::vector<double>& into) const {
        into.resize(count);
        const hsize_t start = first;
        const hsize_t length = count;
        const Handle space(h5_.H5Dget_space(set.id()), h5_.H5Sclose);
        const Handle memory(h5_.H5Screate_simple(1, &length, nullptr), h5_.H5Sclose);
        h5_.H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &start, nullptr, &length, nullptr);
        if (h5_.H5Dread(set.id(), h5_.native_double, memory.id(), space.id(), H5P_DEFAULT,
                        into.data()) < 0) {
            refuse(fmt::format("samples {} to {} cannot be read: the file is damaged or was cut",
                               first, first + count - 1));
        }
    }

    void read_bounds() {
        std::vector<double> block;
        double begin = 0.0;
        std::int64_t last = -1;
        std::int64_t step = 0;
        for (std::size_t first = 0; first < count_; first += kBlock) {
            read(time_, first, std::min(kBlock, count_ - first), block);
            for (std::size_t i = 0; i < block.size(); ++i) {
                begin = first + i == 0 ? block[i] : begin;
                const double since = block[i] - begin;
                const bool sensible = std::fabs(since) < kMost_s;  // nor NaN
                const std::int64_t ns = sensible ? std::llround(since * 1e9) : -1;
                if (ns <= last) {
                    refuse(fmt::format("time does not increase at sample {}: {:.9f} s", first + i,
                                       block[i]),
                           "expected stamps in seconds, at least 1 ns apart");
                }
                step = ns - last;
                last = ns;
                bounds_.push_back(ns);
            }
        }
        bounds_.push_back(last + step);
    }

    std::string path_, node_;
    const Hdf5& h5_;
    Handle file_, group_, time_, power_;
    std::size_t count_ = 0;
    Bounds bounds_;
    std::vector<std::string> notes_;
};

}  // namespace

bool looks_like_bonito(const std::string& path) {
    if (!is_hdf5(path)) {
        return false;
    }
    const Hdf5& h5 = hdf5(path);
    const Handle file = open_hdf5(h5, path);
    return file && h5.H5Lexists(file.id(), "time", H5P_DEFAULT) > 0;
}

std::unique_ptr<BlockRecording> open_bonito(const ReadRequest& request) {
    return std::make_unique<BonitoRecording>(request);
}

}  // namespace ebb
