// SPDX-License-Identifier: Apache-2.0
// The entry in the table of formats, whether HDF5 is there or not.
#include "sim/trace/bonito.hpp"
#include "sim/trace/file_mistakes.hpp"

namespace ebb {
namespace {

Reading read_text(const ReadRequest& request) {
    Place place;
    place.file = request.path;
    throw_mistake(place, "this is not an HDF5 file, as recordings of Bonito are",
                  "leave `format` out, or name the right one");
}

}  // namespace

TraceFormat bonito_hdf5_format() {
    return {"bonito_hdf5",
            "HDF5 recordings of the Bonito data set: power of several nodes",
            {"column"},
            nullptr,
            read_text};
}

}  // namespace ebb
