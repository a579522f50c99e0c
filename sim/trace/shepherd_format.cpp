// SPDX-License-Identifier: Apache-2.0
// The entry in the table of formats, whether HDF5 is there or not.
#include "sim/trace/file_mistakes.hpp"
#include "sim/trace/shepherd.hpp"

#include <array>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

namespace ebb {
namespace {

Reading read_text(const ReadRequest& request) {
    Place place;
    place.file = request.path;
    throw_mistake(place, "this is not an HDF5 file, as shepherd recordings are",
                  "leave `format` out, or name the right one");
}

}  // namespace

bool is_hdf5(const std::string& path) {
    constexpr char kSignature[8] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
    std::array<char, 8> first{};
    std::ifstream in(path, std::ios::binary);
    return in.read(first.data(), first.size()) &&
           std::memcmp(first.data(), kSignature, first.size()) == 0;
}

TraceFormat shepherd_format() {
    return {"shepherd",
            "HDF5 recordings of the shepherd testbed: ivsample, ivcurve, isc_voc",
            {"column"},
            nullptr,
            read_text};
}

}  // namespace ebb
