// SPDX-License-Identifier: Apache-2.0
/// What the readers of HDF5 share. HDF5 is optional: without it, this header is empty.
#pragma once

#if __has_include(<hdf5.h>)

#include "sim/trace/hdf5_library.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace ebb {

/// An HDF5 identifier, closed at the end.
class Handle {
public:
    using Close = herr_t (*)(hid_t);
    Handle() = default;
    Handle(hid_t id, Close close) noexcept : id_(id), close_(close) {}
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept
        : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
    Handle& operator=(Handle&& other) noexcept {
        reset();
        id_ = std::exchange(other.id_, H5I_INVALID_HID);
        close_ = other.close_;
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    explicit operator bool() const noexcept { return id_ >= 0; }
    [[nodiscard]] hid_t id() const noexcept { return id_; }

private:
    void reset() noexcept {
        if (id_ >= 0) {
            close_(id_);
        }
    }
    hid_t id_ = H5I_INVALID_HID;
    Close close_ = nullptr;
};

/// Opens a file to read; its own reports are off: what went wrong is said by us.
inline Handle open_hdf5(const Hdf5& h5, const std::string& path) {
    h5.H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return {h5.H5Fopen(path.c_str(), Hdf5::kReadOnly, H5P_DEFAULT), h5.H5Fclose};
}

/// A text attribute of fixed or variable length; empty if there is none.
inline std::string text_attribute(const Hdf5& h5, hid_t of, const char* name) {
    if (h5.H5Aexists(of, name) <= 0) {
        return {};
    }
    const Handle attribute(h5.H5Aopen(of, name, H5P_DEFAULT), h5.H5Aclose);
    const Handle type(h5.H5Aget_type(attribute.id()), h5.H5Tclose);
    if (!attribute || h5.H5Tget_class(type.id()) != H5T_STRING) {
        return {};
    }
    if (h5.H5Tis_variable_str(type.id()) > 0) {
        char* text = nullptr;
        const Handle memory(h5.H5Tcopy(h5.c_text), h5.H5Tclose);
        h5.H5Tset_size(memory.id(), H5T_VARIABLE);
        h5.H5Tset_cset(memory.id(), h5.H5Tget_cset(type.id()));
        if (h5.H5Aread(attribute.id(), memory.id(), &text) < 0 || text == nullptr) {
            return {};
        }
        std::string copy = text;
        h5.H5free_memory(text);
        return copy;
    }
    std::string text(h5.H5Tget_size(type.id()), '\0');
    if (h5.H5Aread(attribute.id(), type.id(), text.data()) < 0) {
        return {};
    }
    text.resize(std::min(text.size(), text.find('\0')));
    return text;
}

inline bool number_attribute(const Hdf5& h5, hid_t of, const char* name, double& value) {
    if (h5.H5Aexists(of, name) <= 0) {
        return false;
    }
    const Handle attribute(h5.H5Aopen(of, name, H5P_DEFAULT), h5.H5Aclose);
    const Handle space(h5.H5Aget_space(attribute.id()), h5.H5Sclose);
    return attribute && h5.H5Sget_simple_extent_npoints(space.id()) == 1 &&
           h5.H5Aread(attribute.id(), h5.native_double, &value) >= 0 && std::isfinite(value);
}

/// The first filter of a data set that this library cannot undo; empty if there is none.
inline std::string unknown_filter(const Hdf5& h5, hid_t set) {
    constexpr H5Z_filter_t kLzf = 32000;
    const Handle list(h5.H5Dget_create_plist(set), h5.H5Pclose);
    const int count = h5.H5Pget_nfilters(list.id());
    for (int i = 0; i < count; ++i) {
        unsigned flags = 0;
        std::size_t elements = 0;
        std::array<char, 64> name{};
        const H5Z_filter_t filter =
            h5.H5Pget_filter2(list.id(), static_cast<unsigned>(i), &flags, &elements, nullptr,
                              name.size(), name.data(), nullptr);
        if (h5.H5Zfilter_avail(filter) <= 0) {
            return filter == kLzf ? std::string("LZF")
                                  : fmt::format("filter {} {}", filter, name.data());
        }
    }
    return {};
}

inline constexpr const char* kFilterHint =
    "rewrite the file where it was made, with compression gzip or none";

}  // namespace ebb

#endif
